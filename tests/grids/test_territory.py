"""The 五长 tree: its writer, its posts, whom a door belongs to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import AuditLine
from grids.models import Building, Grid, Territory, TerritoryPost
from grids.posts.services import cover, set_duty_phone, uncover
from grids.territory import tree as territory_tree
from grids.territory.services import answering, appoint_to, node_for, vacate_of
from grids.tree import services as tree
from grids.tree.nested import Branch
from tests.support.cast import MONDAY, submit

DAY = timedelta(days=1)


def fresh(node):
    return type(node).objects.get(pk=node.pk)


def test_five_levels_and_no_sixth(five):
    assert [fresh(node).level for node in five.line] == [0, 1, 2, 3, 4]
    with pytest.raises(ValidationError, match="最低一级"):
        territory_tree.add(parent=five.households, name="再下一级")
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.filter(pk=five.households.pk).update(level=5)
    assert fresh(five.households).path_words() == "宜和第一片区 宜和巷 宜和里 3幢 1单元"


def test_the_trees_meet_at_community_and_estate(five, town):
    with pytest.raises(ValidationError, match="对应一个社区"):
        territory_tree.add_area(name="片区", community=None)
    with pytest.raises(ValidationError, match="应对应一个现有的社区"):
        territory_tree.add_area(name="片区", community=town.estate)
    other = Grid.objects.get(name="东平小区")
    with pytest.raises(ValidationError, match="不在宜和社区"):
        territory_tree.add(parent=five.lane, name="东平里", estate=other)
    with pytest.raises(ValidationError, match="不用对应"):
        territory_tree.add(parent=five.area, name="别的巷", estate=town.estate)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda five, town: territory_tree.add(parent=five.lane, name="宜和里"), "下面已有"),
        (lambda five, town: territory_tree.add(parent=five.lane, name=" "), "1 到 60 个字"),
        (lambda five, town: territory_tree.add_area(name="宜和第一片区", community=town.community), "已有名为"),
        (lambda five, town: territory_tree.move(node=five.area, to=five.lane), "片区不能移动"),
        (lambda five, town: territory_tree.move(node=five.block, to=five.lane), "只能移到另一个邻里"),
        (lambda five, town: territory_tree.move(node=five.block, to=five.neighbourhood), "已经在"),
        (lambda five, town: territory_tree.retire(node=five.block, at=MONDAY), "下面还有户组"),
        (lambda five, town: territory_tree.place_door(building=town.building, node=five.block), "已划入五长片区"),
        (lambda five, town: territory_tree.place_door(building=town.building, node=five.lane), "只能划入楼栋或户组"),
        (lambda five, town: cover(grid=town.next_grid, name="3幢", unit="1单元"), "一个门只能属于一个网格"),
    ],
)
def test_what_makes_no_sense_is_refused(five, town, act, words):
    with pytest.raises(ValidationError, match=words):
        act(five, town)
    assert territory_tree.problems() == []


def test_a_door_is_taken_in_by_the_nodes_that_are_called_like_it(five, town):
    assert town.building.territory == five.households
    second = cover(grid=town.grid, name="3幢", unit="2单元")
    territory_tree.rename(node=five.households, name="一单元")  # whatever is written looks again
    assert Building.objects.get(pk=second.pk).territory == five.block  # no such 户组: the 楼栋 itself
    other = territory_tree.add(parent=five.neighbourhood, name="4幢")
    assert not other.buildings.exists()


def test_giving_a_node_up_frees_its_doors_and_ends_its_posts(five, five_people, town):
    territory_tree.retire(node=five.households, at=MONDAY)
    town.building.refresh_from_db()
    assert town.building.territory is None
    assert TerritoryPost.objects.get(person=five_people["households"]).until_at == MONDAY
    with pytest.raises(ValidationError, match="已撤销"):
        territory_tree.place_door(building=town.building, node=five.households)


def test_moving_takes_all_below_along_and_stays_in_the_community_of_its_links(five, town):
    lane = territory_tree.add(parent=five.area, name="新巷")
    territory_tree.move(node=five.neighbourhood, to=lane)
    assert fresh(five.households).path_words() == "宜和第一片区 新巷 宜和里 3幢 1单元"
    away = territory_tree.add_area(name="东平片区", community=town.other_community)
    with pytest.raises(ValidationError, match="宜和佳苑不在东平社区"):
        territory_tree.move(node=five.neighbourhood, to=territory_tree.add(parent=away, name="东平巷"))
    assert territory_tree.problems() == []


def test_merged_estates_and_communities_take_their_links_along(five, town):
    other = tree.add(parent=town.community, name="胜地心苑")
    tree.merge(source=town.estate, into=other, at=MONDAY)
    assert fresh(five.neighbourhood).grid == other
    into = tree.add(parent=town.street, name="凤嘴社区", code="350725001007")
    tree.merge(source=town.community, into=into, at=MONDAY)
    assert fresh(five.area).grid == into


def test_an_empty_post_falls_to_the_one_above(five, five_people):
    assert answering(five.households, at=MONDAY).person == five_people["households"]
    for level in ("households", "block"):
        vacate_of(post=TerritoryPost.objects.get(person=five_people[level]), at=MONDAY - DAY)
    assert answering(five.households, at=MONDAY).person == five_people["neighbourhood"]


def test_a_door_that_is_placed_nowhere_belongs_to_the_one_neighbourhood_of_its_estate(five, town):
    door = cover(grid=town.grid, name="9幢", unit="")
    assert node_for(town.estate, door) == five.neighbourhood
    territory_tree.add(parent=five.lane, name="宜和二里", estate=town.estate)
    assert node_for(town.estate, door) == five.area  # two of them: no telling which
    assert node_for(town.other_grid, None) is None


class TestAppointing:
    def test_the_same_person_twice(self, five, five_people):
        with pytest.raises(ValidationError, match="不用重复任命") as refused:
            appoint_to(person=five_people["block"], node=five.block, from_at=MONDAY)
        assert set(refused.value.message_dict) == {"person"}

    def test_somebody_else_without_end(self, five, five_people, neighbour):
        with pytest.raises(ValidationError, match="现由楼长老王担任") as refused:
            appoint_to(person=neighbour, node=five.block, from_at=MONDAY)
        assert set(refused.value.message_dict) == {"until_at"}

    def test_standing_in_until_a_day(self, five, five_people, neighbour):
        post = appoint_to(person=neighbour, node=five.block, from_at=MONDAY, until_at=MONDAY + DAY)
        assert post.title == "3幢楼栋长"
        line = AuditLine.objects.order_by("-pk").first()
        assert (line.about, "3幢楼栋长" in line.thing) == (neighbour.pk, True)

    def test_after_the_one_before_has_gone(self, five, five_people, neighbour):
        vacate_of(post=TerritoryPost.objects.get(person=five_people["block"]), at=MONDAY)
        appoint_to(person=neighbour, node=five.block, from_at=MONDAY)
        assert answering(five.block, at=MONDAY).person == neighbour

    def test_periods_that_end_before_they_begin(self, five, neighbour):
        with pytest.raises(ValidationError, match="晚于开始时间"):
            appoint_to(person=neighbour, node=five.block, from_at=MONDAY, until_at=MONDAY)

    def test_ending_twice(self, five_people):
        post = TerritoryPost.objects.get(person=five_people["block"])
        vacate_of(post=post, at=MONDAY)
        with pytest.raises(ValidationError, match="已经结束"):
            vacate_of(post=post, at=MONDAY)


def test_a_door_out_of_its_grid_is_answered_by_its_estate(defaults, staff, town, resident):
    uncover(building=town.building)
    town.building.refresh_from_db()
    assert submit(resident, town).grid == town.estate
    with pytest.raises(ValidationError, match="没有划入网格"):
        uncover(building=town.building)
    assert cover(grid=town.next_grid, name="3幢", unit="1单元").pk == town.building.pk


@pytest.mark.parametrize("phone", ["0599-3321234", "059933212345", "12345", "13955556666", ""])
def test_duty_phones(town, phone):
    set_duty_phone(node=town.grid, phone=phone)
    assert fresh(town.grid).duty_phone == phone


@pytest.mark.parametrize("phone", ["abc", "1234567890123", "0599", "+8613955556666"])
def test_what_is_no_phone_is_refused(town, phone):
    with pytest.raises(ValidationError, match="座机"):
        set_duty_phone(node=town.grid, phone=phone)


def test_nobodys_own_phone_is_published(five, grid_leader, town):
    for node in (town.grid, five.block):
        with pytest.raises(ValidationError, match="个人手机号"):
            set_duty_phone(node=node, phone=grid_leader.phone)


@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(st.tuples(st.sampled_from("apmr"), st.integers(0, 999), st.integers(0, 999)), max_size=20))
def test_no_sequence_of_writes_breaks_the_tree(five, writes):
    for number, (write, first, other) in enumerate(writes):
        nodes = list(Territory.objects.order_by("pk"))
        node, target = nodes[first % len(nodes)], nodes[other % len(nodes)]
        try:
            if write == "a":
                territory_tree.add(parent=node, name=f"新{number}")
            elif write == "p":
                territory_tree.plant(parent=node, branches=[Branch(f"枝{number}", (Branch(f"叶{number}"),))])
            elif write == "m":
                territory_tree.move(node=node, to=target)
            else:
                territory_tree.retire(node=node, at=MONDAY)
        except ValidationError:
            continue
        assert territory_tree.problems() == []


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_the_tree_sound(five):
    """Threads of their own connections add and move below one 片区, all at the same moment."""

    def write(hand: int) -> None:
        try:
            for turn in range(4):
                made = territory_tree.add(parent=five.area, name=f"{hand}-{turn}巷")
                territory_tree.add(parent=made, name=f"{hand}-{turn}里")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(write, range(8)))
    assert Territory.objects.count() == 5 + 8 * 4 * 2
    assert territory_tree.problems() == []
