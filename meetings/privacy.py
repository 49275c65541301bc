"""What this room holds about people: rooms they booked, activities they signed up for, conferences they were invited to,
talks they hosted. Registered when the app is ready; what topics and votes hold stands in topics/privacy.py."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from cases.privacy import FORGOTTEN
from meetings.activities import services as activities
from meetings.centres import rooms
from meetings.models import Activity, Booking, Conference, Invitation, SignUp, TeaTalk


def _bookings(person: User) -> Iterator[dict[str, Any]]:
    for booking in Booking.objects.filter(person=person).select_related("room__place").order_by("from_at"):
        yield {
            "房间": f"{booking.room.place.name} {booking.room.name}", "用来做什么": booking.purpose, "替谁约": booking.group,
            "开始": booking.from_at, "结束": booking.until_at, "取消时间": booking.cancelled_at,
        }  # fmt: skip


def _sign_ups(person: User) -> Iterator[dict[str, Any]]:
    for sign_up in SignUp.objects.filter(person=person).select_related("activity").order_by("signed_at"):
        yield {
            "活动": sign_up.activity.title, "状态": sign_up.get_state_display(), "报名时间": sign_up.signed_at,
            "签到时间": sign_up.checked_in_at,
        }  # fmt: skip


def _organised(person: User) -> Iterator[dict[str, Any]]:
    for activity in Activity.objects.filter(organiser=person).order_by("from_at"):
        yield {"组织的活动": activity.title, "时间": activity.from_at}


def _erase_bookings(person: User, at: datetime) -> None:
    """What is still ahead is given back; of what was, the room's use stays without its purpose and for whom it was."""
    for booking in Booking.objects.live().own().filter(person=person, from_at__gt=at):
        rooms.release(booking, at=at)
    Booking.objects.own().filter(person=person).update(purpose=FORGOTTEN, group="")


def _erase_sign_ups(person: User, at: datetime) -> None:
    """Seats still ahead go to those who wait. How many attended was counted without names."""
    ahead = SignUp.objects.filter(person=person, activity__from_at__gt=at).exclude(state=SignUp.State.LEFT)
    for sign_up in ahead.select_related("activity").order_by("activity"):
        with suppress(ValidationError):  # called off meanwhile
            activities.leave(activity=sign_up.activity, person=person, at=at)
    SignUp.objects.filter(person=person).delete()


def _organises(person: User) -> str:
    ahead = Activity.objects.current().filter(organiser=person, from_at__gt=timezone.now())
    return "您还有活动要组织，请先取消，或请社区换人组织。" if ahead.exists() else ""


def _clear_bookings(before: datetime, at: datetime) -> int:
    over = Booking.objects.own().filter(until_at__lt=before)
    count, _ = over.delete()
    return count


def _clear_sign_ups(before: datetime, at: datetime) -> int:
    count, _ = SignUp.objects.filter(activity__until_at__lt=before).delete()
    return count


def _invitations(person: User) -> Iterator[dict[str, Any]]:
    invitations = Invitation.objects.filter(person=person).select_related("conference", "unit", "post__grid", "person")
    for invitation in invitations.order_by("conference__from_at"):
        yield {
            "会议": invitation.conference.title, "时间": invitation.conference.from_at,
            "受邀身份": invitation.get_invited_as_display(), "答复": invitation.get_answer_display(),
            "答复时间": invitation.answered_at, "到会": invitation.attended_words,
        }  # fmt: skip


def _hosted(person: User) -> Iterator[dict[str, Any]]:
    for part, field in (("主持", "host"), ("记录", "recorded_by"), ("签发", "issued_by")):
        for conference in Conference.objects.filter(**{field: person}).order_by("from_at"):
            yield {part: conference.title, "时间": conference.from_at}
    for talk in TeaTalk.objects.filter(host=person).order_by("held_at"):
        yield {"主持": f"一杯茶：{talk.subject}", "时间": talk.held_at}


def _erase_invitations(person: User, at: datetime) -> None:
    """Of conferences still ahead nobody comes any more: a unit names somebody else. Of those that were, the minutes keep
    that somebody was there, without the name."""
    ahead = Invitation.objects.filter(person=person, conference__from_at__gt=at, conference__closed_at=None)
    ahead.filter(unit__isnull=False).update(person=None, answer="", answered_at=None, substitute="")
    ahead.filter(unit=None).delete()
    Invitation.objects.filter(person=person).update(substitute="")


def _hosts(person: User) -> str:
    running = Conference.objects.current().filter(host=person, closed_at=None)
    return "您主持的会议还没有发布纪要，请先发布或取消。" if running.exists() else ""


def _clear_substitutes(before: datetime, at: datetime) -> int:
    old = Invitation.objects.filter(conference__until_at__lt=before).exclude(substitute="")
    return old.update(substitute="")


def _clear_present(before: datetime, at: datetime) -> int:
    return TeaTalk.objects.filter(held_at__lt=before, present__isblank=False).update(present="")


def _clear_said(before: datetime, at: datetime) -> int:
    return TeaTalk.objects.filter(held_at__lt=before, discussion__isblank=False).update(discussion="")


HOLDINGS = (
    Holding(
        "房间预约",
        _bookings,
        _erase_bookings,
        about="whoever booked a room",
        why="to keep it, to reach its holder",
        erased="given back where still ahead; the purpose goes",
    ),
    Holding(
        "活动报名",
        _sign_ups,
        _erase_sign_ups,
        about="whoever signed up",
        why="seats and the waiting list in order",
        erased="goes, a seat still ahead passes on; how many came was counted without names",
    ),
    Holding(
        "组织的活动",
        _organised,
        blocks=_organises,
        about="staff who organise",
        why="who answers for it",
        erased="stays without the name; not while one is ahead",
    ),
    Holding(
        "会议邀请",
        _invitations,
        _erase_invitations,
        about="whoever is invited to a 联席会议",
        why="to know who comes, to be named in its minutes",
        erased="ahead: goes, a unit names somebody else; past: stays without the name",
    ),
    Holding(
        "主持的会议和茶话",
        _hosted,
        blocks=_hosts,
        about="staff who lead them",
        why="who answers for it",
        erased="stays without the name; not while a conference waits for its minutes",
    ),
)
KEEPINGS = (
    Keeping("room_bookings", "房间预约", 180, _clear_bookings),
    Keeping("activity_sign_ups", "活动报名名单（到场人次不带姓名，保留）", 180, _clear_sign_ups),
    Keeping("conference_substitutes", "联席会议代为参加的人的姓名", 365, _clear_substitutes),
    Keeping("tea_talk_present", "一杯茶在场人名单（人数保留）", 180, _clear_present),
    Keeping("tea_talk_said", "一杯茶谈话内容（什么事、结果和商定的事保留）", 3 * 365, _clear_said),
)
