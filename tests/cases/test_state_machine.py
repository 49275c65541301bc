"""The engine under any sequence of acts, and under many hands at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.engine.access import arrows_for
from cases.engine.checks import unsound_cases
from cases.engine.soundness import problems
from cases.engine.turns import CaseMovedOn, Given
from cases.escalation import sweep
from cases.models import Case, CaseEvent, Category, Urgency
from cases.services import act, route
from cases.workflow import WORKFLOWS, Arrow, StageLimit, State
from grids.models import Post
from residents.models import Channel
from tests.support.cast import MONDAY, draw, post_of, submit


def what_is_said(arrow: Arrow, case: Case, chance: random.Random) -> dict:
    """Something valid for each field an arrow asks for."""
    values = {
        "post": lambda: chance.choice(list(Post.objects.filter(grid__tree_id=case.grid.tree_id))),
        "score": lambda: chance.randint(1, 5),
        "is_solved": lambda: chance.random() < 0.5,
        "amount": lambda: chance.randint(1, 3),
        "category": lambda: chance.choice(list(Category.objects.all())),
        "urgency": lambda: chance.choice(Urgency.values),
        "channel": lambda: chance.choice(list(Channel.objects.all())),
    }
    values |= {"helper": values["post"], "concerned": values["post"]}
    return {name: values[name]() for name in arrow.needs if name in values}


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 25))
def test_any_walk_leaves_a_sound_case(defaults, town, staff, resident, seed, steps):
    """Whoever acts, whatever they choose, however long they wait: the case keeps a holder, a limit and a whole story,
    and every arrow the page offers can be drawn or is refused with a reason, never with a fault. Whoever asks, in post or
    not, never has it in hand and does nothing but ask; nobody it is about has it or does anything."""
    chance = random.Random(seed)
    people = [*staff.values(), resident]
    asker = chance.choice(people)
    case = submit(asker, town, key=f"walk-{seed}-{steps}")
    at = MONDAY
    for _ in range(steps):
        at += timedelta(minutes=chance.choice((1, 30, 300, 1500)))
        sweep(at=at)
        case = Case.objects.get(pk=case.pk)
        choices = [(person, arrow) for person in people for arrow in arrows_for(person, case, at=at)]
        if not choices:
            break
        person, arrow = chance.choice(choices)
        fields = what_is_said(arrow, case, chance)
        try:
            act(case=case, verb=arrow.verb, by=person, at=at, version=case.version, given=Given("说明"), **fields)
        except ValidationError:
            continue  # refused with a reason: a post elsewhere, an extension too long
    assert [fault for fault in unsound_cases() if case.number in fault] == []
    own = {"open", "withdraw", "object", "rate", "redo", "note"}
    about: set[int] = set()
    for event in case.events.order_by("number").select_related("holder"):
        assert event.holder.person_id != asker.pk
        assert event.by_id != asker.pk or event.verb in own
        assert event.by_id not in about
        if event.verb == "name_concerned":
            about.add(Post.objects.get(pk=event.said["post"]).person_id)
        assert event.holder.person_id not in about


@pytest.mark.django_db(transaction=True)
def test_eight_hands_on_one_arrow_move_it_once(request_case, grid_leader):
    version = request_case.version

    def sign(_):
        try:
            act(
                case=Case.objects.get(pk=request_case.pk),
                verb="sign",
                by=grid_leader,
                at=MONDAY,
                version=version,
                given=Given(),
            )
        except CaseMovedOn:
            return "moved on"
        finally:
            connection.close()
        return "signed"

    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(sign, range(8)))
    assert sorted(answers) == ["moved on"] * 7 + ["signed"]
    assert request_case.events.filter(verb="sign").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_eight_hands_is_one_case(defaults, town, staff, resident):
    def send(_):
        try:
            return submit(resident, town, key="one form").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        made = set(hands.map(send, range(8)))
    assert len(made) == Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_route_and_sweep_once(defaults, town, staff, resident):
    cases = [submit(resident, town, key=f"key-{number}") for number in range(6)]

    def work(number):
        try:
            if number % 2:
                sweep(at=MONDAY)
            else:
                for case in cases:
                    route(case_id=case.pk, at=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(work, range(8)))
    assert CaseEvent.objects.filter(verb="dispatch").count() == 6
    assert not Case.objects.filter(state="submitted").exists()


@pytest.mark.parametrize("statement", ["UPDATE cases_caseevent SET verb = 'x'", "DELETE FROM cases_caseevent"])
def test_the_database_refuses_to_change_the_story(request_case, statement):
    with pytest.raises(DatabaseError, match="caseevent"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("column", ["holder", "due_at", "wake_at"])
def test_the_database_refuses_an_open_case_without(request_case, column):
    with pytest.raises(IntegrityError, match="open_case_has_holder_and_limit"), transaction.atomic():
        Case.objects.filter(pk=request_case.pk).update(**{column: None})


def test_planted_faults_of_a_declaration_are_found():
    request = WORKFLOWS["request"]
    states, arrows = request.states, request.arrows
    sign = request.arrow("sign")
    planted = {
        "cannot be reached": replace(request, states={**states, "lost": State("走失", clock="sign")}),
        "has no time limit": replace(request, states={**states, "handling": State("办理中")}),
        "is a dead end": replace(request, arrows=tuple(a for a in arrows if "shelved" not in a.sources)),
        "names unknown state": replace(request, arrows=(*arrows, replace(sign, verb="x", target="nowhere"))),
        "has arrow": replace(request, arrows=(*arrows, replace(sign, verb="x", sources=("archived",)))),
        "declared twice": replace(request, arrows=(*arrows, sign)),
        "unknown standings": replace(request, arrows=(*arrows, replace(sign, verb="x", who=frozenset({"boss"})))),
        "longer than five": replace(request, states={**states, "handling": State("正在办理当中", clock="finish")}),
        "may not draw": replace(request, states={**states, "declined": replace(states["declined"], lapses_by="rate")}),
    }
    for fault, workflow in planted.items():
        assert any(fault in problem for problem in problems(workflow)), fault


def test_a_stage_or_unit_that_nobody_knows_stops_the_start(monkeypatch):
    task = WORKFLOWS["task"]
    handling = replace(task.states["handling"], clock="finnish")
    limits = (StageLimit("sing", 1, "work_day"), StageLimit("sign", 2, "weeks"))
    monkeypatch.setitem(WORKFLOWS, "task", replace(task, states={**task.states, "handling": handling}, limits=limits))
    assert [fault.msg for fault in run_checks() if fault.id == "cases.E004"] == [
        "task: stage 'finnish' has no name",
        "task: stage 'sing' has no name",
        "task: no limit is counted in 'weeks'",
    ]


def test_check_cases_names_what_is_broken(request_case, grid_leader, resident, town):
    draw(request_case, "sign", grid_leader)
    assert list(unsound_cases()) == []
    Case.objects.filter(pk=request_case.pk).update(state="handling")
    assert list(unsound_cases()) == [f"{request_case.number} 状态与经过不符"]
    Case.objects.filter(pk=request_case.pk).update(state="accepted", event_count=9)
    assert list(unsound_cases()) == [f"{request_case.number} 经过有缺号"]
    Case.objects.filter(pk=request_case.pk).update(event_count=3, closed_at=MONDAY)
    assert list(unsound_cases()) == [f"{request_case.number} 状态与是否归档不符"]
    Case.objects.filter(pk=request_case.pk).update(closed_at=None)
    post = post_of(grid_leader)
    post.until_at = MONDAY - timedelta(days=1)
    post.save()
    assert list(unsound_cases()) == [f"{request_case.number} 责任人已离任"]


def test_the_command_exits_with_one(request_case, capsys):
    call_command("check_cases")
    assert "没有问题" in capsys.readouterr().out
    Case.objects.filter(pk=request_case.pk).update(state="handling")
    with pytest.raises(CommandError):
        call_command("check_cases")
    assert request_case.number in capsys.readouterr().out
