"""Which rule, which post, and why in words."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine.routing import Desks
from cases.models import Case, Category, RoutingRule
from cases.services import route
from grids.posts.services import appoint, vacate
from tests.support.cast import MONDAY, post_of, submit


def routed(resident, town, **more):
    case = submit(resident, town, **more)
    route(case_id=case.pk, at=MONDAY)
    case.refresh_from_db()
    return case


def test_a_rule_by_category_counts_for_all_below_it(defaults, town, staff, resident, branch_secretary, grid_leader):
    below = Category.objects.create(
        kind="request", name="消防", path="公共安全/消防", parent=Category.objects.get(path="公共安全")
    )
    case = routed(resident, town, category=below)
    assert case.holder.person == branch_secretary
    assert case.seats.get(role="co_holder").post.person == grid_leader
    assert case.events.get(verb="dispatch").said["why"] == "按规则“公共安全由支部牵头”派给宜和佳苑支部书记"


def test_a_category_of_the_same_beginning_is_not_below(defaults, town, staff, resident, grid_leader):
    other = Category.objects.create(kind="request", name="公共安全感", path="公共安全感")
    assert routed(resident, town, category=other).holder.person == grid_leader


def test_urgency_goes_before_the_general_rule(defaults, town, staff, resident, secretary):
    assert routed(resident, town, urgency="critical").holder.person == secretary


def test_a_rule_for_one_place_leaves_the_others_alone(defaults, town, staff, resident, secretary, grid_leader):
    rule = RoutingRule.objects.create(
        name="别处", order=1, kind="request", grid=town.next_grid, role="community_secretary"
    )
    assert routed(resident, town).holder.person == grid_leader
    rule.grid = town.estate
    rule.save()
    assert routed(resident, town, key="again").holder.person == secretary


def test_a_rule_switched_off_is_not_asked(defaults, town, staff, resident, grid_leader):
    RoutingRule.objects.create(name="停用", order=1, kind="request", role="street_cadre", is_active=False)
    assert routed(resident, town).holder.person == grid_leader


def test_without_any_rule_the_place_decides(defaults, town, staff, resident, grid_leader):
    RoutingRule.objects.all().delete()
    case = routed(resident, town)
    assert case.holder.person == grid_leader
    assert "没有专门规则" in case.events.get(verb="dispatch").said["why"]


def test_an_empty_post_is_said_in_the_reason(defaults, town, staff, resident, grid_leader, group_leader):
    vacate(post=post_of(grid_leader), at=MONDAY)
    case = routed(resident, town)
    assert case.holder.person == group_leader
    assert "宜和佳苑1号网格暂无网格长，由上一级负责" in case.events.get(verb="dispatch").said["why"]


def test_two_in_the_same_post_share_the_load(defaults, town, staff, resident, neighbour, grid_leader):
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY)
    holders = [routed(resident, town, key=f"key-{number}").holder.person for number in range(4)]
    assert holders.count(grid_leader) == holders.count(neighbour) == 2


def test_a_batch_goes_to_whoever_has_least_and_what_it_gave_counts(defaults, town, staff, resident, neighbour):
    first, second = post_of(staff["community_worker"]), appoint(
        person=neighbour, role="community_worker", grid=town.community, from_at=MONDAY
    )  # fmt: skip
    submit(resident, town, key="in hand")
    assert Case.objects.get().holder == first
    desks = Desks(at=MONDAY)
    assert [desks.take(town.grid) for _ in range(4)] == [second, first, second, first]


def test_nobody_in_post_anywhere_is_said_and_nothing_is_saved(defaults, town, resident):
    with pytest.raises(ValidationError, match="还没有任命任何负责人"):
        submit(resident, town)
    assert not resident.seats.exists()


def test_the_county_answers_where_a_street_has_nobody(defaults, town, county_admin, resident):
    case = routed(resident, town)
    assert case.holder.person == county_admin


def test_observers_and_system_admins_never_hold_a_case(defaults, town, resident):
    for serial, role in enumerate(("observer", "system_admin")):
        person = User.objects.create_user(phone=f"1370000000{serial}", name="旁观")
        appoint(person=person, role=role, grid=None, from_at=MONDAY)
    with pytest.raises(ValidationError, match="还没有任命任何负责人"):
        submit(resident, town)
