"""The real street, the demonstration to the published figures, and taking it away again."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cases.engine.checks import unsound_cases
from cases.models import Case
from cases.services import route
from grids.county.divisions import XIONGSHAN, communities_of
from grids.demo import counts, remove_demo, seed_demo, sign_ins
from grids.models import (
    Building,
    Grid,
    Level,
    Post,
    SafetyNotice,
    Shift,
    Territory,
    TerritoryLevel,
    TerritoryPost,
)
from grids.police import staffing
from grids.territory import tree as territory_tree
from grids.tree import services as tree
from grids.tree.gaps import gaps
from residents.defaults import load_defaults
from residents.services import Place, register_for, submit_request
from tests.support.machine import seeded_once

PUBLISHED = [1, 12, 25, 78, 382]


pytestmark = pytest.mark.django_db

demo = seeded_once(lambda: seed_demo(at=timezone.now()))


def test_the_published_figures_come_from_the_tree(demo):
    assert list(counts().values()) == PUBLISHED
    assert tree.problems() == []


def test_the_command_says_them(demo, capsys):
    call_command("seed_zhenghe")
    said = capsys.readouterr().out.split()
    assert [int(word) for word in said if word.isdigit()] == PUBLISHED


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


def test_taking_the_demonstration_away_leaves_the_real_street(demo):
    load_defaults()
    demo_resident = User.objects.filter(is_demo=True, posts=None).first()
    door = Building.objects.select_related("estate", "grid").first()
    case = submit_request(
        asker=demo_resident,
        place=Place(door.estate, door),
        words="演示的事",
        submit_key="demo",
        at=timezone.now(),
    )
    route(case_id=case.pk, at=timezone.now())
    remove_demo()
    assert list(counts().values()) == [1, 12, 0, 0, 0]
    assert not User.objects.filter(is_demo=True).exists()
    assert not Case.objects.exists()
    assert tree.problems() == []
    assert not any(model.objects.exists() for model in (Territory, TerritoryPost, Shift, SafetyNotice))


def test_what_is_real_is_never_taken_away(demo):
    real = User.objects.create_user(phone="13700000000", name="真实居民")
    door = Building.objects.select_related("estate", "grid").first()
    case = submit_request(
        asker=real, place=Place(door.estate, door), words="真实的事", submit_key="real", at=timezone.now()
    )
    with pytest.raises(ValidationError, match="真实"):
        remove_demo()
    assert list(counts().values()) == PUBLISHED
    assert Case.objects.filter(pk=case.pk).exists()
    assert list(unsound_cases()) == []


@pytest.mark.parametrize("phone", ["", "13912345678"])
def test_what_a_demonstration_desk_wrote_down_goes_with_it(demo, phone):
    load_defaults()
    community = Grid.objects.get(name="宜和社区")
    clerk = User.objects.filter(is_demo=True, posts__role="community_worker", posts__grid=community).first()
    case = register_for(
        phone=phone, name="来电人", has_agreed=True, by=clerk, at=timezone.now(), submit_key="desk",
        place=Place(community), words="井盖松了",
    )  # fmt: skip
    route(case_id=case.pk, at=timezone.now())
    remove_demo()
    assert not Case.objects.exists()
    assert not User.objects.with_phone(phone or "13912345678")


@pytest.mark.parametrize("name", ["宜和社区", "宜和佳苑"])
def test_what_a_command_took_in_for_demonstration_desks_goes_with_them(demo, name):
    load_defaults()
    place = Place(Grid.objects.get(name=name))
    case = submit_request(asker=None, place=place, words="导入的事", submit_key="file:1", at=timezone.now())
    route(case_id=case.pk, at=timezone.now())
    remove_demo()
    assert not Case.objects.exists()


def test_what_real_staff_wrote_down_at_a_real_place_stays(demo):
    community = Grid.objects.get(name="宜和社区")
    clerk = User.objects.create_user(phone="13700000000", name="真实工作者")
    case = submit_request(
        asker=None, place=Place(community), words="真实的事", submit_key="real", at=timezone.now(), by=clerk
    )
    assert not case.is_demo
    with pytest.raises(ValidationError, match="真实"):
        remove_demo()
