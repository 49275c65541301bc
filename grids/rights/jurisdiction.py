"""What a person's posts cover and allow. A post that ends stops opening doors at once: nothing is kept beyond one page."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from grids.models import Grid, Level, Post
from grids.models.querysets import GridQuerySet, PostQuerySet, in_area
from grids.rights.line import posts_over
from grids.roles import COUNTY, ROLES
from web.read_once import once

Visitor = User | AnonymousUser


def posts_of(user: Visitor, *, at: datetime | None = None) -> list[Post]:
    """The posts this person holds at `at` (now), with their nodes. None for somebody not signed in."""
    if not user.is_authenticated or not user.is_active:
        return []
    moment = at or timezone.now()
    ever = Post.objects.filter(person=user, person__is_active=True).select_related("grid").order_by("pk")
    return [post for post in once(("posts", user.pk), lambda: list(ever)) if post.runs_at(moment)]


def stand_ins(posts: list[Post]) -> PostQuerySet:
    """These posts and those of the same role at the same node: who stands in for whom. To be asked within another query."""
    placed = (Q(grid=post.grid_id, role=post.role) for post in posts if has_stand_ins(post))
    posts_there: PostQuerySet = Post.objects.filter(reduce(or_, placed, Q(pk__in=[post.pk for post in posts])))
    return posts_there


def has_stand_ins(post: Post) -> bool:
    """Whether others in its role at its node do its work as well: not for one who was chosen as a person."""
    return post.grid_id is not None and not ROLES[post.role].is_personal


def may(user: Visitor, verb: str, node: Grid | None, *, at: datetime | None = None) -> bool:
    """Whether some post of this person allows `verb` at `node` (None: county-wide)."""
    return any(allows(post, verb, node) for post in posts_of(user, at=at))


def may_anywhere(user: Visitor, verb: str) -> bool:
    return has_verb(posts_of(user), verb)


def has_verb(posts: list[Post], verb: str) -> bool:
    """`may_anywhere` of who holds these posts."""
    return any(verb in ROLES[post.role].verbs for post in posts)


def posts_in(request: HttpRequest) -> list[Post]:
    """`posts_of` whoever asks, read once a request: a page and its frame both go by it."""
    if not hasattr(request, "_posts"):
        request._posts = posts_of(request.user)  # type: ignore[attr-defined]
    posts: list[Post] = request._posts  # type: ignore[attr-defined]
    return posts


def allows(post: Post, verb: str, node: Grid | None) -> bool:
    return verb in ROLES[post.role].verbs and covers(post, node)


def covers(post: Post, node: Grid | None) -> bool:
    """County posts cover everything; others their node and below."""
    if post.grid is None:
        return COUNTY in ROLES[post.role].levels
    return node is not None and post.grid.covers(node)


def area_of(user: Visitor, verb: str = "see") -> GridQuerySet:
    """All nodes, retired ones too, at which this person's posts allow `verb`. `.none()` for a stranger."""
    return area_of_posts(posts_of(user), verb)


def area_of_posts(posts: list[Post], verb: str = "see") -> GridQuerySet:
    """`area_of` who holds these posts."""
    area: GridQuerySet = Grid.objects.filter(lies_in_area(posts, verb))
    return area


def lies_in_area(posts: list[Post], verb: str = "see", *, prefix: str = "") -> Q:
    """The same of what lies at a node (`prefix`: "grid__"): a join on one row where a subquery would read every node."""
    able = [post for post in posts if verb in ROLES[post.role].verbs]
    if any(post.grid is None for post in able):
        return Q()
    return in_area([post.grid for post in able], prefix=prefix)


def in_whole_communities(posts: list[Post], verb: str) -> list[Grid | None]:
    """The nodes at which these posts allow `verb` (None: the county), for what is a whole community's: whoever answers for a
    part of one stands for all of it."""
    nodes = [post.grid for post in posts if verb in ROLES[post.role].verbs]
    return [_community_of(node) if node and node.level > Level.COMMUNITY else node for node in nodes]


def _community_of(node: Grid) -> Grid:
    community: Grid = Grid.objects.upward_from(node).get(level=Level.COMMUNITY)
    return community


def candidates_for(node: Grid, *, roles: frozenset[str], at: datetime, load: str = "0") -> list[Post]:
    """Posts in `roles` at the node or above it, nearest level first; at one node the helpers before the leader
    (a desk is staffed by its workers), then by seniority. County posts come last. `load` as of `posts_over`."""

    def order(post: Post) -> tuple[Any, ...]:
        level = post.grid.level if post.grid else -1
        return (-level, ROLES[post.role].leads, post.from_at, post.pk)

    return sorted(posts_over(node, roles=roles, at=at, load=load), key=order)
