"""What must hold when many act at the same moment: real threads on a real database."""

import pytest

from accounts.models import User
from cases.models import Case
from tests.support.at_once import at_once
from tests.support.cast import MONDAY
from volunteers.models import Offer, PointsEntry, Redemption, Reward, Volunteer
from volunteers.services import orders, points
from volunteers.services.people import new_number

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 100


@pytest.fixture
def crowd(kinds, town) -> list[User]:
    people = [
        User.objects.create(phone=f"137{n:08d}", phone_index=f"crowd-{n}", name=f"志愿者{n}") for n in range(CROWD)
    ]
    Volunteer.objects.bulk_create(
        Volunteer(person=person, number=new_number(), listed_at=MONDAY, agreed_at=MONDAY) for person in people
    )
    return people


@pytest.mark.parametrize("wanted", [1, 3])
def test_a_hundred_accept_and_as_many_win_as_are_wanted(crowd, open_visit, ask, wanted):
    case = ask(open_visit(wanted=wanted), *crowd, all_at_once=True)
    won = at_once(
        [
            lambda person=person: orders.accept(case=Case.objects.get(pk=case.pk), by=person, at=MONDAY)
            for person in crowd
        ]
    )
    assert sum(won) == wanted
    case.refresh_from_db()
    assert case.state == "staffed"
    assert Offer.objects.filter(state="accepted").count() == wanted
    assert case.seats.filter(role="helper", until_at=None).count() == wanted
    assert Offer.objects.filter(state="withdrawn").count() == CROWD - wanted
    numbers = list(case.events.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, case.event_count + 1))


@pytest.fixture
def reward(town) -> Reward:
    return Reward.objects.create(name="雨伞", points=10, stocked=1, grid=town.estate, place="宜和邻里服务中心")


def give(person: User, amount: int, key: str) -> None:
    PointsEntry.objects.create(person=person, points=amount, words="试", noted_at=MONDAY, key=key)


def test_a_hundred_want_the_last_item_and_one_has_it(crowd, reward):
    for person in crowd:
        give(person, 10, f"give:{person.pk}")
    won = at_once([lambda person=person: points.redeem(reward=reward, person=person, at=MONDAY) for person in crowd])
    assert sum(won) == 1
    assert Redemption.objects.count() == 1
    assert points.left_of(reward) == 0
    assert sorted(points.balance(person) for person in crowd) == [0] + [10] * (CROWD - 1)


def test_one_person_cannot_spend_the_same_points_twice(crowd, town):
    person = crowd[0]
    give(person, 10, "give")
    rewards = [
        Reward.objects.create(name=f"物品{n}", points=10, stocked=9, grid=town.estate, place="服务中心")
        for n in range(20)
    ]
    won = at_once([lambda reward=reward: points.redeem(reward=reward, person=person, at=MONDAY) for reward in rewards])
    assert sum(won) == 1
    assert points.balance(person) == 0
