"""What this room holds about people: their own words, where they live. Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from cases.models import Case
from cases.privacy import asked_by
from residents import drafts
from residents.models import Draft, Request, Resident
from residents.services import withdraw_for_erasure


def _requests(person: User) -> Iterator[dict[str, Any]]:
    for request in Request.objects.filter(case__in=asked_by(person)).select_related("case").order_by("pk"):
        yield {"编号": request.case.number, "原话": request.words, "门牌或具体位置": request.address_note}


def _homes(person: User) -> Iterator[dict[str, Any]]:
    for home in Resident.objects.filter(person=person).select_related("grid", "building"):
        yield {"常用地点": home.grid.name, "楼栋": home.building.label if home.building else ""}


def _drafts(person: User) -> Iterator[dict[str, Any]]:
    for draft in Draft.objects.filter(person=person).select_related("grid", "building__estate"):
        yield {"地点": draft.place, "门牌或具体位置": draft.address_note, "草稿": draft.words}


def _erase(person: User, at: datetime) -> None:
    """What nobody has begun to work on is withdrawn; what is being worked on keeps its words until it is done."""
    for case in asked_by(person).filter(kind="request", closed_at=None).order_by("pk"):
        withdraw_for_erasure(case=case, by=person, at=at)
    _forget(asked_by(person).filter(closed_at__isnull=False))
    drafts.forget(Draft.objects.filter(person=person))
    Resident.objects.filter(person=person).delete()


def _forget(cases: Any) -> int:
    told = Request.objects.filter(case__in=cases).exclude(words="")
    return told.update(words="", address_note="")


def _clear(before: datetime, at: datetime) -> int:
    return _forget(Case.objects.filter(closed_at__lt=before))


HOLDINGS = (
    Holding(
        "诉求原话",
        _requests,
        _erase,
        about="residents",
        why="their own account of it; with it door or room number",
        erased="goes with the closed case",
    ),
    Holding(
        "常用地点",
        _homes,
        about="residents",
        why="two taps fewer the next time",
        erased="goes",
    ),
    Holding(
        "草稿",
        _drafts,
        about="residents",
        why="nothing typed is lost",
        erased="goes",
    ),
)
KEEPINGS = (Keeping("request_words", "诉求原话", 3 * 365, _clear),)
