"""Whose disputes, and of which year. What is counted of them stands in disputes/figures.py."""

from datetime import date, datetime

from django.db import models
from django.utils import timezone

from grids.jurisdiction import Visitor, area_of

SETTLED = ("settled_oral", "settled_written", "settled_confirmed")


def begin_of(year: int) -> datetime:
    return timezone.make_aware(datetime.combine(date(year, 1, 1), datetime.min.time()))


class DisputeQuerySet(models.QuerySet):  # type: ignore[type-arg]  # its model stands above it
    def counted_for(self, user: Visitor) -> "DisputeQuerySet":
        """Whose number, type and place this person may count: nothing else of them is theirs to see."""
        return self.filter(case__grid__in=area_of(user, "figures"))

    def received_in(self, year: int) -> "DisputeQuerySet":
        return self.filter(case__opened_at__gte=begin_of(year), case__opened_at__lt=begin_of(year + 1))
