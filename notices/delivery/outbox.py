"""Work the outbox off.

At least once to the outside (a crash between sending and marking sends again, with the same dedupe key). On the site a
message stands from the moment it is told; what is worked off here are the ways beside it."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet

from locks import moments
from notices.channels import CHANNELS, LONGEST, LONGEST_PUSH
from notices.delivery import push, waiting
from notices.models import Delivery, Notice
from notices.services import GATHERING
from notices.texts import SITE, channels_of

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long a batch is held that nobody has in hand yet. Short: a killed worker must not keep two hundred people waiting."""
BATCH = 200
MAX_TRIES = 8
BROKEN_OFF = "发送中断：工作进程没有做完就停了"
"""Why a message is unsent whose worker died over it."""


def deliver_due(*, at: datetime) -> int:
    """Deliver every notice that is due; returns how many went out. Safe to run in many workers at once.

    1. Lease a batch (SKIP LOCKED: two workers never hold the same row; a lease that ran out is free again).
    2. Take each one in hand, which renews its lease: however slow the channel, nobody else has it meanwhile.
    3. Send it by each channel, and out of the house. 4. Mark it sent. A fault pushes that one notice back and does not stop
    the others."""
    sent, began = 0, monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=monotonic() - began)

    while ids := _lease(at=now()):
        sent += _in_hands(ids, partial(_deliver_all, ways=push.Ways.now(), at=at, now=now))
    return sent


def _in_hands(ids: list[int], deliver: Callable[[list[int]], int]) -> int:
    """By several threads: nearly all of the time is waiting for gateways, and nobody should wait for the answers that others
    get. Each thread has a connection to the database of its own."""
    hands = min(settings.NOTICE_SENDERS, len(ids))
    if hands == 1:
        return deliver(ids)

    def work(some: list[int]) -> int:
        try:
            return deliver(some)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return sum(pool.map(work, [ids[hand::hands] for hand in range(hands)]))


def _deliver_all(ids: list[int], *, ways: push.Ways, at: datetime, now: Callable[[], datetime]) -> int:
    leased = Notice.objects.filter(pk__in=ids).select_related("person__notice_choices").order_by("pk")
    return sum(
        _deliver(notice, ways, at) for notice in leased.prefetch_related("deliveries") if _take(notice, ways, at=now())
    )


def _lease(*, at: datetime) -> list[int]:
    begun = moments.due("due_at", at=at, longest=_wait_after(MAX_TRIES))
    untried = moments.due("due_at", at=at, longest=GATHERING)
    held = moments.due("held_until", at=at, longest=waiting.LONGEST)
    is_due = Q(begun, tries__gt=0) | Q(untried, tries=0, held_until=None) | Q(held, tries=0, held_until__isnull=False)
    unsent = Notice.objects.filter(is_due, sent_at=None, tries__lt=MAX_TRIES)
    in_hand = moments.held(at=at, longest=sum(LONGEST.values(), LONGEST_PUSH))
    free = unsent.exclude(in_hand).order_by("due_at").select_for_update(no_key=True, skip_locked=True)
    with transaction.atomic():
        ids = list(free.values_list("pk", flat=True)[:BATCH])
        Notice.objects.filter(pk__in=ids).update(leased_until=at + LEASE)
    return ids


def _take(notice: Notice, ways: push.Ways, *, at: datetime) -> bool:
    """One try begins, and nobody else takes this one as long as its channels may need; whoever dies over it leaves the
    reason. False when its lease ran out and somebody else has it."""
    mine = Notice.objects.filter(pk=notice.pk, sent_at=None, leased_until=notice.leased_until)
    notice.tries += 1
    longest = sum((LONGEST[name] for name in _channels_left(notice)), timedelta())
    until = at + longest + (LONGEST_PUSH if ways.of(notice.kind) else timedelta())
    return bool(mine.update(leased_until=until, tries=notice.tries, failed=BROKEN_OFF))


def _channels_left(notice: Notice) -> list[str]:
    return [name for name in channels_of(notice.kind) if name not in notice.sent_over]


def _deliver(notice: Notice, ways: push.Ways, at: datetime) -> bool:
    """Whether all is done."""
    faults = [fault for name in _channels_left(notice) if (fault := _send(notice, name, at))]
    until = waiting.until(notice, ways, at=at)
    if until and not faults:
        _hold_back(notice, until)
        return False
    if not until and not waiting.gather(notice, ways, at=at):
        faults += filter(None, [push.push(notice, ways, at=at)])
    if faults:
        _push_back(notice, "；".join(faults), at)
        return False
    done = {"sent_over": notice.sent_over, "sent_at": at, "leased_until": None, "failed": ""}
    Notice.objects.filter(pk=notice.pk).update(**done)
    return True


def _send(notice: Notice, name: str, at: datetime) -> str:
    """By this channel, if the person has it. Why it did not go, so that it is tried again; no fault stops the others."""
    try:
        has_gone = CHANNELS[name](notice)
    except Exception as fault:
        log.exception("notice %s not delivered by %s", notice.pk, name)
        if name != SITE:
            push.note(notice, name, Delivery.State.DOWN, at, error=f"{type(fault).__name__}: {fault}")
        return f"{name}: {type(fault).__name__}: {fault}"
    if has_gone:
        notice.sent_over.append(name)
    if has_gone and name != SITE:  # what has left the house is written down before anything else can fail
        Notice.objects.filter(pk=notice.pk).update(sent_over=notice.sent_over)
        push.note(notice, name, Delivery.State.SENT, at)
    return ""


def _hold_back(notice: Notice, until: datetime) -> None:
    """The try was none."""
    held = {"held_until": until, "due_at": until, "tries": 0, "leased_until": None, "failed": ""}
    Notice.objects.filter(pk=notice.pk).update(**held, sent_over=notice.sent_over)


def _push_back(notice: Notice, failed: str, at: datetime) -> None:
    at_last = {"due_at": at + _wait_after(notice.tries), "leased_until": None, "failed": failed[:200]}
    Notice.objects.filter(pk=notice.pk).update(**at_last, sent_over=notice.sent_over)


def _wait_after(tries: int) -> timedelta:
    return timedelta(minutes=2**tries)


def given_up(*, at: datetime) -> QuerySet[Notice]:
    """Unsent, and nobody will try again; `failed` says why."""
    tried = Notice.objects.filter(sent_at=None, tries__gte=MAX_TRIES)
    return tried.filter(Q(leased_until=None) | Q(leased_until__lt=at)).order_by("pk")


def waiting_since() -> datetime | None:
    """When the oldest message was due that is still to be sent; None when none waits. Those given up do not count."""
    unsent = Notice.objects.filter(sent_at=None, tries__lt=MAX_TRIES)
    oldest: datetime | None = unsent.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest
