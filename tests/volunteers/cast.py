"""The volunteers' own cast beside tests/support/cast.py: 小吴, who helps, her team with its leader, and a unit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from cases.engine.turns import Given
from cases.models import Case, Category
from grids.models import Unit, UnitKind
from grids.units.services import register_unit
from tests.support.cast import MONDAY, Town, _appointed, _person
from volunteers.defaults import load_defaults
from volunteers.models import Membership, PointRule, Team, Volunteer
from volunteers.services import orders, people, teams, visits


@pytest.fixture
def kinds(defaults: None) -> dict[str, Category]:
    """Kinds of service by their last name."""
    load_defaults()
    return {category.name: category for category in Category.objects.filter(kind="service")}


@pytest.fixture
def unit(db: None) -> Unit:
    return register_unit(name="县教育局", kind=UnitKind.OFFICE)


@pytest.fixture
def liaison(unit: Unit, town: Town) -> User:
    """Who speaks for the unit."""
    person = _appointed("罗联络", 104, "unit_liaison", town.community)
    Membership.objects.create(unit=unit, person=person, employment="in_service", from_at=MONDAY)
    return person


@pytest.fixture
def enlist(kinds: dict[str, Category], town: Town) -> Callable[..., Volunteer]:
    """A new volunteer who has agreed; `skills` by name."""

    def make(name: str, serial: int, *skills: str, **more: Any) -> Volunteer:
        fields = {"grid": town.estate, "has_agreed": True, "at": MONDAY, **more}
        return people.register(person=_person(name, serial), skills=[kinds[skill] for skill in skills], **fields)

    return make


@pytest.fixture
def helper(enlist: Callable[..., Volunteer]) -> User:
    return enlist("吴小红", 101, "探访陪伴", "手机教学").person


@pytest.fixture
def other_helper(enlist: Callable[..., Volunteer]) -> User:
    return enlist("郑大明", 102, "水电维修").person


@pytest.fixture
def team_leader(enlist: Callable[..., Volunteer]) -> User:
    return enlist("许志刚", 103).person


@pytest.fixture
def team(town: Town, worker_at_desk: User, helper: User, other_helper: User, team_leader: User, unit: Unit) -> Team:
    made = teams.found(
        name="宜和支援队", kind=Team.Kind.SUPPORT, grid=town.community, by=worker_at_desk, at=MONDAY, unit=unit
    )
    for person in (team_leader, helper, other_helper):
        teams.join(team=made, person=person, at=MONDAY)
    teams.appoint_leader(team=made, person=team_leader, by=worker_at_desk, at=MONDAY)
    made.refresh_from_db()
    return made


VISIT = MONDAY + timedelta(days=2)
"""Wednesday, 9:00: when the service is."""


@pytest.fixture
def open_visit(kinds: dict[str, Category], town: Town, staff: dict[str, User], resident: User) -> Callable[..., Case]:
    """An order of 王秀英: two hours of company on Wednesday."""

    def make(**more: Any) -> Case:
        fields = {
            "title": "陪老人去医院取药", "grid": town.grid, "place": "宜和佳苑 3幢1单元",
            "category": kinds["探访陪伴"], "begins_at": VISIT, "ends_at": VISIT + timedelta(hours=2),
            "by": staff["community_worker"], "at": MONDAY, "asker": resident, **more,
        }  # fmt: skip
        return orders.open_order(**fields)

    return make


@pytest.fixture
def visit(open_visit: Callable[..., Case]) -> Case:
    return open_visit()


@pytest.fixture
def ask(worker_at_desk: User) -> Callable[..., Case]:
    """Offer an order as the desk does."""

    def make(case: Case, *people: User, **more: Any) -> Case:
        orders.offer(case=case, people=people, by=worker_at_desk, at=more.pop("at", MONDAY), **more)
        return case

    return make


def serve(case: Case, *people: User, minutes: int = 125) -> None:
    """Everybody arrives at the beginning and leaves after so many minutes."""
    for person in people:
        visits.check_in(case=case, by=person, at=VISIT, code=case.service.door_code)
    for person in people:
        visits.check_out(case=case, by=person, at=VISIT + timedelta(minutes=minutes), given=Given("陪着去了医院"))


@pytest.fixture
def point_rules(kinds):
    PointRule.objects.create(what="service", points=5, from_date=MONDAY.date())
    PointRule.objects.create(what="hour", points=2, from_date=MONDAY.date())
    PointRule.objects.create(what="praise", points=3, from_date=MONDAY.date())


@pytest.fixture
def served(visit, ask, helper, point_rules):
    """Served on Wednesday from 9:00 to 11:05, not rated yet."""
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    serve(visit, helper)
    return visit


def state_of(case: Case, person: User) -> str:
    return case.service.offers.get(person=person).state
