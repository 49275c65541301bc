"""Putting a file away (人民调解法 27) with all that must be in it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from cases import limits
from cases.models import Case
from cases.services import Said, lock, move
from disputes.papers.record import Record
from disputes.papers.whole import missing_of
from notices.services import News, notify


def archive(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """归档. What is missing is signed for with a reason, which stands in the 卷宗情况说明. Where only time went by nobody
    signs: whoever holds it is told every working day what is missing, and the file stays open until it is there.

    Raises ValidationError at `words`: something is missing, and nobody says why."""
    with transaction.atomic():
        locked = lock(case)
        if by is None and (missing := missing_of(Record(locked, at=at))):
            _tell(locked, [title for title, _ in missing], at)
            return
        if by is not None:
            check_file(locked, at=at, why=said.words, field="words")
        move(case=case, verb="archive", by=by, at=at, version=version, said=said)


def check_file(case: Case, *, at: datetime, why: str, field: str) -> None:
    """Raises ValidationError at `field`: something is missing in the file, and nobody says why."""
    if why.strip():
        return
    if missing := missing_of(Record(case, at=at)):
        named = "；".join(f"{title}（{reason}）" for title, reason in missing)
        raise ValidationError({field: f"卷宗还不齐：{named}。请补齐；确实补不齐的，在这里写明原因再归档。"})


def _tell(case: Case, missing: list[str], at: datetime) -> None:
    if case.holder is not None:
        told = News(
            kind="dispute.file_lacks", people=[case.holder.person], path=case.get_absolute_url(),
            cause=f"case:{case.pk}", key=str(localdate(at)), at=at,
            facts={"number": case.number, "title": case.title, "missing": "、".join(missing)},
        )  # fmt: skip
        notify(told)
    Case.objects.filter(pk=case.pk).update(wake_at=limits.run(limit=limits.UNSET, from_at=at).until_at)
