"""What this room holds about people: rooms they booked, activities they signed up for, conferences they were invited to,
talks they hosted. Registered when the app is ready; what topics and votes hold stands in topics/privacy.py."""

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blank, blanked_after, deleted_after, rows_of, together
from cases.privacy import FORGOTTEN
from meetings.activities import services as activities
from meetings.centres import rooms
from meetings.models import Activity, Booking, Conference, Invitation, SignUp, TeaTalk


def _erase_bookings(person: User, at: datetime) -> None:
    """What is still ahead is given back; of what was, the room's use stays without its purpose and for whom it was."""
    for booking in Booking.objects.live().own().filter(person=person, from_at__gt=at):
        rooms.release(booking, at=at)
    blank(Booking.objects.own().filter(person=person), purpose=FORGOTTEN, group="")


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


def _erase_invitations(person: User, at: datetime) -> None:
    """Of conferences still ahead nobody comes any more: a unit names somebody else. Of those that were, the minutes keep
    that somebody was there, without the name."""
    ahead = Invitation.objects.filter(person=person, conference__from_at__gt=at, conference__closed_at=None)
    ahead.filter(unit__isnull=False).update(person=None, answer="", answered_at=None, substitute="")
    ahead.filter(unit=None).delete()
    blank(Invitation.objects.filter(person=person), substitute="")


def _hosts(person: User) -> str:
    running = Conference.objects.current().filter(host=person, closed_at=None)
    return "您主持的会议还没有发布纪要，请先发布或取消。" if running.exists() else ""


_BOOKINGS = rows_of(
    Booking,
    "person",
    ("房间", lambda booking: f"{booking.room.place.name} {booking.room.name}"),
    "purpose",
    "group",
    "from_at",
    "until_at",
    "cancelled_at",
    order="from_at",
    joins=("room__place",),
)

_INVITATIONS = rows_of(
    Invitation,
    "person",
    "conference__title",
    ("时间", "conference__from_at"),
    ("受邀身份", "invited_as"),
    "answer",
    "answered_at",
    ("到会", "attended_words"),
    order="conference__from_at",
)

HOLDINGS = (
    Holding(
        "房间预约",
        _BOOKINGS,
        _erase_bookings,
        about="whoever booked a room",
        why="to keep it, to reach its holder",
        erased="given back where still ahead; the purpose goes",
    ),
    Holding(
        "活动报名",
        rows_of(
            SignUp,
            "person",
            "activity__title",
            "state",
            "signed_at",
            "moved_up_at",
            "left_at",
            "checked_in_at",
            order="signed_at",
        ),
        _erase_sign_ups,
        about="whoever signed up",
        why="seats and the waiting list in order",
        erased="goes, a seat still ahead passes on; how many came was counted without names",
    ),
    Holding(
        "组织的活动",
        rows_of(Activity, "organiser", "title", "from_at", order="from_at"),
        blocks=_organises,
        about="staff who organise",
        why="who answers for it",
        erased="stays without the name; not while one is ahead",
    ),
    Holding(
        "会议邀请",
        _INVITATIONS,
        _erase_invitations,
        about="whoever is invited to a 联席会议",
        why="to know who comes, to be named in its minutes",
        erased="ahead: goes, a unit names somebody else; past: stays without the name",
    ),
    Holding(
        "主持的会议和茶话",
        together(
            *(
                rows_of(Conference, path, (part, "title"), ("时间", "from_at"), order="from_at")
                for part, path in (("主持", "host"), ("记录", "recorded_by"), ("签发", "issued_by"))
            ),
            rows_of(
                TeaTalk, "host", ("主持", lambda talk: f"一杯茶：{talk.subject}"), ("时间", "held_at"), order="held_at"
            ),
        ),
        blocks=_hosts,
        about="staff who lead them",
        why="who answers for it",
        erased="stays without the name; not while a conference waits for its minutes",
    ),
)
KEEPINGS = (
    Keeping("room_bookings", "房间预约", 180, _clear_bookings),
    Keeping(
        "activity_sign_ups", "活动报名名单（到场人次不带姓名，保留）", 180, deleted_after(SignUp, "activity__until_at")
    ),
    Keeping(
        "conference_substitutes",
        "联席会议代为参加的人的姓名",
        365,
        blanked_after(Invitation, "conference__until_at", substitute=""),
    ),
    Keeping("tea_talk_present", "一杯茶在场人名单（人数保留）", 180, blanked_after(TeaTalk, "held_at", present="")),
    Keeping(
        "tea_talk_said",
        "一杯茶谈话内容（什么事、结果和商定的事保留）",
        3 * 365,
        blanked_after(TeaTalk, "held_at", discussion=""),
    ),
)
