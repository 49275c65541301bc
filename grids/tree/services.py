"""The only writer of the party tree (the 五长 tree's is grids/territory/tree.py). Every function holds the lock of each
tree it writes until its transaction ends (grids/tree/nested.py).

A street is a root. A caller with several writes in one transaction has to keep to the order of the locks itself
(`lock_all` first). Making a root touches no other tree: new streets wait for each other alone, on a lock of their own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from grids.models import Building, Grid, Level, Post
from grids.tree import nested
from grids.tree.nested import Branch, check_name, refuse_taken_names
from grids.tree.nested import lock as _lock
from grids.tree.observers import FOLLOWERS

__all__ = ["Branch"]  # whoever plants says it with the tree


def add_street(*, name: str, code: str) -> Grid:
    """A new root. Raises ValidationError at `name` or `code`."""
    with transaction.atomic():
        nested.take_lock(Grid, 0)
        check_name(name)
        _check_code(code, Level.STREET)
        if Grid.objects.current().filter(parent=None, name=name).exists():
            raise ValidationError({"name": f"已有名为“{name}”的街道。"})
        node = Grid(name=name, code=code)
        node.insert_at(None, save=True)
        return node


def add(*, parent: Grid, name: str, code: str = "") -> Grid:
    """A new child, one level below its parent. A level-5 grid without a code gets the community's next one.

    Raises ValidationError: parent is the lowest level or merged away, name taken, code malformed or taken."""
    with transaction.atomic():
        (parent,) = _lock(parent)
        if parent.level == Level.HOUSEHOLD:
            raise ValidationError({"parent": "网格是最低一级，下面不能再设。"})
        _refuse_retired(parent)
        refuse_taken_names(parent, [name])
        level = Level(parent.level + 1)
        code = code or (_next_code(parent) if level == Level.HOUSEHOLD else "")
        _check_code(code, level)
        nodes: list[Grid] = nested.plant(
            parent, [Branch(name)], lambda *, branch, **numbers: Grid(name=name, code=code, **numbers)
        )
        return nodes[0]


def plant(*, parent: Grid, branches: Sequence[Branch]) -> None:
    """Whole branches at once, as the last children of `parent`: the tree is renumbered once, not once a node. Level-5
    grids get their community's next codes.

    Raises ValidationError: deeper than the lowest level, merged away, name malformed or taken."""
    with transaction.atomic():
        (parent,) = _lock(parent)
        _refuse_retired(parent)
        refuse_taken_names(parent, [branch.name for branch in branches])

        def make(*, branch: Branch, **numbers: Any) -> Grid:
            if numbers["level"] > Level.HOUSEHOLD:
                raise ValidationError({"parent": "网格是最低一级，下面不能再设。"})
            return Grid(name=branch.name, **numbers)

        nodes = nested.plant(parent, branches, make)
        _give_codes([node for node in nodes if node.level == Level.HOUSEHOLD])


def _give_codes(grids: Sequence[Grid]) -> None:
    for grid in grids:
        grid.code = _next_code(grid.parent)
        Grid.objects.filter(pk=grid.pk).update(code=grid.code)


def rename(*, node: Grid, name: str) -> None:
    with transaction.atomic():
        (node,) = _lock(node)
        check_name(name)
        if node.parent_id:
            refuse_taken_names(node.parent, [name], but=node.pk)
        Grid.objects.filter(pk=node.pk).update(name=name)


def move(*, node: Grid, to: Grid, at: datetime, by: User | None = None) -> None:
    """Hang a node, with all below it, under another parent of the same level; open cases move along.

    Raises ValidationError: other level, merged away, name taken there, there already."""
    with transaction.atomic():
        node, to = _lock(node, to)
        if node.parent_id is None:
            raise ValidationError({"node": "街道不能移动。"})
        if to.level != node.level - 1:
            raise ValidationError({"to": f"{Level(node.level).short}只能移到另一个{Level(node.level - 1).short}下面。"})
        _refuse_retired(node)
        _refuse_retired(to)
        if node.parent_id == to.pk:
            raise ValidationError({"to": f"{node.name}已经在{to.name}下面。"})
        refuse_taken_names(to, [node.name])
        moved = list(Grid.objects.in_area([node]).order_by().values_list("pk", flat=True))
        node.move_to(to, position="last-child")
        for follower in FOLLOWERS:
            follower.nodes_moved(moved, at, by)


def merge(*, source: Grid, into: Grid, at: datetime, by: User | None = None) -> None:
    """Merge one node into another of the same level. Children, doors and open cases go over, posts at the source end.
    The source stays where it was, merged away: what was closed there keeps its place.

    Raises ValidationError: itself, other level, merged away already, children of the same name in both."""
    with transaction.atomic():
        source, into = _lock(source, into)
        if source.pk == into.pk or source.level != into.level:
            raise ValidationError({"into": "只能并入另一个同级网格。"})
        if source.level == Level.STREET:
            raise ValidationError({"into": "街道撤并涉及区划调整，不能在这里办理。"})
        _refuse_retired(source)
        _refuse_retired(into)
        children = list(source.get_children().filter(retired_at=None))
        moved = list(Grid.objects.in_area(children).values_list("pk", flat=True))
        refuse_taken_names(into, [child.name for child in children])
        _refuse_taken_doors(source, into)
        for child in children:
            child.refresh_from_db()
            child.move_to(into, position="last-child")
        Grid.objects.filter(pk=source.pk).update(retired_at=at, successor=into)
        source.refresh_from_db()
        into.refresh_from_db()
        Building.objects.filter(grid=source).update(grid=into)
        Building.objects.filter(estate=source).update(estate=into)
        ended = list(Post.objects.held_at(at).filter(grid=source).select_related("grid", "person"))
        Post.objects.filter(pk__in=[post.pk for post in ended]).update(until_at=at)
        for follower in FOLLOWERS:
            follower.node_replaced(source, into, at, by)
            for post in ended:
                follower.post_ended(post, at, by)
            follower.nodes_moved(moved, at, by)


@dataclass(frozen=True)
class Part:
    """What a new neighbour takes over from a node that is split."""

    name: str
    children: tuple[int, ...] = ()
    buildings: tuple[int, ...] = ()


def split(*, node: Grid, parts: list[Part], at: datetime, by: User | None = None) -> list[Grid]:
    """Make new neighbours out of parts of a node; what no part names stays. Open cases stay with the node they lie in:
    those of moved children move along, the node's own stay.

    Raises ValidationError: nothing to split off, name taken, a child or door that is not the node's, or named twice."""
    with transaction.atomic():
        (node,) = _lock(node)
        _refuse_retired(node)
        if node.parent_id is None or not parts:
            raise ValidationError({"parts": "请至少列出一个要分出的部分；街道不能拆分。"})
        own_children = set(node.get_children().filter(retired_at=None).values_list("pk", flat=True))
        own_doors = set(Building.objects.filter(grid=node).values_list("pk", flat=True))
        _check_parts(parts, own_children, own_doors)
        made = []
        for part in parts:
            new = add(parent=node.parent, name=part.name)
            moved: list[int] = []
            for child in Grid.objects.filter(pk__in=part.children):
                new.refresh_from_db()
                moved += Grid.objects.in_area([child]).order_by().values_list("pk", flat=True)
                child.move_to(new, position="last-child")
            Building.objects.filter(pk__in=part.buildings).update(grid=new)
            for follower in FOLLOWERS:
                follower.nodes_moved(moved, at, by)
            made.append(new)
        return made


def _check_parts(parts: list[Part], children: set[int], doors: set[int]) -> None:
    named_children = [pk for part in parts for pk in part.children]
    named_doors = [pk for part in parts for pk in part.buildings]
    if len(set(named_children)) < len(named_children) or len(set(named_doors)) < len(named_doors):
        raise ValidationError({"parts": "同一个下级或楼栋只能分到一个部分。"})
    if not set(named_children) <= children or not set(named_doors) <= doors:
        raise ValidationError({"parts": "所列的下级或楼栋已不在这个网格里，请刷新页面再选。"})
    if any(not (part.children or part.buildings) for part in parts):
        raise ValidationError({"parts": "每个分出的部分至少要有一个下级或楼栋。"})


@dataclass(frozen=True)
class Preview:
    """What moves along, in words, before anybody confirms."""

    lines: tuple[str, ...]


def preview(nodes: Iterable[Grid]) -> Preview:
    """What hangs on these nodes and all below them."""
    ids = list(Grid.objects.in_area(nodes).values_list("pk", flat=True))
    posts = Post.objects.filter(grid__in=ids, until_at=None)
    lines = [
        f"下级网格 {Grid.objects.current().filter(pk__in=ids).count() - len(list(nodes))} 个",
        f"楼栋 {Building.objects.filter(grid__in=ids).count()} 个",
        f"在任职务 {posts.count()} 个，涉及 {posts.values('person').distinct().count()} 人",
    ]
    along = [(follower.label, follower.count(ids)) for follower in FOLLOWERS]
    return Preview((*lines, *(f"{label} {count} 件" for label, count in along if count)))


def _refuse_retired(node: Grid) -> None:
    if node.retired_at is not None:
        into = f"，并入{node.successor.name}" if node.successor else ""
        raise ValidationError(f"{node.name}已撤并{into}，请刷新页面。")


def _refuse_taken_doors(source: Grid, into: Grid) -> None:
    theirs = set(Building.objects.filter(estate=into).values_list("name", "unit"))
    ours = set(Building.objects.filter(estate=source).values_list("name", "unit"))
    if clash := sorted(theirs & ours):
        words = "、".join(f"{name}{unit}" for name, unit in clash[:5])
        raise ValidationError({"into": f"两个小区都有 {words}，请先改楼栋名。"})


CODE_DIGITS = {Level.STREET: 9, Level.COMMUNITY: 12, Level.HOUSEHOLD: 15}


def _check_code(code: str, level: Level) -> None:
    digits = CODE_DIGITS.get(level)
    if code and (digits is None or not re.fullmatch(rf"\d{{{digits}}}", code)):
        wanted = f"{digits} 位数字" if digits else "留空"
        raise ValidationError({"code": f"{level.short}的编码应为{wanted}。"})
    if code and Grid.objects.current().filter(code=code).exists():
        raise ValidationError({"code": f"编码 {code} 已被使用。"})


def _next_code(group: Grid) -> str:
    """Community code + next 3-digit serial in that community; codes are never used twice. "" where the community has
    none or its 999 are used up."""
    community = group.get_ancestors().get(level=Level.COMMUNITY)
    if not community.code:
        return ""
    last = Grid.objects.filter(code__startswith=community.code, level=Level.HOUSEHOLD).order_by("-code").first()
    serial = int(last.code[12:]) + 1 if last else 1
    return f"{community.code}{serial:03d}" if serial <= 999 else ""


def problems() -> list[str]:
    """What is wrong with the party tree's numbers."""
    return nested.problems(Grid)


def lock_all() -> None:
    """Lock every street, for the rest of the transaction."""
    nested.lock_all(Grid)
