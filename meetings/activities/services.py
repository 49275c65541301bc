"""Activities: made, signed up for, left, checked in to, called off.

Whoever changes the line of an activity first locks the activity's row, so that those who come at the same second stand in
one order, and a seat that falls free is given exactly once."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from grids.models import Grid, Place, Room
from grids.places.services import count_visits
from grids.rights.jurisdiction import may
from meetings.centres import rooms
from meetings.models import Activity, ActivityKind, SignUp
from notices.services import News, notify
from web.text import tidy

State = SignUp.State


def make_activity(
    *,
    title: str,
    kind: ActivityKind,
    grid: Grid,
    from_at: datetime,
    until_at: datetime,
    seats: int,
    by: User,
    at: datetime,
    place: Place | None = None,
    room: Room | None = None,
    **more: Any,
) -> Activity:
    """A new activity that `by` answers for. In a room, it keeps the room.

    Raises ValidationError at the field: not one's area, no title, dates turned or past, no seats, more than the room
    holds, or the room is taken or closed then."""
    if not may(by, "dispatch", grid, at=at):
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    if not tidy(title):
        raise ValidationError({"title": "请写明是什么活动。"})
    if until_at <= from_at:
        raise ValidationError({"until_at": "结束时间要在开始之后。"})
    if from_at <= at:
        raise ValidationError({"from_at": "开始时间要在现在之后。"})
    if seats < 1:
        raise ValidationError({"seats": "至少要有 1 个名额。"})
    if room is not None and seats > room.seats:
        raise ValidationError({"seats": f"{room.name}只能坐 {room.seats} 人。"})
    if place is not None and not place.runs_on(localdate(from_at)):
        raise ValidationError({"place": f"{place.name}那天不开放。"})
    with transaction.atomic():
        booking = None
        if room is not None:
            booking = rooms.book(
                room=room,
                person=by,
                from_at=from_at,
                until_at=until_at,
                purpose=tidy(title),
                people_count=seats,
                key=uuid.uuid4(),
                at=at,
                is_event=True,
            )
        return Activity.objects.create(
            title=tidy(title)[:60],
            kind=kind,
            grid=grid,
            place=room.place if room else place,
            booking=booking,
            organiser=by,
            from_at=from_at,
            until_at=until_at,
            seats=seats,
            made_at=at,
            check_in_code=f"{secrets.randbelow(1_000_000):06d}",
            **more,
        )


def _lock(activity: Activity) -> Activity:
    locked: Activity = Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=activity.pk)
    return locked


def sign_up(*, activity: Activity, person: User, at: datetime) -> SignUp:
    """A seat, or the end of the waiting list. Twice is once.

    Raises ValidationError: called off, or it has begun."""
    with transaction.atomic():
        locked = _lock(activity)
        _check_open(locked, at)
        if earlier := locked.sign_ups.filter(person=person).exclude(state=State.LEFT).first():
            return earlier
        locked.last_number += 1
        locked.save(update_fields=["last_number"])
        is_free = locked.sign_ups.filter(state=State.SEATED).count() < locked.seats
        return SignUp.objects.create(
            activity=locked,
            person=person,
            number=locked.last_number,
            signed_at=at,
            state=State.SEATED if is_free else State.WAITING,
        )


def _check_open(activity: Activity, at: datetime) -> None:
    if activity.cancelled_at is not None:
        raise ValidationError("这次活动已经取消。")
    if activity.from_at <= at:
        raise ValidationError("活动已经开始，不能再报名或取消。到现场问问组织人。")


def leave(*, activity: Activity, person: User, at: datetime) -> None:
    """来不了: a seat goes to whoever has waited longest, who is told; a place in the line just goes.

    Raises ValidationError: not signed up, there already, called off, or it has begun."""
    with transaction.atomic():
        locked = _lock(activity)
        _check_open(locked, at)
        mine = locked.sign_ups.filter(person=person).exclude(state=State.LEFT)
        if mine.exclude(checked_in_at=None).exists():
            raise ValidationError("您已经签到了，不用再取消。")
        if not mine.update(state=State.LEFT, left_at=at):
            raise ValidationError("您没有报名这次活动。")
        _move_up(locked, at)


def _move_up(activity: Activity, at: datetime) -> None:
    """As many from the head of the line as seats are free, on a locked activity; each is told."""
    free = activity.seats - activity.sign_ups.filter(state=State.SEATED).count()
    line = activity.sign_ups.filter(state=State.WAITING).select_related("person").order_by("number")
    for sign_up in line[: max(free, 0)]:
        SignUp.objects.filter(pk=sign_up.pk).update(state=State.SEATED, moved_up_at=at)
        told = News(
            kind="activity.moved_up",
            people=[sign_up.person],
            path=activity.get_absolute_url(),
            cause=f"sign-up:{sign_up.pk}",
            at=at,
            facts=_facts(activity),
        )
        notify(told)


def _facts(activity: Activity) -> dict[str, str]:
    return {"title": activity.title, "when": activity.when, "when_at": activity.from_at.isoformat()}


def place_in_line(sign_up: SignUp) -> int:
    """How many wait before, plus one."""
    ahead = SignUp.objects.filter(activity=sign_up.activity_id, state=State.WAITING, number__lt=sign_up.number)
    return ahead.count() + 1


def set_seats(*, activity: Activity, seats: int, by: User, at: datetime) -> None:
    """More seats move the line up; fewer are refused where they are taken. Raises ValidationError at `seats`."""
    check_desk(activity, by, at)
    with transaction.atomic():
        locked = _lock(activity)
        _check_open(locked, at)
        taken = locked.sign_ups.filter(state=State.SEATED).count()
        if seats < max(taken, 1):
            raise ValidationError({"seats": f"已有 {taken} 人报名，名额不能再少。"})
        if locked.booking is not None and seats > locked.booking.room.seats:
            raise ValidationError({"seats": f"{locked.booking.room.name}只能坐 {locked.booking.room.seats} 人。"})
        locked.seats = seats
        locked.save(update_fields=["seats"])
        _move_up(locked, at)


def check_in(*, activity: Activity, person: User, code: str, at: datetime) -> None:
    """签到 by whoever came, with the code that hangs in the room. Twice is once.

    Raises ValidationError at `code`, or without a seat, or on another day."""
    if code.strip() != activity.check_in_code:
        raise ValidationError({"code": "签到码不对，请看现场的牌子。"})
    _check_day(activity, at)
    if not activity.sign_ups.filter(person=person, state=State.SEATED).exists():
        raise ValidationError("您没有报名这次活动，请到现场问问组织人。")
    with transaction.atomic():
        _mark_present(_lock(activity), SignUp.objects.filter(person=person), at)


def tick(*, activity: Activity, sign_ups: list[int], by: User, at: datetime) -> None:
    """签到 at the desk: these came. Raises ValidationError: not one's area, or on another day."""
    check_desk(activity, by, at)
    _check_day(activity, at)
    with transaction.atomic():
        _mark_present(_lock(activity), SignUp.objects.filter(pk__in=sign_ups), at)


def _mark_present(activity: Activity, sign_ups: QuerySet[SignUp], at: datetime) -> None:
    """Counts each once: in the activity, which is locked, and as a visit without a name at the place."""
    came = sign_ups.filter(activity=activity, state=State.SEATED, checked_in_at=None).update(checked_in_at=at)
    _count(activity, came, at)


def count_others(*, activity: Activity, how_many: int, by: User, at: datetime) -> None:
    """So many more came without having signed up. Raises ValidationError at `how_many`."""
    check_desk(activity, by, at)
    _check_day(activity, at)
    if how_many < 1:
        raise ValidationError({"how_many": "请填写来了几人。"})
    with transaction.atomic():
        _count(activity, how_many, at)


def _count(activity: Activity, came: int, at: datetime) -> None:
    if not came:
        return
    Activity.objects.filter(pk=activity.pk).update(attended=F("attended") + came)
    if activity.place is not None:
        count_visits(place=activity.place, on=localdate(at), how_many=came)


def _check_day(activity: Activity, at: datetime) -> None:
    if activity.cancelled_at is not None:
        raise ValidationError("这次活动已经取消。")
    if localdate(at) != localdate(activity.from_at):
        raise ValidationError(f"活动当天才能签到：{activity.when}。")


def call_off(*, activity: Activity, reason: str, by: User, at: datetime) -> None:
    """取消活动: everybody who signed up is told why, the room is free again. Raises ValidationError at `reason`."""
    check_desk(activity, by, at)
    if not tidy(reason):
        raise ValidationError({"reason": "请写明原因，报了名的人会看到。"})
    with transaction.atomic():
        locked = _lock(activity)
        _check_open(locked, at)
        locked.cancelled_at, locked.reason = at, tidy(reason)[:100]
        locked.save(update_fields=["cancelled_at", "reason"])
        if locked.booking is not None:
            rooms.release(locked.booking, at=at, reason=locked.reason)
        signed = locked.sign_ups.exclude(state=State.LEFT).select_related("person")
        told = News(
            kind="activity.called_off",
            people=[sign_up.person for sign_up in signed],
            path=locked.get_absolute_url(),
            cause=f"activity:{locked.pk}",
            at=at,
            facts={**_facts(locked), "reason": locked.reason},
        )
        notify(told)


def check_desk(activity: Activity, by: User, at: datetime) -> None:
    if not may(by, "dispatch", activity.grid, at=at):
        raise ValidationError("这次活动不在您的辖区。")
