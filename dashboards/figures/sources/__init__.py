"""Everything that is counted. A new source needs a trigger that marks its things as well (migrations)."""

from dashboards.figures.sources.base import Line, Source
from dashboards.figures.sources.cases import CASES
from dashboards.figures.sources.centres import ACTIVITIES, VISITS
from dashboards.figures.sources.grids import AREAS, NODES, PLACES, POSTS
from dashboards.figures.sources.volunteers import (
    CALL_OUTS,
    DOCTORS,
    HOURS,
    MEMBERS,
    NEEDS,
    REPORTS,
    SOCIETIES,
    STEWARDS,
    TEAMS,
)

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        NODES,
        POSTS,
        AREAS,
        PLACES,
        CASES,
        TEAMS,
        MEMBERS,
        STEWARDS,
        SOCIETIES,
        REPORTS,
        NEEDS,
        HOURS,
        CALL_OUTS,
        DOCTORS,
        ACTIVITIES,
        VISITS,
    )
}

__all__ = ["SOURCES", "Line", "Source"]
