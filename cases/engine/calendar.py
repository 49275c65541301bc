"""Storing days off and make-up days, and counting open limits anew when a year is announced."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cases.engine.turns import turn_on
from cases.limits.deadlines import restart_limits
from cases.limits.holidays import DayRow
from cases.models import CalendarDay, Case


def load_days(*, days: Iterable[DayRow], at: datetime) -> tuple[int, int]:
    """Store the days and recompute the open limits they touch; returns (days written, cases recomputed)."""
    rows = [CalendarDay(date=day.date, kind=day.kind, name=day.name) for day in days]
    if not rows:
        return 0, 0
    with transaction.atomic():
        known = dict(CalendarDay.objects.values_list("date", "kind"))
        changed = [row for row in rows if known.get(row.date) != row.kind]
        CalendarDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["date"], update_fields=["kind", "name"]
        )
        recomputed = _recompute(since=min(row.date for row in changed), at=at) if changed else 0
    return len(changed), recomputed


def _recompute(*, since: object, at: datetime) -> int:
    """Open cases whose limits end on or after the first changed day."""
    open_cases = Case.objects.open()
    touched = open_cases.filter(due_at__date__gte=since) | open_cases.filter(finish_by_at__date__gte=since)
    count = 0
    for case in touched.order_by("pk"):
        with turn_on(case, by=None, at=at) as turn:
            if restart_limits(turn.case):
                turn.draw("recount")
                count += 1
    return count
