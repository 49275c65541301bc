"""派单 to 结单: an order is an offer. Each act as it should be, and its refusals."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.engine.checks import unsound_cases
from cases.engine.turns import ArrowRefused, CaseMovedOn, Given
from cases.escalation import sweep
from cases.models import Case
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard
from tests.volunteers.cast import VISIT, serve, state_of
from volunteers.dispatch.candidates import for_order
from volunteers.models import HoursEntry, Offer, PointsEntry, Volunteer
from volunteers.services import orders, people, visits

SOON = MONDAY + timedelta(minutes=10)


def told(person, words: str) -> int:
    return len(heard(words, person))


def test_a_service_goes_round_the_loop(visit, ask, helper, resident, worker_at_desk):
    assert (visit.state, visit.holder.person) == ("planned", worker_at_desk)
    ask(visit, helper)
    assert visit.state == "offered"
    assert told(helper, "想请您帮忙") == 1
    orders.accept(case=visit, by=helper, at=SOON)
    assert (visit.state, visit.due_at) == ("staffed", VISIT + timedelta(hours=2))
    assert told(resident, "人员已到位") == 1
    visits.check_in(case=visit, by=helper, at=VISIT, code=visit.service.door_code)
    assert visit.state == "serving"
    visits.check_out(case=visit, by=helper, at=VISIT + timedelta(hours=2), given=Given("取了药，送到家"))
    assert visit.state == "awaiting_rating"
    assert told(resident, "请评价") == 1
    draw(visit, "rate", resident, "谢谢小吴", at=VISIT + timedelta(hours=3), score=5, is_solved=True)
    assert (visit.state, visit.is_open) == ("done", False)
    assert visit.rating.score == 5
    assert list(unsound_cases()) == []


def test_the_promise_to_the_asker_is_the_agreed_time(visit):
    assert visit.finish_by_at == VISIT + timedelta(hours=2)


def test_declining_costs_nothing(visit, ask, helper, other_helper, kinds):
    """志愿服务条例 25: no points, no hours, no lower place in the next proposal, and no name in the story."""
    before = [proposal.candidate for proposal in for_order(visit.service)]
    ask(visit, helper, other_helper)
    orders.decline(case=visit, by=helper, at=SOON)
    orders.decline(case=visit, by=helper, at=SOON)
    assert not PointsEntry.objects.exists()
    assert not HoursEntry.objects.exists()
    assert not visit.events.filter(by=helper).exists()
    assert state_of(visit, other_helper) == "offered"
    Offer.objects.all().delete()
    assert [proposal.candidate for proposal in for_order(visit.service)] == before


def test_no_answer_in_time_asks_the_next_then_the_leader_then_the_desk(
    open_visit, team, ask, helper, other_helper, team_leader, worker_at_desk
):
    case = open_visit(team=team)
    ask(case, helper, other_helper)
    sweep(at=MONDAY + timedelta(hours=2, minutes=1))  # half time: the holder is reminded, nobody else asked
    assert state_of(case, other_helper) == "queued"
    case.refresh_from_db()
    sweep(at=case.due_at)
    assert (state_of(case, helper), state_of(case, other_helper)) == ("lapsed", "offered")
    case.refresh_from_db()
    later = case.due_at
    for _ in range(2):  # the remainder of the working day, once for the reminder, once for the limit
        sweep(at=later)
    assert state_of(case, other_helper) == "lapsed"
    assert told(team_leader, "请您帮忙找一位") == 1
    case.refresh_from_db()
    sweep(at=case.due_at)
    case.refresh_from_db()
    sweep(at=case.due_at)
    case.refresh_from_db()
    assert case.state == "planned"
    assert told(worker_at_desk, "请于") >= 1
    assert list(unsound_cases()) == []


def test_the_leader_names_a_member(open_visit, team, ask, helper, other_helper, team_leader, resident):
    case = open_visit(team=team)
    ask(case, helper)
    orders.decline(case=case, by=helper, at=SOON)
    assert told(team_leader, "请您帮忙找一位") == 1
    with pytest.raises(ArrowRefused, match="不用队长"):
        orders.nominate(case=case, person=other_helper, by=helper, at=SOON)
    with pytest.raises(ValidationError, match="不在宜和支援队"):
        orders.nominate(case=case, person=resident, by=team_leader, at=SOON)
    orders.nominate(case=case, person=other_helper, by=team_leader, at=SOON)
    orders.accept(case=case, by=other_helper, at=SOON)
    assert case.state == "staffed"


def test_a_late_yes_counts_while_somebody_is_wanted(visit, ask, helper, other_helper):
    ask(visit, helper, other_helper)
    orders.decline(case=visit, by=helper, at=SOON)
    orders.accept(case=visit, by=helper, at=SOON)
    assert visit.state == "staffed"
    assert state_of(visit, other_helper) == "withdrawn"
    assert told(other_helper, "人员已到位") == 1
    with pytest.raises(ArrowRefused, match="已经齐了"):
        orders.accept(case=visit, by=other_helper, at=SOON)


def test_accepting_twice_is_once(visit, ask, helper):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    orders.accept(case=visit, by=helper, at=SOON)
    assert visit.events.filter(verb="accept").count() == 1
    with pytest.raises(ArrowRefused, match="临时去不了"):
        orders.decline(case=visit, by=helper, at=SOON)


def test_a_stranger_answers_nothing(visit, ask, helper, other_helper, neighbour):
    ask(visit, helper)
    for person in (other_helper, neighbour):
        with pytest.raises(ArrowRefused, match="没有邀请您"):
            orders.accept(case=visit, by=person, at=SOON)
        with pytest.raises(ArrowRefused, match="没有邀请您"):
            orders.decline(case=visit, by=person, at=SOON)
    visit.refresh_from_db()
    assert visit.state == "offered"


def test_only_the_desk_offers_and_only_to_volunteers(visit, helper, resident, neighbour, grid_leader, worker_at_desk):
    with pytest.raises(ArrowRefused, match="由责任人、派单员"):
        orders.offer(case=visit, people=[helper], by=grid_leader, at=MONDAY)
    for person, why in ((neighbour, "还没有登记"), (resident, "就是受助人")):
        with pytest.raises(ValidationError, match=why):
            orders.offer(case=visit, people=[person], by=worker_at_desk, at=MONDAY)
    with pytest.raises(ValidationError, match="至少选一位"):
        orders.offer(case=visit, people=[], by=worker_at_desk, at=MONDAY)
    with pytest.raises(CaseMovedOn):
        orders.offer(case=visit, people=[helper], by=worker_at_desk, at=MONDAY, version=99)
    assert not Offer.objects.exists()


def test_who_cannot_come_after_all_is_replaced(visit, ask, helper, other_helper, resident):
    ask(visit, helper, other_helper)
    orders.accept(case=visit, by=helper, at=SOON)
    draw(visit, "step_back", helper, "家里有事", at=SOON)
    assert visit.state == "offered"
    assert (state_of(visit, helper), state_of(visit, other_helper)) == ("stepped_back", "offered")
    assert not Case.objects.visible_to(helper).exists()
    assert told(resident, "换一位") == 1
    orders.accept(case=visit, by=other_helper, at=SOON)
    assert visit.state == "staffed"


def test_another_time_asks_everybody_anew(visit, ask, helper, worker_at_desk, resident):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    new = {"begins_at": VISIT + timedelta(days=1), "ends_at": VISIT + timedelta(days=1, hours=1)}
    with pytest.raises(ValidationError, match="现在之后"):
        draw(visit, "reschedule", worker_at_desk, "改", begins_at=MONDAY, ends_at=new["ends_at"])
    draw(visit, "reschedule", worker_at_desk, "医生改了时间", at=SOON, **new)
    assert (visit.state, state_of(visit, helper)) == ("offered", "offered")
    assert visit.finish_by_at >= new["ends_at"]
    assert told(helper, "改期") == told(resident, "改期") == 1
    assert not Case.objects.seated(helper).exists()


def test_cancelling_tells_everybody_at_once(visit, ask, helper, other_helper, resident):
    ask(visit, helper, other_helper, all_at_once=True)
    draw(visit, "cancel", resident, "女儿回来了")
    assert (visit.state, visit.outcome) == ("cancelled", "cancelled")
    assert told(helper, "取消了") == told(other_helper, "取消了") == 1
    with pytest.raises(ArrowRefused):
        orders.accept(case=visit, by=helper, at=SOON)


def test_the_door_asks_for_its_code_and_the_time(visit, ask, helper, other_helper):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    code = visit.service.door_code
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(ArrowRefused, match="还早"):
        visits.check_in(case=visit, by=helper, at=VISIT - timedelta(hours=2), code=code)
    with pytest.raises(ValidationError, match="签到码不对"):
        visits.check_in(case=visit, by=helper, at=VISIT, code=wrong)
    with pytest.raises(ArrowRefused, match="没有接这一单"):
        visits.check_in(case=visit, by=other_helper, at=VISIT, code=code)
    with pytest.raises(ArrowRefused, match="已经过了"):
        visits.check_in(case=visit, by=helper, at=VISIT + timedelta(hours=3), code=code)
    for _ in range(2):
        visits.check_in(case=visit, by=helper, at=VISIT, code=code)
    assert visit.events.filter(verb="arrive").count() == 1


def test_being_there_is_enough_where_staff_chose_so(open_visit, ask, helper):
    here = {"latitude": 27.36610, "longitude": 118.85880}
    with pytest.raises(ValidationError, match="经纬度"):
        open_visit(check_in_by="place")
    case = ask(open_visit(check_in_by="place", radius=200, **here), helper)
    orders.accept(case=case, by=helper, at=SOON)
    with pytest.raises(ValidationError, match="没有收到您的位置"):
        visits.check_in(case=case, by=helper, at=VISIT)
    with pytest.raises(ValidationError, match="还有约 1112 米"):
        visits.check_in(case=case, by=helper, at=VISIT, latitude=27.37610, longitude=118.85880)
    visits.check_in(case=case, by=helper, at=VISIT, latitude=27.36710, longitude=118.85880)
    assert case.state == "serving"


def test_leaving_needs_words_and_arriving_first(visit, ask, helper):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    with pytest.raises(ArrowRefused, match="还没有签到"):
        visits.check_out(case=visit, by=helper, at=VISIT, given=Given("好"))
    visits.check_in(case=visit, by=helper, at=VISIT, code=visit.service.door_code)
    with pytest.raises(ValidationError, match="做了什么"):
        visits.check_out(case=visit, by=helper, at=VISIT, given=Given(" "))


def test_who_forgot_to_leave_is_put_right_by_the_desk(visit, ask, helper, worker_at_desk):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    visits.check_in(case=visit, by=helper, at=VISIT, code=visit.service.door_code)
    draw(visit, "finish_for", worker_at_desk, "小吴忘了签退", at=VISIT + timedelta(hours=6))
    assert HoursEntry.objects.get().hours == 2
    assert visit.state == "awaiting_rating"


def test_who_did_not_come_is_a_fact_of_the_order_alone(visit, ask, helper, worker_at_desk):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    offer = visit.service.offers.get()
    with pytest.raises(ArrowRefused, match="还没到"):
        draw(visit, "note_absence", worker_at_desk, at=SOON, absentee=offer)
    draw(visit, "note_absence", worker_at_desk, at=VISIT + timedelta(minutes=30), absentee=offer)
    with pytest.raises(ValidationError, match="已经签到"):
        draw(visit, "note_absence", worker_at_desk, at=VISIT + timedelta(minutes=30), absentee=offer)
    assert not PointsEntry.objects.exists()
    with pytest.raises(ArrowRefused, match="没有接"):
        visits.check_in(case=visit, by=helper, at=VISIT + timedelta(minutes=40), code=visit.service.door_code)


def test_nobody_to_ask_means_staff_look(open_visit, ask, helper, worker_at_desk, resident):
    case = ask(open_visit(asker=None), helper)
    orders.accept(case=case, by=helper, at=SOON)
    serve(case, helper)
    draw(case, "verify", worker_at_desk, "看过了", at=VISIT + timedelta(hours=4))
    assert case.outcome == "verified"


def test_silence_closes_it_unrated(visit, ask, helper):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=SOON)
    serve(visit, helper)
    visit.refresh_from_db()
    sweep(at=visit.due_at)
    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == ("done", "unrated")


@pytest.mark.parametrize("serves", ["minor", "lone_elder"])
def test_minors_and_lone_elders_are_visited_by_two_who_were_checked(
    open_visit, ask, helper, other_helper, secretary, serves
):
    with pytest.raises(ValidationError, match="两位志愿者同去"):
        open_visit(serves=serves, wanted=1)
    case = open_visit(serves=serves, wanted=2)
    assert case.is_private
    with pytest.raises(ValidationError, match="背景核查"):
        ask(case, helper, other_helper)
    for person in (helper, other_helper):
        people.note_check(volunteer=person.volunteer, on=date(2026, 11, 1), by=secretary, today=MONDAY.date())
    ask(case, helper, other_helper)
    orders.accept(case=case, by=helper, at=SOON)
    assert case.state == "offered"
    # A check that is taken back, or has run out by then, stops an acceptance too.
    other_helper.volunteer.refresh_from_db()
    people.note_check(volunteer=other_helper.volunteer, on=date(2020, 1, 1), by=secretary, today=MONDAY.date())
    with pytest.raises(ArrowRefused, match="背景核查"):
        orders.accept(case=case, by=other_helper, at=SOON)
    people.note_check(volunteer=other_helper.volunteer, on=date(2026, 11, 2), by=secretary, today=MONDAY.date())
    orders.accept(case=case, by=other_helper, at=SOON)
    visits.check_in(case=case, by=helper, at=VISIT, code=case.service.door_code)
    assert case.state == "staffed"  # alone nobody begins
    visits.check_in(case=case, by=other_helper, at=VISIT, code=case.service.door_code)
    assert case.state == "serving"


def test_before_accepting_nobody_reads_the_case(visit, ask, helper, worker_at_desk):
    ask(visit, helper)
    assert signed_in(helper).get(f"/cases/{visit.number}/").status_code == 404
    orders.accept(case=visit, by=helper, at=SOON)
    assert signed_in(helper).get(f"/cases/{visit.number}/").status_code == 200


def test_own_doors_are_one_button_each_and_lead_to_their_page(visit, ask, helper, worker_at_desk):
    desk = signed_in(worker_at_desk)
    assert desk.get(f"/cases/{visit.number}/offer/").url == f"/volunteers/orders/{visit.number}/offer/"
    assert desk.post(f"/api/v1/cases/{visit.number}/acts/offer/", {"version": 0}).status_code == 400
    assert visit.service.offers.count() == 0
    visit.refresh_from_db()
    offered = desk.post(f"/api/v1/cases/{visit.number}/acts/offer/", {"version": visit.version, "people": [helper.pk]})
    assert offered.json()["state"] == "offered"
    assert [offer.person for offer in visit.service.offers.all()] == [helper]
    orders.accept(case=visit, by=helper, at=SOON)
    page = signed_in(helper).get(f"/cases/{visit.number}/").content.decode()
    assert page.count(">签到</a>") == 1
    assert ">签退</a>" not in page
    assert ">接单</a>" not in page


def test_the_code_is_told_by_the_helped_and_posted_by_the_desk_never_shown_to_who_comes(
    open_visit, ask, helper, resident, worker_at_desk
):
    asked, noted = open_visit(), open_visit(asker=None)
    for case in (asked, noted):
        ask(case, helper)
        desk = signed_in(worker_at_desk).get(f"/cases/{case.number}/").content.decode()
        assert case.service.door_code in desk
        assert "贴在门口" in desk
        orders.accept(case=case, by=helper, at=MONDAY)
        for path in (f"/cases/{case.number}/", f"/volunteers/orders/{case.number}/"):
            assert case.service.door_code not in signed_in(helper).get(path).content.decode()
    page = signed_in(resident).get(f"/cases/{asked.number}/").content.decode()
    assert f"请告诉他签到码：<strong>{asked.service.door_code}" in page
    serve(asked, helper)
    for person in (resident, worker_at_desk):
        assert asked.service.door_code not in signed_in(person).get(f"/cases/{asked.number}/").content.decode()


def test_who_does_not_look_at_messages_is_to_be_called(visit, helper):
    Volunteer.objects.filter(person=helper).update(reach=Volunteer.Reach.CALL)
    labels = {proposal.candidate.key: proposal.candidate.label for proposal in for_order(visit.service)}
    assert labels[helper.pk] == "吴小红（请打电话告知）"
