"""Whose disputes, and of which days. What is counted of them stands in disputes/figures.py."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from grids.rights.jurisdiction import Visitor, area_of

SETTLED = ("settled_oral", "settled_written", "settled_confirmed")


Moments = tuple[datetime, datetime]
"""From, and before."""


def year_of(year: int) -> Moments:
    return _begin_of(year, 1), _begin_of(year + 1, 1)


def month_of(year: int, month: int) -> Moments:
    return _begin_of(year, month), _begin_of(year + month // 12, month % 12 + 1)


def _begin_of(year: int, month: int) -> datetime:
    return timezone.make_aware(datetime.combine(date(year, month, 1), datetime.min.time()))


class DisputeQuerySet(models.QuerySet[Any]):
    def counted_for(self, user: Visitor) -> "DisputeQuerySet":
        """Whose number, type and place this person may count: nothing else of them is theirs to see."""
        return self.filter(case__grid__in=area_of(user, "figures"))

    def with_end(self) -> "DisputeQuerySet":
        """Each with `ended_at`: when its agreement came into force, or when it ended without one."""
        disputes: DisputeQuerySet = self.annotate(ended_at=Coalesce("case__finished_at", "case__closed_at"))
        return disputes
