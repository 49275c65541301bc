"""What the page and the API show of one activity."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from grids.rights.jurisdiction import Visitor
from meetings.activities.services import place_in_line
from meetings.models import Activity, SignUp


def activity_of(key: UUID) -> Activity:
    """Raises Http404."""
    rows = Activity.objects.select_related("kind", "place", "grid", "organiser").with_counts()
    activity: Activity = get_object_or_404(rows, key=key)
    return activity


def seen_by(activity: Any, reader: Visitor, *, at: datetime) -> dict[str, Any]:
    """`mine`: this reader's sign-up, None for none. `activity` is by `activity_of`."""
    mine = None
    if reader.is_authenticated:
        mine = activity.sign_ups.filter(person=reader).exclude(state=SignUp.State.LEFT).first()
    return {
        "free": max(0, activity.seats - activity.seated),
        "mine": mine,
        "line": place_in_line(mine) if mine and mine.state == SignUp.State.WAITING else 0,
        "is_open": activity.cancelled_at is None and activity.from_at > at,
        "is_over": activity.until_at <= at,
        "is_today": activity.cancelled_at is None and localdate(at) == localdate(activity.from_at),
    }
