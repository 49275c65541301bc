"""Which experts can be found, which slots can still be booked. Pure: names models by their fields only."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

NOTICE = timedelta(hours=2)
"""How long before it begins a slot can still be booked: the expert must have time to answer."""
SHOWN_FROM = 3
"""Ratings before an average is shown: fewer would say who gave which."""
FREED = ("declined", "passed_on", "cancelled")
"""States of a booking that give the slot back."""


def _post() -> Any:
    return apps.get_model("grids", "Post").objects


class ExpertQuerySet(models.QuerySet[Any]):
    def serving(self, at: datetime) -> "ExpertQuerySet":
        """On the panel now: listed, and in post as an expert."""
        held = _post().held_at(at).filter(role="expert", person=OuterRef("person"))
        return self.filter(Exists(held), is_listed=True)

    def with_card(self, at: datetime) -> "ExpertQuerySet":
        """What a card shows: the next free slot, how many words were said about them, how much they have in hand."""
        free = apps.get_model("disputes", "Slot").objects.free(at).filter(expert=OuterRef("pk")).order_by("from_at")
        cases = apps.get_model("cases", "Case").objects.filter(closed_at=None, holder__person=OuterRef("person"))
        experts: ExpertQuerySet = self.annotate(
            next_from_at=Subquery(free.values("from_at")[:1]),
            load=Coalesce(Subquery(_counted(cases), output_field=models.IntegerField()), 0),
            **_ratings(),
        )
        return experts


def _ratings() -> dict[str, Any]:
    """Computed, never stored: what residents said after a consultation, and parties after a mediation by this expert."""
    told = apps.get_model("disputes", "Consultation").objects.filter(expert=OuterRef("pk"), score__isnull=False)
    seats = apps.get_model("cases", "Seat").objects.filter(
        case=OuterRef("dispute"), role="mediator", until_at=None, post__person=OuterRef(OuterRef("person"))
    )
    parties = apps.get_model("disputes", "Party").objects.filter(Exists(seats), score__isnull=False)
    counts, sums = [], []
    for rows in (told, parties):
        counts.append(Coalesce(Subquery(_counted(rows), output_field=models.IntegerField()), 0))
        sums.append(Coalesce(Subquery(_counted(rows, models.Sum("score")), output_field=models.IntegerField()), 0))
    return {"rated_count": counts[0] + counts[1], "rated_sum": sums[0] + sums[1]}


def _counted(rows: Any, what: Any = None) -> Any:
    whole = rows.order_by().annotate(whole=models.Value(1)).values("whole")
    return whole.annotate(found=what or Count("pk")).values("found")


class SlotQuerySet(models.QuerySet[Any]):
    def free(self, at: datetime) -> "SlotQuerySet":
        """Still to come, nobody has it, and its expert is in post now and until it is over."""
        taken = apps.get_model("disputes", "Booking").objects.filter(slot=OuterRef("pk")).exclude(state__in=FREED)
        held = _post().held_at(at).filter(role="expert", person=OuterRef("expert__person"))
        held = held.filter(Q(until_at=None) | Q(until_at__gte=OuterRef("until_at")))
        return self.filter(
            ~Exists(taken), Exists(held), withdrawn_at=None, from_at__gt=at + NOTICE, expert__is_listed=True
        )
