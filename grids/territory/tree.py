"""The only writer of the 五长 tree, under the same locks as the party tree (grids/tree/nested.py): a 片区 is a root.

Doors lie in its lowest two levels, 楼栋 and 户组; a door that is called as a new node below the 邻里 of its 小区 is taken
in with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from grids.models import Building, Grid, Level, Territory, TerritoryLevel, TerritoryPost
from grids.tree import nested
from grids.tree.nested import Branch, check_name, refuse_taken_names

LINKS = {TerritoryLevel.AREA: Level.COMMUNITY, TerritoryLevel.NEIGHBOURHOOD: Level.ESTATE}
"""Where the two trees meet: level here -> level there."""


def add_area(*, name: str, community: Grid) -> Territory:
    """A new 片区 of a community. Raises ValidationError at `name` or `grid`."""
    with transaction.atomic():
        nested.take_lock(Territory, 0)
        check_name(name)
        _check_link(TerritoryLevel.AREA, community)
        if Territory.objects.current().filter(parent=None, name=name).exists():
            raise ValidationError({"name": f"已有名为“{name}”的片区。"})
        node = Territory(name=name, grid=community)
        node.insert_at(None, save=True)
        return node


def add(*, parent: Territory, name: str, estate: Grid | None = None) -> Territory:
    """A new child, one level below its parent; a 邻里 may name its 小区.

    Raises ValidationError: parent is the lowest level or given up, name taken, 小区 of another community."""
    with transaction.atomic():
        (parent,) = nested.lock(parent)
        _refuse_retired(parent)
        _refuse_below(parent.level + 1)
        check_name(name)
        refuse_taken_names(parent, [name])
        _check_link(parent.level + 1, estate, community=_community_of(parent))
        node = Territory(parent=parent, name=name, grid=estate)
        node.insert_at(parent, position="last-child", save=True)
        _take_in_doors(node)
        return node


def plant(*, parent: Territory, branches: Sequence[Branch]) -> None:
    """Whole branches at once, as the last children of `parent`; `more` of a branch may name the `grid` of a 邻里.

    Raises ValidationError: deeper than the lowest level, given up, name malformed or taken."""
    with transaction.atomic():
        (parent,) = nested.lock(parent)
        _refuse_retired(parent)
        refuse_taken_names(parent, [branch.name for branch in branches])
        community = _community_of(parent)

        def make(*, branch: Branch, **numbers: Any) -> Territory:
            _refuse_below(numbers["level"])
            _check_link(numbers["level"], branch.more.get("grid"), community=community)
            return Territory(name=branch.name, **branch.more, **numbers)

        for node in nested.plant(parent, branches, make):
            if node.level == TerritoryLevel.NEIGHBOURHOOD:
                _take_in_doors(node)


def rename(*, node: Territory, name: str) -> None:
    with transaction.atomic():
        (node,) = nested.lock(node)
        check_name(name)
        siblings = Territory.objects.current().filter(parent=node.parent, name=name).exclude(pk=node.pk)
        if siblings.exists():
            raise ValidationError({"name": f"已有名为“{name}”的{node.level_label}。"})
        Territory.objects.filter(pk=node.pk).update(name=name)
        node.refresh_from_db()
        _take_in_doors(node)


def link(*, node: Territory, grid: Grid | None) -> None:
    """Say which community a 片区 or which 小区 a 邻里 belongs to."""
    with transaction.atomic():
        (node,) = nested.lock(node)
        _check_link(node.level, grid, community=_community_of(node))
        Territory.objects.filter(pk=node.pk).update(grid=grid)
        node.refresh_from_db()
        _take_in_doors(node)


def move(*, node: Territory, to: Territory) -> None:
    """Hang a node, with all below it, under another parent of the same level.

    Raises ValidationError: other level, given up, name taken there, there already, its 小区 of another community."""
    with transaction.atomic():
        node, to = nested.lock(node, to)
        if node.parent_id is None:
            raise ValidationError({"node": "片区不能移动。"})
        if to.level != node.level - 1:
            above = TerritoryLevel(node.level - 1).label
            raise ValidationError({"to": f"{node.level_label}只能移到另一个{above}下面。"})
        _refuse_retired(node)
        _refuse_retired(to)
        if node.parent_id == to.pk:
            raise ValidationError({"to": f"{node.name}已经在{to.name}下面。"})
        refuse_taken_names(to, [node.name])
        community = _community_of(to)
        for linked in node.get_descendants(include_self=True).exclude(grid=None).select_related("grid"):
            if not community.covers(linked.grid):
                raise ValidationError({"to": f"{linked.name}对应的{linked.grid.name}不在{community.name}。"})
        node.move_to(to, position="last-child")


def retire(*, node: Territory, at: datetime) -> None:
    """Give a node up: its posts end, its doors lie in none until they are placed anew.

    Raises ValidationError: given up already, or something stands below it."""
    with transaction.atomic():
        (node,) = nested.lock(node)
        _refuse_retired(node)
        if node.get_children().filter(retired_at=None).exists():
            raise ValidationError(
                {"node": f"{node.name}下面还有{TerritoryLevel(node.level + 1).label}，请先移走或撤销。"}
            )
        TerritoryPost.objects.filter(node=node, from_at__lt=at).filter(Q(until_at=None) | Q(until_at__gt=at)).update(
            until_at=at
        )
        TerritoryPost.objects.filter(node=node, from_at__gte=at).delete()  # never began
        Building.objects.filter(territory=node).update(territory=None)
        Territory.objects.filter(pk=node.pk).update(retired_at=at)


def place_door(*, building: Building, node: Territory) -> None:
    """Say which 楼栋 or 户组 a door lies in.

    Raises ValidationError: it lies in one already, wrong level, given up, or of another 小区."""
    with transaction.atomic():
        (node,) = nested.lock(node)
        _refuse_retired(node)
        if node.level < TerritoryLevel.BLOCK:
            raise ValidationError({"node": f"{node.name}是{node.level_label}，楼栋只能划入楼栋或户组。"})
        estate = node.get_ancestors().get(level=TerritoryLevel.NEIGHBOURHOOD).grid
        if estate is not None and estate.pk != building.estate_id:
            raise ValidationError({"node": f"{node.name}属于{estate.name}，{building.label}不在那里。"})
        if not Building.objects.filter(pk=building.pk, territory=None).update(territory=node):
            raise ValidationError({"building": f"{building.label}已划入五长片区，一个门只能属于一处，请先移出。"})


def release_door(*, building: Building) -> None:
    """Take a door out of the 五长 tree; it is on the list of gaps until it is placed anew."""
    if not Building.objects.filter(pk=building.pk, territory__isnull=False).update(territory=None):
        raise ValidationError({"building": f"{building.label}没有划入五长片区。"})


def problems() -> list[str]:
    """What is wrong with the tree's numbers."""
    return nested.problems(Territory)


def _take_in_doors(node: Territory) -> None:
    """Doors that lie in none yet and are called as the nodes of the 邻里 around or at `node`: name as the 楼栋, unit as
    the 户组, or as the 楼栋 alone until it has such a 户组."""
    neighbourhood = node.get_ancestors(include_self=True).filter(level=TerritoryLevel.NEIGHBOURHOOD).first()
    if neighbourhood is None or neighbourhood.grid_id is None:
        return
    below = neighbourhood.get_descendants().filter(retired_at=None)
    blocks = {block.name: block for block in below if block.level == TerritoryLevel.BLOCK}
    groups = {(group.parent_id, group.name): group for group in below if group.level == TerritoryLevel.HOUSEHOLDS}
    taken = []
    loose = Q(territory=None) | Q(territory__in=[block.pk for block in blocks.values()])
    for door in Building.objects.filter(loose, estate=neighbourhood.grid_id, name__in=blocks):
        block = blocks[door.name]
        if door.territory_id in {None, block.pk}:
            door.territory = groups.get((block.pk, door.unit), block)
            taken.append(door)
    Building.objects.bulk_update(taken, ["territory"])


def _community_of(node: Territory) -> Grid:
    community: Grid = node.get_root().grid
    return community


def _check_link(level: int, grid: Grid | None, *, community: Grid | None = None) -> None:
    """`community`: of the 片区 that the node lies in."""
    wanted = LINKS.get(TerritoryLevel(level))
    if grid is None:
        if level == TerritoryLevel.AREA:
            raise ValidationError({"grid": "片区要对应一个社区。"})
        return
    if wanted is None:
        raise ValidationError({"grid": f"{TerritoryLevel(level).label}不用对应网格，只有片区对应社区、邻里对应小区。"})
    if grid.level != wanted or grid.retired_at is not None:
        raise ValidationError({"grid": f"{TerritoryLevel(level).label}应对应一个现有的{wanted.short}。"})
    if level != TerritoryLevel.AREA and community is not None and not community.covers(grid):
        raise ValidationError({"grid": f"{grid.name}不在{community.name}，请选这个片区所挂社区的小区。"})


def _refuse_below(level: int) -> None:
    if level > TerritoryLevel.HOUSEHOLDS:
        raise ValidationError({"parent": "户组是最低一级，下面不能再设。"})


def _refuse_retired(node: Territory) -> None:
    if node.retired_at is not None:
        raise ValidationError({"node": f"{node.name}已撤销，请刷新页面。"})


def follow_merge(old: Grid, new: Grid) -> None:
    """Two communities or two 小区 became one: what was linked to the old one is linked to the new one."""
    Territory.objects.filter(grid=old).update(grid=new)
