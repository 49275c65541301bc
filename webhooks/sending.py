"""Deliveries go out: at least once, of one case in their order, and no endpoint waits for another.

At least once, since a worker may die between the answer and writing it down; the other side knows by the id what it has."""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from gateways import webhooks
from gateways.faults import GatewayFault
from locks import moments
from notices.services import News, notify
from webhooks import marks
from webhooks.models import Delivery, Endpoint
from webhooks.payload import is_public

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
"""Longer than one call can take."""
MAX_TRIES = 12
LONGEST_WAIT = timedelta(days=1)
BROKEN_OFF = "推送中断：工作进程没有做完就停了"
GONE = 410
BUSY = 429
WAITING, GIVEN_UP = Delivery.State.WAITING, Delivery.State.GIVEN_UP


def deliver(*, at: datetime) -> int:
    """Whatever is marked goes to whoever wants it; how many arrived."""
    marks.spread(at=at)
    return send_due(at=at)


def send_due(*, at: datetime) -> int:
    """How many arrived. Endpoints take turns, a delivery each; whoever does not answer is left alone until the next sweep, so
    that it costs the others one time-out. Safe in many workers at once."""
    arrived, began = 0, monotonic()
    resting: set[int] = set()
    while turn := list(_waited_for(at, resting)):
        for endpoint_id in turn:
            now = at + timedelta(seconds=monotonic() - began)
            delivery = _take(endpoint_id, at=now)
            if delivery is None or not _send(delivery, at=now):
                resting.add(endpoint_id)
            arrived += delivery is not None and delivery.state == Delivery.State.ARRIVED
    return arrived


def _due(at: datetime) -> QuerySet[Delivery]:
    """Not before what happened earlier to the same case has arrived or was given up."""
    begun = moments.due("due_at", at=at, longest=LONGEST_WAIT)
    earlier = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), case=OuterRef("case"), state=WAITING, event__lt=OuterRef("event")
    )
    free = Delivery.objects.filter(begun, ~Exists(earlier), state=WAITING)
    return free.filter(Q(leased_until=None) | ~moments.held(at=at, longest=LEASE))


def _waited_for(at: datetime, resting: set[int]) -> QuerySet[Endpoint, int]:
    endpoints = Endpoint.objects.filter(Exists(_due(at).filter(endpoint=OuterRef("pk"))), is_active=True)
    return endpoints.exclude(pk__in=resting).order_by("pk").values_list("pk", flat=True)


def _take(endpoint_id: int, *, at: datetime) -> Delivery | None:
    """The next one of this endpoint, held for one try; whoever dies over it leaves the reason. What has become private since is
    withheld instead."""
    with transaction.atomic():
        due = _due(at).filter(endpoint=endpoint_id, endpoint__is_active=True).order_by("event")
        rows = due.select_related("endpoint", "case").select_for_update(no_key=True, skip_locked=True, of=("self",))
        delivery = rows.first()
        if delivery is None:
            return None
        if is_public(delivery.case):
            delivery.tries += 1
            delivery.leased_until, delivery.tried_at, delivery.error = at + LEASE, at, BROKEN_OFF
        else:
            delivery.state, delivery.body, delivery.error = Delivery.State.WITHHELD, "", "事项已不公开"
        delivery.save(update_fields=["tries", "leased_until", "tried_at", "error", "state", "body"])
        return delivery


def _send(delivery: Delivery, *, at: datetime) -> bool:
    """Whether its endpoint answers."""
    if delivery.state == Delivery.State.WITHHELD:
        return True
    endpoint = delivery.endpoint
    delivery.status, delivery.error = None, ""
    try:
        delivery.status = webhooks.post(
            endpoint.url, message_id=delivery.message_id, secret=endpoint.secret, body=delivery.body, at=at
        )
    except GatewayFault as fault:
        delivery.error = str(fault)[:200]
    except Exception as fault:
        log.exception("delivery %s not sent", delivery.pk)
        delivery.error = f"{type(fault).__name__}: {fault}"[:200]
    status = delivery.status
    if status is not None and 200 <= status < 300:
        delivery.state = Delivery.State.ARRIVED
    elif status == GONE or delivery.tries >= MAX_TRIES:
        delivery.state = GIVEN_UP
    else:
        delivery.due_at = at + _wait_after(delivery.tries)
    _write(delivery, at)
    return status is not None and status < 500 and status not in {GONE, BUSY}


@transaction.atomic
def _write(delivery: Delivery, at: datetime) -> None:
    """Unless it has been begun anew meanwhile, because this took longer than its lease."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=WAITING, tries=delivery.tries)
    is_mine = mine.update(
        state=delivery.state, status=delivery.status, error=delivery.error, due_at=delivery.due_at, leased_until=None
    )
    if is_mine and delivery.status == GONE:
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(is_active=False, gone_at=at)
        _tell(delivery.endpoint, "webhook.gone.holder", at)
    elif is_mine and delivery.state == GIVEN_UP:
        _tell(delivery.endpoint, "webhook.given_up.holder", at)


def _wait_after(tries: int) -> timedelta:
    """1, 2, 4 … minutes, at most a day."""
    return min(timedelta(minutes=2 ** (tries - 1)), LONGEST_WAIT)


def _tell(endpoint: Endpoint, kind: str, at: datetime) -> None:
    """Whoever is responsible, of each once a day."""
    if endpoint.responsible is not None:
        facts = {"endpoint": endpoint.name}
        news = News(
            kind=kind,
            people=[endpoint.responsible],
            path="/webhooks/",
            cause=f"webhook:{endpoint.pk}",
            at=at,
            key=localdate(at).isoformat(),
            facts=facts,
        )
        notify(news)
