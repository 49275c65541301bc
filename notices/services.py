"""Put a message into the outbox, work the outbox off.

At least once to the outside (a crash between sending and marking sends again, with the same dedupe key); exactly once
inside the database, since `dedupe_key` is unique."""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import User
from locks import moments
from notices.channels import CHANNELS, LONGEST
from notices.models import Notice
from notices.texts import MAX_LENGTH, SITE, TEXTS, Facts, channels_of

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
    """Messages with the same key to one person are one until it is sent, which says `Text.many`; alone, each is as it is."""

    key: str
    path: str
    """Of several."""


@dataclass(frozen=True)
class News:
    """What people are to be told. Kind, cause and key make it once: told again, it is the same message."""

    kind: str
    people: Iterable[User]
    path: str | Callable[[User], str]
    """Where it leads; each person's own where it is asked."""
    cause: str
    """What it tells of, as "event:123" or "vote:7": plain text, since what it names lies in rooms above."""
    at: datetime
    facts: Facts = field(default_factory=dict)
    key: str = ""
    """Where a thing is told of again and again in one kind of message: which time it is."""
    digest: Digest | None = None
    """With it a message waits a little for others like it."""


def notify(*told: News) -> None:
    """Queue a row for each person told, in the caller's transaction and by one statement; those with a digest look for
    theirs first. By which channel, is asked when they are sent.

    Raises KeyError: no text of this kind, or a fact is missing that it says."""
    rows: list[Notice] = []
    for news in told:
        rows += [row for row in _rows(news) if not (news.digest and _gather(row, news.digest, rows))]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if rows and not any(_ring in asked for asked in connection.run_on_commit):  # one bell a transaction
        transaction.on_commit(_ring, robust=True)


def _rows(news: News) -> list[Notice]:
    if missing := sorted(TEXTS[news.kind].fields - news.facts.keys()):
        raise KeyError(f"{news.kind} says {missing}")
    facts = {name: fact[:MAX_LENGTH] if isinstance(fact, str) else fact for name, fact in news.facts.items()}
    return [
        Notice(
            person=person,
            kind=news.kind,
            facts=facts,
            cause=news.cause,
            path=news.path if isinstance(news.path, str) else news.path(person),
            dedupe_key=":".join(filter(None, [news.cause, news.kind, news.key, str(person.pk)])),
            digest=news.digest.key if news.digest else "",
            due_at=news.at + QUIET if news.digest else news.at,
        )
        for person in news.people
    ]


def _gather(row: Notice, digest: Digest, rows: list[Notice]) -> bool:
    """Whether it went into a message of its digest: one of `rows`, which are told together with it, or one that waits."""
    same = (row.person_id, row.kind, row.digest)
    earlier = next((told for told in rows if (told.person_id, told.kind, told.digest) == same), None) or _waiting(row)
    if earlier is None:
        return False
    earlier.count += 1
    earlier.facts, earlier.path, earlier.due_at = {}, digest.path, row.due_at
    if earlier.pk:
        earlier.save(update_fields=["count", "facts", "path", "due_at"])
    return True


def _waiting(row: Notice) -> Notice | None:
    """That nobody has in hand yet. Whoever adds to somebody's digests waits for the others who do, or each would begin one."""
    User.objects.select_for_update(no_key=True).get(pk=row.person_id)
    same = Notice.objects.filter(person=row.person_id, kind=row.kind, digest=row.digest, sent_at=None)
    return same.filter(leased_until=None, tries=0).select_for_update(no_key=True, skip_locked=True).first()


def _ring() -> None:
    current_app.send_task("notices.tasks.deliver_due")  # by name: tasks stand above services


def deliver_due(*, at: datetime) -> int:
    """Deliver every notice that is due; returns how many went out. Safe to run in many workers at once.

    1. Lease a batch (SKIP LOCKED: two workers never hold the same row; a lease that ran out is free again).
    2. Take each one in hand, which renews its lease: however slow the channel, nobody else has it meanwhile.
    3. Send it by each channel. 4. Mark it sent. A fault pushes that one notice back and does not stop the others."""
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
    in_hand = moments.held(at=at, longest=sum(LONGEST.values(), timedelta()))
    free = waiting.exclude(in_hand).order_by("due_at").select_for_update(no_key=True, skip_locked=True)
    with transaction.atomic():
        ids = list(free.values_list("pk", flat=True)[:BATCH])
        Notice.objects.filter(pk__in=ids).update(leased_until=at + LEASE)
    return ids


def _take(notice: Notice, *, at: datetime) -> bool:
    """One try begins, and nobody else takes this one as long as its channels may need; whoever dies over it leaves the
    reason. False when its lease ran out and somebody else has it."""
    mine = Notice.objects.filter(pk=notice.pk, sent_at=None, leased_until=notice.leased_until)
    notice.tries += 1
    until = at + sum((LONGEST[name] for name in _channels_left(notice)), timedelta())
    return bool(mine.update(leased_until=until, tries=notice.tries, failed=BROKEN_OFF))


def _channels_left(notice: Notice) -> list[str]:
    return [name for name in channels_of(notice.kind) if name not in notice.sent_over]


def _deliver(notice: Notice, at: datetime) -> bool:
    faults = [fault for name in _channels_left(notice) if (fault := _send(notice, name))]
    if faults:
        _push_back(notice, "；".join(faults), at)
        return False
    done = {"sent_over": notice.sent_over, "sent_at": at, "leased_until": None, "failed": ""}
    Notice.objects.filter(pk=notice.pk).update(**done)
    return True


def _send(notice: Notice, name: str) -> str:
    """By this channel, if the person has it. Why it did not go, so that it is tried again; no fault stops the others."""
    try:
        has_gone = CHANNELS[name](notice)
    except Exception as fault:
        log.exception("notice %s not delivered by %s", notice.pk, name)
        return f"{name}: {type(fault).__name__}: {fault}"
    if has_gone:
        notice.sent_over.append(name)
    if has_gone and name != SITE:  # what has left the house is written down before anything else can fail
        Notice.objects.filter(pk=notice.pk).update(sent_over=notice.sent_over)
    return ""


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
    waiting = Notice.objects.filter(sent_at=None, tries__lt=MAX_TRIES)
    oldest: datetime | None = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def mark_read(*, person: User, at: datetime) -> None:
    """All of this person's in-site notices have been seen."""
    Notice.objects.on_site().filter(person=person, read_at=None).update(read_at=at)


def past_of_the_demonstration(*, before: datetime) -> None:
    """What demonstration people were told until then was delivered and read when it was due: a seeded past leaves them no
    hundred new messages."""
    told = Notice.objects.filter(due_at__lt=before, sent_at=None)
    told.update(sent_over=[SITE], sent_at=F("due_at"), read_at=F("due_at"))


def forget_facts(*, path: str) -> None:
    """Blank all messages, to whomever, that lead to this address: the person they spoke of was erased."""
    Notice.objects.filter(path=path).update(facts=None)


def forget_name(*, name: str, paths: Iterable[str]) -> None:
    """Blank those messages that lead to one of these addresses and say this name."""
    told = Notice.objects.filter(path__in=list(paths)).annotate(said=Cast("facts", TextField()))
    told.filter(said__contains=json.dumps(name, ensure_ascii=False)[1:-1]).update(facts=None)
