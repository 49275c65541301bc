"""Seats, a waiting list in order, check-in; calling off. Each at the service, with what the pages say."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from grids.models import VisitCount
from meetings.activities import services as activities
from meetings.models import Activity, Booking, SignUp
from notices.models import Notice
from tests.meetings.conftest import TUESDAY, an_activity
from tests.support.cast import MONDAY, signed_in
from tests.support.heard import heard

ON_THE_DAY = TUESDAY + timedelta(hours=6, minutes=5)


@pytest.fixture
def people(db) -> list[User]:
    return [User.objects.create_user(phone=f"1360000{n:04d}", name=f"居民{n}") for n in range(5)]


def line(activity) -> list[tuple[str, str]]:
    kept = activity.sign_ups.exclude(state="left").order_by("number")
    return [(sign_up.person.name, sign_up.state) for sign_up in kept.select_related("person")]


def test_seats_are_given_in_order_then_people_wait(activity, people):
    for person in people:
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    states = ["seated", "seated", "waiting", "waiting", "waiting"]
    assert line(activity) == list(zip([person.name for person in people], states, strict=True))
    last = activity.sign_ups.get(person=people[4])
    assert activities.place_in_line(last) == 3


def test_signing_up_twice_is_once(activity, people):
    first = activities.sign_up(activity=activity, person=people[0], at=MONDAY)
    assert activities.sign_up(activity=activity, person=people[0], at=MONDAY) == first
    assert activity.sign_ups.count() == 1


def test_a_seat_that_falls_free_goes_to_who_waited_longest_and_they_are_told(activity, people):
    for person in people:
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    activities.leave(activity=activity, person=people[0], at=MONDAY)
    assert [state for _, state in line(activity)] == ["seated", "seated", "waiting", "waiting"]
    told = heard("您报名成功")
    assert [notice.person for notice in told] == [people[2]]
    assert told[0].path == activity.get_absolute_url()


def test_leaving_the_line_moves_nobody_up(activity, people):
    for person in people:
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    activities.leave(activity=activity, person=people[3], at=MONDAY)
    assert [state for _, state in line(activity)] == ["seated", "seated", "waiting", "waiting"]
    assert not heard("您报名成功")


def test_whoever_comes_back_stands_at_the_end(activity, people):
    for person in people[:4]:
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    activities.leave(activity=activity, person=people[0], at=MONDAY)
    back = activities.sign_up(activity=activity, person=people[0], at=MONDAY)
    assert (back.state, activities.place_in_line(back)) == ("waiting", 2)


def test_more_seats_move_the_line_up(activity, people, worker_at_desk):
    for person in people:
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    activities.set_seats(activity=activity, seats=4, by=worker_at_desk, at=MONDAY)
    assert [state for _, state in line(activity)] == ["seated"] * 4 + ["waiting"]
    assert len(heard("您报名成功")) == 2
    with pytest.raises(ValidationError, match="已有 4 人报名"):
        activities.set_seats(activity=activity, seats=3, by=worker_at_desk, at=MONDAY)
    with pytest.raises(ValidationError, match="只能坐 30 人"):
        activities.set_seats(activity=activity, seats=31, by=worker_at_desk, at=MONDAY)


def test_signing_in_counts_once_and_a_visit_without_a_name(activity, people, centre):
    activities.sign_up(activity=activity, person=people[0], at=MONDAY)
    for _ in range(2):
        activities.check_in(activity=activity, person=people[0], code=activity.check_in_code, at=ON_THE_DAY)
    activity.refresh_from_db()
    assert activity.attended == 1
    assert VisitCount.objects.get().count == 1


def test_signing_in_is_refused_clearly(activity, people):
    for person in people[:3]:
        activities.sign_up(activity=activity, person=person, at=MONDAY)

    def come(person, code=activity.check_in_code, at=ON_THE_DAY):
        activities.check_in(activity=activity, person=person, code=code, at=at)

    with pytest.raises(ValidationError, match="签到码不对"):
        come(people[0], code="不对")
    with pytest.raises(ValidationError, match="当天才能签到"):
        come(people[0], at=MONDAY)
    with pytest.raises(ValidationError, match="没有报名这次活动"):
        come(people[2])  # waits
    assert not VisitCount.objects.exists()


def test_the_desk_ticks_who_came_and_counts_the_others(activity, people, worker_at_desk, centre):
    rows = [activities.sign_up(activity=activity, person=person, at=MONDAY) for person in people[:3]]
    for _ in range(2):
        activities.tick(activity=activity, sign_ups=[row.pk for row in rows], by=worker_at_desk, at=ON_THE_DAY)
    activities.count_others(activity=activity, how_many=7, by=worker_at_desk, at=ON_THE_DAY)
    activity.refresh_from_db()
    assert activity.attended == 2 + 7  # who waits has no seat to tick
    assert centre.visit_counts.get().count == 9


def test_whoever_was_ticked_off_before_it_begins_has_nothing_to_give_back(activity, people, worker_at_desk):
    early = activity.from_at - timedelta(hours=1)
    mine = activities.sign_up(activity=activity, person=people[0], at=MONDAY)
    activities.tick(activity=activity, sign_ups=[mine.pk], by=worker_at_desk, at=early)
    with pytest.raises(ValidationError, match="已经签到"):
        activities.leave(activity=activity, person=people[0], at=early)
    mine.refresh_from_db()
    assert mine.state == "seated"


def test_another_streets_desk_does_nothing(activity, other_cadre):
    with pytest.raises(ValidationError, match="不在您的辖区"):
        activities.tick(activity=activity, sign_ups=[], by=other_cadre, at=ON_THE_DAY)
    client = signed_in(other_cadre)
    for page in ("desk", "call-off"):
        assert client.get(f"/activities/{activity.key}/{page}/").status_code == 404


def test_calling_off_tells_everybody_and_frees_the_room(activity, people, worker_at_desk):
    for person in people:
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    activities.leave(activity=activity, person=people[4], at=MONDAY)
    with pytest.raises(ValidationError, match="请写明原因"):
        activities.call_off(activity=activity, reason=" ", by=worker_at_desk, at=MONDAY)
    activities.call_off(activity=activity, reason="台风", by=worker_at_desk, at=MONDAY)
    told = heard("取消了：台风")
    assert {notice.person for notice in told} == set(people[:4])
    assert not Booking.objects.live().exists()
    with pytest.raises(ValidationError, match="已经取消"):
        activities.sign_up(activity=activity, person=people[4], at=MONDAY)


def test_once_it_has_begun_the_line_stands(activity, people):
    activities.sign_up(activity=activity, person=people[0], at=MONDAY)
    with pytest.raises(ValidationError, match="已经开始"):
        activities.sign_up(activity=activity, person=people[1], at=activity.from_at)
    with pytest.raises(ValidationError, match="已经开始"):
        activities.leave(activity=activity, person=people[0], at=activity.from_at)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "请写明是什么活动"),
        ({"seats": 31}, "只能坐 30 人"),
        ({"seats": 0}, "至少要有 1 个名额"),
        ({"from_at": MONDAY}, "现在之后"),
        ({"until_at": MONDAY}, "结束时间要在开始之后"),
        ({"from_at": TUESDAY + timedelta(hours=13)}, "开放时间"),  # ten in the evening
    ],
)
def test_a_faulty_activity_is_refused_and_keeps_no_room(defaults, room, worker_at_desk, town, wrong, words):
    with pytest.raises(ValidationError, match=words):
        an_activity(worker_at_desk, room, town.community, **wrong)
    assert not Activity.objects.exists()
    assert not Booking.objects.exists()


def test_two_activities_do_not_share_a_room(activity, room, worker_at_desk, town):
    with pytest.raises(ValidationError, match="有人约了"):
        an_activity(worker_at_desk, room, town.community, title="家风故事会", kind="家风故事")
    assert Activity.objects.count() == 1


class Line(RuleBasedStateMachine):
    """Whatever people do, seats are full while anybody waits, and nobody was overtaken."""

    activity: Activity
    people: list[User]

    @rule(who=st.integers(0, 5))
    def sign_up(self, who: int) -> None:
        activities.sign_up(activity=self.activity, person=self.people[who], at=MONDAY)

    @rule(who=st.integers(0, 5))
    def leave(self, who: int) -> None:
        before = self._seated()
        was = self.activity.sign_ups.filter(person=self.people[who]).exclude(state="left").first()
        waited = self.activity.sign_ups.filter(state="waiting").exclude(person=self.people[who]).order_by("number")
        head = waited.first()
        if was is None:
            with pytest.raises(ValidationError):
                activities.leave(activity=self.activity, person=self.people[who], at=MONDAY)
            return
        activities.leave(activity=self.activity, person=self.people[who], at=MONDAY)
        moved = self._seated() - before
        expected = {head.pk} if was.state == "seated" and head else set()
        assert moved == expected

    @rule()
    def one_more_seat(self) -> None:
        self.activity.refresh_from_db()
        if self.activity.seats < 4:
            activities.set_seats(
                activity=self.activity, seats=self.activity.seats + 1, by=self.activity.organiser, at=MONDAY
            )

    def _seated(self) -> set[int]:
        return set(self.activity.sign_ups.filter(state="seated").values_list("pk", flat=True))

    @invariant()
    def seats_are_full_while_anybody_waits(self) -> None:
        self.activity.refresh_from_db()
        states = list(self.activity.sign_ups.exclude(state="left").order_by("number").values_list("state", flat=True))
        seated = states.count("seated")
        assert seated <= self.activity.seats
        assert seated == self.activity.seats or "waiting" not in states
        assert states == ["seated"] * seated + ["waiting"] * (len(states) - seated)

    @invariant()
    def who_moved_up_was_told(self) -> None:
        moved = SignUp.objects.filter(activity=self.activity, moved_up_at__isnull=False).count()
        assert Notice.objects.filter(kind="activity.moved_up").count() == moved


def test_the_line_holds_whatever_people_do(activity, people, resident):
    """Each walk begins with an empty line."""

    class Walk(Line):
        def __init__(self) -> None:
            super().__init__()
            self.save = transaction.savepoint()
            self.activity, self.people = Activity.objects.get(), [*people, resident]

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.save)

    run_state_machine_as_test(Walk, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
