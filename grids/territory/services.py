"""The 五长: who is in post where, who answers for a door, and who may change it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from accounts.personal_data import clean_name
from grids.models import Building, Grid, Level, Territory, TerritoryLevel, TerritoryPost
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import Visitor, area_of, may
from grids.territory.tree import follow_merge
from grids.tree.observers import Follower


def territory_of(user: Visitor, verb: str) -> GridQuerySet:
    """The 片区 of the communities where this person's posts allow `verb`, and all below them."""
    roots = Territory.objects.filter(parent=None, grid__in=area_of(user, verb))
    nodes: GridQuerySet = Territory.objects.filter(tree_id__in=roots.values("tree_id"))
    return nodes


def may_appoint(user: Visitor, node: Territory) -> bool:
    """片区长 are county leaders, so the county appoints them; the others, whoever appoints in the community."""
    return may(user, "appoint", None if node.level == TerritoryLevel.AREA else node.get_root().grid)


def appoint_to(
    *,
    person: User,
    node: Territory,
    from_at: datetime,
    until_at: datetime | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> TerritoryPost:
    """Put a person into a post of the 五长. One person at a time answers; beside them somebody stands in (代岗) until a day
    that is named.

    Raises ValidationError: given up, the period is empty, the person has it then, or somebody else has it without end."""
    if until_at is not None and until_at <= from_at:
        raise ValidationError({"until_at": "任职结束时间应晚于开始时间。"})
    with transaction.atomic():
        # Two appointments to one post wait here.
        node = Territory.objects.select_for_update(no_key=True).get(pk=node.pk)
        if node.retired_at is not None:
            raise ValidationError({"node": f"{node.name}已撤销，请另选一处。"})
        beside = TerritoryPost.objects.filter(node=node).overlapping(from_at, until_at).select_related("person")
        if beside.filter(person=person).exists():
            raise ValidationError({"person": f"{person.name} 在这段时间已任{node.post_label}，不用重复任命。"})
        if until_at is None and (other := beside.first()):
            raise ValidationError(
                {
                    "until_at": f"{node.name}{node.post_label}现由{other.person.name}担任，请先结束其任职；"
                    "只是代岗的，请填写代到哪天止。"
                }
            )
        post = TerritoryPost.objects.create(person=person, node=node, from_at=from_at, until_at=until_at)
        audit.record(
            act=Act.APPOINT,
            at=at or from_at,
            by=by.pk if by else None,
            about=person.pk,
            thing=f"{post.title} 五长 {post.pk}",
        )
        return post


@transaction.atomic
def appoint_to_by_phone(*, phone: str, name: str, **post: Any) -> TerritoryPost:
    """Appoint who has this phone; where nobody does, a new account goes with the post."""
    person = User.objects.with_phone(phone)
    return appoint_to(
        person=person or User.objects.create_user(phone=phone, name=clean_name(name, field="name")), **post
    )


def vacate_of(*, post: TerritoryPost, at: datetime, by: User | None = None) -> None:
    """End a post of the 五长. Raises ValidationError if it ended earlier or begins later."""
    with transaction.atomic():
        if not TerritoryPost.objects.filter(pk=post.pk).end(at):
            raise ValidationError({"until_at": "这项任职已经结束或尚未开始。"})
        post.until_at = at
        audit.record(
            act=Act.VACATE,
            at=at,
            by=by.pk if by else None,
            about=post.person_id,
            thing=f"{post.title} 五长 {post.pk}",
        )


def node_for(place: Grid, building: Building | None) -> Territory | None:
    """Where a door lies in the 五长 tree: its own 楼栋 or 户组; where it is placed nowhere, the one 邻里 of its 小区, else
    the one 片区 of its community. None where there is none, or no telling which."""
    if building is not None and building.territory_id is not None:
        return building.territory
    above = {node.level: node for node in Grid.objects.upward_from(place)}
    for level, linked in ((TerritoryLevel.NEIGHBOURHOOD, Level.ESTATE), (TerritoryLevel.AREA, Level.COMMUNITY)):
        if linked in above:
            nodes: list[Territory] = list(Territory.objects.current().filter(level=level, grid=above[linked])[:2])
            if len(nodes) == 1:
                return nodes[0]
    return None


@dataclass(frozen=True)
class Holders:
    """A node and who is in post there, nobody where it is vacant."""

    node: Territory
    posts: tuple[TerritoryPost, ...]


def line_of(node: Territory, *, at: datetime) -> list[Holders]:
    """The node and those above it, nearest first, each with who is in post: three queries at most."""
    line = list(Territory.objects.upward_from(node))
    held = TerritoryPost.objects.held_at(at).filter(node__in=[each.pk for each in line]).select_related("person")
    posts = list(held.order_by("from_at", "pk"))
    return [Holders(each, tuple(post for post in posts if post.node_id == each.pk)) for each in line]


def answering(node: Territory, *, at: datetime) -> TerritoryPost | None:
    """Who answers at `node`: an empty post falls to the nearest one above."""
    return next((holders.posts[0] for holders in line_of(node, at=at) if holders.posts), None)


FOLLOWER = Follower(
    label="五长片区",
    count=lambda ids: Territory.objects.current().filter(grid__in=ids).count(),
    node_replaced=lambda old, new, at, by: follow_merge(old, new),
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
