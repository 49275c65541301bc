"""Which rollups, which tallies: filters that chain. Pure: names no model of this room."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from grids.models.querysets import in_area, subtree


class RollupQuerySet(models.QuerySet[Any]):
    def at(self, node: Any | None) -> "RollupQuerySet":
        """What the node and all below it come to; None: the whole county."""
        return self.filter(node=node.pk if node else None)

    def measured(self, measure: str) -> "RollupQuerySet":
        """Those that have any of it, each with `amount`."""
        amount = Cast(KeyTextTransform(measure, "amounts"), models.IntegerField())
        rows: RollupQuerySet = self.filter(amounts__has_key=measure).annotate(amount=amount)
        return rows


class ReportQuerySet(models.QuerySet[Any]):
    def sent_to(self, subscriptions: Iterable[Any]) -> "ReportQuerySet":
        """Those that these subscriptions speak of, the latest first."""
        wanted = Q(pk__in=())
        for subscription in subscriptions:
            wanted |= (
                Q(node=subscription.node_id, code=subscription.code)
                if subscription.node_id
                else Q(node=None, code=subscription.code)
            )
        return self.filter(wanted).order_by("-made_at", "-pk")


class TallyQuerySet(models.QuerySet[Any]):
    def below(self, node: Any | None) -> "TallyQuerySet":
        """What lies at the node or below it; None: everywhere."""
        return self if node is None else self.filter(subtree(node, prefix="grid__"))

    def below_any(self, nodes: Sequence[Any | None]) -> "TallyQuerySet":
        """What lies at or below any of the nodes; None among them: everywhere."""
        return self if None in nodes else self.filter(in_area(nodes, prefix="grid__"))

    def of(self, measure: str, *, kind: str = "") -> "TallyQuerySet":
        """Of one measure, and of one kind where one is said."""
        tallies = self.filter(measure=measure)
        return tallies.filter(kind=kind) if kind else tallies

    def within(self, days: tuple[date, date] | None) -> "TallyQuerySet":
        """From the first to the last of these days; None: of any day, and of none."""
        return self if days is None else self.filter(day__range=days)
