"""The conversation itself: begun, missed, ended, rated."""

from typing import Any

from cases.engine.turns import Given, Turn, in_turn
from disputes.experts.workflow import LIVE
from disputes.models import Booking, Result
from web.text import tidy


def write_of_booking(turn: Turn, **columns: Any) -> None:
    """What becomes of the booking that waits or is agreed; its slot is free again where the state gives it back."""
    Booking.objects.filter(consultation=turn.case.pk, state__in=LIVE).update(**columns)
    turn.facts.forget("booking")


@in_turn
def hold(turn: Turn, given: Given) -> None:
    """开始问诊."""
    turn.draw("hold")
    write_of_booking(turn, state=Booking.State.HELD)


@in_turn
def miss(turn: Turn, given: Given) -> None:
    """没有碰上面. Where the sweep finds that nobody wrote down what became of it, but both wrote to each other, it was held."""
    if turn.by is None and turn.case.consultation.messages.values("by").distinct().count() > 1:
        hold(turn, given)
        return
    turn.draw("miss", outcome=Result.MISSED, finished_at=turn.at, finished_by=turn.by)
    write_of_booking(turn, state=Booking.State.MISSED)


@in_turn
def finish(turn: Turn, given: Given) -> None:
    """结束问诊, by either; a proposal nobody answered is off."""
    turn.draw("finish", outcome=Result.HELD, finished_at=turn.at, finished_by=turn.by)
    turn.case.consultation.proposals.filter(answered_at=None).update(answered_at=turn.at)
    turn.facts.forget("proposal")


@in_turn
def rate(turn: Turn, given: Given, score: int, advice: str = "") -> None:
    """评价: the stars count for the average; the words are for the expert only, so no story has them."""
    turn.draw("rate")
    consultation = turn.case.consultation
    consultation.score, consultation.advice, consultation.rated_at = score, tidy(advice)[:500], turn.at
    turn.also(consultation)
