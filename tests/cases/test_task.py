"""交办事项: handed out to somebody by a day, done, looked at by whoever handed it out."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.engine.checks import unsound_cases
from cases.engine.turns import ArrowRefused, Given
from cases.escalation import sweep
from cases.limits.clock import Limit, Unit
from cases.models import Case
from cases.task import hand_out, raise_task
from notices.models import Notice
from tests.support.cast import MONDAY, draw, post_of


@pytest.fixture
def task(defaults, town, staff):
    return hand_out(
        title="小区大门坡道修好",
        grid=town.grid,
        post=post_of(staff["grid_leader"]),
        given=Given("坡道太陡，轮椅上不去"),
        by=staff["community_secretary"],
        at=MONDAY,
        limit=Limit(3, Unit.WORK_DAY),
    )


def test_it_has_a_holder_and_the_limit_it_was_given(task, staff):
    assert (task.state, task.holder.person) == ("assigned", staff["grid_leader"])
    assert task.finish_by_at.date() == (MONDAY + timedelta(days=3)).date()
    assert "交给您办" in Notice.objects.get(person=staff["grid_leader"]).words
    assert not list(unsound_cases())


def test_without_a_limit_of_its_own_it_has_the_kinds(defaults, town, staff):
    made = hand_out(
        title="巡查消防通道",
        grid=town.grid,
        post=post_of(staff["grid_leader"]),
        given=Given("每楼看一遍"),
        by=staff["community_secretary"],
        at=MONDAY,
    )
    assert (made.finish_amount, made.finish_unit) == (10, "work_day")


def test_it_is_signed_reported_finished_and_confirmed_by_who_handed_it_out(task, staff):
    leader, secretary = staff["grid_leader"], staff["community_secretary"]
    draw(task, "sign", leader)
    draw(task, "progress", leader, "施工队明天来")
    assert "有进展：施工队明天来" in Notice.objects.filter(person=secretary).order_by("-pk")[0].words
    draw(task, "finish", leader, "坡道重做了")
    with pytest.raises(ArrowRefused, match="由提出人、上级来做"):
        draw(task, "confirm", staff["community_worker"])
    draw(task, "redo", secretary, "还是太陡")
    draw(task, "finish", leader, "又放缓了")
    draw(task, "confirm", secretary)
    assert (task.state, task.outcome) == ("archived", "confirmed")


def test_silence_is_filed_as_unconfirmed(task, staff):
    draw(task, "sign", staff["grid_leader"])
    draw(task, "finish", staff["grid_leader"], "好了")
    sweep(at=MONDAY + timedelta(days=8))
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("archived", "unconfirmed")


def test_late_ones_climb(task, staff):
    sweep(at=MONDAY + timedelta(days=2))
    sweep(at=MONDAY + timedelta(days=9))
    task.refresh_from_db()
    assert task.was_late
    assert task.holder.person != staff["grid_leader"]


def test_nobody_confirms_their_own_work(defaults, town, staff):
    secretary = staff["community_secretary"]
    own = hand_out(
        title="自己办", grid=town.grid, post=post_of(secretary), given=Given("我来"), by=secretary, at=MONDAY
    )
    draw(own, "sign", secretary)
    draw(own, "finish", secretary, "好了")
    with pytest.raises(ArrowRefused, match="由提出人、上级来做"):
        draw(own, "confirm", secretary)
    draw(own, "confirm", staff["street_cadre"])


def test_a_post_of_another_place_is_refused_and_nothing_is_left(defaults, town, staff):
    with pytest.raises(ValidationError, match="不负责"):
        hand_out(
            title="不归他管",
            grid=town.grid,
            post=post_of(staff["next_grid_leader"]),
            given=Given("办一下"),
            by=staff["community_secretary"],
            at=MONDAY,
        )
    assert not Case.objects.exists()


def test_what_nobody_is_named_for_waits_at_the_desk_and_is_handed_on(defaults, town, staff, resident):
    raised = raise_task(title="台阶松了", grid=town.grid, given=Given("第二级"), at=MONDAY, asker=resident)
    assert (raised.state, raised.holder.person) == ("waiting", staff["community_worker"])
    draw(raised, "assign", staff["community_worker"], post=post_of(staff["grid_leader"]))
    assert raised.holder.person == staff["grid_leader"]
    with pytest.raises(ArrowRefused):
        draw(
            raised, "drop", staff["community_worker"], "不办了"
        )  # not theirs to drop: the resident's or the level above's
    draw(raised, "drop", resident, "自己修好了")
    assert raised.state == "dropped"
