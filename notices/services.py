"""Put a message into the outbox, work the outbox off.

At least once to the outside (a crash between sending and marking sends again, with the same dedupe key); exactly once
inside the database, since `dedupe_key` is unique."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet

from accounts.models import User
from locks import moments
from notices.channels import CHANNELS, LONGEST
from notices.models import Notice

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long a batch is held that nobody has in hand yet. Short: a killed worker must not keep two hundred people waiting."""
QUIET = timedelta(minutes=1)
"""A digest goes out when nothing has been added to it for so long."""
BATCH = 200
MAX_TRIES = 8
BROKEN_OFF = "发送中断：工作进程没有做完就停了"
"""Why a message is unsent whose worker died over it."""


@dataclass(frozen=True)
class Digest:
    """Messages with the same key to one person are one until it is sent; alone, each has its own words and path."""

    key: str
    words: str
    """Of several; {count} says how many."""
    path: str


def notify(
    *,
    people: Iterable[User],
    words: str,
    path: str | Callable[[User], str],
    key: str,
    at: datetime,
    channel: str = "site",
    digest: Digest | None = None,
) -> None:
    """Queue one message for each of `people`, in the caller's transaction. The same key twice is one message. `path`
    may be each person's own. With `digest` it waits a little for others like it."""
    rows = [
        Notice(
            person=person,
            channel=channel,
            words=words[:300],
            path=path if isinstance(path, str) else path(person),
            dedupe_key=f"{key}:{channel}:{person.pk}",
            digest=digest.key if digest else "",
            due_at=at + QUIET if digest else at,
        )
        for person in people
    ]
    if digest is not None:
        rows = [row for row in rows if not _gather(row, digest)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if not any(_ring in asked for asked in connection.run_on_commit):  # one bell a transaction
        transaction.on_commit(_ring, robust=True)


def _gather(row: Notice, digest: Digest) -> bool:
    """Whether it went into a message of its digest that nobody has in hand yet. Whoever adds to somebody's digests waits
    for the others who do, or each would begin one."""
    User.objects.select_for_update(no_key=True).get(pk=row.person_id)
    waiting = Notice.objects.filter(person=row.person_id, channel=row.channel, digest=digest.key, sent_at=None)
    found = waiting.filter(leased_until=None, tries=0).select_for_update(no_key=True, skip_locked=True).first()
    if found is None:
        return False
    found.count += 1
    found.words, found.path, found.due_at = digest.words.format(count=found.count), digest.path, row.due_at
    found.save(update_fields=["count", "words", "path", "due_at"])
    return True


def _ring() -> None:
    current_app.send_task("notices.tasks.deliver_due")  # by name: tasks stand above services


def deliver_due(*, at: datetime) -> int:
    """Deliver every notice that is due; returns how many went out. Safe to run in many workers at once.

    1. Lease a batch (SKIP LOCKED: two workers never hold the same row; a lease that ran out is free again).
    2. Take each one in hand, which renews its lease: however slow the channel, nobody else has it meanwhile.
    3. Send it. 4. Mark it sent. A fault pushes that one notice back and does not stop the others."""
    sent, began = 0, monotonic()
    while ids := _lease(at=at + timedelta(seconds=monotonic() - began)):
        for notice in Notice.objects.filter(pk__in=ids).select_related("person").order_by("pk"):
            if _take(notice, at=at + timedelta(seconds=monotonic() - began)):
                sent += _deliver(notice, at)
    return sent


def _lease(*, at: datetime) -> list[int]:
    begun = moments.due("due_at", at=at, longest=_wait_after(MAX_TRIES))
    untried = moments.due("due_at", at=at, longest=QUIET)
    waiting = Notice.objects.filter(Q(begun, tries__gt=0) | Q(untried, tries=0), sent_at=None, tries__lt=MAX_TRIES)
    in_hand = moments.held(at=at, longest=max(LONGEST.values()))
    free = waiting.exclude(in_hand).order_by("due_at").select_for_update(no_key=True, skip_locked=True)
    with transaction.atomic():
        ids = list(free.values_list("pk", flat=True)[:BATCH])
        Notice.objects.filter(pk__in=ids).update(leased_until=at + LEASE)
    return ids


def _take(notice: Notice, *, at: datetime) -> bool:
    """One try begins, and nobody else takes this one as long as its channel may need; whoever dies over it leaves the
    reason. False when its lease ran out and somebody else has it."""
    mine = Notice.objects.filter(pk=notice.pk, sent_at=None, leased_until=notice.leased_until)
    notice.tries += 1
    until = at + LONGEST[notice.channel]
    return bool(mine.update(leased_until=until, tries=notice.tries, failed=BROKEN_OFF))


def _deliver(notice: Notice, at: datetime) -> bool:
    try:
        CHANNELS[notice.channel](notice)
    except Exception as fault:
        log.exception("notice %s not delivered", notice.pk)
        _push_back(notice, fault, at)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=at, leased_until=None, failed="")
    return True


def _push_back(notice: Notice, fault: Exception, at: datetime) -> None:
    due_at, failed = at + _wait_after(notice.tries), f"{type(fault).__name__}: {fault}"[:200]
    Notice.objects.filter(pk=notice.pk).update(due_at=due_at, leased_until=None, failed=failed)


def _wait_after(tries: int) -> timedelta:
    return timedelta(minutes=2**tries)


def given_up(*, at: datetime) -> QuerySet[Notice]:
    """Unsent, and nobody will try again; `failed` says why."""
    tried = Notice.objects.filter(sent_at=None, tries__gte=MAX_TRIES)
    return tried.filter(Q(leased_until=None) | Q(leased_until__lt=at)).order_by("pk")


def waiting_since() -> datetime | None:
    """When the oldest message was due that is still to be sent; None when none waits. Those given up do not count."""
    waiting = Notice.objects.filter(sent_at=None, tries__lt=MAX_TRIES)
    oldest: datetime | None = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def mark_read(*, person: User, at: datetime) -> None:
    """All of this person's in-site notices have been seen."""
    Notice.objects.filter(person=person, channel="site", read_at=None).update(read_at=at)


def past_of_the_demonstration(*, before: datetime) -> None:
    """What demonstration people were told until then was delivered and read when it was due: a seeded past leaves them no
    hundred new messages."""
    # By their keys: joined, tables just filled in this very transaction are compared row by row for many minutes.
    people = list(User.objects.filter(is_demo=True).values_list("pk", flat=True))
    told = Notice.objects.filter(person__in=people, due_at__lt=before, sent_at=None)
    told.update(sent_at=F("due_at"), read_at=F("due_at"))


def forget_words(*, path: str) -> None:
    """Blank all messages, to whomever, that lead to this address: the person they spoke of was erased."""
    Notice.objects.filter(path=path).update(words="（内容已删除）")


def forget_name(*, name: str, paths: Iterable[str]) -> None:
    """Blank those messages that lead to one of these addresses and say this name."""
    Notice.objects.filter(path__in=list(paths), words__contains=name).update(words="（内容已删除）")
