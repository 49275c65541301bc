"""What the case page of a topic says beyond a case: what it is about, its votes, what follows from it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from cases.models import Case
from cases.story import cards
from grids.jurisdiction import Visitor


def details(*, case: Case, reader: Visitor, at: datetime) -> dict[str, Any]:
    topic = case.topic
    tasks = Case.objects.filter(from_topic__topic=topic).with_cards().order_by("opened_at")
    return {
        "topic": topic,
        **topic.cosigns.aggregate(
            cosigned=Count("pk", filter=Q(is_counted=True)), supported=Count("pk", filter=Q(is_counted=False))
        ),
        "votes": topic.votes.order_by("round"),
        "tasks": cards(list(tasks), at=at),
    }
