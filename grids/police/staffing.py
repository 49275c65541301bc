"""网格+警格 "1+2+4+N": who should be on a community's roster, who is, and who is missing. The roster is its posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from grids.models import ROSTER_ROLES, Grid, Post, StaffingNorm, Territory, TerritoryLevel, TerritoryPost
from grids.roles import ROLES

NORM = {"police_officer": 1, "police_auxiliary": 2, "patrol": 4}
"""How many of whom a community should have (1+2+4); the other roles of the roster are the N, of whom none is prescribed.
Staff may set other numbers (grids.models.StaffingNorm)."""
BLOCK_POST = TerritoryLevel.BLOCK.post_label
"""楼栋长 are on the roster by their post in the 五长 tree."""


def norm() -> dict[str, int]:
    """Role -> how many each community should have; roles of the N left out."""
    changed = dict(StaffingNorm.objects.values_list("role", "number"))
    wanted = {role: changed.get(role, NORM.get(role, 0)) for role in ROSTER_ROLES}
    return {role: number for role, number in wanted.items() if number}


@dataclass(frozen=True)
class Roster:
    """How a community is staffed."""

    community: Grid
    counts: dict[str, int]
    """Role -> people in post; 楼栋长 among them."""
    wanted: dict[str, int]

    @property
    def missing(self) -> dict[str, int]:
        """Role -> how many are missing; empty where the norm is met."""
        short = {role: number - self.counts.get(role, 0) for role, number in self.wanted.items()}
        return {role: number for role, number in short.items() if number > 0}

    @property
    def missing_words(self) -> str:
        return "、".join(f"{ROLES[role].label} {number} 名" for role, number in self.missing.items())

    @property
    def words(self) -> str:
        """ "1+2+4+9": the prescribed ones each, then all others together."""
        others = sum(count for role, count in self.counts.items() if role not in self.wanted)
        return "+".join(str(self.counts.get(role, 0)) for role in self.wanted) + f"+{others}"


def rosters(communities: Iterable[Grid], *, at: datetime) -> list[Roster]:
    """How each of these communities is staffed. Five queries."""
    nodes = list(communities)
    wanted = norm()
    held = Post.objects.held_at(at).filter(grid__in=[node.pk for node in nodes], role__in=ROSTER_ROLES)
    counts: dict[int, dict[str, int]] = {}
    for grid, role, people in held.values_list("grid", "role").annotate(Count("person", distinct=True)):
        counts.setdefault(grid, {})[role] = people
    for grid, posts in block_posts(nodes, at=at).items():
        counts.setdefault(grid, {})[BLOCK_POST] = len({post.person_id for post in posts})
    return [Roster(node, counts.get(node.pk, {}), wanted) for node in nodes]


def block_posts(communities: Iterable[Grid], *, at: datetime) -> dict[int, list[TerritoryPost]]:
    """Community -> 楼栋长 in post there, in the order of the tree."""
    areas = Territory.objects.filter(parent=None, grid__in=[node.pk for node in communities])
    community_of = dict(areas.values_list("tree_id", "grid"))
    held = TerritoryPost.objects.held_at(at).filter(
        node__level=TerritoryLevel.BLOCK, node__tree_id__in=community_of, node__retired_at=None
    )
    posts_by_community: dict[int, list[TerritoryPost]] = {}
    for post in held.select_related("node", "person").order_by("node__tree_id", "node__lft", "pk"):
        posts_by_community.setdefault(community_of[post.node.tree_id], []).append(post)
    return posts_by_community
