"""Which nodes, which posts: filters that chain. Pure: names no model of this room."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q, Subquery
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet


def subtree(node: Any, *, prefix: str = "") -> Q:
    """The node and all below it. `lft BETWEEN`, so that the index bounds both sides."""
    return Q(**{f"{prefix}tree_id": node.tree_id, f"{prefix}lft__range": (node.lft, node.rght)})


def in_area(nodes: Iterable[Any], *, prefix: str = "") -> Q:
    """At or below any of `nodes`; nothing for none."""
    return reduce(or_, (subtree(node, prefix=prefix) for node in nodes), Q(**{f"{prefix}pk__in": ()}))


class GridQuerySet(TreeQuerySet):
    def current(self) -> "GridQuerySet":
        """Not merged away."""
        nodes: GridQuerySet = self.filter(retired_at=None)
        return nodes

    def in_area(self, nodes: Iterable[Any]) -> "GridQuerySet":
        """All nodes at or below any of `nodes`; none for none."""
        rows: GridQuerySet = self.filter(in_area(nodes))
        return rows

    def upward_from(self, node: Any) -> "GridQuerySet":
        """The node and its ancestors, nearest first. The node's range is read in the same statement: what the caller
        holds may be older than the last write of the tree."""
        now = self.model._default_manager.filter(pk=node.pk)
        tree_id, lft, rght = (Subquery(now.values(name)) for name in ("tree_id", "lft", "rght"))
        nodes: GridQuerySet = self.filter(tree_id=tree_id, lft__lte=lft, rght__gte=rght).order_by("-level")
        return nodes


class GridManager(TreeManager.from_queryset(GridQuerySet)):  # type: ignore[misc]
    pass


class PostQuerySet(models.QuerySet[Any]):
    def held_at(self, at: datetime) -> "PostQuerySet":
        """Posts that someone who may sign in holds at that moment (from ≤ at < until)."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at, person__is_active=True)

    def overlapping(self, from_at: datetime, until_at: datetime | None) -> "PostQuerySet":
        """Posts whose period has a moment in common with this one."""
        posts = self.filter(Q(until_at=None) | Q(until_at__gt=from_at))
        return posts if until_at is None else posts.filter(from_at__lt=until_at)

    def end(self, at: datetime) -> bool:
        """End the one post this finds; False if it ended earlier or begins later."""
        return bool(self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lt=at).update(until_at=at))


class PlaceQuerySet(models.QuerySet[Any]):
    def centres(self) -> "PlaceQuerySet":
        return self.filter(kind="centre")

    def running_on(self, day: date) -> "PlaceQuerySet":
        """In use that day: opened, and not closed for good."""
        return self.filter(Q(closed_date=None) | Q(closed_date__gt=day), opened_date__lte=day)
