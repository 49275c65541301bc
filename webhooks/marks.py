"""From events to deliveries: for each marked event one for each endpoint that wants it."""

from datetime import datetime

from django.db import transaction

from cases.models import CaseEvent
from webhooks.models import Delivery, Endpoint, Mark
from webhooks.payload import body_of, is_public, places_of, type_of, types

BATCH = 500


def spread(*, at: datetime) -> int:
    """How many deliveries came of all that is marked. Safe in many workers at once: a mark and what comes of it are one
    transaction."""
    spread = 0
    while (made := _spread_batch(at)) is not None:
        spread += made
    return spread


@transaction.atomic
def _spread_batch(at: datetime) -> int | None:
    """None: nothing is marked."""
    marks = Mark.objects.order_by("pk").select_for_update(skip_locked=True)
    ids = list(marks.values_list("pk", flat=True)[:BATCH])
    if not ids:
        return None
    listed = CaseEvent.objects.filter(pk__in=ids).select_related("case__grid", "case__category").order_by("pk")
    known = types().keys()
    events = [event for event in listed if is_public(event.case) and type_of(event) in known]
    endpoints = list(Endpoint.objects.filter(is_active=True).select_related("area"))
    places = places_of([event.case.grid for event in events])
    rows = [
        Delivery(
            endpoint=endpoint,
            event=event,
            case=event.case,
            type=type_of(event),
            body=body_of(event, places),
            made_at=at,
            due_at=at,
        )
        for event in events
        for endpoint in endpoints
        if endpoint.wants(type_of(event), event.case.grid)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    Mark.objects.filter(pk__in=ids).delete()
    return len(rows)
