"""Who may enter by which rule, reckoned from the rule's words, grids/roles.py as a plain table, and where somebody and the
thing are. Nothing here asks the code under test: neither grids/jurisdiction.py nor a rule's own test."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from cases.models import Case
from grids.models import Grid, Level
from grids.roles import LEADERS, ROLES
from tests.everybody import Somebody

STREETS = "assessment-set-copy", "indicator", "assessment-new", "assessment-scorers", "assessment-step", "appeal-answer", "plan-", "evidence"  # fmt: skip
"""Doors of dashboards to a thing of the whole street."""
OF_STREET = {"admin:meetings_voterule_change", "admin:meetings_voterule_delete"}
OF_COUNTY = {"admin:cases_routingrule_change", "admin:cases_routingrule_delete"}
NOBODYS = (
    "disputes:expert-hours", "dashboards:export-one", "dashboards:export-file", "imports:", "dashboards:sheet",
    "dashboards:unit",
)  # fmt: skip
"""Doors to a thing whose owner is not among those who try, or may no longer."""


@dataclass(frozen=True)
class Ground:
    """Where all the things of the walk lie, and whose they are."""

    case: Case
    asker: User

    def node_of(self, door: str) -> Grid | None:
        """Of the thing behind it; None: the county's."""
        if door in OF_COUNTY:
            return None
        is_street = door in OF_STREET or door.removeprefix("dashboards:").startswith(STREETS)
        return self.street if is_street else self.case.grid

    @property
    def street(self) -> Grid:
        found: Grid = self.case.grid.get_root()
        return found

    def above(self, level: int) -> Grid:
        found: Grid = self.case.grid.get_ancestors().get(level=level)
        return found


def may_enter(rule: str, somebody: Somebody, door: str, ground: Ground) -> bool:
    """`rule` as it stands in tests/permissions.csv; "" is nobody's."""
    return any(_by(one, somebody, door, ground) for one in rule.split(" or ")) if rule else False


def _by(rule: str, somebody: Somebody, door: str, ground: Ground) -> bool:
    if rule in {"public", "link"}:
        return True
    if somebody.person is None or rule in {"closed", "step"}:
        return False
    if rule.startswith("desk"):
        if not (somebody.role and ROLES[somebody.role].is_desk):
            return False
        rule = rule.removeprefix("desk").strip() or "signed_in"
    word, _, said = rule.partition(":")
    return RECKONED[word](somebody, said.split("|"), door, ground)


def _area(somebody: Somebody, verbs: list[str], door: str, ground: Ground) -> bool:
    node = ground.node_of(door)
    return any(somebody.may(verb, node) if node else somebody.has(verb) and somebody.node is None for verb in verbs)


def _within(somebody: Somebody, verbs: list[str], door: str, ground: Ground) -> bool:
    is_near = somebody.node is None or somebody.node.tree_id == ground.street.tree_id
    return is_near and any(somebody.has(verb) for verb in verbs)


def _works(somebody: Somebody, verbs: list[str], door: str, ground: Ground) -> bool:
    community = ground.above(Level.COMMUNITY)
    is_in_it = somebody.node is not None and community.covers(somebody.node)
    return is_in_it or any(somebody.may(verb, community) for verb in ("dispatch", "safety"))


def _seated(somebody: Somebody, standings: list[str], door: str, ground: Ground) -> bool:
    """The holder of the case is of the role and node of its grid's leader, a group leader mediates the dispute."""
    grid = ground.case.grid
    is_mediator = somebody.role == "group_leader" and somebody.node == ground.above(Level.GROUP)
    return {
        "party": somebody.name in {"asker", "neighbour"},
        "mediator": is_mediator,
        "supervisor": somebody.may("supervise", grid) and not is_mediator,
        "office": (somebody.role == "grid_leader" and somebody.node == grid)
        or somebody.may("dispatch", grid)
        or (somebody.may("supervise", grid) and (somebody.node is None or somebody.node.level < grid.level)),
    }[standings[0]]


def _own(somebody: Somebody, verbs: list[str], door: str, ground: Ground) -> bool:
    return somebody.person == ground.asker and not door.startswith(NOBODYS)


RECKONED: dict[str, Callable[[Somebody, list[str], str, Ground], bool]] = {
    "signed_in": lambda somebody, verbs, door, ground: True,
    "own": _own,
    "sees": lambda somebody, verbs, door, ground: (
        somebody.person == ground.asker or somebody.may("see", ground.case.grid)
    ),
    "seated": _seated,
    "leads": lambda somebody, verbs, door, ground: (
        somebody.role in LEADERS and somebody.node == ground.above(Level.ESTATE)
    ),
    "works": _works,
    "verb": lambda somebody, verbs, door, ground: any(somebody.has(verb) for verb in verbs),
    "within": _within,
    "area": _area,
    "county": lambda somebody, verbs, door, ground: somebody.node is None and any(somebody.has(verb) for verb in verbs),
}
