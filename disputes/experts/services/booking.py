"""翻牌子: a resident picks an expert and a time; the expert answers; nobody is booked twice.

Who books locks the slot's row, so that those who come at the same second wait for each other and all but one are told; the
constraint `one_booking_a_slot` holds whatever the code does. Where a case and a slot are locked, the case comes first; who
looks for the next free slot waits for none, for they may hold others already."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from cases.engine import routing
from cases.engine.opening import Opening, open_case
from cases.engine.turns import Given, Turn, in_turn, turn_on
from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.models import Case
from cases.workflow import EXPERT
from disputes.experts.facts import facts_of_consultation
from disputes.experts.services import meeting
from disputes.experts.services.meeting import write_of_booking
from disputes.experts.workflow import KIND, LIVE
from disputes.models import Booking, Consultation, Expert, ExpertField, Party, Result, Slot
from disputes.models.expert_querysets import FREED, SlotQuerySet
from grids.models import Grid, Post
from web.text import tidy

MAX_MATTER = 1000
MAX_OPEN = 3
"""Bookings one resident may have open at once: slots are scarce."""
ONE_HOUR = timedelta(hours=1)


class SlotTaken(ValidationError):
    """Somebody else was faster, or the slot cannot be booked any more."""

    def __init__(self, words: str = "这个时间刚刚被别人约走了，请另选一个。您写的内容还在。") -> None:
        super().__init__({"slot": words})


def book(
    *, resident: User, slot: Slot, field: ExpertField, community: Grid, matter: str, submit_key: str, at: datetime
) -> Case:
    """Book a slot; the expert is asked at once. The same `submit_key` twice is one booking.

    Raises ValidationError at `matter`, `field`, `community` or `slot` (SlotTaken), or with too many open bookings."""
    matter = _checked(matter)
    if earlier := _booked_before(submit_key):
        return earlier
    try:
        with transaction.atomic():
            taken = take(slot, at=at)
            _check_fits(taken.expert, resident, field, community)
            begun = Opening(
                kind=KIND,
                grid=community,
                title=f"问诊：{field.name}",
                place=community.name,
                asker=resident,
                is_private=True,
            )
            case = open_case(begun, at=at)
            Consultation.objects.create(
                case=case, field=field, expert=taken.expert, matter=matter, submit_key=submit_key
            )
            _check_not_too_many(resident)
            with turn_on(case, by=None, at=at) as turn:
                _book(turn, taken)
                _offer(turn, "offer", taken)
    except IntegrityError:
        earlier = _booked_before(submit_key)
        if earlier is None:
            raise SlotTaken from None
        return earlier
    return case


def _booked_before(submit_key: str) -> Case | None:
    return Case.objects.filter(consultation__submit_key=submit_key).first()


def _checked(raw: str) -> str:
    matter = tidy(raw)
    if not matter:
        raise ValidationError({"matter": "请写几句想问什么，专家好有准备。"})
    if len(matter) > MAX_MATTER:
        raise ValidationError({"matter": f"最多 {MAX_MATTER} 字，您写了 {len(matter)} 字，请精简一些。"})
    return matter


def _check_fits(expert: Expert, resident: User, field: ExpertField, community: Grid) -> None:
    if expert.person_id == resident.pk:
        raise ValidationError({"slot": "这是您自己的时段，不能约自己。"})
    if _opposed_to(resident).filter(person=expert.person_id).exists():
        raise ValidationError({"slot": "这位专家是您一件纠纷的另一方，应当回避，请另选一位。"})
    if not field.is_active or not expert.fields.filter(pk=field.pk).exists():
        raise ValidationError({"field": "这位专家不看这一类，请另选。"})
    if not expert.communities.filter(pk=community.pk, retired_at=None).exists():
        raise ValidationError({"community": "这位专家不服务这个社区，请另选。"})


def _opposed_to(resident: Any) -> QuerySet[Party]:
    """Who stands with this person (or with one of them) in a dispute that has not ended: nobody's adviser in it."""
    running = Party.objects.filter(dispute__parties__person=resident, dispute__case__closed_at=None)
    return running.exclude(person=None).exclude(person=resident)


def _check_not_too_many(resident: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=resident.pk)
    live = Q(consultation__case__seats__person=resident, state__in=LIVE)
    if Booking.objects.filter(live).count() >= MAX_OPEN:
        raise ValidationError(f"您已经约了 {MAX_OPEN} 次，问过或取消一次再约。")


def take(slot: Slot, *, at: datetime, waits: bool = True) -> Slot:
    """The slot, locked until the transaction ends, if it can still be booked. Raises SlotTaken; with `waits=False` also
    where somebody has it in hand at this very moment."""
    rows = Slot.objects.select_for_update(no_key=True, skip_locked=not waits)
    locked: Slot | None = rows.filter(pk=slot.pk).first()
    if locked is None:
        raise SlotTaken
    if locked.from_at <= at:
        raise SlotTaken("这个时间已经过去，请另选一个。")
    # Asked anew now that the row is ours: who held it before has committed.
    if not Slot.objects.free(at).filter(pk=slot.pk).exists():
        is_booked = locked.bookings.exclude(state__in=FREED).exists()
        raise SlotTaken() if is_booked else SlotTaken("这个时间现在约不了了，请另选一个。")
    return locked


def post_of(expert: Expert, *, at: datetime) -> Post:
    """The post under which this expert serves; a free slot has made sure that there is one."""
    post: Post = Post.objects.held_at(at).filter(person=expert.person_id, role="expert").order_by("pk")[0]
    return post


def _book(turn: Turn, slot: Slot, **more: Any) -> None:
    """May raise IntegrityError: booked in this very moment."""
    Booking.objects.create(consultation_id=turn.case.pk, slot=slot, booked_at=turn.at, **more)
    turn.facts.forget("booking")


def _offer(turn: Turn, verb: str, slot: Slot, *, by_itself: bool = True) -> None:
    """The case goes into the hands of the expert of this slot, booked by now, who answers within the limit and before it
    begins."""
    post, consultation = post_of(slot.expert, at=turn.at), turn.case.consultation
    turn.unseat(EXPERT)
    turn.seat(EXPERT, post=post)
    consultation.expert = slot.expert
    turn.also(consultation)
    # Nothing is promised beyond the answer: the engine's whole limit is for kinds that end in one.
    turn.draw(
        verb,
        by_itself=by_itself,
        holder=post,
        limit=_answer_limit(turn, slot),
        finish_by_at=None,
        finish_from_at=None,
        finish_amount=None,
    )


def _answer_limit(turn: Turn, slot: Slot) -> Limit:
    limit = limits.limit_for(kind=KIND, stage="answer", category=None, urgency=turn.case.urgency)
    if limits.run(limit=limit, from_at=turn.at).until_at <= slot.from_at:
        return limit
    return Limit(max(1, int((slot.from_at - turn.at) / ONE_HOUR)), Unit.HOUR)


def _meet_limit(turn: Turn, slot: Slot) -> Limit:
    """Until the conversation is over, and then what staff allow for writing down that it was held."""
    after = limits.limit_for(kind=KIND, stage="meet", category=None, urgency=turn.case.urgency)
    until = limits.run(limit=after, from_at=slot.until_at).until_at
    return Limit(ceil((until - turn.at) / ONE_HOUR), Unit.HOUR)


@in_turn
def accept(turn: Turn, given: Given) -> None:
    """接单."""
    booking = facts_of_consultation(turn.case).booking
    turn.draw("accept", limit=_meet_limit(turn, booking.slot) if booking else None)
    write_of_booking(turn, state=Booking.State.ACCEPTED, answered_at=turn.at)


@in_turn
def decline(turn: Turn, given: Given) -> None:
    """接不了: the next fitting expert is asked."""
    turn.draw("decline")
    _ask_next(turn, Booking.State.DECLINED)


@in_turn
def call_off(turn: Turn, given: Given) -> None:
    """临时去不了, after having accepted: the next fitting expert is asked."""
    turn.draw("call_off", limit=limits.UNSET)
    _ask_next(turn, Booking.State.CANCELLED)


@in_turn
def pass_on(turn: Turn, given: Given) -> None:
    """Not answered in time: the next fitting expert is asked. Called by the sweep."""
    _ask_next(turn, Booking.State.PASSED_ON)


def _ask_next(turn: Turn, became: str) -> None:
    """`became`: of the booking that was."""
    write_of_booking(turn, state=became, answered_at=turn.at)
    for slot in next_slots(turn.case, at=turn.at)[:20]:
        try:
            with transaction.atomic():
                taken = take(slot, at=turn.at, waits=False)
                _book(turn, taken)
        except (SlotTaken, IntegrityError):
            continue  # booked in this very moment; the next one then
        _offer(turn, "pass_on", taken)
        return
    _strand(turn)


def _strand(turn: Turn) -> None:
    """Nobody is left: the community's desk is told, and sees field and time, no words."""
    turn.unseat(EXPERT)
    turn.draw("strand", by_itself=True, holder=routing.desk_of(turn.case, at=turn.at))


def next_slots(case: Case, *, at: datetime) -> SlotQuerySet:
    """Free slots of experts for the same field and community who were not asked yet, earliest first; of those at the same
    time, who has least in hand."""
    asked = Booking.objects.filter(consultation=case.pk).values("slot__expert")
    in_hand = Q(expert__person__posts__held_cases__closed_at=None)
    free = fitting_slots(case, at=at).exclude(expert__in=asked)
    slots: SlotQuerySet = free.annotate(load=Count("expert__person__posts__held_cases", filter=in_hand)).order_by(
        "from_at", "load", "pk"
    )
    return slots


def fitting_slots(case: Case, *, at: datetime) -> Any:
    """Free slots of all experts for the field and community, the asker's own left out, and those of whoever stands with
    them in a dispute."""
    asker = facts_of_consultation(case).asker
    assert asker is not None, "an open consultation has somebody who asks"
    free = Slot.objects.free(at).filter(expert__fields=case.consultation.field_id, expert__communities=case.grid_id)
    free = free.exclude(expert__person=asker).exclude(expert__person__in=_opposed_to(asker).values("person"))
    return free.select_related("expert__person")


@in_turn
def arrange(turn: Turn, given: Given, slot: Slot) -> None:
    """安排专家, by the community's desk."""
    taken = take(slot, at=turn.at)
    if not fitting_slots(turn.case, at=turn.at).filter(pk=slot.pk).exists():
        raise SlotTaken("这位专家不看这一类、不服务这个社区或应当回避，请另选一位。")
    _book(turn, taken)
    _offer(turn, "arrange", taken, by_itself=False)


@in_turn
def change_slot(turn: Turn, given: Given, slot: Slot) -> None:
    """改时间, by the resident: the expert is asked anew."""
    _rebook(turn, "change_slot", slot, is_agreed=False)


@in_turn
def move_slot(turn: Turn, given: Given, slot: Slot) -> None:
    """换个时间, by the expert: the resident is told and may change or cancel it."""
    _rebook(turn, "move_slot", slot, is_agreed=True)


@in_turn
def again(turn: Turn, given: Given, slot: Slot) -> None:
    """再约一次: a further conversation with the same expert."""
    _rebook(turn, "again", slot, is_agreed=True)


def _rebook(turn: Turn, verb: str, slot: Slot, *, is_agreed: bool) -> None:
    """Another slot of the same expert in place of the one that is booked. Raises SlotTaken."""
    taken = take(slot, at=turn.at)
    if taken.expert_id != turn.case.consultation.expert_id:
        raise SlotTaken("请选同一位专家的时间。")
    turn.draw(verb, limit=_meet_limit(turn, taken) if is_agreed else _answer_limit(turn, taken))
    write_of_booking(turn, state=Booking.State.CANCELLED, answered_at=turn.at)
    if is_agreed:
        _book(turn, taken, state=Booking.State.ACCEPTED, answered_at=turn.at)
    else:
        _book(turn, taken)


@in_turn
def cancel(turn: Turn, given: Given) -> None:
    """取消预约, by the resident, before it begins."""
    turn.draw("cancel", outcome=Result.CANCELLED, finished_at=turn.at, finished_by=turn.by)
    write_of_booking(turn, state=Booking.State.CANCELLED, answered_at=turn.at)


@in_turn
def close(turn: Turn, given: Given) -> None:
    """安排不了, by the community's desk, with the reason."""
    turn.draw("close", given, outcome=Result.UNSERVED, finished_at=turn.at, finished_by=turn.by)


@in_turn
def succeed(turn: Turn) -> None:
    """The holder's term is over. What was only booked goes to the next expert; a conversation ends, nobody inherits its
    words. The desk holds what is left to do."""
    case, at, given = turn.case, turn.at, Given()
    booking = facts_of_consultation(case).booking
    if case.state == "agreed" and booking is not None and booking.slot.from_at > at:
        call_off(turn, given)
    elif case.state == "agreed":
        meeting.miss(turn, given)
    elif case.state == "booked":
        pass_on(turn, given)
    elif case.state == "talking":
        meeting.finish(turn, given)
    if case.state in {"rating", "stranded"}:
        turn.draw("succeed", holder=routing.desk_of(case, at=at))
