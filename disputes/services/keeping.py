"""Afterwards: whether the agreement is kept (人民调解法 31), the court's confirmation (33), asking again, the parties' word."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.engine.acts import with_facts
from cases.engine.turns import Given, Turn, in_turn
from cases.workflow import PARTY
from disputes.facts import OF_AGREEMENT
from disputes.guards import agreements as agreement_guards
from disputes.models import Agreement, Clause, Outcome, Performance, PerformanceSaid, Visit
from disputes.services.consents import own_party, write_of
from notices.services import News, notify
from web.period_ends import last_day

REMIND_BEFORE = timedelta(days=10)


@in_turn
def record_performance(turn: Turn, given: Given, clause: Clause, degree: str) -> None:
    """登记履行: a clause is kept, partly kept or not kept; the last word counts."""
    turn.draw("record_performance", with_facts(given, clause=clause.number, degree=degree))
    Performance.objects.create(clause=clause, degree=degree, at=turn.at, recorded_by=turn.person)


@in_turn
def say_performed(turn: Turn, given: Given, clause: Clause, degree: str) -> None:
    """A party says whether a clause is kept. The other side does not read it; whoever mediates is told and finds out."""
    turn.draw("say_performed", with_facts(given, clause=clause.number, degree=degree))
    PerformanceSaid.objects.create(clause=clause, party=own_party(turn), degree=degree, at=turn.at)


@in_turn
def visit(turn: Turn, given: Given) -> None:
    """回访."""
    turn.draw("visit", given)
    Visit.objects.create(dispute_id=turn.case.pk, words=given.words, visited_by=turn.person, visited_at=turn.at)


@in_turn
def rate(turn: Turn, given: Given, score: int) -> None:
    """A party's own word on how it went; the other side does not see it."""
    turn.draw("rate", with_facts(given, score=score))
    write_of(own_party(turn), score=score, rated_at=turn.at)


@in_turn
def ask_confirmation(turn: Turn, given: Given, settles_status: bool) -> None:
    """登记申请司法确认: the parties have asked the court together. Raises ValidationError at `settles_status`: it does, and
    courts do not confirm that."""
    if settles_status:
        raise ValidationError({"settles_status": agreement_guards.STATUS})
    turn.draw("ask_confirmation", given)
    _write_of_agreement(turn, confirm_asked_at=turn.at, settles_status=settles_status)


@in_turn
def confirm(turn: Turn, given: Given) -> None:
    """登记法院确认: enforceable from now on."""
    turn.draw("confirm", given, outcome=Outcome.SETTLED_CONFIRMED)
    _write_of_agreement(turn, confirmed_at=turn.at)


def _write_of_agreement(turn: Turn, **columns: Any) -> None:
    Agreement.objects.filter(dispute=turn.case.pk, withdrawn_at=None).update(**columns)
    turn.facts.forget(*OF_AGREEMENT)


def remind_of_confirmation(*, at: datetime) -> int:
    """Tell parties and holder, once, when ten days are left to ask the court; returns how many agreements."""
    running = Agreement.objects.filter(
        effective_at__isnull=False,
        confirm_by_at__gt=at,
        confirm_by_at__lte=at + REMIND_BEFORE,
        confirm_asked_at=None,
        confirm_reminded_at=None,
    )
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
                kind="dispute.confirmation_ends",
                people=people,
                path=case.get_absolute_url(),
                cause=f"agreement:{agreement.pk}",
                at=at,
                facts={"number": case.number, "title": case.title, **_last_day(agreement)},
            )
            notify(told)
            agreement.confirm_reminded_at = at
            agreement.save(update_fields=["confirm_reminded_at"])
    return len(due)


def _last_day(agreement: Agreement) -> dict[str, str]:
    assert agreement.confirm_by_at is not None
    last = last_day(agreement.confirm_by_at)
    return {"due": f"{last.month}月{last.day}日", "due_at": agreement.confirm_by_at.isoformat()}
