"""What a person in post has to do here: in hand by time left, and what this week asks of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from cases.models import Case
from cases.story import Card, cards
from grids.models import Post

MOST = 3


@dataclass(frozen=True)
class Own:
    count: int
    late: int
    this_week: int
    """Due until the end of Sunday, late ones left out."""
    cards: list[Card]


def of(posts: Sequence[Post], *, at: datetime) -> Own:
    """Of what these posts hold, the asker's turns left out."""
    held = Case.objects.open().filter(holder__in=[post.pk for post in posts]).with_cards().order_by("due_at", "pk")
    mine = [case for case in held if case.state_now.waits_for != "asker"]
    sunday = localdate(at) + timedelta(days=6 - localdate(at).weekday())
    late = [case for case in mine if case.is_late(at)]
    due = [case for case in mine if case.due_at and not case.is_late(at) and localdate(case.due_at) <= sunday]
    return Own(len(mine), len(late), len(due), cards(mine[:MOST], at=at))
