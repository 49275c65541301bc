"""The real street, the demonstration to the published figures."""

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone

from accounts import demonstration
from accounts.models import User
from grids.county.divisions import XIONGSHAN, communities_of
from grids.demo import counts, seed_demo, sign_ins
from grids.models import (
    Building,
    Grid,
    Level,
    Post,
    Territory,
    TerritoryLevel,
    TerritoryPost,
)
from grids.police import staffing
from grids.territory import tree as territory_tree
from grids.tree import services as tree
from grids.tree.gaps import gaps
from tests.support.machine import seeded_once

PUBLISHED = [1, 12, 25, 78, 382]


pytestmark = pytest.mark.django_db


def _seed() -> None:
    demonstration.begin(at=timezone.now())
    seed_demo(at=timezone.now())


demo = seeded_once(_seed)


def test_the_published_figures_come_from_the_tree(demo):
    assert list(counts().values()) == PUBLISHED
    assert tree.problems() == []


def test_the_command_says_them(demo, capsys):
    call_command("seed_zhenghe")
    words = capsys.readouterr().out.split()
    assert [int(word) for word in words if word.isdigit()] == PUBLISHED


def test_seeding_twice_adds_nothing(demo):
    before = (Grid.objects.count(), User.objects.count(), Post.objects.count(), Building.objects.count())
    seed_demo(at=timezone.now())
    assert (Grid.objects.count(), User.objects.count(), Post.objects.count(), Building.objects.count()) == before


def test_the_communities_are_the_real_ones(demo):
    codes = Grid.objects.filter(level=Level.COMMUNITY).order_by("code").values_list("code", flat=True)
    assert list(codes) == [f"{XIONGSHAN}{serial:03d}" for serial in range(1, 13)]
    assert {"宜和社区", "凤嘴社区"} <= {division.short_name for division in communities_of(XIONGSHAN)}
    assert Grid.objects.get(name="宜和佳苑").parent.name == "宜和社区"
    assert Grid.objects.filter(name="胜地心苑", level=Level.ESTATE).exists()


def test_every_grid_has_a_leader_a_code_and_a_door(demo):
    grids = Grid.objects.filter(level=Level.HOUSEHOLD)
    assert Post.objects.filter(role="grid_leader").values("grid").distinct().count() == 382
    assert grids.filter(code="").count() == 0
    assert Building.objects.values("grid").distinct().count() == 382


def test_there_is_a_sign_in_for_each_kind_of_person(demo):
    labels = [label for label, _ in sign_ins()]
    assert labels[0] == "居民"
    assert {"网格长", "党小组长", "支部书记", "社区书记", "社区工作者", "街道干部", "县级管理员"} <= set(labels)


def test_twenty_areas_with_a_county_leader_each(demo):
    now = timezone.now()
    areas = Territory.objects.filter(parent=None)
    leaders = TerritoryPost.objects.held_at(now).filter(node__in=areas)
    assert (
        areas.count() == leaders.values("node").distinct().count() == leaders.values("person").distinct().count() == 20
    )
    assert areas.values("grid").distinct().count() == 12
    assert not Post.objects.filter(person__in=leaders.values("person")).exists()
    assert territory_tree.problems() == []


def test_every_door_of_the_demonstration_lies_in_both_trees_and_every_post_is_held(demo):
    assert Building.objects.filter(Q(grid=None) | Q(territory=None)).count() == 0
    assert set(Building.objects.values_list("territory__level", flat=True)) == {TerritoryLevel.HOUSEHOLDS}
    assert gaps(nodes=Grid.objects.all(), at=timezone.now()) == []


def test_the_roster_of_each_community_is_full(demo):
    communities = Grid.objects.filter(level=Level.COMMUNITY)
    rosters = staffing.rosters(communities, at=timezone.now())
    assert len(rosters) == 12
    assert [roster.missing for roster in rosters] == [{}] * 12
    assert all(roster.words.startswith("1+2+4+") for roster in rosters)
    named = Post.objects.filter(role__in=staffing.NORM, grid__in=communities)
    assert named.count() == named.values("person").distinct().count() == 84
