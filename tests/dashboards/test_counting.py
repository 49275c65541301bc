"""Figures are kept: marks, tallies, rollups, and the proof that they are equal to what is counted anew."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone
from django.utils.timezone import localdate

from cases.escalation import sweep
from cases.models import Case
from dashboards.figures.counting import count
from dashboards.figures.proof import differences
from dashboards.models import Mark, Rollup, Span
from grids.tree import services as tree
from tests.support.cast import MONDAY, draw, submit
from tests.volunteers.cast import serve
from volunteers.models import ServiceOrder
from volunteers.services import orders

LATER = MONDAY + timedelta(hours=1)


def kept(node, measure, *, span=Span.MONTH, kind="request"):
    rollups = Rollup.objects.at(node).filter(span=span, kind=kind).measured(measure)
    return sum(rollups.values_list("amount", flat=True))


@pytest.fixture
def finished(request_case, staff, resident):
    draw(request_case, "sign", staff["grid_leader"], at=MONDAY + timedelta(minutes=30))
    draw(request_case, "finish", staff["grid_leader"], "换了灯", at=LATER)
    count(at=LATER)
    return request_case


def test_a_case_counts_at_its_grid_and_at_every_level_above(finished, town):
    for node in (town.grid, town.group, town.estate, town.community, town.street, None):
        assert kept(node, "opened") == 1, node
        assert kept(node, "responded") == kept(node, "due_response") == 1
        assert kept(node, "in_time") == kept(node, "due_finish") == kept(node, "finished") == 1
        assert kept(node, "open", span=Span.NOW) == 1
    for node in (town.next_grid, town.other_street):
        assert kept(node, "opened") == 0
    assert differences(at=LATER) == []


def test_a_late_word_of_the_resident_flows_in(finished, town, resident):
    assert kept(town.grid, "redone") == kept(town.grid, "closed") == 0
    draw(finished, "redo", resident, "又不亮了", at=LATER)
    count(at=LATER)
    assert kept(town.grid, "redone") == 1
    draw(finished, "finish", finished.holder.person, at=LATER)
    draw(finished, "rate", resident, at=LATER, score=2, is_solved=True)
    count(at=LATER)
    assert kept(town.grid, "closed") == kept(town.grid, "rated") == kept(town.grid, "solved") == 1
    assert kept(town.grid, "satisfied") == 0
    assert kept(town.grid, "concluded") == 0  # it has an outcome, and was no mediation
    assert kept(town.grid, "open", span=Span.NOW) == 0
    assert differences(at=LATER) == []


def test_what_changes_by_time_alone_is_looked_at_again(request_case, town):
    count(at=MONDAY)
    request_case.refresh_from_db()
    assert kept(town.grid, "late", span=Span.NOW) == 0
    past = request_case.due_at + timedelta(minutes=1)
    count(at=past)
    assert kept(town.grid, "late", span=Span.NOW) == 1
    assert kept(town.grid, "due_response") == 0  # the sweep has not said so yet
    sweep(at=past)
    sweep(at=past)
    count(at=past)
    assert kept(town.grid, "due_response") == 1
    assert kept(town.grid, "responded") == 0
    over = request_case.finish_by_at + timedelta(minutes=1)
    count(at=over)
    assert kept(town.grid, "due_finish") == 1
    assert kept(town.grid, "in_time") == 0
    assert differences(at=over) == []


def test_a_merger_takes_open_cases_along_and_leaves_closed_ones(finished, town, resident, staff):
    draw(finished, "rate", resident, at=LATER, score=5, is_solved=True)
    submit(resident, town, key="another")
    count(at=LATER)
    assert (kept(town.grid, "opened"), kept(town.next_grid, "opened")) == (2, 0)
    tree.merge(source=town.grid, into=town.next_grid, at=LATER)
    count(at=LATER)
    assert (kept(town.grid, "opened"), kept(town.next_grid, "opened")) == (1, 1)
    assert kept(town.group, "opened") == 2
    assert differences(at=LATER) == []


def test_a_branch_that_hangs_elsewhere_counts_there(finished, town):
    tree.move(node=town.estate, to=town.other_community, at=LATER)
    count(at=LATER)
    assert kept(town.community, "opened") == kept(town.street, "opened") == 0
    assert kept(town.other_community, "opened") == kept(town.other_street, "opened") == 1
    assert kept(None, "opened") == 1
    assert kept(town.other_street, "grids", span=Span.NOW, kind="") == 3
    assert differences(at=LATER) == []


def test_hours_go_along_with_their_service(open_visit, ask, helper, town):
    def hours(node, day):
        rollups = Rollup.objects.at(node).filter(span=Span.DAY, day=day).measured("hours")
        return sum(rollups.values_list("amount", flat=True))

    service, later = open_visit(), MONDAY + timedelta(days=40)
    ask(service, helper)
    orders.accept(case=service, by=helper, at=MONDAY)
    serve(service, helper)
    count(at=later)
    served = localdate(ServiceOrder.objects.get(case=service).begins_at)
    before = hours(town.estate, served)
    assert before > 0
    Case.objects.filter(pk=service.pk).update(grid=town.other_grid)
    count(at=later)
    assert (hours(town.estate, served), hours(town.other_grid, served)) == (0, before)
    ServiceOrder.objects.filter(case=service).update(begins_at=F("begins_at") - timedelta(days=1))
    count(at=later)
    assert (hours(town.other_grid, served), hours(town.other_grid, served - timedelta(days=1))) == (0, before)
    assert differences(at=later) == []


def test_counting_twice_changes_nothing(finished):
    before = sorted(Rollup.objects.values_list("node", "span", "day", "kind", "amounts"), key=str)
    call_command("recount", verbosity=0)
    assert sorted(Rollup.objects.values_list("node", "span", "day", "kind", "amounts"), key=str) == before
    assert not Mark.objects.exists()


def test_the_proof_finds_what_is_wrong(finished, town):
    call_command("recount", "--verify")
    wrong = Rollup.objects.at(town.street).get(span=Span.MONTH, kind="request")
    wrong.amounts["opened"] += 1
    wrong.save()
    with pytest.raises(CommandError, match="不一致"):
        call_command("recount", "--verify")


def test_the_proof_finds_a_case_that_was_counted_wrongly(finished, town):
    Rollup.objects.all().delete()
    finished_at = timezone.now()
    assert any("缺" in line for line in differences(at=finished_at))


def test_a_grid_is_led_while_somebody_is_in_post(town, staff):
    count(at=MONDAY)
    assert kept(town.street, "led", span=Span.NOW, kind="") == 2
    post = staff["grid_leader"].posts.get()
    post.until_at = LATER
    post.save()
    count(at=MONDAY)
    assert kept(town.street, "led", span=Span.NOW, kind="") == 2
    count(at=LATER)
    assert kept(town.street, "led", span=Span.NOW, kind="") == 1
    assert kept(town.street, "grid_leaders", span=Span.NOW, kind="") == 1
    assert differences(at=LATER) == []
