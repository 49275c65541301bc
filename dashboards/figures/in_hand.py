"""What a person in post has to do here: in hand by time left, and what this week asks of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q, Window
from django.utils.timezone import localdate, make_aware

from cases.models import Case
from cases.reading.story import Card, cards
from grids.models import Post

MOST = 3


@dataclass(frozen=True)
class Own:
    count: int
    late: int
    this_week: int
    """Due until Sunday 24:00, late ones left out."""
    cards: list[Card]


def of(posts: Sequence[Post], *, at: datetime) -> Own:
    """Of what these posts hold, the asker's turns left out. One query, however much that is."""
    today = localdate(at)
    monday = make_aware(datetime.combine(today + timedelta(days=7 - today.weekday()), time(0)))
    late, this_week = Q(due_at__lt=at), Q(due_at__gte=at, due_at__lte=monday)
    held = (
        Case.objects.owed()
        .filter(holder__in=[post.pk for post in posts])
        .annotate(
            count=Window(Count("pk")),
            late=Window(Count("pk", filter=late)),
            this_week=Window(Count("pk", filter=this_week)),
        )
    )
    first = list(held.with_cards().order_by("due_at", "pk")[:MOST])
    if not first:
        return Own(0, 0, 0, [])
    return Own(first[0].count, first[0].late, first[0].this_week, cards(first, at=at))
