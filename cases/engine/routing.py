"""Which rule, which post, and why in words. Routing always ends at a person: an empty post falls to the level above."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine.facts import facts_of
from cases.limits import running as limits
from cases.models import Case, RoutingRule
from grids.models import Grid, Level, Post
from grids.rights.jurisdiction import allows, candidates_for, covers, posts_of
from grids.roles import LEADERS, ROLES, roles_with

COUNTY_LEVEL = Level.STREET - 1

IN_HAND = "(SELECT count(*) FROM cases_case held WHERE held.holder_id = post.id AND held.closed_at IS NULL)"
"""Load of a post: its open cases."""


@dataclass(frozen=True)
class Route:
    post: Post
    why: str
    co_post: Post | None = None


def find_route(*, case: Case, at: datetime) -> Route:
    """Who gets this case. Raises ValidationError only if nobody at all is in post, up to the county."""
    facts = facts_of(case)
    barred = facts.kept_out
    if about := facts.concerned:
        return Route(superior(case.grid, about, at=at, barred=barred), "反映工作人员的事项，由其上级办理")
    rule = _first_rule(case)
    if rule is None:
        post = nearest(case.grid, roles=LEADERS, at=at, barred=barred)
        return Route(post, f"没有专门规则，按地点派给{post.title}")
    roles = frozenset({rule.role})
    line = _line(case.grid, roles=roles | LEADERS | {rule.co_role}, at=at)
    post = least_loaded(_near(line, case.grid, roles=roles, or_leader=True, barred=barred))
    why = f"按规则“{rule.name}”派给{post.title}"
    if post.role != rule.role:
        why += f"（{_why_not(case.grid, rule.role)}，由上一级负责）"
    taken = barred | {post.person_id}
    others = [other for other in line if other.role == rule.co_role and other.person_id not in taken]
    return Route(post, why, least_loaded(others) if others else None)


def _why_not(node: Grid, role: str) -> str:
    """Why a case at `node` is not in the hands of this role: below, there may be several, and the place does not tell which."""
    if all(level is not None and level > node.level for level in ROLES[role].levels):
        return f"没有写明是哪一栋，定不了由哪位{ROLES[role].label}负责"
    return f"{node.name}暂无{ROLES[role].label}"


def _first_rule(case: Case) -> RoutingRule | None:
    for rule in limits.rulebook().routing_rules:
        if rule.kind != case.kind or rule.urgency not in {"", case.urgency}:
            continue
        if rule.category is not None and not (case.category and case.category.is_within(rule.category)):
            continue
        # Where it lies is asked of the tree as it is now: no rule is written anew when the tree is.
        if rule.grid_id is not None and not Grid.objects.upward_from(case.grid).filter(pk=rule.grid_id).exists():
            continue
        return rule
    return None


def desk_of(case: Case, *, at: datetime) -> Post:
    """Who dispatches this case: the desk of its place, of one about somebody in post whoever stands above them.

    Raises ValidationError if nobody is in post, up to the county."""
    facts = facts_of(case)
    barred = facts.kept_out
    if about := facts.concerned:
        return superior(case.grid, about, at=at, barred=barred)
    return desk(case.grid, at=at, barred=barred)


def superior(node: Grid, about: Sequence[Post], *, at: datetime, barred: frozenset[int]) -> Post:
    """Who hears complaints about these posts: the nearest leader over `node` who stands above all of them, at the county
    somebody else.

    Raises ValidationError if there is nobody."""
    leaders = _line(node, roles=LEADERS, at=at)
    above = [post for post in leaders if _stands_above(post, about) and post.person_id not in barred]
    if not above:
        raise ValidationError("上级现在没有别人可以办理。请拨打 12388 向纪检监察机关反映。")
    return least_loaded(above)


def _stands_above(post: Post, about: Sequence[Post]) -> bool:
    """Above everybody of these; above the county nobody stands, there it is somebody else."""
    highest = min(_level(concerned) for concerned in about)
    return _level(post) < max(highest, COUNTY_LEVEL + 1)


def nearest(
    node: Grid,
    *,
    roles: frozenset[str],
    at: datetime,
    above: bool = False,
    or_leader: bool = False,
    barred: frozenset[int] = frozenset(),
) -> Post:
    """The post in `roles` at the nearest level that has one (one level higher with `above`); with `or_leader`, the
    nearest leading post, not below the level of the role, where nobody has such a role. `barred` people are passed over.

    Raises ValidationError if nobody is in post, up to the county."""
    line = _line(node, roles=roles | LEADERS if or_leader or barred else roles, at=at)
    return least_loaded(_near(line, node, roles=roles, above=above, or_leader=or_leader, barred=barred))


def _near(
    line: Sequence[Post],
    node: Grid,
    *,
    roles: frozenset[str],
    above: bool = False,
    or_leader: bool = False,
    barred: frozenset[int] = frozenset(),
) -> list[Post]:
    """Whom of `line` (candidates for `node`: these roles, and leaders) `nearest` may choose from, the nearest first."""
    free = [post for post in line if post.person_id not in barred and (not above or _level(post) < node.level)]
    near = [post for post in free if post.role in roles]
    if not near and or_leader:
        lowest = max((level for role in roles for level in ROLES[role].levels if level is not None), default=node.level)
        near = [post for post in free if post.role in LEADERS and _level(post) <= lowest]
    if not near and barred and line:
        raise ValidationError("自己的事不能由自己办理，这里和上级又没有别的负责人。请先任命一位，或联系县级管理员。")
    if not near:
        raise ValidationError("这里还没有任命任何负责人，暂时收不了。请拨打社区电话，或联系县级管理员。")
    return near


def _level(post: Post) -> int:
    return post.grid.level if post.grid else COUNTY_LEVEL


def _line(node: Grid, *, roles: frozenset[str], at: datetime) -> list[Post]:
    return candidates_for(node, roles=roles, at=at, load=IN_HAND)


def least_loaded(candidates: list[Post]) -> Post:
    """Of those at the first candidate's node in the same role, the one with the fewest open cases in hand."""
    return min(_peers(candidates), key=lambda post: (post.load, post.pk))


def _peers(candidates: list[Post]) -> list[Post]:
    first = candidates[0]
    return [post for post in candidates if (post.grid_id, post.role) == (first.grid_id, first.role)]


def desk(node: Grid, *, at: datetime, above: bool = False, barred: frozenset[int] = frozenset()) -> Post:
    """Who dispatches for `node`: its workers before its leader, an empty desk falls to the level above."""
    return nearest(node, roles=roles_with("dispatch"), at=at, above=above, barred=barred)


class Desks:
    """`desk` for many new cases: each node is asked for once, and what a post is given meanwhile counts as in its hands."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.peers: dict[int, list[Post]] = {}
        self.given: Counter[int] = Counter()

    def take(self, node: Grid, *, barred: frozenset[int] = frozenset()) -> Post:
        """`barred` people are passed over. Raises ValidationError if nobody is in post, up to the county."""
        if node.pk not in self.peers:
            roles = roles_with("dispatch")
            self.peers[node.pk] = _peers(_near(_line(node, roles=roles, at=self.at), node, roles=roles))
        free = [post for post in self.peers[node.pk] if post.person_id not in barred]
        if free:
            post = min(free, key=lambda post: (post.load + self.given[post.pk], post.pk))
        else:
            post = desk(node, at=self.at, barred=barred)
        self.given[post.pk] += 1
        return post


def leader_above(post: Post, *, at: datetime, barred: frozenset[int] = frozenset()) -> Post | None:
    """Who stands above a post, `barred` people and its own holder in another post passed over; None above the county."""
    if post.grid is None:
        return None
    leaders = [
        other
        for other in candidates_for(post.grid, roles=LEADERS, at=at)
        if _level(other) < post.grid.level and other.person_id not in barred | {post.person_id}
    ]
    return leaders[0] if leaders else None


def check_may_hold(*, post: Post, case: Case, at: datetime) -> None:
    """Raises ValidationError at `post`: as `check_may_help`, or answers for another place."""
    check_may_help(post=post, case=case, at=at)
    if not covers(post, case.grid):
        raise ValidationError({"post": f"{post.words}不负责{case.grid.name}，请另选一位。"})


def check_may_help(*, post: Post, case: Case, at: datetime, field: str = "post") -> None:
    """Raises ValidationError at `field`: ended, must keep out of it, is not above whom it is about, handles no
    cases, or belongs to another street."""
    if not Post.objects.held_at(at).filter(pk=post.pk).exists():
        raise ValidationError({field: f"{post.words}已不在任，请另选一位。"})
    if post.person_id in facts_of(case).kept_out:
        raise ValidationError({field: f"{post.words}与这件事有利害关系，应当回避，请另选一位。"})
    if (about := facts_of(case).concerned) and not _stands_above(post, about):
        raise ValidationError({field: f"反映的是工作人员，要由其上级办理，{post.words}不是，请另选一位。"})
    is_near = post.grid is None or post.grid.tree_id == case.grid.tree_id
    if "see" not in ROLES[post.role].verbs or not is_near:
        raise ValidationError({field: f"{post.words}不在本街道，请另选一位。"})


def post_for(*, user: User, verb: str, case: Case, at: datetime) -> Post | None:
    """The lowest of this person's posts that allows `verb` at the case's place."""
    allowed = [post for post in posts_of(user, at=at) if allows(post, verb, case.grid)]
    return max(allowed, key=lambda post: post.grid.level if post.grid else -1, default=None)
