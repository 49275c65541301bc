"""What this room holds about people: who scored and with which words, who appealed, what they said to their own sheet.
Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from cases.privacy import FORGOTTEN
from dashboards.figures.periods import Period
from dashboards.models import Appeal, Evidence, Review, Score, Scorer, SheetComment


def _scored(person: User) -> Iterator[dict[str, Any]]:
    for scorer in Scorer.objects.filter(person=person).select_related("review__of").order_by("pk"):
        yield {"考核": str(scorer.review), "身份": scorer.get_role_display(), "邀请时间": scorer.invited_at}
    scores = Score.objects.filter(scorer__person=person).select_related("assessed__review__of", "indicator")
    for given in scores.order_by("at", "pk"):
        yield {
            "考核": str(given.assessed.review), "对象": given.assessed.name, "指标": given.indicator.label,
            "打分": given.points, "说明": given.words, "时间": given.at, "改分时间": given.replaced_at,
        }  # fmt: skip


def _forget(scorers: Any) -> int:
    """Words and photos go; points stay, for totals were made of them."""
    photos = Evidence.objects.filter(scorer__in=scorers)
    for photo in photos:
        photo.file.delete(save=False)
    gone, _ = photos.delete()
    return gone + Score.objects.filter(scorer__in=scorers).exclude(words="").update(words="")


def _erase_scored(person: User, at: datetime) -> None:
    """Where nothing is scored any more, or nothing was scored yet, nobody needs to know who."""
    asked = Scorer.objects.filter(person=person)
    _forget(asked)
    asked.filter(scores=None, evidence=None).delete()
    Scorer.objects.filter(person=person).update(home=None)


def _appealed(person: User) -> Iterator[dict[str, Any]]:
    for appeal in Appeal.objects.filter(by=person).select_related("outcome__assessed__review__of").order_by("at"):
        yield {
            "考核": str(appeal.outcome.assessed.review), "对象": appeal.outcome.assessed.name,
            "指标": appeal.outcome.label, "申诉理由": appeal.words, "时间": appeal.at, "答复": appeal.reason,
        }  # fmt: skip


def _erase_appealed(person: User, at: datetime) -> None:
    Appeal.objects.filter(by=person, decided_at__isnull=False).update(words=FORGOTTEN)


def _appeals_wait(person: User) -> str:
    waiting = Appeal.objects.filter(by=person, decided_at=None)
    return "您的考核申诉还在等答复，答复以后再注销。" if waiting.exists() else ""


def _commented(person: User) -> Iterator[dict[str, Any]]:
    for comment in SheetComment.objects.filter(person=person).order_by("first"):
        yield {"履职单": Period(comment.span, comment.first).words, "本人说明": comment.words, "时间": comment.at}


def _erase_commented(person: User, at: datetime) -> None:
    SheetComment.objects.filter(person=person).delete()


def _clear_words(before: datetime, at: datetime) -> int:
    return _forget(Scorer.objects.filter(review__state=Review.State.CLOSED, review__closed_at__lt=before))


def _clear_comments(before: datetime, at: datetime) -> int:
    count, _ = SheetComment.objects.filter(at__lt=before).delete()
    return count


def _clear_appeals(before: datetime, at: datetime) -> int:
    old = Appeal.objects.filter(~Q(words=FORGOTTEN), decided_at__lt=before)
    return old.update(words=FORGOTTEN)


HOLDINGS = (
    Holding(
        "考核打分",
        _scored,
        _erase_scored,
        about="whoever was asked to score a place",
        why="points are made of them; who gave which is shown to nobody ([assessment.md](rooms/assessment.md))",
        erased="words and photos go, points stay without the name",
    ),
    Holding(
        "考核申诉",
        _appealed,
        _erase_appealed,
        blocks=_appeals_wait,
        about="who leads a place and doubts its points",
        why="to answer them",
        erased="answered: the words go, the answer stays; not while one waits",
    ),
    Holding(
        "履职单说明",
        _commented,
        _erase_commented,
        about="those in post, reported members",
        why="their own word beside the figures of a period",
        erased="goes",
    ),
)
KEEPINGS = (
    Keeping("assessment_words", "考核评委写的话和拍的照片（分数保留）", 365, _clear_words),
    Keeping("assessment_appeals", "考核申诉的理由（答复和更正保留）", 3 * 365, _clear_appeals),
    Keeping("sheet_comments", "履职单的本人说明", 3 * 365, _clear_comments),
)
