"""Which roles there are, at which level, what each may do: the one table behind every door. Pure.

Verbs, asked by `grids.jurisdiction.may(user, verb, node)`; a role may do them at its node and below:

  see       see the cases of the area (that are not private)
  dispatch  assign and reassign cases, decline them, ask others to help
  supervise approve extensions, shelve, verify, urge — over holders at lower levels
  grid      add, rename, move, merge and split grids
  appoint   appoint and end posts
  rules     routing rules, time limits, categories, the calendar
  figures   read figures only
"""

from dataclasses import dataclass

COUNTY: int | None = None


@dataclass(frozen=True)
class Role:
    label: str
    level: int | None
    """Depth of the node it sits on (grids.models.Level); None for the county, above all streets."""
    leads: bool
    """Whether the holder of this role answers for the node; others at the node help."""
    verbs: frozenset[str]


def _role(label: str, level: int | None, *verbs: str, leads: bool = False) -> Role:
    return Role(label, level, leads, frozenset(verbs))


ROLES: dict[str, Role] = {
    "county_admin": _role("县级管理员", COUNTY, "see", "dispatch", "supervise", "grid", "appoint", "rules", leads=True),
    "system_admin": _role("系统管理员", COUNTY, "rules"),
    "observer": _role("观察员", COUNTY, "figures"),
    "street_cadre": _role("街道干部", 0, "see", "dispatch", "supervise", "grid", "appoint", "rules", leads=True),
    "community_secretary": _role("社区书记", 1, "see", "dispatch", "supervise", "grid", "appoint", leads=True),
    "community_worker": _role("社区工作者", 1, "see", "dispatch"),
    "branch_secretary": _role("支部书记", 2, "see", "supervise", leads=True),
    "group_leader": _role("党小组长", 3, "see", "supervise", leads=True),
    "grid_leader": _role("网格长", 4, "see", leads=True),
}

LEADERS: frozenset[str] = frozenset(code for code, role in ROLES.items() if role.leads)


def roles_with(verb: str) -> frozenset[str]:
    return frozenset(code for code, role in ROLES.items() if verb in role.verbs)


def role_choices() -> list[tuple[str, str]]:
    return [(code, role.label) for code, role in ROLES.items()]
