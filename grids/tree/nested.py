"""What both trees are written with: their locks, whole branches at once, and the proof that lft/rght are sound.

django-mptt renumbers lft/rght of whole ranges in several statements; two writers at once leave broken ranges behind.
So every write takes PostgreSQL's advisory lock of the tree's root first and reads the nodes again under it. Writes that
touch two trees of one model lock both, the smaller id first, so that they never wait for each other in a ring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Case, Count, F, PositiveIntegerField, Q, When

import locks
from locks import Lock

Node = TypeVar("Node", bound=Any)

LOCKS = {"grids.grid": Lock.GRID_TREE, "grids.territory": Lock.TERRITORY_TREE}
"""Of a model's trees; the key is the root's id, 0 for making a root."""
NAME_LENGTH = 60


def take_lock(model: Any, key: int) -> None:
    locks.take(LOCKS[model._meta.label_lower], key)


def roots_of(model: Any, nodes: Iterable[Any]) -> dict[int, int]:
    """Number of each tree they stand in -> its root's id."""
    tree_ids = model.objects.filter(pk__in=[node.pk for node in nodes]).values("tree_id")
    return dict(model.objects.filter(tree_id__in=tree_ids, parent=None).values_list("tree_id", "pk"))


def lock(*nodes: Node) -> list[Node]:
    """Lock the trees of these nodes (of one model); the nodes as they stand now.

    A node may have moved to another tree while we waited: then we begin again, with nothing in hand. Rolling back to
    the savepoint lets the locks taken since go; a smaller one taken beside a larger one could close a ring."""
    model: Any = type(nodes[0])
    while True:
        before = transaction.savepoint()
        roots = roots_of(model, nodes)
        for root in sorted(roots.values()):
            take_lock(model, root)
        locked = model.objects.in_bulk([node.pk for node in nodes])
        # A tree keeps its number and its root as long as it is there.
        if all(node.tree_id in roots for node in locked.values()):
            transaction.savepoint_commit(before)
            break
        transaction.savepoint_rollback(before)
    if missing := [node.name for node in nodes if node.pk not in locked]:
        raise ValidationError(f"{'、'.join(missing)}已不存在，请刷新页面。")
    return [locked[node.pk] for node in nodes]


def lock_all(model: Any) -> None:
    """Lock every tree of a model, for the rest of the transaction."""
    take_lock(model, 0)
    for root in model.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True):
        take_lock(model, root)


def check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH:
        raise ValidationError({"name": f"名称请填 1 到 {NAME_LENGTH} 个字。"})


def refuse_taken_names(parent: Any, names: list[str], *, but: int | None = None) -> None:
    """Names are unique among current siblings; `parent` None: the roots' own check."""
    taken = type(parent).objects.current().filter(parent=parent, name__in=names).exclude(pk=but)
    if clash := list(taken.values_list("name", flat=True)):
        raise ValidationError({"name": f"{parent.name}下面已有：{'、'.join(clash)}。请先改名。"})


@dataclass(frozen=True)
class Branch:
    """A node to be, with what hangs below it."""

    name: str
    below: tuple["Branch", ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    """Other fields of the node."""


def plant(parent: Any, branches: Sequence[Branch], make: Callable[..., Any]) -> list[Any]:
    """Whole branches at once as the last children of `parent`, whose lock the caller holds: the tree is renumbered
    once, not once a node. `make(parent=, branch=, **numbers)` builds an unsaved node or refuses it."""
    first = parent.rght
    nodes, _ = _numbered(parent, branches, first, make)
    model: Any = type(parent)
    wider = 2 * len(nodes)
    behind = Case(When(lft__gt=first, then=F("lft") + wider), default=F("lft"), output_field=PositiveIntegerField())
    model.objects.filter(tree_id=parent.tree_id, rght__gte=first).update(lft=behind, rght=F("rght") + wider)
    for level in sorted({node.level for node in nodes}):
        row = [node for node in nodes if node.level == level]
        for node in row:
            node.parent_id = node.parent.pk  # saved with the row before
        model.objects.bulk_create(row)
    return nodes


def _numbered(parent: Any, branches: Sequence[Branch], lft: int, make: Callable[..., Any]) -> tuple[list[Any], int]:
    """The nodes of these branches, numbered from `lft` on, and the number after them."""
    nodes: list[Any] = []
    for branch in branches:
        check_name(branch.name)
        node = make(parent=parent, branch=branch, tree_id=parent.tree_id, level=parent.level + 1, lft=lft)
        below, node.rght = _numbered(node, branch.below, lft + 1, make)
        nodes += [node, *below]
        lft = node.rght + 1
    return nodes, lft


def problems(model: Any) -> list[str]:
    """What is wrong with a model's trees, read against `parent` alone: level, tree, nesting and gaps of lft/rght. Three
    statements, however many nodes."""
    nodes, label = model.objects.order_by("tree_id", "lft"), model._meta.verbose_name
    roots = nodes.filter(parent=None)
    many = roots.order_by("tree_id").values("tree_id").annotate(count=Count("pk")).filter(count__gt=1)
    faults = [f"树 {row['tree_id']} 有两个根" for row in many]
    for node in nodes.filter(_IS_TURNED | _IS_LOW_ROOT | _IS_OUTSIDE).select_related("parent"):
        if node.lft >= node.rght:
            faults.append(f"{label} {node.pk}：lft {node.lft} 不小于 rght {node.rght}")
        if node.parent is None and node.level != 0:
            faults.append(f"{label} {node.pk}：根的层级是 {node.level}")
        if node.parent is not None and not _is_inside(node, node.parent):
            faults.append(f"{label} {node.pk}：不在上级 {node.parent_id} 之内")
    with connection.cursor() as cursor:
        cursor.execute(_GAPS.format(table=connection.ops.quote_name(model._meta.db_table)))
        faults += [f"树 {tree}：lft/rght 有重复或缺号" for (tree,) in cursor.fetchall()]
    return faults


_IS_TURNED = Q(lft__gte=F("rght"))
_IS_LOW_ROOT = Q(parent=None) & ~Q(level=0)
_IS_OUTSIDE = Q(parent__isnull=False) & (
    ~Q(tree_id=F("parent__tree_id"))
    | ~Q(level=F("parent__level") + 1)
    | Q(lft__lte=F("parent__lft"))
    | Q(rght__gte=F("parent__rght"))
)
_GAPS = """
    SELECT tree_id FROM (
        SELECT tree_id, number, row_number() OVER (PARTITION BY tree_id ORDER BY number) AS place
        FROM (SELECT tree_id, lft AS number FROM {table} UNION ALL SELECT tree_id, rght FROM {table}) AS ends
    ) AS placed WHERE number <> place GROUP BY tree_id ORDER BY tree_id
"""
"""Numbers from 1 on, each once: sorted, each stands at its own place."""


def _is_inside(node: Any, parent: Any) -> bool:
    is_nested = parent.lft < node.lft and node.rght < parent.rght
    return bool(node.tree_id == parent.tree_id and node.level == parent.level + 1 and is_nested)
