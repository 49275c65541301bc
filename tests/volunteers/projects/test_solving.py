"""A need counts as solved by what was done, by the word of the unit that took it on, and by who benefits or looked."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.privacy.rights import erase
from grids.models import UnitKind
from grids.units.services import register_unit
from tests.dashboards.cuts import come_to, cut
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard, heard_once
from tests.support.pages import ERROR, HEADING, MESSAGE, inside, value
from tests.volunteers.cast import VISIT, serve
from volunteers.models import Membership, Need, Project
from volunteers.services import adoption, lists, orders, solving

LATER = MONDAY + timedelta(days=1)
DAYS = {"from_date": date(2026, 11, 23), "until_date": date(2026, 12, 31)}


@pytest.fixture
def need(kinds, town, worker_at_desk):
    return lists.note_need(
        title="三位老人想学手机挂号",
        grid=town.grid,
        category=kinds["手机教学"],
        source="visit",
        by=worker_at_desk,
        at=MONDAY,
    )


@pytest.fixture
def asked(need, unit, liaison, worker_at_desk):
    return adoption.adopt(
        needs=[need], name="手机课堂", plan="每周一课", unit=unit, by=worker_at_desk, at=MONDAY, is_public=True, **DAYS
    )


@pytest.fixture
def reported(asked, need, liaison, grid_leader):
    adoption.agree(project=asked, by=liaison, at=MONDAY)
    step = lists.plan_milestone(project=asked, words="开课", due_date=date(2026, 11, 24))
    lists.reach(milestone=step, on=date(2026, 11, 24))
    lists.finish_project(project=asked, by=liaison, at=LATER, result="教会三位老人")
    need.refresh_from_db()
    return need


def solved() -> int:
    return come_to(cut(), "needs", at=LATER + timedelta(days=60))


def test_a_unit_that_was_not_asked_takes_nothing_on(need, worker_at_desk, kinds):
    hospital = register_unit(name="县医院", kind=UnitKind.OFFICE)
    fields = {"needs": [need], "name": "义诊", "plan": "下社区", "by": worker_at_desk, "at": MONDAY, **DAYS}
    with pytest.raises(ValidationError, match="还没有在任的单位联络员") as refusal:
        adoption.adopt(**fields, unit=hospital)
    assert "unit" in refusal.value.message_dict
    assert not Project.objects.exists()


def test_the_unit_says_yes_itself(asked, need, unit, liaison, worker_at_desk, helper):
    assert asked.state == "asked"
    assert heard_once("认领", liaison).path == f"/volunteers/projects/{asked.key}/adopter/"
    need.refresh_from_db()
    assert need.state == "open"
    # A member of the unit who is not its liaison, and the desk itself, do not speak for it.
    Membership.objects.create(unit=unit, person=helper, employment="in_service", from_at=MONDAY)
    for stranger in (worker_at_desk, helper):
        with pytest.raises(ValidationError, match="联络员或队长答复"):
            adoption.agree(project=asked, by=stranger, at=LATER)
    adoption.agree(project=asked, by=liaison, at=LATER)
    need.refresh_from_db()
    assert (asked.state, asked.agreed_by, need.state) == ("running", liaison, "adopted")
    with pytest.raises(ValidationError, match="已经答复过"):
        adoption.decline(project=asked, by=liaison, at=LATER, words="算了")


def test_a_unit_that_declines_is_named_nowhere(asked, need, unit, liaison, client):
    with pytest.raises(ValidationError, match="写明原因"):
        adoption.decline(project=asked, by=liaison, at=LATER, words=" ")
    adoption.decline(project=asked, by=liaison, at=LATER, words="年底人手不够")
    need.refresh_from_db()
    assert need.state == "open"
    assert client.get(f"/projects/{asked.key}/").status_code == 404
    Need.objects.filter(pk=need.pk).update(
        state="solved", word="verifier", ended_at=LATER, ended_by=liaison, reported_at=LATER, reported_by=liaison
    )
    assert (solved(), come_to(cut(unit=unit), "needs", at=LATER)) == (1, 0)


def test_nothing_finishes_before_it_was_taken_on_or_began(asked, liaison, worker_at_desk):
    step = lists.plan_milestone(project=asked, words="开课", due_date=date(2026, 11, 24))
    for act in (
        lambda: lists.reach(milestone=step, on=date(2026, 11, 24)),
        lambda: lists.finish_project(project=asked, by=worker_at_desk, at=LATER, result="好"),
        lambda: lists.publish(project=asked, is_public=True),
    ):
        with pytest.raises(ValidationError, match="还没有答应认领"):
            act()
    adoption.agree(project=asked, by=liaison, at=MONDAY)
    Project.objects.update(from_date=date(2026, 12, 1))
    asked.refresh_from_db()
    step.refresh_from_db()
    for act in (
        lambda: lists.reach(milestone=step, on=date(2026, 11, 30)),
        lambda: lists.finish_project(project=asked, by=worker_at_desk, at=LATER, result="好"),
    ):
        with pytest.raises(ValidationError, match="2026年12月1日 才开始"):
            act()


def test_one_worker_alone_solves_nothing(need, worker_at_desk, secretary, grid_leader):
    """Who noted it has nothing to show; and what is done waits for somebody else's word."""
    with pytest.raises(ValidationError, match="还没有凭据"):
        lists.end_need(need=need, state="solved", by=worker_at_desk, at=LATER)
    assert solved() == 0


def test_a_verifier_confirms_what_the_unit_reported(reported, liaison, worker_at_desk, grid_leader, other_cadre):
    assert (reported.state, solved()) == ("reported", 0)
    assert len(heard("请您核实", grid_leader)) == 1
    for involved in (worker_at_desk, liaison, other_cadre):
        with pytest.raises(ValidationError, match="不由您确认"):
            solving.confirm(need=reported, by=involved, at=LATER, is_solved=True, words="去看过")
    with pytest.raises(ValidationError, match="怎么核实的"):
        solving.confirm(need=reported, by=grid_leader, at=LATER, is_solved=True)
    solving.confirm(need=reported, by=grid_leader, at=LATER, is_solved=True, words="三位老人都会挂号了")
    reported.refresh_from_db()
    assert (reported.state, reported.word, reported.ended_by) == ("solved", "verifier", grid_leader)
    assert solved() == 1


def test_not_solved_goes_back_and_reopens_its_project(reported, asked, liaison, grid_leader):
    with pytest.raises(ValidationError, match="哪里还没有解决"):
        solving.confirm(need=reported, by=grid_leader, at=LATER, is_solved=False)
    solving.confirm(need=reported, by=grid_leader, at=LATER, is_solved=False, words="只来过一次。")
    reported.refresh_from_db()
    asked.refresh_from_db()
    assert (reported.state, asked.state, solved()) == ("adopted", "running", 0)
    assert heard_once("还没有解决", liaison).words == ("“三位老人想学手机挂号”还没有解决：只来过一次。请接着办")
    lists.finish_project(project=asked, by=liaison, at=LATER + timedelta(days=7), result="又教了三次")
    reported.refresh_from_db()
    assert reported.state == "reported"


def test_whoever_asked_has_the_first_word(request_case, kinds, worker_at_desk, secretary, resident, unit, liaison):
    need = lists.need_from_case(case=request_case, category=kinds["水电维修"], by=worker_at_desk, at=MONDAY)
    project = adoption.adopt(needs=[need], name="修灯", plan="换灯", unit=unit, by=worker_at_desk, at=MONDAY, **DAYS)
    adoption.agree(project=project, by=liaison, at=MONDAY)
    step = lists.plan_milestone(project=project, words="换好", due_date=date(2026, 11, 24))
    lists.reach(milestone=step, on=date(2026, 11, 24))
    lists.finish_project(project=project, by=worker_at_desk, at=LATER, result="换了灯")
    need.refresh_from_db()
    assert solving.confirms_as(need, secretary, at=LATER + timedelta(days=6)) == ""
    assert solving.confirms_as(need, secretary, at=LATER + timedelta(days=7)) == "verifier"
    path = heard_once("请您说一声", resident).path
    client = signed_in(resident)
    assert "您提的事" in inside(client.get(path), HEADING)
    assert signed_in(worker_at_desk).get(path).status_code == 404
    assert "请选择解决了没有" in inside(client.post(path, {"words": "还有点暗"}), ERROR)
    kept = client.post(path, {"words": "还有点暗"})
    assert value(kept, "words") == "还有点暗"
    assert client.post(path, {"is_solved": "1"}).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.word, need.ended_by) == ("solved", "beneficiary", resident)


def test_whoever_leaves_takes_their_words_along(request_case, kinds, worker_at_desk, resident):
    need = lists.need_from_case(case=request_case, category=kinds["水电维修"], by=worker_at_desk, at=MONDAY)
    reported = {"state": "reported", "reported_at": LATER, "reported_by": worker_at_desk}
    Need.objects.filter(pk=need.pk).update(**reported)
    solving.confirm(need=need, by=resident, at=LATER, is_solved=True, words="我家的灯亮了")
    erase(person=resident, at=LATER)
    need.refresh_from_db()
    assert need.state == "solved"
    assert "灯" not in f"{need.title}{need.reason}"


@pytest.mark.parametrize(("says", "state"), [(True, "solved"), (False, "reported")])
def test_the_rating_of_who_was_helped_is_their_word(
    open_visit, ask, helper, need, resident, worker_at_desk, says, state
):
    case = ask(open_visit(need=need), helper)
    orders.accept(case=case, by=helper, at=MONDAY)
    with pytest.raises(ValidationError, match="还没有凭据"):
        lists.end_need(need=need, state="solved", by=worker_at_desk, at=MONDAY)
    serve(case, helper)
    after = VISIT + timedelta(hours=3)
    draw(case, "rate", resident, "好", at=after, score=5 if says else 2, is_solved=says)
    lists.end_need(need=need, state="solved", by=worker_at_desk, at=after)
    need.refresh_from_db()
    assert (need.state, need.word) == (state, "beneficiary" if says else "")


def test_the_liaison_answers_and_reports_from_the_page(asked, need, liaison, staff, grid_leader):
    Project.objects.update(from_date=date(2026, 1, 1))
    client, url = signed_in(liaison), f"/volunteers/projects/{asked.key}/adopter/"
    assert "手机课堂" in inside(client.get("/volunteers/me/"), "//section[@aria-labelledby='spoken-for']")
    assert signed_in(staff["community_worker"]).get(url).status_code == 404
    assert "写明原因" in inside(client.post(url, {"act": "decline", "words": ""}), ERROR)
    assert client.post(url, {"act": "agree"}).status_code == 302
    assert "已经答复过" in inside(client.post(url, {"act": "agree"}, follow=True), MESSAGE)
    early = client.post(url, {"act": "finish", "result": "教会了"})
    assert "还没有凭据" in inside(early, ERROR)
    assert value(early, "result") == "教会了"
    asked.refresh_from_db()
    step = lists.plan_milestone(project=asked, words="开课", due_date=date(2026, 11, 24))
    lists.reach(milestone=step, on=timezone.localdate())
    assert client.post(url, {"act": "finish", "result": "教会了"}).status_code == 302
    page = signed_in(grid_leader).get(f"/volunteers/needs/{need.key}/")
    assert "等受益人或核实人确认" in inside(page)
    word = f"/volunteers/needs/{need.key}/word/"
    assert word in page.content.decode()
    assert "怎么核实的" in inside(signed_in(grid_leader).post(word, {"is_solved": "1"}), ERROR)
    assert signed_in(grid_leader).post(word, {"is_solved": "1", "words": "看过"}).status_code == 302
    assert "核实人确认已解决" in inside(signed_in(grid_leader).get(f"/volunteers/needs/{need.key}/"))
