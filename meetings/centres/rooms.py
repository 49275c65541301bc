"""Rooms booked and given back. The constraint `bookings_of_a_room_apart` holds whatever the code does; what is said here
explains it to people.

Who books locks the room's row, then their own, then their group: of two rows that overlap and are put in at the same moment, each would wait
for the other at the constraint until PostgreSQL ends one of them as a deadlock."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

import locks
from accounts.models import User
from grids.models import Room
from grids.places.opening import in_words
from grids.places.services import hours_of
from grids.rights.jurisdiction import may
from locks import Lock
from meetings.models import Booking
from notices.services import News, notify
from web.text import tidy

MAX_LIVE = 3
"""Rooms one resident may have booked ahead: they are scarce."""
FURTHEST = timedelta(days=60)
SHOWN = timedelta(days=14)


class RoomTaken(ValidationError):
    def __init__(self, words: str = "这段时间刚刚被别人约走了，请换个时间。") -> None:
        super().__init__({"from_at": words})


def book(
    *,
    room: Room,
    person: User,
    from_at: datetime,
    until_at: datetime,
    purpose: str,
    people_count: int,
    key: uuid.UUID,
    at: datetime,
    group: str = "",
    is_event: bool = False,
) -> Booking:
    """Keep a room for somebody, or for a `group` they speak for, while its place is open. The same `key` twice is one
    booking. Nobody, and no group, has two rooms at one hour; whoever dispatches there books for others too, for each by
    name, and as many as activities and conferences want (`is_event`).

    Raises ValidationError at the field: no room for so many, closed then, too long, past, too far ahead, too many
    bookings, another one then, or taken (RoomTaken)."""
    if earlier := _booked_before(key, person):
        return earlier
    purpose, group = tidy(purpose), tidy(group)[:30]
    try:
        with transaction.atomic():
            Room.objects.select_for_update(no_key=True).get(pk=room.pk)
            _check(room, from_at, until_at, purpose, people_count, at)
            User.objects.select_for_update(no_key=True).get(pk=person.pk)  # one's own bookings are counted in turn
            is_desk = may(person, "dispatch", room.place.grid, at=at)
            if not is_event:
                _check_one_at_a_time(person, group, from_at, until_at, is_desk)
            if not is_desk:
                _check_not_too_many(person, at)
            return Booking.objects.create(
                key=key,
                room=room,
                person=person,
                purpose=purpose[:80],
                group=group,
                people_count=people_count,
                from_at=from_at,
                until_at=until_at,
                booked_at=at,
            )
    except IntegrityError:
        if earlier := _booked_before(key, person):
            return earlier
        raise RoomTaken from None


def _booked_before(key: uuid.UUID, person: User) -> Booking | None:
    booking: Booking | None = Booking.objects.filter(key=key, person=person).first()
    return booking


def _check(room: Room, from_at: datetime, until_at: datetime, purpose: str, people_count: int, at: datetime) -> None:
    if not purpose:
        raise ValidationError({"purpose": "请写几个字，用来做什么。"})
    if not room.is_bookable:
        raise ValidationError(f"{room.name}现在不能预约。")
    if not 1 <= people_count <= room.seats:
        raise ValidationError({"people_count": f"{room.name}能坐 {room.seats} 人，请填写 1 到 {room.seats}。"})
    if until_at <= from_at:
        raise ValidationError({"until_at": "结束时间要在开始之后。"})
    if from_at <= at:
        raise ValidationError({"from_at": "这个时间已经过去，请另选。"})
    if from_at > at + FURTHEST:
        raise ValidationError({"from_at": f"最早提前 {FURTHEST.days} 天预约。"})
    if until_at - from_at > timedelta(hours=room.longest_hours):
        raise ValidationError({"until_at": f"{room.name}一次最多用 {room.longest_hours} 小时。"})
    hours = hours_of([room.place])[room.place_id]
    begins, ends = localtime(from_at), localtime(until_at)
    if not hours.covers(begins, ends):
        open_then = in_words(hours.on(begins.date()))
        raise ValidationError({"from_at": f"{room.place.name}那天的开放时间是：{open_then}。请在开放时间里选。"})
    if Booking.objects.filter(room=room).overlapping(from_at, until_at).exists():
        raise RoomTaken("这段时间已经有人约了，请换个时间。")


def _check_one_at_a_time(person: User, group: str, from_at: datetime, until_at: datetime, is_desk: bool) -> None:
    """On a locked person. Of a group, whoever of it books."""
    then = Booking.objects.own().overlapping(from_at, until_at).select_related("room__place")
    own = then.filter(person=person, group=group) if is_desk else then.filter(person=person)
    if mine := own.first():
        more = "替别人约的，请写明替谁约。" if is_desk and not group else "一人同一时间只能用一间，请换个时间。"
        raise ValidationError({"from_at": f"您已经约了{mine.room.place.name}{mine.room.name}（{mine.when}）。{more}"})
    if group:
        locks.take_by_text(Lock.GROUP_BOOKINGS, group)
        if theirs := then.filter(group=group).first():
            raise ValidationError(
                {
                    "group": f"{group}已经约了{theirs.room.place.name}{theirs.room.name}（{theirs.when}），同一时间只能用一间。"
                }
            )


def _check_not_too_many(person: User, at: datetime) -> None:
    if Booking.objects.live().own().filter(person=person, until_at__gt=at).count() >= MAX_LIVE:
        raise ValidationError(f"您已经约了 {MAX_LIVE} 次，用过或取消一次再约。")


def cancel(*, booking: Booking, by: User, at: datetime, reason: str = "") -> None:
    """Give a room back: its holder at any time before it begins, the desk of its place with the reason, which the holder
    is told.

    Raises ValidationError: over, cancelled before, an activity's, not theirs, or no reason."""
    is_desk = may(by, "dispatch", booking.room.place.grid, at=at)
    reason = tidy(reason)
    if booking.person_id != by.pk and not is_desk:
        raise ValidationError("这不是您的预约。")
    if booking.person_id != by.pk and not reason:
        raise ValidationError({"reason": "请写明原因，预约的人会看到。"})
    if hasattr(booking, "activity"):
        raise ValidationError("这间房是为活动留的，请改期或取消活动。")
    if hasattr(booking, "conference"):
        raise ValidationError("这间房是为联席会议留的，请取消会议。")
    with transaction.atomic():
        release(booking, at=at, reason=reason)
        if booking.person_id != by.pk:
            told = News(
                kind="booking.cancelled",
                people=[booking.person],
                path="/bookings/",
                cause=f"booking:{booking.pk}",
                at=at,
                facts={
                    "place": booking.room.place.name,
                    "room": booking.room.name,
                    "reason": reason,
                    "when": booking.when,
                    "when_at": booking.from_at.isoformat(),
                },
            )
            notify(told)


def release(booking: Booking, *, at: datetime, reason: str = "") -> None:
    """Raises ValidationError: it has begun, or is cancelled already."""
    free = Booking.objects.live().filter(pk=booking.pk, from_at__gt=at)
    if not free.update(cancelled_at=at, reason=reason[:100]):
        raise ValidationError("这次预约已经开始或已经取消。")


def taken_of(room: Room, *, at: datetime) -> QuerySet[Booking]:
    """When somebody has it in the next two weeks."""
    taken: QuerySet[Booking] = Booking.objects.filter(room=room).overlapping(at, at + SHOWN)
    return taken.order_by("from_at")
