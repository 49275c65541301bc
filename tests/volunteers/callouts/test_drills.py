"""A call-out says whom it reaches and is asked once more; a drill is told from the real thing; minors come with a guardian."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from cases.models import Case
from dashboards.figures.sources.cases import CASES
from tests.dashboards.cuts import come_to, cut, overview
from tests.support.cast import MONDAY, signed_in
from tests.support.heard import heard, heard_once
from tests.support.pages import BUTTON, ERROR, HEADING, MAIN, MESSAGE, inside, value
from tests.volunteers.cast import serve
from volunteers.models import CallOut, Plan, ServiceOrder, Volunteer
from volunteers.services import callouts, orders, teams

BORN = date(2009, 5, 1)


@pytest.fixture
def plan(kinds, town, team):
    made = Plan.objects.create(name="防汛预案", hazard="flood", grid=town.community, words="河水上涨，到广场集合。")
    made.teams.add(team)
    made.tasks.create(title="巡查河道", grid=town.grid, wanted=1, hours=2)
    return made


@pytest.fixture
def call(plan, worker_at_desk):
    return lambda **more: callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY, **more)


def make_minor(person: User) -> None:
    person.birth_date = BORN
    person.save(update_fields=["birth_date"])


def test_it_says_how_many_it_reaches_and_asks_once_more(plan, staff, helper, team_leader):
    desk, url = signed_in(staff["community_worker"]), f"/callouts/plans/{plan.pk}/call/"
    asked = desk.post(url, {"words": "到广场集合"})
    assert "将通知 3 人（1 支队伍）" in inside(asked)
    assert "这不是演练" in inside(asked)
    assert "确认通知 3 人" in inside(asked, BUTTON)
    assert (value(asked, "words"), value(asked, "told")) == ("到广场集合", "3")
    assert not CallOut.objects.exists()
    assert not heard("到广场集合")
    teams.leave(team=plan.teams.get(), person=helper, at=MONDAY + timedelta(days=1))
    assert "确认通知 2 人" in inside(desk.post(url, {"words": "到广场集合", "told": 3}), BUTTON)
    assert not CallOut.objects.exists()
    assert desk.post(url, {"words": "到广场集合", "told": 2}).status_code == 302
    assert CallOut.objects.get().calls.count() == 2
    assert "正在动员中" in inside(desk.post(url, {"words": "再来"}), ERROR)


def test_nobody_to_reach_is_said_before_it_is_asked(plan, staff):
    plan.teams.clear()
    refused = signed_in(staff["community_worker"]).post(f"/callouts/plans/{plan.pk}/call/", {"words": "集合"})
    assert "还没有队员" in inside(refused, ERROR)
    assert value(refused, "words") == "集合"


@pytest.mark.parametrize(("is_drill", "label"), [(True, "【演练】"), (False, "【应急动员】")])
def test_a_drill_is_told_from_the_real_thing_wherever_it_is_read(call, helper, team_leader, is_drill, label):
    made = call(is_drill=is_drill)
    told = heard_once("河水上涨", helper).words
    assert told.startswith(f"{label}河水上涨，到广场集合。")
    assert "。。" not in told
    assert ("没有险情" in told) is is_drill
    page = Client().get(callouts.answer_path(made, helper.pk))
    assert inside(page, HEADING) == f"{label}防汛预案"
    assert ("没有险情" in inside(page, MAIN)) is is_drill
    callouts.climb_due(at=MONDAY + timedelta(minutes=20))
    assert heard_once("没有回应", team_leader).words.startswith(label)
    task = Case.objects.get(service__call_out=made)
    assert task.title.startswith("【演练】") is is_drill
    assert (task.urgency == "critical") is not is_drill


@pytest.mark.parametrize("is_drill", [True, False])
def test_drills_are_counted_apart(call, helper, worker_at_desk, is_drill):
    made = call(is_drill=is_drill)
    task = Case.objects.get(service__call_out=made)
    orders.offer(case=task, people=[helper], by=worker_at_desk, at=MONDAY)
    orders.accept(case=task, by=helper, at=MONDAY)
    begins = MONDAY + timedelta(days=2)
    ServiceOrder.objects.filter(case=task).update(begins_at=begins, ends_at=begins + timedelta(hours=2))
    serve(Case.objects.get(pk=task.pk), helper)
    Case.objects.filter(pk=task.pk).update(state="done")
    later = MONDAY + timedelta(days=30)
    numbers, _ = overview(later)
    served = {"served": 0, "hours": 0} if is_drill else {"served": 1, "hours": 2}
    assert {measure: numbers[measure] for measure in served} == served
    assert (numbers["call_outs"], numbers["drills"]) == ((0, 1) if is_drill else (1, 0))
    for measure in ("served", "hours", "call_outs", "drills"):
        assert come_to(cut(), measure, at=later) == numbers[measure], measure
    counted = [count.measure for count in CASES.facts([task.pk], later)[task.pk].counts]
    assert ("served" in counted) is not is_drill


def test_a_minor_joins_a_team_with_the_word_of_a_guardian(team, enlist):
    young = enlist("林小小", 120).person
    make_minor(young)
    client = signed_in(young)
    assert "要监护人同意" in inside(client.post(f"/volunteers/teams/{team.pk}/join/", follow=True), MESSAGE)
    Volunteer.objects.filter(person=young).update(guardian="李芳")
    teams.join(team=team, person=young, at=MONDAY)
    assert team.members.filter(person=young).exists()


def test_a_minor_without_a_guardian_is_not_called_and_does_not_come(plan, call, helper, worker_at_desk):
    make_minor(helper)
    reach = callouts.reach_of(plan=plan, by=worker_at_desk, at=MONDAY)
    assert (reach.people, reach.left_out) == (2, 1)
    Volunteer.objects.filter(person=helper).update(guardian="李芳")
    made = call()
    mine = made.calls.get(person=helper)
    Volunteer.objects.filter(person=helper).update(guardian="")
    link = callouts.answer_path(made, helper.pk)
    for reply in ("yes", "here"):
        assert "要监护人同意" in inside(Client().post(link, {"answer": reply}), ERROR)
    mine.refresh_from_db()
    assert mine.answer == ""
    callouts.answer(call=callouts.call_of(link.split("/")[2]), reply="no", at=MONDAY)
    Volunteer.objects.filter(person=helper).update(guardian="李芳")
    callouts.answer(call=callouts.call_of(link.split("/")[2]), reply="yes", at=MONDAY)
    mine.refresh_from_db()
    assert mine.answer == "yes"


def test_whoever_came_of_age_is_called(plan, helper, worker_at_desk):
    helper.birth_date = date(2008, 11, 23)
    helper.save(update_fields=["birth_date"])
    assert callouts.reach_of(plan=plan, by=worker_at_desk, at=MONDAY).people == 3
    with pytest.raises(ValidationError, match="不在您的辖区"):
        callouts.reach_of(plan=plan, by=helper, at=MONDAY)
