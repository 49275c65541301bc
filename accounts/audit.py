"""Writing and proving the audit trail.

A line is a row of the transaction whose act it tells, with a mark: a keyed hash of its own fields. Right after the commit
it is sealed in a small transaction of its own: it gets the next number of the chain and a keyed hash over number, mark
and the seal before it. So no act waits for another's line, numbers have no gaps, and whoever changes, removes or inserts
a line by SQL breaks the chain there and cannot mend it without the key. A crash between the two leaves a line that the
sweep seals; until then its mark shows a change, and only its removal within these seconds would go unseen. Cutting off
the newest lines breaks nothing, so the head is printed nightly and can be held against a later check."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

import locks
from accounts.models import AuditLine, AuditWords
from accounts.models.audit import Act
from accounts.personal_data import derived_key
from locks import Lock

FIRST_SEAL = "0" * 64
BATCH = 500
SEALED_WITHIN = timedelta(minutes=5)
"""A line that waits longer is named by the check: nobody seals."""


def record(
    *,
    act: str,
    at: datetime,
    by: int | None = None,
    about: int | None = None,
    thing: str = "",
    words: str = "",
    address: str | None = None,
    is_success: bool = True,
) -> AuditLine:
    """Append one line in the caller's transaction; it is sealed after the commit."""
    line = AuditLine(
        at=at,
        act=act,
        by=by,
        about=about,
        thing=thing[:100],
        address=address,
        is_success=is_success,
        words_digest=_digest(words),
    )
    line.mark = mark_of(line)
    with transaction.atomic():
        line.save(force_insert=True)
        if words:
            AuditWords.objects.create(line=line, words=words)
        transaction.on_commit(seal, robust=True)
    return line


def seal() -> int:
    """Seal what waits, in the order in which it was written; how many lines. One at a time, each batch in a transaction
    of its own."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        locks.take(Lock.AUDIT_SEAL)
        last = head()
        waiting = list(AuditLine.objects.filter(number=None).order_by("pk")[:BATCH])
        for line in waiting:
            line.number = last.number + 1
            line.seal = seal_of(line.number, line.mark, last.seal)
            line.save(update_fields=["number", "seal"])
            last = Head(line.number, line.seal)
    return len(waiting)


def mark_of(line: Any) -> str:
    """Of its own fields, whatever its number will be."""
    facts = [
        line.at.astimezone(UTC).isoformat(), line.act, line.by, line.about, line.thing, line.address, line.is_success,
        line.words_digest,
    ]  # fmt: skip
    return _keyed("audit mark", json.dumps(facts))


def seal_of(number: int, mark: str, before: str) -> str:
    return _keyed("audit seal", json.dumps([before, number, mark]))


def _keyed(purpose: str, text: str) -> str:
    return hmac.new(derived_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def _digest(words: str) -> str:
    return _keyed("audit words", words) if words else ""


@dataclass(frozen=True)
class Head:
    """The newest line: what a later check may expect to find."""

    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.number}:{self.seal}"


def head() -> Head:
    newest = AuditLine.objects.filter(number__isnull=False).order_by("-number").first()
    return Head(newest.number or 0, newest.seal) if newest else Head(0, FIRST_SEAL)


def problems(*, at: datetime, expected: Head | None = None) -> Iterator[str]:
    """One sentence for each line that was changed, taken out or put in; nothing when the trail is whole."""
    erased = set(AuditLine.objects.filter(act=Act.ERASE).values_list("about", flat=True))
    seal, number = FIRST_SEAL, 0
    found_expected = expected is None or expected.number == 0
    lines = AuditLine.objects.select_related("spoken")
    for line in lines.filter(number__isnull=False).order_by("number").iterator():
        assert line.number is not None
        if line.number != number + 1:
            yield f"第 {number + 1} 行到第 {line.number - 1} 行不见了"
        elif line.mark != mark_of(line) or line.seal != seal_of(line.number, line.mark, seal):
            yield f"第 {line.number} 行被改动过（{line.get_act_display()}，{line.at:%Y-%m-%d %H:%M}）"
        yield from _problems_of_words(line, erased)
        number, seal = line.number, line.seal
        found_expected = found_expected or (expected is not None and (number, seal) == (expected.number, expected.seal))
    if not found_expected:
        yield f"没有找到预期的第 {expected.number if expected else 0} 行：它之后的记录被截去或换过"
    yield from _problems_of_waiting(lines.filter(number=None).order_by("pk"), at)


def _problems_of_words(line: AuditLine, erased: set[int | None]) -> Iterator[str]:
    spoken = line.spoken.words if hasattr(line, "spoken") else ""
    if spoken and _digest(spoken) != line.words_digest:
        yield f"第 {line.number} 行的说明被改动过"
    if not spoken and line.words_digest and line.about not in erased:
        yield f"第 {line.number} 行的说明被抹去，而当事人没有注销"


def _problems_of_waiting(lines: QuerySet[AuditLine], at: datetime) -> Iterator[str]:
    for line in lines.iterator():
        if line.mark != mark_of(line):
            yield f"还没有编号的一行被改动过（{line.get_act_display()}，{line.at:%Y-%m-%d %H:%M}）"
        elif at - line.at > SEALED_WITHIN:
            yield f"有一行早该编号而没有编号（{line.get_act_display()}，{line.at:%Y-%m-%d %H:%M}）：定时器停了"


def blank_words(*, person_id: int) -> None:
    """Forget what was said in lines about an erased person; the lines stay."""
    AuditWords.objects.filter(line__about=person_id).update(words="")
