"""Who may do what where: every role at its own node, below it, beside it and in a foreign street."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from accounts.models import User
from grids import roles
from grids.models import Grid, Post
from grids.posts.services import appoint, cover, vacate
from grids.rights.jurisdiction import area_of, may, may_anywhere, posts_of
from grids.roles import ROLES
from tests.support.cast import MONDAY, post_of
from tests.support.everybody import VERBS_OF

VERBS = {verb for verbs in VERBS_OF.values() for verb in verbs}
NODE_OF_LEVEL = ["street", "community", "estate", "group", "grid"]


@pytest.fixture
def nobody(db) -> User:
    return User.objects.create_user(phone="13700000000", name="无名")


SEATS = [(role, level) for role, row in ROLES.items() for level in row.levels]


@pytest.mark.parametrize(("role", "level"), SEATS)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_table_holds_at_every_distance(town, nobody, role, level, verb):
    own = getattr(town, NODE_OF_LEVEL[level]) if level is not None else None
    appoint(person=nobody, role=role, grid=own, from_at=MONDAY - timedelta(days=1))
    allowed = verb in VERBS_OF[role]
    is_county = level is roles.COUNTY
    assert may(nobody, verb, own, at=MONDAY) == allowed
    assert may(nobody, verb, town.grid, at=MONDAY) == allowed  # below, or its own
    assert may(nobody, verb, town.other_grid, at=MONDAY) == (allowed and is_county)
    assert may(nobody, verb, None, at=MONDAY) == (allowed and is_county)
    if level == 4:
        assert not may(nobody, verb, town.next_grid, at=MONDAY)
    if level:
        assert not may(nobody, verb, town.street, at=MONDAY)  # never above
    assert may_anywhere(nobody, verb) == allowed


@pytest.mark.parametrize(("role", "level"), SEATS)
def test_an_area_is_what_may_says(town, nobody, role, level):
    own = getattr(town, NODE_OF_LEVEL[level]) if level is not None else None
    appoint(person=nobody, role=role, grid=own, from_at=MONDAY - timedelta(days=1))
    expected = {node.pk for node in Grid.objects.all() if may(nobody, "see", node)}
    assert set(area_of(nobody).values_list("pk", flat=True)) == expected


def test_nobody_without_a_post_may_anything(town, nobody):
    for person in (nobody, AnonymousUser()):
        assert posts_of(person) == []
        assert not area_of(person).exists()
        assert not any(may(person, verb, town.grid) for verb in VERBS)


def test_a_post_counts_from_its_first_to_its_last_moment(town, nobody):
    appoint(person=nobody, role="grid_leader", grid=town.grid, from_at=MONDAY, until_at=MONDAY + timedelta(hours=1))
    moments = [MONDAY - timedelta(seconds=1), MONDAY, MONDAY + timedelta(minutes=59), MONDAY + timedelta(hours=1)]
    assert [may(nobody, "see", town.grid, at=at) for at in moments] == [False, True, True, False]


def test_whoever_may_not_sign_in_may_nothing(town, grid_leader):
    grid_leader.is_active = False
    grid_leader.save()
    assert not may(grid_leader, "see", town.grid)


@pytest.mark.parametrize(
    ("role", "node", "words"),
    [
        ("grid_leader", "group", "应任职于党员中心户"),
        ("county_admin", "street", "县级职务"),
        ("community_secretary", None, "应任职于社区大党委"),
        ("mediator", "grid", "应任职于街道党工委、社区大党委、小区党支部、邻里党小组一级"),
        ("observer", "estate", "应任职于街道党工委、社区大党委一级，或不选（县级）"),
        ("resident", "grid", "居民不用任命"),
    ],
)
def test_a_role_belongs_to_its_level(town, nobody, role, node, words):
    with pytest.raises(ValidationError, match=words):
        appoint(person=nobody, role=role, grid=getattr(town, node) if node else None, from_at=MONDAY)


@pytest.mark.parametrize(
    ("begin", "end", "is_refused"),
    [(0, 5, True), (4, None, True), (5, None, False), (-3, 0, False), (-3, 1, True), (-3, None, True)],
)
def test_the_same_post_twice_in_the_same_time_is_refused(town, nobody, begin, end, is_refused):
    def day(number):
        return None if number is None else MONDAY + timedelta(days=number)

    appoint(person=nobody, role="grid_leader", grid=town.grid, from_at=MONDAY, until_at=day(5))
    again = {"person": nobody, "role": "grid_leader", "grid": town.grid, "from_at": day(begin), "until_at": day(end)}
    if is_refused:
        with pytest.raises(ValidationError, match="不用重复任命"):
            appoint(**again)
    else:
        appoint(**again)
    assert Post.objects.filter(person=nobody).count() == 2 - is_refused


def test_a_period_that_ends_before_it_begins_is_refused(town, nobody):
    with pytest.raises(ValidationError, match="应晚于开始"):
        appoint(person=nobody, role="grid_leader", grid=town.grid, from_at=MONDAY, until_at=MONDAY)


def test_history_is_kept_when_a_post_ends(town, grid_leader):
    post = post_of(grid_leader)
    vacate(post=post, at=MONDAY)
    assert post_of(grid_leader).until_at == MONDAY
    with pytest.raises(ValidationError, match="已经结束"):
        vacate(post=post, at=MONDAY + timedelta(days=1))


def test_a_door_lies_in_one_grid_of_its_estate(town):
    with pytest.raises(ValidationError, match="一个门只能属于一个网格"):
        cover(name="3幢", unit="1单元", grid=town.next_grid)
    with pytest.raises(ValidationError, match="楼栋只能划入网格"):
        cover(name="8幢", unit="", grid=town.group)
