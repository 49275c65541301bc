"""What staff tune (calendar, time limits, routing rules), read once and kept in the process for as long as its stamp in the
database says that nothing of it changed. A stamp is never used twice, so what is kept under one is never older than it."""

from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.conf import settings

from cases.limits.clock import Calendar
from cases.models import CalendarDay, RoutingRule, RulesStamp, TimeLimit


class Rulebook:
    def __init__(self) -> None:
        self._calendars: dict[date, Calendar] = {}

    def calendar(self, day: date) -> Calendar:
        """The days a limit beginning about this day can touch."""
        if day not in self._calendars:
            self._calendars[day] = self._calendar(day)
        return self._calendars[day]

    def _calendar(self, day: date) -> Calendar:
        kinds = {on: kind for on, kind in self._days.items() if on >= day - timedelta(days=400)}
        last = max(kinds, default=None)
        return Calendar(
            off=frozenset(on for on, kind in kinds.items() if kind == CalendarDay.Kind.OFF),
            working=frozenset(on for on, kind in kinds.items() if kind == CalendarDay.Kind.WORKING),
            announced_until=date(last.year, 12, 31) if last else None,
            shifts=settings.WORK_SHIFTS,
        )

    @cached_property
    def _days(self) -> dict[date, str]:
        return dict(CalendarDay.objects.values_list("date", "kind"))

    def limits(self, kind: str, stage: str) -> list[TimeLimit]:
        return self._limits.get((kind, stage), [])

    @cached_property
    def _limits(self) -> dict[tuple[str, str], list[TimeLimit]]:
        limits: dict[tuple[str, str], list[TimeLimit]] = {}
        for limit in TimeLimit.objects.select_related("category").order_by("pk"):
            limits.setdefault((limit.kind, limit.stage), []).append(limit)
        return limits

    @cached_property
    def routing_rules(self) -> list[RoutingRule]:
        """Those in use, the first to be tried first."""
        rules = RoutingRule.objects.filter(is_active=True).select_related("category")
        return list(rules.order_by("order", "pk"))


_kept: tuple[UUID, Rulebook] | None = None


def stamp_now() -> UUID | None:
    """None in a database in which nothing was ever tuned."""
    stamp: UUID | None = RulesStamp.objects.values_list("value", flat=True).first()
    return stamp


def rulebook_under(stamp: UUID | None) -> Rulebook:
    global _kept
    if stamp is None:
        return Rulebook()
    if _kept is None or _kept[0] != stamp:
        _kept = (stamp, Rulebook())
    return _kept[1]
