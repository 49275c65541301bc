"""Which roles there are, at which level, what each may do: the one table behind every door. Pure.

Verbs, asked by `grids.rights.jurisdiction.may(user, verb, node)`; a role may do them at its node and below:

  see       see the cases of the area (that are not private)
  dispatch  assign and reassign cases, decline them, ask others to help; take requests down for residents; export lists
  supervise approve extensions, shelve, verify, urge — over holders at lower levels
  grid      add, rename, move, merge and split grids
  appoint   appoint and end posts
  accounts  staff accounts: make them from a table, unlock, set a new first password
  routing   routing rules of its area
  rules     what holds for the whole county: time limits, categories, the calendar, periods records are kept
  figures   read figures only
  audit     read who saw and did what
  safety    publish safety notices to the area and plan the joint duty there

What hangs on one case (its asker, a party, a mediator, the police it was referred to) is no verb but a seat on that
case: cases/engine/access.py. So roles without verbs see nothing until something is given into their hands."""

from dataclasses import dataclass

COUNTY: int | None = None
"""The level of posts that sit on no node, above all streets."""


@dataclass(frozen=True)
class Role:
    label: str
    levels: tuple[int | None, ...]
    """Depths of the nodes it may sit on (grids.models.Level); COUNTY for the county. Empty: nobody is appointed to it."""
    leads: bool
    """Whether the holder of this role answers for the node; others at the node help."""
    verbs: frozenset[str]
    is_desk: bool
    """Works at a desk in the browser's admin, so signs in with a second factor (等保三级: two factors)."""
    is_personal: bool = False
    """Chosen as a person, so another post of the same role at the same node does not stand in."""


def _role(
    label: str,
    levels: tuple[int | None, ...],
    *verbs: str,
    leads: bool = False,
    desk: bool = False,
    personal: bool = False,
) -> Role:
    return Role(label, levels, leads, frozenset(verbs), desk, personal)


# fmt: off
ROLES: dict[str, Role] = {
    "county_admin": _role("县级管理员", (COUNTY,), "see", "dispatch", "supervise", "grid", "appoint", "accounts", "routing", "rules", "figures", leads=True, desk=True),
    "system_admin": _role("系统管理员", (COUNTY,), "accounts", "routing", "rules", desk=True),
    "auditor": _role("审计员", (COUNTY,), "audit", desk=True),
    "observer": _role("观察员", (COUNTY, 0, 1), "figures"),
    "street_cadre": _role("街道干部", (0,), "see", "dispatch", "supervise", "grid", "appoint", "accounts", "routing", "figures", leads=True, desk=True),
    "community_secretary": _role("社区书记", (1,), "see", "dispatch", "supervise", "grid", "appoint", "accounts", "figures", leads=True, desk=True),
    "community_worker": _role("社区工作者", (1,), "see", "dispatch", "figures", desk=True),
    "branch_secretary": _role("支部书记", (2,), "see", "supervise", "figures", leads=True),
    "group_leader": _role("党小组长", (3,), "see", "supervise", "figures", leads=True),
    "grid_leader": _role("网格长", (4,), "see", "figures", leads=True),
    "police_officer": _role("社区民警", (1,), "safety"),
    "police_auxiliary": _role("专职辅警", (1,), "safety"),
    "patrol": _role("巡防队员", (1,)),
    "informant": _role("网格信息员", (1,)),
    "guard": _role("物业保安", (1,)),
    "safety_volunteer": _role("平安志愿者", (1,)),
    "mediator": _role("人民调解员", (0, 1, 2, 3)),
    "expert": _role("调解专家", (COUNTY, 0, 1), personal=True),
    "unit_liaison": _role("单位联络员", (1, 2)),
    "volunteer": _role("志愿者", ()),
    "resident": _role("居民", ()),
}
# fmt: on

LEADERS: frozenset[str] = frozenset(code for code, role in ROLES.items() if role.leads)


def roles_with(verb: str) -> frozenset[str]:
    return frozenset(code for code, role in ROLES.items() if verb in role.verbs)


def role_choices() -> list[tuple[str, str]]:
    """Roles that people are appointed to."""
    return [(code, role.label) for code, role in ROLES.items() if role.levels]


def spoken_title(place: str, role: str) -> str:
    """Place and role, what both name said once: 宜和社区 + 社区书记 is 宜和社区书记."""
    shared = next((n for n in range(len(role), 0, -1) if place.endswith(role[:n])), 0)
    return f"{place}{role[shared:]}"
