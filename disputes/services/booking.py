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
from cases import limits, routing
from cases.clock import Limit, Unit
from cases.models import Case
from cases.opening import Opening, open_case
from cases.services import Said, end_seats, give_seat, lock, move
from cases.words import tidy
from cases.workflow import ASKER, EXPERT
from disputes.consulting import KIND, live_booking
from disputes.expert_querysets import FREED, SlotQuerySet
from disputes.models import Booking, Consultation, Expert, ExpertField, Party, Result, Slot
from disputes.services import meeting
from grids.models import Grid, Post

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
                kind=KIND, grid=community, title=f"问诊：{field.name}", place=community.name, asker=resident,
                is_private=True,
            )  # fmt: skip
            case = open_case(begun, at=at)
            Consultation.objects.create(
                case=case, field=field, expert=taken.expert, matter=matter, submit_key=submit_key
            )
            _check_not_too_many(resident)
            offer(case, taken, verb="offer", at=at)
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
    live = Q(consultation__case__seats__person=resident, state__in=("waiting", "accepted"))
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
    found: Post = Post.objects.held_at(at).filter(person=expert.person_id, role="expert").order_by("pk")[0]
    return found


def offer(
    case: Case, slot: Slot, *, verb: str, at: datetime, by: User | None = None, version: int | None = None
) -> None:
    """The case goes into this slot's expert's hands, who answers within the limit and before the slot begins."""
    post = post_of(slot.expert, at=at)
    end_seats(case=case, role=EXPERT, at=at)
    give_seat(case=case, post=post, role=EXPERT, at=at)
    Consultation.objects.filter(pk=case.pk).update(expert=slot.expert)
    # Nothing is promised beyond the answer: the engine's whole limit is for kinds that end in one.
    promise = {"finish_by_at": None, "finish_from_at": None, "finish_amount": None}
    move(
        case=case, verb=verb, by=by, at=at, version=version, holder=post, limit=_answer_limit(case, slot, at),
        changes=promise,
    )  # fmt: skip
    Booking.objects.create(consultation=case.consultation, slot=slot, booked_at=at)


def _answer_limit(case: Case, slot: Slot, at: datetime) -> Limit:
    limit = limits.limit_for(kind=KIND, stage="answer", category=None, urgency=case.urgency)
    if limits.run(limit=limit, from_at=at).until_at <= slot.from_at:
        return limit
    return Limit(max(1, int((slot.from_at - at) / ONE_HOUR)), Unit.HOUR)


def _meet_limit(case: Case, slot: Slot, at: datetime) -> Limit:
    """Until the conversation is over, and then what staff allow for writing down that it was held."""
    after = limits.limit_for(kind=KIND, stage="meet", category=None, urgency=case.urgency)
    until = limits.run(limit=after, from_at=slot.until_at).until_at
    return Limit(ceil((until - at) / ONE_HOUR), Unit.HOUR)


def _release(case: Case, state: str, at: datetime) -> None:
    """The live booking ends so; its slot is free again where the state gives it back."""
    live = Booking.objects.filter(consultation=case.pk, state__in=("waiting", "accepted"))
    live.update(state=state, answered_at=at)


def accept(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """接单."""
    with transaction.atomic():
        lock(case)
        booking = live_booking(case)
        limit = _meet_limit(case, booking.slot, at) if booking else None
        move(case=case, verb="accept", by=by, at=at, version=version, limit=limit)
        _release(case, Booking.State.ACCEPTED, at)


def decline(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """接不了: the next fitting expert is asked."""
    with transaction.atomic():
        move(case=case, verb="decline", by=by, at=at, version=version)
        _release(case, Booking.State.DECLINED, at)
        _ask_next(case, at)


def call_off(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """临时去不了, after having accepted: the next fitting expert is asked."""
    with transaction.atomic():
        move(case=case, verb="call_off", by=by, at=at, version=version, limit=limits.UNSET)
        _release(case, Booking.State.CANCELLED, at)
        _ask_next(case, at)


def pass_on(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """Not answered in time: the next fitting expert is asked. Called by the sweep."""
    with transaction.atomic():
        _release(case, Booking.State.PASSED_ON, at)
        _ask_next(case, at)


def _ask_next(case: Case, at: datetime) -> None:
    for slot in next_slots(case, at=at)[:20]:
        try:
            with transaction.atomic():
                offer(case, take(slot, at=at, waits=False), verb="pass_on", at=at)
        except (SlotTaken, IntegrityError):
            continue  # booked in this very moment; the next one then
        else:
            return
    strand(case, at)


def strand(case: Case, at: datetime) -> None:
    """Nobody is left: the community's desk is told, and sees field and time, no words."""
    end_seats(case=case, role=EXPERT, at=at)
    move(
        case=case,
        verb="strand",
        by=None,
        at=at,
        holder=routing.desk_of(case, at=at),
    )


def next_slots(case: Case, *, at: datetime) -> SlotQuerySet:
    """Free slots of experts for the same field and community who were not asked yet, earliest first; of those at the same
    time, who has least in hand."""
    asked = Booking.objects.filter(consultation=case.pk).values("slot__expert")
    in_hand = Q(expert__person__posts__held_cases__closed_at=None)
    free = fitting_slots(case, at=at).exclude(expert__in=asked)
    found: SlotQuerySet = free.annotate(load=Count("expert__person__posts__held_cases", filter=in_hand)).order_by(
        "from_at", "load", "pk"
    )
    return found


def fitting_slots(case: Case, *, at: datetime) -> Any:
    """Free slots of all experts for the field and community, the asker's own left out, and those of whoever stands with
    them in a dispute."""
    free = Slot.objects.free(at).filter(expert__fields=case.consultation.field_id, expert__communities=case.grid_id)
    asker = case.seats.get(role=ASKER, until_at=None).person
    free = free.exclude(expert__person__in=_opposed_to(asker).values("person"))
    return free.exclude(expert__person__seats__case=case).select_related("expert__person")


def arrange(*, case: Case, by: User, at: datetime, version: int, said: Said, slot: Slot) -> None:
    """安排专家, by the community's desk."""
    with transaction.atomic():
        lock(case)
        taken = take(slot, at=at)
        if not fitting_slots(case, at=at).filter(pk=slot.pk).exists():
            raise SlotTaken("这位专家不看这一类、不服务这个社区或应当回避，请另选一位。")
        offer(case, taken, verb="arrange", at=at, by=by, version=version)


def change_slot(*, case: Case, by: User, at: datetime, version: int, said: Said, slot: Slot) -> None:
    """改时间, by the resident: the expert is asked anew."""
    _rebook(case, slot, at, verb="change_slot", by=by, version=version, state=Booking.State.WAITING)


def move_slot(*, case: Case, by: User, at: datetime, version: int, said: Said, slot: Slot) -> None:
    """换个时间, by the expert: the resident is told and may change or cancel it."""
    _rebook(case, slot, at, verb="move_slot", by=by, version=version, state=Booking.State.ACCEPTED)


def again(*, case: Case, by: User, at: datetime, version: int, said: Said, slot: Slot) -> None:
    """再约一次: a further conversation with the same expert."""
    _rebook(case, slot, at, verb="again", by=by, version=version, state=Booking.State.ACCEPTED)


def _rebook(case: Case, slot: Slot, at: datetime, *, verb: str, by: User, version: int, state: str) -> None:
    """Another slot of the same expert in place of the one that is booked. Raises SlotTaken."""
    with transaction.atomic():
        lock(case)
        taken = take(slot, at=at)
        if taken.expert_id != case.consultation.expert_id:
            raise SlotTaken("请选同一位专家的时间。")
        is_agreed = state == Booking.State.ACCEPTED
        limit = _meet_limit(case, taken, at) if is_agreed else _answer_limit(case, taken, at)
        move(case=case, verb=verb, by=by, at=at, version=version, limit=limit)
        _release(case, Booking.State.CANCELLED, at)
        Booking.objects.create(
            consultation=case.consultation, slot=taken, state=state, booked_at=at, answered_at=at if is_agreed else None
        )


def cancel(*, case: Case, by: User, at: datetime, version: int | None, said: Said) -> None:
    """取消预约, by the resident, before it begins."""
    with transaction.atomic():
        changes = {"outcome": Result.CANCELLED, "finished_at": at, "finished_by": by}
        move(case=case, verb="cancel", by=by, at=at, version=version, changes=changes)
        _release(case, Booking.State.CANCELLED, at)


def close(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """安排不了, by the community's desk, with the reason."""
    changes = {"outcome": Result.UNSERVED, "finished_at": at, "finished_by": by}
    move(case=case, verb="close", by=by, at=at, version=version, said=said, changes=changes)


def succeed(*, case: Case, at: datetime) -> None:
    """The holder's term is over. What was only booked goes to the next expert; a conversation ends, nobody inherits its
    words. The desk holds what is left to do."""
    with transaction.atomic():
        if case.state == "agreed" and live_booking(case).slot.from_at > at:
            call_off(case=case, by=None, at=at, version=None, said=Said())
        elif case.state == "agreed":
            meeting.miss(case=case, by=None, at=at, version=None, said=Said())
        elif case.state == "booked":
            pass_on(case=case, by=None, at=at, version=None, said=Said())
        elif case.state == "talking":
            meeting.finish(case=case, by=None, at=at, version=None, said=Said())
        if case.state in {"rating", "stranded"}:
            move(
                case=case,
                verb="succeed",
                by=None,
                at=at,
                holder=routing.desk_of(case, at=at),
            )
