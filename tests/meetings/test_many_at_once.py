"""What must hold when many act at the same moment: real threads on a real database."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import User
from cases.engine.turns import Given
from cases.escalation import sweep
from grids.models import Place, Room
from grids.places.services import count_visits
from grids.tree import services as tree
from meetings.activities import services as activities
from meetings.centres import rooms
from meetings.conferences import proceedings
from meetings.models import Activity, Booking, SealedBallot
from meetings.votes import ballots, counts
from meetings.votes import services as votes
from tests.meetings.conftest import TUESDAY
from tests.meetings.council import DURING, NEXT, conference, invited, officer, resolved, the_next, unit
from tests.meetings.neighbours import CLOSES, cast
from tests.support.at_once import at_once, behind, crossing
from tests.support.cast import MONDAY, draw
from tests.support.heard import heard

__all__ = ["conference", "invited", "officer", "unit"]  # fixtures
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
    assert [activities.place_in_line(sign_up) for sign_up in line[:3]] == [1, 2, 3]
    assert activities.place_in_line(line.last()) == CROWD - SEATS
    first, second = line[:2]

    leaver = wanted.sign_ups.filter(state="seated").first()
    activities.leave(activity=wanted, person=leaver.person, at=MONDAY)
    moved = wanted.sign_ups.filter(moved_up_at__isnull=False)
    assert list(moved) == [first]
    assert [notice.person for notice in heard("您报名成功")] == [first.person]
    second.refresh_from_db()
    assert second.state == "waiting"


def test_twenty_leave_at_once_and_twenty_move_up_in_order(wanted, crowd):
    at_once(sign_ups(wanted, crowd))
    waiting = list(wanted.sign_ups.filter(state="waiting").order_by("number").values_list("pk", flat=True))
    leavers = [sign_up.person for sign_up in wanted.sign_ups.filter(state="seated").select_related("person")[:20]]
    assert all(
        at_once(
            [lambda person=person: activities.leave(activity=wanted, person=person, at=MONDAY) for person in leavers]
        )
    )
    moved = wanted.sign_ups.filter(moved_up_at__isnull=False).order_by("number")
    assert list(moved.values_list("pk", flat=True)) == waiting[:20]
    assert wanted.sign_ups.filter(state="seated").count() == SEATS
    assert len(heard("您报名成功")) == 20


def test_one_person_taps_twenty_times_and_has_one_seat(wanted, crowd):
    assert all(at_once(sign_ups(wanted, [crowd[0]] * 20)))
    assert wanted.sign_ups.count() == 1


def test_fifty_want_a_room_at_once_and_one_has_it(room, crowd):
    def keep(person: User, minutes: int):
        from_at = TUESDAY + timedelta(minutes=minutes)  # all overlap, none alike
        return lambda: rooms.book(
            room=room,
            person=person,
            from_at=from_at,
            until_at=from_at + timedelta(hours=2),
            purpose="议事",
            people_count=5,
            key=uuid.uuid4(),
            at=MONDAY,
        )

    assert sum(at_once([keep(person, number) for number, person in enumerate(crowd[:50])])) == 1
    assert Booking.objects.count() == 1


def test_one_person_or_one_group_wants_three_rooms_at_once_and_has_one(centre, crowd):
    three = [Room.objects.create(place=centre, name=f"活动室{n}", seats=9, longest_hours=3) for n in range(3)]

    def keep(room: Room, person: User, group: str = ""):
        return lambda: rooms.book(
            room=room,
            person=person,
            from_at=TUESDAY,
            until_at=TUESDAY + timedelta(hours=1),
            purpose="议事",
            people_count=5,
            key=uuid.uuid4(),
            at=MONDAY,
            group=group,
        )

    assert sum(at_once([keep(room, crowd[0]) for room in three])) == 1
    Booking.objects.all().delete()
    assert sum(at_once([keep(room, person, "舞蹈队") for room, person in zip(three, crowd, strict=False)])) == 1


def test_visits_counted_at_once_are_all_counted(centre):
    at_once([lambda: count_visits(place=Place.objects.get(pk=centre.pk), on=MONDAY.date()) for _ in range(50)])
    assert centre.visit_counts.get().count == 50


def test_bookings_that_overlap_do_not_wait_for_each_other_in_a_ring(room, crowd):
    """All wait at the constraint for one that is then not kept: each finds the others' there, and would wait for them."""

    def keep(person: User, minutes: int):
        from_at = TUESDAY + timedelta(minutes=minutes)
        return lambda: rooms.book(
            room=room,
            person=person,
            from_at=from_at,
            until_at=from_at + timedelta(hours=2),
            purpose="议事",
            people_count=5,
            key=uuid.uuid4(),
            at=MONDAY,
        )

    first, *others = (keep(person, number) for number, person in enumerate(crowd[:5]))
    assert sum(behind(first, others)) == 1
    assert Booking.objects.count() == 1


def test_whoever_is_ticked_off_while_they_leave(activity, crowd, worker_at_desk):
    """The desk ticks somebody off who gives the seat back at the same moment: whoever is first has it."""
    at = TUESDAY + timedelta(hours=1)
    activities.sign_up(activity=activity, person=crowd[0], at=MONDAY)
    mine = activity.sign_ups.get()
    ticked, left = crossing(
        (
            lambda: activities.tick(activity=activity, sign_ups=[mine.pk], by=worker_at_desk, at=at),
            'UPDATE "meetings_activity"',
        ),
        (lambda: activities.leave(activity=activity, person=crowd[0], at=at), 'UPDATE "meetings_signup"'),
    )
    assert ticked
    mine.refresh_from_db()
    activity.refresh_from_db()
    assert (left, mine.state, activity.attended) in {(True, "left", 0), (False, "seated", 1)}


def test_a_resolution_is_reviewed_while_its_community_is_merged_away(
    conference, invited, secretary, worker_at_desk, street_cadre, town, unit
):
    """Whoever comes second is told that it is not theirs any more, or finds it done."""
    resolution = resolved(conference, secretary, worker_at_desk)
    draw(resolution.case, "sign", worker_at_desk, at=DURING)
    draw(resolution.case, "finish", worker_at_desk, at=DURING)
    following = the_next(secretary, town, unit)
    into = tree.add(parent=town.street, name="东门社区", code="350725001009")

    def review() -> None:
        proceedings.review(
            conference=following, resolution=resolution, words="沙袋够了", by=secretary, at=NEXT, verb="confirm"
        )

    is_merged, _ = crossing(
        (lambda: tree.merge(source=town.community, into=into, at=NEXT), 'UPDATE "meetings_conference"'),
        (review, 'UPDATE OF "cases_case"'),
    )
    assert is_merged


def test_a_secret_vote_is_voided_while_its_urn_is_mixed(secret, people, desk):
    for person in people:
        cast(secret, person, receipt=ballots.new_receipt())
    sweep(at=CLOSES)
    case = secret.topic.case
    case.refresh_from_db()
    assert all(
        crossing(
            (
                lambda: votes.void(case=case, by=desk, at=CLOSES, version=case.version, given=Given("丢了两张钥匙")),
                "meetings_sealedballot",
            ),
            (lambda: counts.mix_urns(at=CLOSES), 'UPDATE "meetings_vote"'),
        )
    )
    counts.mix_urns(at=CLOSES)
    secret.refresh_from_db()
    assert (secret.needs_mixing, SealedBallot.objects.count()) == (False, 0)
