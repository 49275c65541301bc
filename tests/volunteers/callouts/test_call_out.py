"""应急动员: one act calls thousands; answers by one tap; a board that counts them; silence climbs; a report at the end."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from cases.categories import tree as category_tree
from cases.models import Case
from tests.support.cast import MONDAY, signed_in
from tests.support.heard import heard_once
from tests.support.pages import ERROR, HEADING, inside, words
from volunteers.dispatch import candidates
from volunteers.models import CallOut, Plan, Team
from volunteers.services import callouts


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def plan(kinds, town, team, staff):
    made = Plan.objects.create(name="防汛预案", hazard="flood", grid=town.community, words="河水上涨，到宜和广场集合")
    made.grids.add(town.community)
    made.teams.add(team)
    made.tasks.create(title="转移低洼处群众", grid=town.grid, wanted=2)
    made.tasks.create(title="巡查河道", grid=town.estate, wanted=1)
    return made


@pytest.fixture
def called(plan, worker_at_desk):
    return callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY)


def answer(made: CallOut, person: User, reply: str, *, at=MONDAY) -> None:
    callouts.answer(call=made.calls.get(person=person), reply=reply, at=at)


def test_everybody_is_called_once_and_tasks_are_open(called, plan, helper, other_helper, team_leader, town):
    assert called.calls.count() == 3
    notice = heard_once("河水上涨", helper)
    assert notice.path == callouts.answer_path(called, helper.pk)
    assert notice.path != heard_once("河水上涨", other_helper).path
    tasks = Case.objects.filter(service__call_out=called)
    assert {(task.title, task.state, task.urgency) for task in tasks} == {
        ("转移低洼处群众", "planned", "critical"),
        ("巡查河道", "planned", "critical"),
    }


def test_its_tasks_are_of_what_replaced_their_category(plan, kinds, worker_at_desk):
    retired, successor = kinds["应急支援"], kinds["巡逻值守"]
    category_tree.retire(category=retired, successor=None, at=MONDAY)
    with pytest.raises(ValidationError, match="“应急支援”已停用"):
        callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY)
    category_tree.retire(category=retired, successor=successor, at=MONDAY)
    called = callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY)
    assert set(Case.objects.filter(service__call_out=called).values_list("category", flat=True)) == {successor.pk}


def test_it_is_for_the_desk_of_the_area_and_runs_once(plan, worker_at_desk, other_cadre, grid_leader):
    for person in (other_cadre, grid_leader):
        with pytest.raises(ValidationError, match="不在您的辖区"):
            callouts.call_out(plan=plan, by=person, at=MONDAY)
    callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY)
    with pytest.raises(ValidationError, match="正在动员中"):
        callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY)
    assert CallOut.objects.count() == 1


def test_nobody_to_call_is_said(plan, team, worker_at_desk):
    team.members.update(until_at=MONDAY + timedelta(seconds=1))
    with pytest.raises(ValidationError, match="还没有队员"):
        callouts.call_out(plan=plan, by=worker_at_desk, at=MONDAY + timedelta(days=1))
    assert not CallOut.objects.exists()


def test_one_tap_answers_without_signing_in(called, helper, other_helper):
    url = callouts.answer_path(called, helper.pk)
    client = Client()
    page = text(client.get(url))
    assert "吴**，宜和支援队" in inside(page)
    assert called.calls.get(person=helper).answer == ""  # looking is not answering
    assert "您答复了：<strong>能到" in text(client.post(url, {"answer": "yes"}, follow=True))
    assert "请选" in inside(client.post(url, {"answer": "maybe"}), ERROR)
    assert "已到" in inside(client.post(url, {"answer": "here"}, follow=True), "//strong")
    assert called.calls.get(person=other_helper).answer == ""


@pytest.mark.parametrize("token", ["x", "WzEsIDJd:abc", "WzEsIDJd"])
def test_a_guessed_link_opens_nothing(called, token):
    assert Client().get(f"/c/{token}/").status_code == 404
    good = callouts.answer_path(called, 1)
    assert Client().get(good[:-2] + "x/").status_code == 404


def test_signed_in_one_comes_to_ones_own_link(called, helper, neighbour):
    assert signed_in(helper).get(f"/callouts/{called.key}/mine/")["Location"] == callouts.answer_path(called, helper.pk)
    assert signed_in(neighbour).get(f"/callouts/{called.key}/mine/").status_code == 404


def test_the_board_counts_by_community(called, helper, other_helper, town):
    answer(called, helper, "yes")
    answer(called, helper, "here")
    answer(called, other_helper, "no")
    community, total = callouts.board(called)
    assert (community.label, total.label) == ("宜和社区", "合计")
    for row in (community, total):
        assert (row.called, row.yes, row.no, row.here, row.silent, row.open_tasks) == (3, 0, 1, 1, 1, 2)


def test_silence_climbs_to_the_teams_leader_once(called, helper, team_leader, team, neighbour):
    answer(called, helper, "yes")
    assert callouts.climb_due(at=MONDAY + timedelta(minutes=19)) == 0
    assert callouts.climb_due(at=MONDAY + timedelta(minutes=20)) == 1
    assert callouts.climb_due(at=MONDAY + timedelta(minutes=21)) == 0
    notice = heard_once("还有 2 人没有回应", team_leader)
    assert "郑大明" in words(signed_in(team_leader).get(notice.path), "//td")
    assert signed_in(neighbour).get(notice.path).status_code == 404


def test_it_ends_with_a_report(called, helper, worker_at_desk, other_cadre):
    answer(called, helper, "here")
    common = {"made": called, "at": MONDAY + timedelta(hours=5)}
    with pytest.raises(ValidationError, match="总结"):
        callouts.end(**common, by=worker_at_desk, words=" ")
    with pytest.raises(ValidationError, match="不在您的辖区"):
        callouts.end(**common, by=other_cadre, words="好")
    callouts.end(**common, by=worker_at_desk, words="水退了，没有人受伤")
    called.refresh_from_db()
    assert called.report.startswith("水退了")
    assert "宜和社区：通知 3，能到 0，不能 0，已到 1，未应 2，未完任务 2" in called.report
    with pytest.raises(ValidationError, match="已经解除"):
        callouts.end(**common, by=worker_at_desk, words="再来")
    with pytest.raises(ValidationError, match="已经解除"):
        answer(called, helper, "yes")
    assert "已经解除" in text(Client().get(callouts.answer_path(called, helper.pk)))


def test_the_desk_calls_out_watches_and_ends(plan, staff, helper):
    desk = signed_in(staff["community_worker"])
    assert "防汛预案" in text(desk.get("/callouts/"))
    for who in ("grid_leader", "branch_secretary"):
        assert signed_in(staff[who]).get("/callouts/").status_code == 403
    url = f"/callouts/plans/{plan.pk}/call/"
    assert signed_in(staff["other_cadre"]).get(url).status_code == 404
    assert "请写明出了什么事" in text(desk.post(url, {"words": ""}))
    board = desk.post(url, {"words": "集合", "is_drill": "on", "told": 3})["Location"]
    assert "【演练】防汛预案" in inside(desk.get(board), HEADING)
    made = CallOut.objects.get()
    answer(made, helper, "yes")
    part = text(desk.get(board, headers={"HX-Request": "true"}))
    assert re.search(r"<strong>1</strong> 能到", part)
    assert "<html" not in part
    assert signed_in(staff["other_cadre"]).get(board).status_code == 404
    assert "正在动员中" in text(desk.post(url, {"words": "集合"}))
    assert "请写几句总结" in text(desk.post(f"{board}end/", {"words": ""}))
    assert desk.post(f"{board}end/", {"words": "演练顺利"}).status_code == 302
    assert "演练顺利" in text(desk.get(board))


def test_silence_of_a_team_without_a_leader_comes_to_whoever_called(called, team, worker_at_desk):
    Team.objects.update(leader=None)
    callouts.climb_due(at=MONDAY + timedelta(minutes=20))
    assert "还有 3 人没有回应" in heard_once("没有队长", worker_at_desk).words


def test_tasks_are_proposed_to_who_is_there_first(called, helper, other_helper, team_leader):
    answer(called, other_helper, "yes")
    answer(called, team_leader, "here")
    task = Case.objects.filter(service__call_out=called).first()
    proposals = candidates.for_order(task.service)
    assert [proposal.candidate.key for proposal in proposals][:2] == [team_leader.pk, other_helper.pk]
    assert [proposal.why.split(" · ")[0] for proposal in proposals][:2] == ["已到场", "答复能到"]
