"""Putting a file away (人民调解法 27) with all that must be in it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cases.engine.turns import Given, Turn, in_turn
from cases.limits import running as limits
from cases.models import Case
from disputes.papers.record import Record
from disputes.papers.whole import missing_of
from notices.services import News, notify


@in_turn
def archive(turn: Turn, given: Given) -> None:
    """归档. What is missing is signed for with a reason, which stands in the 卷宗情况说明. Where only time went by nobody
    signs: whoever holds it is told every working day what is missing, and the file stays open until it is there.

    Raises ValidationError at `words`: something is missing, and nobody says why."""
    if turn.by is None and (missing := missing_of(Record(turn.case, at=turn.at))):
        _tell(turn.case, [title for title, _ in missing], turn.at)
        turn.case.wake_at = limits.run(limit=limits.UNSET, from_at=turn.at).until_at
        turn.also(turn.case)
        return
    if turn.by is not None:
        check_file(turn.case, at=turn.at, why=given.words, field="words")
    turn.draw("archive", given)


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
            kind="dispute.file_lacks",
            people=[case.holder.person],
            path=case.get_absolute_url(),
            cause=f"case:{case.pk}",
            key=str(localdate(at)),
            at=at,
            facts={"number": case.number, "title": case.title, "missing": "、".join(missing)},
        )
        notify(told)
