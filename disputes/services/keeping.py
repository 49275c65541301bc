"""Afterwards: whether the agreement is kept (人民调解法 31), the court's confirmation (33), asking again, the parties' word."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.ends import last_day
from accounts.models import User
from cases.models import Case
from cases.services import Said, move
from cases.workflow import PARTY
from disputes import agreement_guards
from disputes.models import Agreement, Clause, Outcome, Party, Performance, PerformanceSaid, Visit
from disputes.services.wills import own_party
from notices.services import News, notify

REMIND_BEFORE = timedelta(days=10)


def record_performance(
    *, case: Case, by: User, at: datetime, version: int, said: Said, clause: Clause, degree: str
) -> None:
    """登记履行: a clause is kept, partly kept or not kept; the last word counts."""
    with transaction.atomic():
        facts = {"clause": clause.number, "degree": degree}
        move(case=case, verb="record_performance", by=by, at=at, version=version, said=Said(said.words, (), facts))
        Performance.objects.create(clause=clause, degree=degree, at=at, recorded_by=by)


def say_performed(*, case: Case, by: User, at: datetime, version: int, said: Said, clause: Clause, degree: str) -> None:
    """A party says whether a clause is kept. The other side does not read it; whoever mediates is told and finds out."""
    with transaction.atomic():
        facts = {"clause": clause.number, "degree": degree}
        move(case=case, verb="say_performed", by=by, at=at, version=version, said=Said(said.words, said.photos, facts))
        PerformanceSaid.objects.create(clause=clause, party=own_party(case, by), degree=degree, at=at)


def visit(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """回访."""
    with transaction.atomic():
        move(case=case, verb="visit", by=by, at=at, version=version, said=said)
        Visit.objects.create(dispute=case.dispute, words=said.words, visited_by=by, visited_at=at)


def rate(*, case: Case, by: User, at: datetime, version: int, said: Said, score: int) -> None:
    """A party's own word on how it went; the other side does not see it."""
    with transaction.atomic():
        move(case=case, verb="rate", by=by, at=at, version=version, said=Said(said.words, (), {"score": score}))
        Party.objects.filter(pk=own_party(case, by).pk).update(score=score, rated_at=at)


def ask_confirmation(*, case: Case, by: User, at: datetime, version: int, said: Said, settles_status: bool) -> None:
    """登记申请司法确认: the parties have asked the court together. Raises ValidationError at `settles_status`: it does, and
    courts do not confirm that."""
    if settles_status:
        raise ValidationError({"settles_status": agreement_guards.STATUS})
    with transaction.atomic():
        move(case=case, verb="ask_confirmation", by=by, at=at, version=version, said=said)
        standing = Agreement.objects.filter(dispute=case.pk, withdrawn_at=None)
        standing.update(confirm_asked_at=at, settles_status=settles_status)


def confirm(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """登记法院确认: enforceable from now on."""
    with transaction.atomic():
        move(
            case=case, verb="confirm", by=by, at=at, version=version, said=said,
            changes={"outcome": Outcome.SETTLED_CONFIRMED},
        )  # fmt: skip
        Agreement.objects.filter(dispute=case.pk, withdrawn_at=None).update(confirmed_at=at)


def remind_of_confirmation(*, at: datetime) -> int:
    """Tell parties and holder, once, when ten days are left to ask the court; returns how many agreements."""
    running = Agreement.objects.filter(
        effective_at__isnull=False, confirm_by_at__gt=at, confirm_by_at__lte=at + REMIND_BEFORE,
        confirm_asked_at=None, confirm_reminded_at=None,
    )  # fmt: skip
    with transaction.atomic():
        locked = running.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("dispute__case")
        due = [agreement for agreement in locked if not agreement_guards.not_for_the_court(agreement)]
        for agreement in due:
            case = agreement.dispute.case
            seats = case.seats.filter(role=PARTY, until_at=None).select_related("person")
            people = [seat.person for seat in seats if seat.person]
            if case.holder is not None:
                people.append(case.holder.person)
            told = News(
                kind="dispute.confirmation_ends", people=people, path=case.get_absolute_url(),
                cause=f"agreement:{agreement.pk}", at=at,
                facts={"number": case.number, "title": case.title, **_last_day(agreement)},
            )  # fmt: skip
            notify(told)
            agreement.confirm_reminded_at = at
            agreement.save(update_fields=["confirm_reminded_at"])
    return len(due)


def _last_day(agreement: Agreement) -> dict[str, str]:
    assert agreement.confirm_by_at is not None
    last = last_day(agreement.confirm_by_at)
    return {"due": f"{last.month}月{last.day}日", "due_at": agreement.confirm_by_at.isoformat()}
