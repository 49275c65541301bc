"""Who may enter by which rule, reckoned from the rule's words, grids/roles.py as a plain table, and where somebody and the
thing are. Nothing here asks the code under test: neither grids/rights/jurisdiction.py nor a rule's own test."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from cases.models import Case
from grids.models import Grid, Level
from grids.roles import LEADERS, ROLES
from tests.support.everybody import Somebody

STREETS = "assessment-set-copy", "indicator", "assessment-new", "assessment-scorers", "assessment-step", "appeal-answer", "plan-", "evidence"  # fmt: skip
"""Doors of dashboards to a thing of the whole street."""
OF_STREET = {"admin:meetings_voterule_change", "admin:meetings_voterule_delete"}
OF_COUNTY = {"admin:cases_routingrule_change", "admin:cases_routingrule_delete"}
NOBODYS = (
    "api:expert-hours", "disputes:expert-hours", "dashboards:export-one", "dashboards:export-file", "imports:", "dashboards:sheet",
    "dashboards:unit",
)  # fmt: skip
"""Doors to a thing whose owner is not among those who try, or may no longer."""


@dataclass(frozen=True)
class Ground:
    """Where all the things of the walk lie, and whose they are."""

    case: Case
    asker: User

    @cached_property
    def line(self) -> list[Grid]:
        """The nodes above the case's grid from the street down, and the grid."""
        return list(self.case.grid.get_ancestors(include_self=True))

    def thing(self, door: str) -> "Thing":
        """Behind this door."""
        is_street = door in OF_STREET or door.removeprefix("dashboards:").startswith(STREETS)
        node = None if door in OF_COUNTY else self.line[Level.STREET if is_street else Level.HOUSEHOLD]
        return Thing(node, None if door.startswith(NOBODYS) else self.asker, self)


@dataclass(frozen=True)
class Thing:
    node: Grid | None
    """None: the county's."""
    owner: User | None
    ground: Ground


def may_enter(rule: str, somebody: Somebody, thing: Thing) -> bool:
    """`rule` as it stands in tests/frozen/permissions.csv; "" is nobody's."""
    return any(_by(part, somebody, thing) for part in rule.split(" or ")) if rule else False


def _by(rule: str, somebody: Somebody, thing: Thing) -> bool:
    if rule in {"public", "link"}:
        return True
    if somebody.person is None or rule in {"closed", "step", "key"}:
        return False
    if rule.startswith("desk"):
        if not (somebody.role and ROLES[somebody.role].is_desk):
            return False
        rule = rule.removeprefix("desk").strip() or "signed_in"
    word, _, arguments = rule.partition(":")
    return RECKONED[word](somebody, arguments.split("|"), thing)


def _own(somebody: Somebody, _: list[str], thing: Thing) -> bool:
    return somebody.person == thing.owner


def _sees(somebody: Somebody, _: list[str], thing: Thing) -> bool:
    return somebody.person == thing.ground.asker or somebody.may("see", thing.ground.case.grid)


def _seated(somebody: Somebody, standings: list[str], thing: Thing) -> bool:
    """The holder of the case is of the role and node of its grid's leader, a group leader mediates the dispute."""
    grid = thing.ground.case.grid
    is_mediator = somebody.role == "group_leader" and somebody.node == thing.ground.line[Level.GROUP]
    return {
        "party": somebody.name in {"asker", "neighbour"},
        "mediator": is_mediator,
        "supervisor": somebody.may("supervise", grid) and not is_mediator,
        "office": (somebody.role == "grid_leader" and somebody.node == grid)
        or somebody.may("dispatch", grid)
        or (somebody.may("supervise", grid) and (somebody.node is None or somebody.node.level < grid.level)),
    }[standings[0]]


def _leads(somebody: Somebody, _: list[str], thing: Thing) -> bool:
    return somebody.role in LEADERS and somebody.node == thing.ground.line[Level.ESTATE]


def _works(somebody: Somebody, _: list[str], thing: Thing) -> bool:
    community = thing.ground.line[Level.COMMUNITY]
    is_in_it = somebody.node is not None and community.covers(somebody.node)
    return is_in_it or any(somebody.may(verb, community) for verb in ("dispatch", "safety"))


def _verb(somebody: Somebody, verbs: list[str], thing: Thing) -> bool:
    return any(somebody.has(verb) for verb in verbs)


def _within(somebody: Somebody, verbs: list[str], thing: Thing) -> bool:
    is_near = somebody.node is None or somebody.node.tree_id == thing.ground.line[Level.STREET].tree_id
    return is_near and _verb(somebody, verbs, thing)


def _area(somebody: Somebody, verbs: list[str], thing: Thing) -> bool:
    if thing.node is None:
        return _county(somebody, verbs, thing)
    return any(somebody.may(verb, thing.node) for verb in verbs)


def _county(somebody: Somebody, verbs: list[str], thing: Thing) -> bool:
    return somebody.node is None and _verb(somebody, verbs, thing)


RECKONED: dict[str, Callable[[Somebody, list[str], Thing], bool]] = {
    "signed_in": lambda somebody, verbs, thing: True,
    "own": _own,
    "sees": _sees,
    "seated": _seated,
    "leads": _leads,
    "works": _works,
    "verb": _verb,
    "within": _within,
    "area": _area,
    "county": _county,
}
