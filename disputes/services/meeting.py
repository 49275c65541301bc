"""The conversation itself: begun, missed, ended, rated."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases.models import Case
from cases.services import Said, move
from cases.words import tidy
from disputes.models import Booking, Consultation, Result


def hold(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """开始问诊."""
    with transaction.atomic():
        move(case=case, verb="hold", by=by, at=at, version=version)
        Booking.objects.filter(consultation=case.pk, state=Booking.State.ACCEPTED).update(state=Booking.State.HELD)


def miss(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """没有碰上面. Where the sweep finds that nobody wrote down what became of it, but both wrote to each other, it was held."""
    if by is None and case.consultation.messages.values("by").distinct().count() > 1:
        hold(case=case, by=None, at=at, version=version, said=said)
        return
    with transaction.atomic():
        changes = {"outcome": Result.MISSED, "finished_at": at, "finished_by": by}
        move(case=case, verb="miss", by=by, at=at, version=version, changes=changes)
        Booking.objects.filter(consultation=case.pk, state=Booking.State.ACCEPTED).update(state=Booking.State.MISSED)


def finish(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """结束问诊, by either; a proposal nobody answered is off."""
    with transaction.atomic():
        changes = {"outcome": Result.HELD, "finished_at": at, "finished_by": by}
        move(case=case, verb="finish", by=by, at=at, version=version, changes=changes)
        case.consultation.proposals.filter(answered_at=None).update(answered_at=at)


def rate(*, case: Case, by: User, at: datetime, version: int, said: Said, score: int, advice: str = "") -> None:
    """评价: the stars count for the average; the words are for the expert only, so no story has them."""
    with transaction.atomic():
        move(case=case, verb="rate", by=by, at=at, version=version)
        consultation = Consultation.objects.get(pk=case.pk)
        consultation.score, consultation.advice, consultation.rated_at = score, tidy(advice)[:500], at
        consultation.save(update_fields=["score", "advice", "rated_at"])
