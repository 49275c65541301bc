"""Writing and proving the audit trail.

Every line is sealed with a keyed hash over its own fields and the seal before it, under a lock, so that numbers have no
gaps: whoever changes, removes or inserts a line by SQL breaks the chain at that number, and without the key cannot mend
it. Cutting off the newest lines breaks nothing, so the head is printed nightly and can be held against a later check."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import AuditLine, AuditWords
from accounts.models.audit import Act
from accounts.personal_data import derived_key

LOCK = (7251, 0)
FIRST_SEAL = "0" * 64


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
    """Append one line in the caller's transaction; lines of others wait until it ends, so call it late."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOCK)
        last = AuditLine.objects.order_by("-number").values_list("number", "seal").first() or (0, FIRST_SEAL)
        line = AuditLine(
            number=last[0] + 1,
            at=at,
            act=act,
            by=by,
            about=about,
            thing=thing[:100],
            address=address,
            is_success=is_success,
            words_digest=_digest(words),
        )
        line.seal = seal_of(line, last[1])
        line.save(force_insert=True)
        if words:
            AuditWords.objects.create(line=line, words=words)
    return line


def seal_of(line: Any, before: str) -> str:
    facts = [
        before, line.number, line.at.astimezone(UTC).isoformat(), line.act, line.by, line.about, line.thing,
        line.address, line.is_success, line.words_digest,
    ]  # fmt: skip
    return hmac.new(derived_key("audit seal"), json.dumps(facts).encode(), hashlib.sha256).hexdigest()


def _digest(words: str) -> str:
    return hmac.new(derived_key("audit words"), words.encode(), hashlib.sha256).hexdigest() if words else ""


@dataclass(frozen=True)
class Head:
    """The newest line: what a later check may expect to find."""

    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.number}:{self.seal}"


def head() -> Head:
    return Head(*(AuditLine.objects.order_by("-number").values_list("number", "seal").first() or (0, FIRST_SEAL)))


def problems(*, expected: Head | None = None) -> Iterator[str]:
    """One sentence for each line that was changed, taken out or put in; nothing when the trail is whole."""
    seal, number = FIRST_SEAL, 0
    erased = set(AuditLine.objects.filter(act=Act.ERASE).values_list("about", flat=True))
    found_expected = expected is None or expected.number == 0
    for line in AuditLine.objects.select_related("spoken").order_by("number").iterator():
        if line.number != number + 1:
            yield f"第 {number + 1} 行到第 {line.number - 1} 行不见了"
        elif line.seal != seal_of(line, seal):
            yield f"第 {line.number} 行被改动过（{line.get_act_display()}，{line.at:%Y-%m-%d %H:%M}）"
        spoken = line.spoken.words if hasattr(line, "spoken") else ""
        if spoken and _digest(spoken) != line.words_digest:
            yield f"第 {line.number} 行的说明被改动过"
        if not spoken and line.words_digest and line.about not in erased:
            yield f"第 {line.number} 行的说明被抹去，而当事人没有注销"
        number, seal = line.number, line.seal
        found_expected = found_expected or (expected is not None and (number, seal) == (expected.number, expected.seal))
    if not found_expected:
        yield f"没有找到预期的第 {expected.number if expected else 0} 行：它之后的记录被截去或换过"


def blank_words(*, person_id: int) -> None:
    """Forget what was said in lines about an erased person; the lines stay."""
    AuditWords.objects.filter(line__about=person_id).update(words="")
