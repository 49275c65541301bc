"""Which disputes a figure is about. Each figure's cases are one of these, so that it can be opened where it stands."""

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

    def taken(self) -> "DisputeQuerySet":
        """受理: both sides willing, taken on for mediation."""
        return self.filter(case__signed_at__isnull=False)

    def concluded(self) -> "DisputeQuerySet":
        """办结: taken on and ended, settled or not. In neither: those in hand, and those never taken on."""
        return self.taken().exclude(case__outcome="")

    def settled(self) -> "DisputeQuerySet":
        """调解成功: an agreement came into force, oral or written."""
        return self.filter(case__outcome__in=SETTLED)

    def settled_at(self, level: int) -> "DisputeQuerySet":
        return self.settled().filter(settled_level=level)

    def in_hand(self) -> "DisputeQuerySet":
        """Taken on and not concluded."""
        return self.taken().filter(case__outcome="")
