"""回避: nobody handles, supervises or judges their own matter or their own work, whatever posts they hold."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.engine.access import arrows_for, standing_of
from cases.engine.turns import ArrowRefused, Given
from cases.escalation import sweep
from cases.models import Case, Extension, Seat
from cases.task import hand_out
from cases.workflow import WORKFLOWS
from grids.models import Post
from tests.house.test_arrows import case as case
from tests.house.test_arrows import cases as cases
from tests.residents.test_concerns import LONG_AGO
from tests.support.cast import MONDAY, _person, draw, post_of, signed_in, submit
from tests.support.heard import heard
from tests.support.kinds import KINDS


def appoint_everywhere(person, town):
    """Every post there is on the line, and at the county."""
    for role, node in (
        ("grid_leader", town.grid), ("group_leader", town.group), ("branch_secretary", town.estate),
        ("community_worker", town.community), ("community_secretary", town.community), ("mediator", town.community),
        ("police_officer", town.community), ("street_cadre", town.street), ("county_admin", None),
    ):  # fmt: skip
        Post.objects.create(person=person, role=role, grid=node, from_at=LONG_AGO)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "task"])
def test_posts_open_nothing_in_ones_own_matter(cases, town, kind):
    case = cases[kind]
    seat = case.seats.filter(role__in=("asker", "party"), person__isnull=False).first()
    if seat is None:
        seat = Seat.objects.create(case=case, person=_person("何秀", 77), role="asker", from_at=LONG_AGO)
    at = timezone.now()

    def offered():
        verbs = {}
        for state, declared in WORKFLOWS[kind].states.items():
            Case.objects.filter(pk=case.pk).update(state=state, closed_at=at if declared.final else None)
            fresh = Case.objects.get(pk=case.pk)
            verbs[state] = {arrow.verb for arrow in arrows_for(seat.person, fresh, at=at)}
        return verbs

    before = offered()
    appoint_everywhere(seat.person, town)
    assert offered() == before
    assert standing_of(seat.person, case) == {seat.role}


def test_one_files_with_somebody_else(defaults, town, staff, worker_at_desk, secretary):
    case = submit(worker_at_desk, town)
    assert case.holder == post_of(secretary)  # the desk is hers alone
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert case.holder.person == staff["grid_leader"]


def test_of_one_who_leads_the_grid_the_level_above_takes_it(defaults, town, staff, grid_leader, group_leader):
    case = submit(grid_leader, town)
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert case.holder.person == group_leader
    assert standing_of(grid_leader, case) == {"asker"}
    with pytest.raises(ArrowRefused, match="由责任人来做"):
        draw(case, "sign", grid_leader)
    with pytest.raises(ValidationError, match="应当回避"):
        draw(case, "transfer", staff["community_secretary"], post=post_of(grid_leader))


def test_it_climbs_and_goes_up_past_whoever_asks(defaults, town, staff, group_leader, grid_leader, branch_secretary):
    case = submit(group_leader, town)
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert case.holder.person == grid_leader
    draw(case, "send_up", grid_leader)
    assert case.holder.person == branch_secretary


def test_where_nobody_else_is_in_post_it_says_so(defaults, town, county_admin):
    with pytest.raises(ValidationError, match="自己的事不能由自己办理"):
        submit(county_admin, town)


@pytest.fixture
def two_hats(town, defaults, resident, staff, grid_leader):
    """李强 leads the group too, and the group has no other leader."""
    Post.objects.filter(role="group_leader").update(until_at=MONDAY - timedelta(days=1))
    Post.objects.create(person=grid_leader, role="group_leader", grid=town.group, from_at=LONG_AGO)
    case = submit(resident, town)
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert case.holder.person == grid_leader
    draw(case, "sign", grid_leader)
    return case


def test_nobody_supervises_what_they_hold(two_hats, grid_leader, branch_secretary):
    assert standing_of(grid_leader, two_hats, at=MONDAY) == {"holder"}
    draw(two_hats, "ask_extension", grid_leader, "等配件", amount=1)
    assert heard("申请延期", branch_secretary)
    with pytest.raises(ArrowRefused, match="由上级来做"):
        draw(two_hats, "grant_extension", grid_leader)
    draw(two_hats, "grant_extension", branch_secretary)


def test_late_it_climbs_to_somebody_else(two_hats, grid_leader, branch_secretary):
    draw(two_hats, "send_up", grid_leader)
    assert two_hats.holder.person == branch_secretary


def test_nobody_grants_the_extension_they_asked_for(two_hats, grid_leader, next_grid_leader, branch_secretary):
    draw(two_hats, "ask_extension", grid_leader, "等配件", amount=1)
    Case.objects.filter(pk=two_hats.pk).update(holder=post_of(next_grid_leader))
    assert "supervisor" in standing_of(grid_leader, Case.objects.get(pk=two_hats.pk), at=MONDAY)
    for verb in ("grant_extension", "refuse_extension"):
        with pytest.raises(ArrowRefused, match="您就是申请人"):
            draw(two_hats, verb, grid_leader)
    assert not {"grant_extension", "refuse_extension"} & {
        arrow.verb for arrow in arrows_for(grid_leader, two_hats, at=MONDAY)
    }
    draw(two_hats, "grant_extension", branch_secretary)
    assert Extension.objects.get().decided_by == branch_secretary


def test_nobody_checks_the_result_of_their_own_work(defaults, town, staff, secretary, worker_at_desk):
    case = submit(None, town, by=worker_at_desk)
    sweep(at=MONDAY)
    draw(case, "transfer", worker_at_desk, post=post_of(secretary))
    draw(case, "sign", secretary)
    draw(case, "finish", secretary)
    assert "verify" not in {arrow.verb for arrow in arrows_for(secretary, case, at=MONDAY)}
    with pytest.raises(ArrowRefused, match="您就是办结人"):
        draw(case, "verify", secretary)
    draw(case, "verify", worker_at_desk)
    assert case.state == "archived"


def test_what_one_takes_on_oneself_the_level_above_confirms(defaults, town, staff, grid_leader, group_leader):
    case = hand_out(
        title="修坡道", grid=town.grid, post=post_of(grid_leader), given=Given("太陡"), by=grid_leader, at=MONDAY
    )
    draw(case, "sign", grid_leader)
    draw(case, "finish", grid_leader)
    assert "confirm" not in {arrow.verb for arrow in arrows_for(grid_leader, case, at=MONDAY)}
    draw(case, "confirm", group_leader)
    assert case.outcome == "confirmed"


def test_who_handed_it_out_goes_on_supervising_and_never_has_it(defaults, town, staff, grid_leader, secretary):
    case = hand_out(
        title="修坡道", grid=town.grid, post=post_of(grid_leader), given=Given("太陡"), by=secretary, at=MONDAY
    )
    draw(case, "urge", secretary)
    with pytest.raises(ValidationError, match="应当回避"):
        draw(case, "transfer", secretary, post=post_of(secretary))
    for day in range(1, 20):  # late, it climbs past them
        sweep(at=MONDAY + timedelta(days=day))
        case.refresh_from_db()
        assert case.holder.person != secretary


def test_help_is_asked_of_others(request_case, grid_leader, worker_at_desk, next_grid_leader):
    draw(request_case, "sign", grid_leader)
    for person in (grid_leader, worker_at_desk):
        page = signed_in(person).get(f"/cases/{request_case.number}/ask_help/")
        offered = {post.person for post in page.context["form"].fields["helper"].queryset}
        assert next_grid_leader in offered
        assert not {person, grid_leader} & offered
    with pytest.raises(ValidationError, match="不能请自己协办"):
        draw(request_case, "ask_help", worker_at_desk, helper=post_of(worker_at_desk))
