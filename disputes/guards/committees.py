"""Which 人民调解委员会 a dispute is before, and how it is called. Reads the tree; writes nothing."""

from cases.models import Case
from disputes.guards.mediation import STREET, level_of
from grids.models import Grid, Level


def committee_grid(case: Case) -> Grid:
    """Of the community, or of the street where the dispute came that far (人民调解法 8, 34)."""
    level = Level.STREET if level_of(case) == STREET else Level.COMMUNITY
    line = {node.level: node for node in Grid.objects.upward_from(case.grid)}
    return line.get(level) or case.grid


def committee_name(grid: Grid) -> str:
    return f"{grid.name}人民调解委员会"


def mark_of(grid: Grid) -> str:
    """What stands before 人调字: "凤嘴" of 凤嘴社区."""
    return str(grid.name).removesuffix("社区")
