"""What must hold when many act at the same moment: real threads on a real database."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import User
from grids.models import Place
from grids.places import count_visits
from meetings.models import Activity, Booking
from meetings.services import activities, rooms
from notices.models import Notice
from tests.cast import MONDAY
from tests.meetings.conftest import TUESDAY
from tests.volunteers.test_many_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CROWD, SEATS = 200, 30


@pytest.fixture
def crowd(db) -> list[User]:
    return [User.objects.create(phone=f"135{n:08d}", phone_index=f"crowd-{n}", name=f"居民{n}") for n in range(CROWD)]


@pytest.fixture
def wanted(activity) -> Activity:
    Activity.objects.filter(pk=activity.pk).update(seats=SEATS)
    activity.refresh_from_db()
    return activity


def sign_ups(activity, people):
    return [
        lambda person=person: activities.sign_up(
            activity=Activity.objects.get(pk=activity.pk), person=person, at=MONDAY
        )
        for person in people
    ]


def test_200_want_30_seats_at_once(wanted, crowd):
    assert all(at_once(sign_ups(wanted, crowd)))
    numbered = list(wanted.sign_ups.order_by("number").values_list("number", "state"))
    assert numbered == [(n, "seated" if n <= SEATS else "waiting") for n in range(1, CROWD + 1)]
    assert wanted.sign_ups.values("person").distinct().count() == CROWD
    # The line is the order in which they were written down.
    line = wanted.sign_ups.filter(state="waiting").order_by("number")
    assert [activities.place_in_line(one) for one in line[:3]] == [1, 2, 3]
    assert activities.place_in_line(line.last()) == CROWD - SEATS
    first, second = line[:2]

    leaver = wanted.sign_ups.filter(state="seated").first()
    activities.leave(activity=wanted, person=leaver.person, at=MONDAY)
    moved = wanted.sign_ups.filter(moved_up_at__isnull=False)
    assert list(moved) == [first]
    assert [notice.person for notice in Notice.objects.filter(words__contains="您报上了")] == [first.person]
    second.refresh_from_db()
    assert second.state == "waiting"


def test_twenty_leave_at_once_and_twenty_move_up_in_order(wanted, crowd):
    at_once(sign_ups(wanted, crowd))
    waiting = list(wanted.sign_ups.filter(state="waiting").order_by("number").values_list("pk", flat=True))
    leavers = [one.person for one in wanted.sign_ups.filter(state="seated").select_related("person")[:20]]
    assert all(
        at_once(
            [lambda person=person: activities.leave(activity=wanted, person=person, at=MONDAY) for person in leavers]
        )
    )
    moved = wanted.sign_ups.filter(moved_up_at__isnull=False).order_by("number")
    assert list(moved.values_list("pk", flat=True)) == waiting[:20]
    assert wanted.sign_ups.filter(state="seated").count() == SEATS
    assert Notice.objects.filter(words__contains="您报上了").count() == 20


def test_one_person_taps_twenty_times_and_has_one_seat(wanted, crowd):
    assert all(at_once(sign_ups(wanted, [crowd[0]] * 20)))
    assert wanted.sign_ups.count() == 1


def test_fifty_want_a_room_at_once_and_one_has_it(room, crowd):
    def keep(person: User, minutes: int):
        from_at = TUESDAY + timedelta(minutes=minutes)  # all overlap, none alike
        return lambda: rooms.book(
            room=room, person=person, from_at=from_at, until_at=from_at + timedelta(hours=2), purpose="议事",
            people_count=5, key=uuid.uuid4(), at=MONDAY,
        )  # fmt: skip

    assert sum(at_once([keep(person, number) for number, person in enumerate(crowd[:50])])) == 1
    assert Booking.objects.count() == 1


def test_visits_counted_at_once_are_all_counted(centre):
    at_once([lambda: count_visits(place=Place.objects.get(pk=centre.pk), on=MONDAY.date()) for _ in range(50)])
    assert centre.visit_counts.get().count == 50
