"""What this room holds about people: cases they asked for, words and photos of theirs. Registered when the app is ready.

Forgetting a person leaves the story of a case standing without its words: what was done when by which post, the
ratings and every figure stay as they were."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from cases.attachments.photos import forget as forget_photos
from cases.models import Attachment, Case, Remark, Seat
from cases.workflow import ASKER, WORKFLOWS
from notices.services import forget_facts, forget_name

FORGOTTEN = "（内容已删除）"


def asked_by(person: User) -> Any:
    return Case.objects.filter(seats__person=person, seats__role=ASKER).distinct()


def _cases(person: User) -> Iterator[dict[str, Any]]:
    for case in asked_by(person).select_related("category", "rating").order_by("opened_at"):
        rating = getattr(case, "rating", None)
        yield {
            "编号": case.number,
            "标题": case.title,
            "地点": case.place,
            "分类": case.category.path if case.category else "",
            "状态": case.state_label,
            "提交时间": case.opened_at,
            "办结时间": case.finished_at,
            "您的评价": f"{rating.score} 星" if rating else "",
        }


def _words(person: User) -> Iterator[dict[str, Any]]:
    remarks = Remark.objects.filter(event__by=person).exclude(words="").select_related("event__case")
    for remark in remarks.order_by("event__at"):
        yield {"编号": remark.event.case.number, "时间": remark.event.at, "您写的": remark.words}


def _photos(person: User) -> Iterator[dict[str, Any]]:
    for photo in Attachment.objects.filter(added_by=person).select_related("case").order_by("added_at"):
        yield {"编号": photo.case.number, "上传时间": photo.added_at, "照片": f"{photo.width}×{photo.height}"}


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


HOLDINGS = (
    Holding(
        "反映的事项",
        _cases,
        _erase,
        about="residents who asked",
        why="to do what was asked and tell the result",
        erased="cases stay for the figures, without title, words and photos",
    ),
    Holding(
        "写过的话",
        _words,
        about="residents",
        why="to do what was asked and tell how it goes",
        erased="goes with the closed case",
    ),
    Holding(
        "照片",
        _photos,
        about="residents, staff",
        why="to see what it is about; a large one as it was sent, with its positions, until the worker has cleaned it, seconds later; it is served to nobody",
        erased="go with the closed case, files too",
    ),
)
KEEPINGS = (Keeping("case_words", "办结事项的文字和照片", 3 * 365, _clear),)
