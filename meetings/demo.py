"""Demonstration activities and bookings at the demonstration centres, through the services, each at its own moment.
Registered with grids.demo for taking away when the app is ready."""

import uuid
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone, localdate

from accounts.models import User
from grids.models import Post, Room
from meetings.models import Activity, ActivityKind, Booking, SignUp
from meetings.services import activities, rooms

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
    first_rooms = Room.objects.filter(place__is_demo=True, place__kind="centre", name="活动室")
    by_community: dict[int, list[Room]] = {}
    for room in first_rooms.select_related("place__grid").order_by("place__pk"):
        by_community.setdefault(room.place.grid_id, []).append(room)
    if not by_community or Activity.objects.filter(is_demo=True).exists():
        return 0
    people = list(User.objects.filter(is_demo=True, posts=None, phone_index__gt="").order_by("pk")[:8])
    kinds = {kind.name: kind for kind in ActivityKind.objects.all()}
    desks = _desks(list(by_community))
    made = 0
    for number, (community, own_rooms) in enumerate(by_community.items()):
        for serial, room in enumerate(own_rooms):
            made += _programme(room, desks[community], people, kinds, number + serial, at)
    _bookings(first_rooms, people, at)
    return made


def _desks(communities: list[int]) -> dict[int, User]:
    """The first worker at the desk of each community."""
    posts = Post.objects.filter(role="community_worker", grid__in=communities, person__is_demo=True)
    return {post.grid_id: post.person for post in posts.select_related("person").order_by("-pk")}


def _programme(
    room: Room, by: User, people: list[User], kinds: dict[str, ActivityKind], turn: int, at: datetime
) -> int:
    """One a week in the weeks behind, two ahead; here and there the seats of the next one are gone and people wait."""
    weeks = [*range(-WEEKS_BACK, 0), 0, 1]
    for week in weeks:
        title, kind, words = PROGRAMME[(turn + week) % len(PROGRAMME)]
        begins = _afternoon(at, days=7 * week + 2 + turn % 5)
        made_at = min(at, begins) - timedelta(days=6)
        is_scarce = week == 0 and turn % 4 == 0
        activity = activities.make_activity(
            title=title, kind=kinds[kind], words=words, grid=room.place.grid, from_at=begins,
            until_at=begins + timedelta(hours=1, minutes=30), seats=3 if is_scarce else room.seats, room=room, by=by,
            at=made_at,
        )  # fmt: skip
        coming = people if is_scarce else people[turn % 4 : turn % 4 + 3]
        for late, person in enumerate(coming):
            activities.sign_up(activity=activity, person=person, at=made_at + timedelta(minutes=late + 1))
        if begins < at:
            came = list(activity.sign_ups.order_by("number").values_list("pk", flat=True)[:2])
            activities.tick(activity=activity, sign_ups=came, by=by, at=begins)
            activities.count_others(activity=activity, how_many=4 + turn % 7, by=by, at=begins)
    return len(weeks)


def _afternoon(at: datetime, *, days: int) -> datetime:
    """Three o'clock of a weekday that many days away, or of the next weekday."""
    day = localdate(at) + timedelta(days=days)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
    return datetime.combine(day, time(15), get_current_timezone())


def _bookings(found: QuerySet[Room], people: list[User], at: datetime) -> None:
    """A few halls are booked tomorrow and after."""
    halls = Room.objects.filter(place__in=found.values("place"), name="议事厅").select_related("place__grid")
    for number, hall in enumerate(halls.order_by("pk")[: len(people) * 2]):
        begins = _afternoon(at, days=2 + number % 4)
        rooms.book(
            room=hall, person=people[number % len(people)], from_at=begins, until_at=begins + timedelta(hours=1),
            purpose="楼栋议事", people_count=12, key=uuid.uuid5(uuid.NAMESPACE_OID, f"demo:{number}"), at=at,
        )  # fmt: skip


def remove_demo_meetings() -> None:
    """Raises ProtectedError where somebody real signed up for a demonstration activity."""
    demo_people = User.objects.filter(is_demo=True)
    SignUp.objects.filter(person__in=demo_people).delete()
    Activity.objects.filter(is_demo=True).delete()
    Booking.objects.filter(person__in=demo_people).delete()
