"""What this room holds about people: rooms they booked, activities they signed up for. Registered when the app is ready;
what topics and votes hold stands in topic_holdings.py."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.holdings import Holding, Keeping
from accounts.models import User
from cases.own_holdings import FORGOTTEN
from meetings.models import Activity, Booking, SignUp
from meetings.services import activities, rooms


def _bookings(person: User) -> Iterator[dict[str, Any]]:
    for one in Booking.objects.filter(person=person).select_related("room__place").order_by("from_at"):
        yield {
            "房间": f"{one.room.place.name} {one.room.name}", "用来做什么": one.purpose, "开始": one.from_at,
            "结束": one.until_at, "取消时间": one.cancelled_at,
        }  # fmt: skip


def _sign_ups(person: User) -> Iterator[dict[str, Any]]:
    for one in SignUp.objects.filter(person=person).select_related("activity").order_by("signed_at"):
        yield {
            "活动": one.activity.title, "状态": one.get_state_display(), "报名时间": one.signed_at,
            "签到时间": one.checked_in_at,
        }  # fmt: skip


def _organised(person: User) -> Iterator[dict[str, Any]]:
    for one in Activity.objects.filter(organiser=person).order_by("from_at"):
        yield {"组织的活动": one.title, "时间": one.from_at}


def _erase_bookings(person: User, at: datetime) -> None:
    """What is still ahead is given back; of what was, the room's use stays without its purpose."""
    for one in Booking.objects.live().filter(person=person, from_at__gt=at, activity=None):
        rooms.release(one, at=at)
    Booking.objects.filter(person=person, activity=None).update(purpose=FORGOTTEN)


def _erase_sign_ups(person: User, at: datetime) -> None:
    """Seats still ahead go to those who wait. How many attended was counted without names."""
    ahead = SignUp.objects.filter(person=person, activity__from_at__gt=at).exclude(state=SignUp.State.LEFT)
    for one in ahead.select_related("activity"):
        with suppress(ValidationError):  # called off meanwhile
            activities.leave(activity=one.activity, person=person, at=at)
    SignUp.objects.filter(person=person).delete()


def _organises(person: User) -> str:
    ahead = Activity.objects.standing().filter(organiser=person, from_at__gt=timezone.now())
    return "您还有活动要组织，请先取消，或请社区换人组织。" if ahead.exists() else ""


def _clear_bookings(before: datetime, at: datetime) -> int:
    over = Booking.objects.filter(until_at__lt=before, activity=None)
    count, _ = over.delete()
    return count


def _clear_sign_ups(before: datetime, at: datetime) -> int:
    count, _ = SignUp.objects.filter(activity__until_at__lt=before).delete()
    return count


HOLDINGS = (
    Holding("房间预约", _bookings, _erase_bookings),
    Holding("活动报名", _sign_ups, _erase_sign_ups),
    Holding("组织的活动", _organised, blocks=_organises),
)
KEEPINGS = (
    Keeping("room_bookings", "房间预约", 180, _clear_bookings),
    Keeping("activity_sign_ups", "活动报名名单（到场人次不带姓名，保留）", 180, _clear_sign_ups),
)
