"""Everything that is counted. A new source needs a trigger that marks its things as well (migrations)."""

from dashboards.sources.base import Line, Source
from dashboards.sources.cases import CASES
from dashboards.sources.grids import AREAS, NODES, PLACES, POSTS
from dashboards.sources.volunteers import HOURS, MEMBERS, NEEDS, REPORTS, SOCIETIES, STEWARDS, TEAMS

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        NODES, POSTS, AREAS, PLACES, CASES, TEAMS, MEMBERS, STEWARDS, SOCIETIES, REPORTS, NEEDS, HOURS,
    )
}  # fmt: skip

__all__ = ["SOURCES", "Line", "Source"]
