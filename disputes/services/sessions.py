"""Sitting down together: planned, held and recorded, or called off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from cases.engine.turns import Given, Turn, in_turn
from disputes.facts import facts_of_dispute
from disputes.models import Party, Session
from web.text import tidy

MAX_RECORD = 8000
FURTHEST = timedelta(days=90)


@in_turn
def plan_session(
    turn: Turn, starts_at: datetime, place: str = "", is_online: bool = False, is_tea_table: bool = False
) -> Session:
    """约调解会. Raises ValidationError at `starts_at` (past, or far off) or `place` (none, and not online)."""
    place = tidy(place)
    if starts_at < turn.at:
        raise ValidationError({"starts_at": "这个时间已经过去，请另约一个。"})
    if starts_at > turn.at + FURTHEST:
        raise ValidationError({"starts_at": "约得太远了，请在三个月以内。"})
    if not place and not is_online:
        raise ValidationError({"place": "请写明地点，或选“线上进行”。"})
    turn.draw("plan_session")
    number = len(facts_of_dispute(turn.case).sessions) + 1
    turn.facts.forget("sessions")
    return Session.objects.create(
        dispute_id=turn.case.pk,
        number=number,
        starts_at=starts_at,
        place=place[:100],
        is_online=is_online,
        is_tea_table=is_tea_table,
    )


@in_turn
def record_session(
    turn: Turn, record: str, result: str, present: Sequence[Party] = (), others_present: str = ""
) -> Session:
    """记录调解会: who was there, what was said and what came of it (人民调解法 27).

    Raises ValidationError: nothing recorded, too long, no result, nobody there, not a party; ArrowRefused where it has not
    begun yet."""
    record = tidy(record)
    if not record:
        raise ValidationError({"record": "请记下这次谈了什么、各方怎么说。"})
    if len(record) > MAX_RECORD:
        raise ValidationError({"record": f"最多 {MAX_RECORD} 字，您写了 {len(record)} 字，请精简一些。"})
    if result not in Session.Result.values:
        raise ValidationError({"result": "请选这次调解的结果。"})
    if not present:
        raise ValidationError({"present": "请选到场的当事人。"})
    if any(party.dispute_id != turn.case.pk for party in present):
        raise ValidationError({"present": "有一位不是本案当事人，请重新选择。"})
    turn.draw("record_session")
    session = _planned(turn)
    session.state, session.record, session.others_present = Session.State.HELD, record, tidy(others_present)[:200]
    session.result, session.recorded_by, session.recorded_at = result, turn.by, turn.at
    session.save()
    session.present.set(present)
    return session


@in_turn
def cancel_session(turn: Turn, given: Given) -> None:
    """取消调解会, with the reason."""
    turn.draw("cancel_session", given)
    session = _planned(turn)
    session.state = Session.State.CANCELLED
    turn.also(session)


def _planned(turn: Turn) -> Session:
    """The one that is planned: the arrow's guard has seen it."""
    session = facts_of_dispute(turn.case).planned
    assert session is not None
    return session
