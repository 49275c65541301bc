"""Put a message into the outbox (notices/delivery/outbox.py works it off); what becomes of messages that were told.

Nothing is told twice inside the database, since `dedupe_key` is unique."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from accounts.models import User
from notices.models import Choices, Notice, Subscription
from notices.texts import BY_TEMPLATE, MAX_LENGTH, SITE, TEXTS, Facts

GATHERING = timedelta(minutes=1)
"""A digest goes out when nothing has been added to it for so long."""
MOST_AGREED = 50
"""Times that a person may have agreed ahead."""


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
    is_urgent: bool = False
    """Told at night too, as are kinds that are urgent themselves."""
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
            is_urgent=news.is_urgent or TEXTS[news.kind].is_urgent,
            told_at=news.at,
            due_at=news.at + GATHERING if news.digest else news.at,
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
    earlier.facts, earlier.path, earlier.due_at, earlier.told_at = {}, digest.path, row.due_at, row.told_at
    if earlier.pk:
        earlier.save(update_fields=["count", "facts", "path", "due_at", "told_at"])
    return True


def _waiting(row: Notice) -> Notice | None:
    """That nobody has in hand yet. Whoever adds to somebody's digests waits for the others who do, or each would begin one."""
    User.objects.select_for_update(no_key=True).get(pk=row.person_id)
    same = Notice.objects.filter(person=row.person_id, kind=row.kind, digest=row.digest, sent_at=None)
    return same.filter(leased_until=None, tries=0).select_for_update(no_key=True, skip_locked=True).first()


def _ring() -> None:
    current_app.send_task("notices.tasks.deliver_due")  # by name: tasks stand above services


def choose(*, person: User, ways: Iterable[str], digest_hours: Iterable[int]) -> None:
    """By which ways out of the house this person is told, and at which hours all that came is one message. It counts for what is still to
    be sent, too."""
    chosen = {"off": [name for name in BY_TEMPLATE if name not in ways], "digest_hours": sorted(digest_hours)}
    Choices.objects.update_or_create(person=person, defaults=chosen)
    Notice.objects.filter(person=person, sent_at=None, held_until__isnull=False).update(held_until=F("told_at"))


def subscribe(*, person: User, template_ids: Iterable[str]) -> None:
    """They agreed once more to each of these templates of the mini-program, MOST_AGREED times at most."""
    for template_id in template_ids:
        Subscription.objects.bulk_create([Subscription(person=person, template_id=template_id)], ignore_conflicts=True)
        mine = Subscription.objects.filter(person=person, template_id=template_id, left__lt=MOST_AGREED)
        mine.update(left=F("left") + 1)


def mark_read(*, person: User, at: datetime) -> None:
    """All of this person's in-site notices have been seen."""
    Notice.objects.on_site().filter(person=person, read_at=None).update(read_at=at)


def past_of_the_demonstration(*, before: datetime) -> None:
    """What demonstration people were told until then was delivered and read when it was due: a seeded past leaves them no
    hundred new messages."""
    told = Notice.objects.filter(told_at__lt=before, sent_at=None)
    told.update(sent_over=[SITE], sent_at=F("told_at"), read_at=F("told_at"))


def forget_facts(*, path: str) -> None:
    """Blank all messages, to whomever, that lead to this address: the person they spoke of was erased."""
    Notice.objects.filter(path=path).update(facts=None)


def forget_name(*, name: str, paths: Iterable[str]) -> None:
    """Blank those messages that lead to one of these addresses and say this name."""
    told = Notice.objects.filter(path__in=list(paths)).annotate(said=Cast("facts", TextField()))
    told.filter(said__contains=json.dumps(name, ensure_ascii=False)[1:-1]).update(facts=None)
