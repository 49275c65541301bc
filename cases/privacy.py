"""What this room holds about people: cases they asked for, words and photos of theirs. Registered when the app is ready.

Forgetting a person leaves the story of a case standing without its words: what was done when by which post, the
ratings and every figure stay as they were."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import rows_of
from cases.attachments.photos import forget as forget_photos
from cases.models import Attachment, Case, Remark, Seat
from cases.workflow import ASKER, WORKFLOWS
from notices.services import forget_facts, forget_name

FORGOTTEN = "（内容已删除）"


def asked_by(person: User) -> Any:
    return Case.objects.filter(seats__person=person, seats__role=ASKER).distinct()


def _stars(case: Case) -> str:
    rating = getattr(case, "rating", None)
    return f"{rating.score} 星" if rating else ""


def _words(person: User) -> QuerySet[Remark]:
    return Remark.objects.filter(event__by=person).exclude(words="")


def _erase(person: User, at: datetime) -> None:
    """Cases still open are done to their end without the asker, then the nightly task comes back to them."""
    Seat.objects.filter(person=person, role=ASKER, until_at=None, case__closed_at=None).update(until_at=at)
    forget(asked_by(person).filter(closed_at__isnull=False).exclude(title__endswith=FORGOTTEN))
    Remark.objects.filter(event__by=person, event__standing=ASKER).exclude(words="").filter(
        event__case__closed_at__isnull=False
    ).update(words="")
    sat_on = Q(seats__person=person) | Q(events__by=person)
    theirs = Case.objects.filter(sat_on, closed_at__isnull=False).distinct()
    forget_name(name=person.name, paths=[case.get_absolute_url() for case in theirs.only("number")])


def forget(cases: Iterable[Case]) -> int:
    """Blank the words, photos and titles of closed cases, and the messages about them."""
    count = 0
    for case in cases:
        forget_photos(case.attachments.all())
        Remark.objects.filter(event__case=case).exclude(words="").update(words="")
        forget_facts(path=case.get_absolute_url())
        name = case.category.name if case.category else case.kind_label
        Case.objects.filter(pk=case.pk).update(title=f"{name}{FORGOTTEN}")
        count += 1
    return count


def _clear(before: datetime, at: datetime) -> int:
    elsewhere = [kind for kind, workflow in WORKFLOWS.items() if workflow.keeps_own_words]
    old = Case.objects.filter(closed_at__lt=before).exclude(kind__in=elsewhere).exclude(title__endswith=FORGOTTEN)
    return forget(old.select_related("category"))


_CASES = rows_of(
    Case,
    asked_by,
    "number",
    "title",
    "place",
    "category",
    ("状态", "state_label"),
    "opened_at",
    "finished_at",
    ("您的评价", _stars),
    order="opened_at",
    joins=("rating",),
)

_PHOTOS = rows_of(
    Attachment,
    "added_by",
    "case__number",
    "added_at",
    ("照片", lambda photo: f"{photo.width}×{photo.height}"),
    order="added_at",
)

HOLDINGS = (
    Holding(
        "反映的事项",
        _CASES,
        _erase,
        about="residents who asked",
        why="to do what was asked and tell the result",
        erased="cases stay for the figures, without title, words and photos",
    ),
    Holding(
        "写过的话",
        rows_of(Remark, _words, "event__case__number", "event__at", ("您写的", "words"), order="event__at"),
        about="residents",
        why="to do what was asked and tell how it goes",
        erased="goes with the closed case",
    ),
    Holding(
        "照片",
        _PHOTOS,
        about="residents, staff",
        why="to see what it is about; a large one as it was sent, with its positions, until the worker has cleaned it, seconds later; it is served to nobody",
        erased="go with the closed case, files too",
    ),
)
KEEPINGS = (Keeping("case_words", "办结事项的文字和照片", 3 * 365, _clear),)
