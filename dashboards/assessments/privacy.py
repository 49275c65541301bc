"""What this room holds about people: who scored and with which words, who appealed, what they said to their own sheet.
Registered when the app is ready."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blank, blanked, blanked_after, delete, deleted, deleted_after, rows_of, together
from cases.privacy import FORGOTTEN
from dashboards.figures.periods import Period
from dashboards.models import Appeal, Evidence, Review, Score, Scorer, SheetComment


def _forget(scorers: QuerySet[Scorer]) -> int:
    """Words and photos go; points stay, for totals were made of them."""
    gone = delete(Evidence.objects.filter(scorer__in=scorers))
    return gone + blank(Score.objects.filter(scorer__in=scorers), words="")


def _erase_scored(person: User, at: datetime) -> None:
    """Where nothing is scored any more, or nothing was scored yet, nobody needs to know who."""
    asked = Scorer.objects.filter(person=person)
    _forget(asked)
    asked.filter(scores=None, evidence=None).delete()
    blank(asked, home=None)


def _answered(person: User) -> QuerySet[Appeal]:
    return Appeal.objects.filter(by=person, decided_at__isnull=False)


def _appeals_wait(person: User) -> str:
    waiting = Appeal.objects.filter(by=person, decided_at=None)
    return "您的考核申诉还在等答复，答复以后再注销。" if waiting.exists() else ""


def _clear_words(before: datetime, at: datetime) -> int:
    return _forget(Scorer.objects.filter(review__state=Review.State.CLOSED, review__closed_at__lt=before))


_APPEALS = rows_of(
    Appeal,
    "by",
    "outcome__assessed__review",
    ("对象", "outcome__assessed"),
    ("指标", "outcome__label"),
    "words",
    "at",
    "reason",
    order="at",
    joins=("outcome__assessed__review__of",),
)

_COMMENTS = rows_of(
    SheetComment,
    "person",
    ("履职单", lambda comment: Period(comment.span, comment.first).words),
    "words",
    "at",
    order="first",
)

_SCORES = rows_of(
    Score,
    "scorer__person",
    "assessed__review",
    ("对象", "assessed"),
    "indicator",
    "points",
    "words",
    "at",
    "replaced_at",
    order="at",
    joins=("assessed__review__of",),
)

HOLDINGS = (
    Holding(
        "考核打分",
        together(
            rows_of(Scorer, "person", "review", "role", "home", "invited_at", joins=("review__of",)),
            _SCORES,
        ),
        _erase_scored,
        about="whoever was asked to score a place",
        why="points are made of them; who gave which is shown to nobody ([assessment.md](rooms/assessment.md))",
        erased="words and photos go, points stay without the name",
    ),
    Holding(
        "考核申诉",
        _APPEALS,
        blanked(Appeal, _answered, words=FORGOTTEN),
        blocks=_appeals_wait,
        about="who leads a place and doubts its points",
        why="to answer them",
        erased="answered: the words go, the answer stays; not while one waits",
    ),
    Holding(
        "履职单说明",
        _COMMENTS,
        deleted(SheetComment, "person"),
        about="those in post, reported members",
        why="their own word beside the figures of a period",
        erased="goes",
    ),
)
KEEPINGS = (
    Keeping("assessment_words", "考核评委写的话和拍的照片（分数保留）", 365, _clear_words),
    Keeping(
        "assessment_appeals",
        "考核申诉的理由（答复和更正保留）",
        3 * 365,
        blanked_after(Appeal, "decided_at", words=FORGOTTEN),
    ),
    Keeping("sheet_comments", "履职单的本人说明", 3 * 365, deleted_after(SheetComment, "at")),
)
