"""What systems read of requests: no more than people do.

The portal lists no single request for the public, and shows one to whoever has its link (cases/reading/tracking.py). So of
others' requests stands here what tells of nobody: number, service, state and days; of those that a system filed itself
also what that page shows: the place, who handles it, what was told. What is private, hides its asker or was taken back is
not there."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import localtime

from cases.models import Case, CaseEvent
from cases.models.case import TAKEN_BACK
from cases.reading.story import event_words, may_hear
from open311.models import ApiKey
from residents.workflow import REQUEST

HIDDEN = [arrow.verb for arrow in REQUEST.all_arrows if not arrow.is_shown_to_asker]
"""What offices do among themselves."""
CLOSED = [code for code, state in REQUEST.states.items() if state.final or not state.is_holders]
"""States in which nobody owes an act any more: the standard knows open and closed alone."""


def shown() -> QuerySet[Case]:
    """Requests that may be read at all."""
    return Case.objects.filter(kind="request", is_private=False, hides_asker=False).exclude(outcome=TAKEN_BACK)


def filed_by(key: ApiKey) -> QuerySet[Case]:
    """Of these, what this key's system filed, by whichever of its keys."""
    return shown().filter(report__api_key__system=key.system)


def requests(cases: QuerySet[Case], *, key: ApiKey | None) -> list[dict[str, Any]]:
    """As the standard has them, more of each that is the key's own. Three queries, however many they are."""
    told = _told_events().filter(case=OuterRef("pk")).order_by("-number")
    rows = list(
        cases.select_related("category", "holder__person", "holder__grid").annotate(
            last_told=Subquery(told.values("pk")[:1])
        )
    )
    own = set(filed_by(key).filter(pk__in=[case.pk for case in rows]).values_list("pk", flat=True)) if key else set()
    events = {
        event.pk: event for event in _with_words(CaseEvent.objects.filter(pk__in=[row.last_told for row in rows]))
    }
    return [_request(case, events[case.last_told], is_own=case.pk in own) for case in rows]


def _request(case: Case, last: CaseEvent, *, is_own: bool) -> dict[str, Any]:
    category = case.category
    return {
        "service_request_id": case.number,
        "status": status_of(case.state),
        "status_notes": f"{case.state_label}：{_told(last)}" if is_own and last.number > 1 else case.state_label,
        "service_name": category.name if category else None,
        "service_code": str(category.pk) if category else None,
        "description": None,
        "agency_responsible": case.holder_words if is_own and case.is_open else None,
        "service_notice": None,
        "requested_datetime": written(case.opened_at),
        "updated_datetime": written(last.at),
        "expected_datetime": written(case.finish_by_at) if case.finish_by_at else None,
        "address": case.place if is_own else None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def updates(*, key: ApiKey, since: datetime, until: datetime, most: int) -> list[dict[str, Any]]:
    """What happened to the key's own requests, as whoever has their link reads it; the earliest first."""
    events = _told_events().filter(case__in=filed_by(key), number__gt=1, at__gte=since, at__lte=until)
    return [
        {
            "update_id": update_id(event),
            "service_request_id": event.case.number,
            "status": status_of(event.to_state),
            "updated_datetime": written(event.at),
            "description": _told(event),
            "media_url": None,
        }
        for event in _with_words(events).order_by("at", "pk")[:most]
    ]


def update_id(event: CaseEvent) -> str:
    """ "ZH-7K3M-9QXT-4". Loads the case."""
    return f"{event.case.number}-{event.number}"


def status_of(state: str) -> str:
    return "closed" if state in CLOSED else "open"


def written(at: datetime) -> str:
    """To the second, as the standard has it."""
    return localtime(at).isoformat(timespec="seconds")


def _told_events() -> QuerySet[CaseEvent]:
    return CaseEvent.objects.exclude(verb__in=HIDDEN)


def _with_words(events: QuerySet[CaseEvent]) -> QuerySet[CaseEvent]:
    return events.select_related("case", "by", "remark", "holder__person", "holder__grid")


def _told(event: CaseEvent) -> str:
    """ "已办结，请居民评价。换了灯泡": as the page of whoever has the link says it."""
    nobody: frozenset[str] = frozenset()
    words = event_words(event, for_asker=True) if may_hear(event, None, nobody) else ""
    return f"{event.done_words}。{words}" if words else event.done_words
