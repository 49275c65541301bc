"""Demonstration activities and bookings at the demonstration centres: those to come through the services, those that were
in bulk. Registered with grids.demo for taking away when the app is ready."""

import uuid
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, localdate

from accounts.models import User
from grids.models import Post, Room
from meetings.activities import services as activities
from meetings.centres import rooms
from meetings.models import Activity, ActivityKind, Booking

WEEKS_BACK = 4
PROGRAMME = (
    ("老年人手机课", "技能培训", "教您用手机挂号、缴费、视频，带上自己的手机。"),
    ("家庭医生义诊", "健康义诊", "量血压、测血糖，现场签约家庭医生。"),
    ("四点半课堂", "亲子托管", "放学后有人看着写作业，志愿者轮流陪。"),
    ("家风故事会", "家风故事", "三代同堂讲自家的规矩和故事。"),
    ("包粽子学茶艺", "传统技艺", "跟邻居一起包粽子、泡政和白茶。"),
    ("家教公开课", "家教课堂", "青春期孩子怎么聊，学校老师来讲。"),
)


@transaction.atomic
def seed_meetings(*, at: datetime) -> int:
    """Returns how many activities were made: none when they are there already, or where there are no places."""
    rooms_there = Room.objects.filter(place__kind="centre", name="活动室")
    activity_rooms = list(rooms_there.select_related("place__grid").order_by("place__pk"))
    if not activity_rooms or Activity.objects.exists():
        return 0
    people = list(User.objects.filter(posts=None, phone_index__gt="").order_by("pk")[:8])
    kinds = {kind.name: kind for kind in ActivityKind.objects.all()}
    desks = _desks([room.place.grid_id for room in activity_rooms])
    behind = _behind(activity_rooms, desks, kinds, at)
    ahead = [
        _ahead(room, desks[room.place.grid_id], people, kinds, turn, at)
        for turn, room in enumerate(activity_rooms)
        if turn % 3 == 0
    ]
    _bookings(rooms_there, people, at)
    return len(behind) + len(ahead)


def _behind(
    activity_rooms: list[Room], desks: dict[int, User], kinds: dict[str, ActivityKind], at: datetime
) -> list[Activity]:
    """One a week in every centre, in bulk, as the services would have left them once the names were forgotten."""
    activities_made, bookings = [], []
    for turn, room in enumerate(activity_rooms):
        for week in range(-WEEKS_BACK, 0):
            title, kind, words = PROGRAMME[(turn + week) % len(PROGRAMME)]
            begins, by = _afternoon(at, days=7 * week + turn % 5), desks[room.place.grid_id]
            period = {"from_at": begins, "until_at": begins + timedelta(hours=1, minutes=30)}
            made_at = begins - timedelta(days=6)
            booking = Booking(room=room, person=by, purpose=title, people_count=room.seats, booked_at=made_at, **period)
            bookings.append(booking)
            activities_made.append(
                Activity(
                    title=title,
                    kind=kinds[kind],
                    words=words,
                    grid=room.place.grid,
                    place=room.place,
                    booking=booking,
                    organiser=by,
                    seats=room.seats,
                    check_in_code="000000",
                    made_at=made_at,
                    attended=4 + turn % 9,
                    **period,
                )
            )
    Booking.objects.bulk_create(bookings)
    return Activity.objects.bulk_create(activities_made)


def _desks(communities: list[int]) -> dict[int, User]:
    """The first worker at the desk of each community."""
    posts = Post.objects.filter(role="community_worker", grid__in=communities)
    return {post.grid_id: post.person for post in posts.select_related("person").order_by("-pk")}


def _ahead(
    room: Room, by: User, people: list[User], kinds: dict[str, ActivityKind], turn: int, at: datetime
) -> Activity:
    """Next week's; here and there the seats are gone and people wait."""
    title, kind, words = PROGRAMME[turn % len(PROGRAMME)]
    begins, is_scarce = _afternoon(at, days=2 + turn % 5), turn % 4 == 0
    activity = activities.make_activity(
        title=title,
        kind=kinds[kind],
        words=words,
        grid=room.place.grid,
        from_at=begins,
        until_at=begins + timedelta(hours=1, minutes=30),
        seats=3 if is_scarce else room.seats,
        room=room,
        by=by,
        at=at - timedelta(days=1),
    )
    for late, person in enumerate(people if is_scarce else people[turn % 4 : turn % 4 + 3]):
        activities.sign_up(activity=activity, person=person, at=at - timedelta(minutes=90 - late))
    return activity


def _afternoon(at: datetime, *, days: int) -> datetime:
    """Three o'clock of a weekday that many days away, or of the next weekday."""
    day = localdate(at) + timedelta(days=days)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
    return datetime.combine(day, time(15), get_current_timezone())


def _bookings(rooms_there: QuerySet[Room], people: list[User], at: datetime) -> None:
    """A few halls are booked tomorrow and after."""
    halls = Room.objects.filter(place__in=rooms_there.values("place"), name="议事厅").select_related("place__grid")
    for number, hall in enumerate(halls.order_by("pk")[: len(people)]):
        begins = _afternoon(at, days=2 + number % 4)
        rooms.book(
            room=hall,
            person=people[number],
            from_at=begins,
            until_at=begins + timedelta(hours=1),
            purpose="楼栋议事",
            people_count=12,
            key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo:{number}"),
            at=at,
        )
