"""What the case page of a topic says beyond a case: what it is about, its votes, what follows from it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from cases.models import Case
from cases.story import cards
from grids.jurisdiction import Visitor
from meetings.models import Topic


def details(*, case: Case, reader: Visitor, at: datetime) -> dict[str, Any]:
    by_seat = {
        "cosigned": Count("cosigns", filter=Q(cosigns__is_counted=True)),
        "supported": Count("cosigns", filter=Q(cosigns__is_counted=False)),
    }
    topic = Topic.objects.select_related("matter").annotate(**by_seat).get(case=case)
    tasks = Case.objects.filter(from_topic__topic=topic).with_cards().order_by("opened_at")
    return {
        "topic": topic,
        "cosigned": topic.cosigned,
        "supported": topic.supported,
        "votes": topic.votes.order_by("round"),
        "tasks": cards(list(tasks), at=at),
    }
