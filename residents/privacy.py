"""What this room holds about people: their own words, where they live. Registered when the app is ready."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blank, blanked_after, deleted, rows_of
from cases.privacy import asked_by
from residents import drafts
from residents.models import Draft, Request, Resident
from residents.services import withdraw_for_erasure

WORDS = {"words": "", "address_note": ""}


def _asked(person: User) -> QuerySet[Request]:
    return Request.objects.filter(case__in=asked_by(person))


def _erase(person: User, at: datetime) -> None:
    """What nobody has begun to work on is withdrawn; what is being worked on keeps its words until it is done."""
    for case in asked_by(person).filter(kind="request", closed_at=None).order_by("pk"):
        withdraw_for_erasure(case=case, by=person, at=at)
    blank(_asked(person).filter(case__closed_at__isnull=False), **WORDS)


def _erase_drafts(person: User, at: datetime) -> None:
    drafts.forget(Draft.objects.filter(person=person))


HOLDINGS = (
    Holding(
        "诉求原话",
        rows_of(Request, _asked, "case__number", "words", "address_note"),
        _erase,
        about="residents",
        why="their own account of it; with it door or room number",
        erased="goes with the closed case",
    ),
    Holding(
        "常用地点",
        rows_of(Resident, "person", "grid", ("楼栋", "building__label")),
        deleted(Resident, "person"),
        about="residents",
        why="two taps fewer the next time",
        erased="goes",
    ),
    Holding(
        "草稿",
        rows_of(Draft, "person", ("地点", "place"), "address_note", "words", joins=("grid", "building__estate")),
        _erase_drafts,
        about="residents",
        why="nothing typed is lost",
        erased="goes",
    ),
)
KEEPINGS = (Keeping("request_words", "诉求原话", 3 * 365, blanked_after(Request, "case__closed_at", **WORDS)),)
