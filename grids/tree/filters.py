"""Filters of lists by where something lies."""

from typing import Any

from django.db.models import QuerySet
from django_filters import ModelChoiceFilter

from accounts.api.filters import NO_SUCH_ROW
from grids.models import Grid, Level
from grids.models.querysets import subtree


class NodeFilter(ModelChoiceFilter):
    """At a node, or anywhere below it."""

    words = "网格的 id，含下级"
    nodes = Grid.objects.all()

    def __init__(self, field_name: str = "grid", **kwargs: Any) -> None:
        super().__init__(
            field_name=field_name, label=self.words, queryset=self.nodes, error_messages=NO_SUCH_ROW, **kwargs
        )

    def filter(self, rows: QuerySet[Any], node: Grid | None) -> QuerySet[Any]:
        return rows.filter(subtree(node, prefix=f"{self.field_name}__")) if node else rows


class CommunityFilter(NodeFilter):
    words = "社区的 id，含它的小区"
    nodes = Grid.objects.current().filter(level=Level.COMMUNITY)
