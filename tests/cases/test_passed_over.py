"""回避 where a holder is looked for: whoever must keep out of a case is passed over, by the next one who fits."""

import pytest
from django.core.exceptions import ValidationError

from cases.engine.routing import Desks
from cases.escalation import sweep
from cases.models import Category, RoutingRule, Seat
from grids.models import Post
from grids.posts.services import appoint
from tests.residents.test_concerns import LONG_AGO
from tests.support.cast import MONDAY, draw, post_of, submit

pytestmark = pytest.mark.usefixtures("defaults", "staff")


def routed(asker, town, **more):
    case = submit(asker, town, **more)
    sweep(at=MONDAY)
    case.refresh_from_db()
    return case


@pytest.fixture
def safety(defaults):
    """Of this category the branch has it, the grid's leader helps."""
    return Category.objects.get(path="公共安全")


def test_who_asks_does_not_help_with_it(town, grid_leader, branch_secretary, safety):
    case = routed(grid_leader, town, category=safety)
    assert case.holder.person == branch_secretary
    assert not case.seats.filter(role="co_holder").exists()


def test_beside_who_asks_another_in_the_same_post_helps(town, grid_leader, neighbour, safety):
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=LONG_AGO)
    case = routed(grid_leader, town, category=safety)
    assert case.seats.get(role="co_holder").post.person == neighbour


def test_who_holds_it_does_not_help_themselves(town, resident, branch_secretary, grid_leader, safety):
    Post.objects.filter(person=grid_leader).update(person=branch_secretary)
    case = routed(resident, town, category=safety)
    assert case.holder.person == branch_secretary
    assert not case.seats.filter(role="co_holder").exists()


def test_a_rule_for_the_role_of_who_asks_finds_the_leader_above(town, branch_secretary, secretary, safety):
    assert routed(branch_secretary, town, category=safety).holder.person == secretary


def test_a_rule_for_the_role_of_who_asks_finds_another_in_it(town, branch_secretary, neighbour, safety):
    appoint(person=neighbour, role="branch_secretary", grid=town.estate, from_at=LONG_AGO)
    assert routed(branch_secretary, town, category=safety).holder.person == neighbour


def test_who_complains_of_somebody_below_does_not_decide_it(town, group_leader, branch_secretary):
    case = routed(group_leader, town, about="grid_leader")
    assert case.holder.person == branch_secretary


def test_what_is_asked_for_review_passes_over_who_asks(town, worker_at_desk, secretary, street_cadre, grid_leader):
    case = routed(worker_at_desk, town)
    draw(case, "send_back", grid_leader)
    assert case.holder.person == secretary


def test_a_chosen_post_answers_for_the_place(town, resident, secretary, grid_leader, next_grid_leader):
    case = routed(resident, town)
    with pytest.raises(ValidationError, match="不负责宜和佳苑1号网格"):
        draw(case, "transfer", secretary, post=post_of(next_grid_leader))
    draw(case, "ask_help", secretary, helper=post_of(next_grid_leader))


def test_whose_matter_it_was_once_may_have_it(town, resident, secretary, group_leader):
    case = routed(resident, town)
    seat = Seat.objects.create(case=case, person=group_leader, role="party", from_at=LONG_AGO)
    with pytest.raises(ValidationError, match="应当回避"):
        draw(case, "transfer", secretary, post=post_of(group_leader))
    Seat.objects.filter(pk=seat.pk).update(until_at=MONDAY)
    draw(case, "transfer", secretary, post=post_of(group_leader))
    assert case.holder.person == group_leader


def test_of_many_at_once_a_desk_takes_turns_and_skips_whose_they_are(town, neighbour, worker_at_desk, secretary):
    appoint(person=neighbour, role="community_worker", grid=town.community, from_at=LONG_AGO)
    desks = Desks(at=MONDAY)
    assert [desks.take(town.grid).person for _ in range(4)].count(neighbour) == 2
    own = [desks.take(town.grid, barred=frozenset({neighbour.pk})).person for _ in range(3)]
    assert own == [worker_at_desk] * 3
    assert [desks.take(town.grid).person for _ in range(3)] == [neighbour] * 3  # who has had less
    both = frozenset({neighbour.pk, worker_at_desk.pk})
    assert desks.take(town.grid, barred=both).person == secretary


def test_a_rule_of_a_role_that_sits_lower_is_held_by_no_one_below_the_place(town, resident, secretary):
    """At the community, nobody below it is asked."""
    RoutingRule.objects.create(name="网格", order=1, kind="request", role="grid_leader")
    case = submit(resident, town)
    type(case).objects.filter(pk=case.pk).update(grid=town.community)
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert case.holder.person == secretary
