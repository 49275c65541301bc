"""The 五长 tree of the town: one 片区 down to the staircase of its one door, and the police of its community."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from grids.models import Territory
from grids.territory import tree as territory_tree
from grids.territory.services import appoint_to
from tests.support.cast import MONDAY, Town, _appointed, _person


@dataclass
class FiveTree:
    area: Territory
    lane: Territory
    neighbourhood: Territory
    block: Territory
    households: Territory

    @property
    def line(self) -> list[Territory]:
        return [self.area, self.lane, self.neighbourhood, self.block, self.households]


@pytest.fixture
def five(town: Town) -> FiveTree:
    area = territory_tree.add_area(name="宜和第一片区", community=town.community)
    lane = territory_tree.add(parent=area, name="宜和巷")
    neighbourhood = territory_tree.add(parent=lane, name="宜和里", estate=town.estate)
    block = territory_tree.add(parent=neighbourhood, name="3幢")
    households = territory_tree.add(parent=block, name="1单元")
    nodes = [area, lane, neighbourhood, block, households]
    for node in nodes:
        node.refresh_from_db()
    town.building.refresh_from_db()
    return FiveTree(*nodes)


@pytest.fixture
def five_people(five: FiveTree) -> dict[str, User]:
    """Who is in post at each level, by the name of the level."""
    names = ("县领导老周", "巷长老吴", "里长老郑", "楼长老王", "组长老冯")
    people = [_person(name, 60 + serial) for serial, name in enumerate(names)]
    for person, node in zip(people, five.line, strict=True):
        appoint_to(person=person, node=node, from_at=MONDAY.replace(year=2025))
    return dict(zip(("area", "lane", "neighbourhood", "block", "households"), people, strict=True))


@pytest.fixture
def officer(town: Town) -> User:
    return _appointed("马警官", 20, "police_officer", town.community)
