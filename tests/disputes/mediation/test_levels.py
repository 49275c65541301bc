"""Up the three levels and the street: everything goes along, limits by level, bars and other mediators, the police."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.engine.turns import ArrowRefused, Given
from cases.escalation import sweep
from disputes.models import Guidance, Recusal, Side
from disputes.papers.record import Record
from disputes.services.levels import pull_up
from disputes.services.opening import PartySaid, add_party
from grids.posts.services import vacate
from tests.disputes.conftest import apply, draft, meet, settle, take_on
from tests.support.cast import MONDAY, draw, post_of, signed_in
from tests.support.heard import heard
from tests.support.pages import NOTICE, inside


def test_it_climbs_by_hand_with_everything_attached(
    dispute, group_leader, branch_secretary, secretary, resident, neighbour
):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draw(dispute, "hand_up", group_leader, "差距大")
    assert dispute.holder.person == branch_secretary
    assert (dispute.due_amount, dispute.due_unit) == (7, "day")
    draw(dispute, "hand_up", branch_secretary, "还是谈不拢")
    assert (dispute.holder.person, dispute.due_amount) == (secretary, 15)
    assert dispute.dispute.sessions.filter(state="held").count() == 1
    settle(dispute, secretary, resident, neighbour)
    assert (dispute.outcome, dispute.dispute.__class__.objects.get().settled_level) == ("settled_oral", 1)


def test_steps_at_one_level_win_no_time(dispute, group_leader, neighbour):
    due_at = dispute.due_at
    draw(dispute, "consent", neighbour, at=MONDAY + timedelta(hours=2))
    draw(dispute, "accept", group_leader, at=MONDAY + timedelta(hours=5))
    mediators = [post_of(group_leader)]
    draw(dispute, "name_mediators", group_leader, at=MONDAY + timedelta(hours=6), mediators=mediators)
    meet(dispute, group_leader, at=MONDAY + timedelta(days=1))
    dispute.refresh_from_db()
    assert dispute.state == "mediating"
    assert (dispute.due_at, dispute.due_from_at) == (due_at, MONDAY)


def test_late_it_climbs_by_itself(dispute, branch_secretary, neighbour, resident):
    sweep(at=MONDAY + timedelta(days=4))
    sweep(at=MONDAY + timedelta(days=7))
    dispute.refresh_from_db()
    assert dispute.holder.person == branch_secretary
    assert (dispute.state, dispute.was_late, dispute.due_amount) == ("asking", True, 7)
    assert heard("办理超时", resident)


def test_the_street_is_the_top(dispute, group_leader, street_cadre, neighbour):
    take_on(dispute, group_leader, neighbour)
    for _ in range(3):
        draw(dispute, "hand_up", dispute.holder.person, "请上一级")
        dispute.refresh_from_db()
    assert dispute.holder.person == street_cadre
    with pytest.raises(ArrowRefused, match="最后一级"):
        draw(dispute, "hand_up", street_cadre, "请上一级")
    later = MONDAY + timedelta(days=60)
    sweep(at=later)
    sweep(at=later + timedelta(days=60))
    dispute.refresh_from_db()
    assert dispute.holder.person == street_cadre


def test_ending_it_without_agreement_is_for_the_community(
    dispute, group_leader, secretary, branch_secretary, neighbour, resident
):
    take_on(dispute, group_leader, neighbour)
    told = Guidance.objects.order_by("order")
    ending = {"ending": "no_agreement", "guidance": told.filter(name="向法院起诉")}
    with pytest.raises(ArrowRefused, match="上交上一级"):
        draw(dispute, "terminate", group_leader, "谈不拢", **ending)
    draw(dispute, "hand_up", group_leader, "谈不拢")
    draw(dispute, "hand_up", branch_secretary, "谈不拢")
    with pytest.raises(ValidationError, match="卷宗还不齐：.*权利义务告知书") as refusal:
        draw(dispute, "terminate", secretary, "谈不拢", **ending)
    assert set(refusal.value.message_dict) == {"gaps"}
    assert "协议" not in refusal.value.messages[0], "none was reached"
    dispute.refresh_from_db()
    assert dispute.state == "mediating"
    draw(dispute, "terminate", secretary, "谈不拢", gaps="当事人不来签收", **ending)
    assert (dispute.state, dispute.outcome) == ("archived", "failed")
    assert Record(dispute, at=MONDAY).why_incomplete == "当事人不来签收"
    page = signed_in(resident).get(f"/cases/{dispute.number}/").content.decode()
    assert page.count("向法院起诉") == 2, "as told, in the story, and among the ways that stay open"
    assert told.last().name not in page, "what was not told to them"


def test_the_mediators_of_a_level_stay_behind(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    client = signed_in(group_leader)
    assert client.get(f"/cases/{dispute.number}/").status_code == 200
    draw(dispute, "hand_up", group_leader, "差距大")
    assert client.get(f"/cases/{dispute.number}/").status_code == 404


def test_a_level_above_pulls_it_up(dispute, secretary, other_cadre):
    with pytest.raises(ArrowRefused):
        pull_up(case=dispute, by=other_cadre, at=MONDAY, version=None, given=Given("接过来"))
    page = signed_in(secretary).get(f"/disputes/{dispute.number}/pull-up/")
    assert page.status_code == 200
    assert "空调" not in page.content.decode()
    answer = signed_in(secretary).post(f"/disputes/{dispute.number}/pull-up/", {"words": "牵涉面大"})
    assert answer.status_code == 302
    dispute.refresh_from_db()
    assert dispute.holder.person == secretary
    assert signed_in(secretary).get(f"/cases/{dispute.number}/").status_code == 200


def test_nobody_below_or_elsewhere_pulls_it_up(dispute, grid_leader, other_cadre, resident):
    for person in (grid_leader, other_cadre, resident):
        assert signed_in(person).get(f"/disputes/{dispute.number}/pull-up/").status_code == 404


def test_an_empty_post_falls_to_the_level_above_not_below(dispute_defaults, town, staff, resident, neighbour):
    vacate(post=post_of(staff["group_leader"]), at=MONDAY)
    case = apply(resident, neighbour, town)
    assert case.holder.person == staff["branch_secretary"]
    assert case.due_amount == 7


def test_a_leader_who_is_a_party_is_passed_over(dispute_defaults, town, staff, resident):
    case = apply(resident, staff["group_leader"], town)
    assert case.holder.person == staff["branch_secretary"]
    with pytest.raises(ArrowRefused):
        draw(case, "accept", staff["group_leader"])


def test_a_secretary_who_is_a_party_reads_and_acts_as_one(dispute_defaults, town, staff, resident, secretary):
    case = apply(resident, secretary, town)
    assert signed_in(secretary).get(f"/disputes/{case.number}/pull-up/").status_code == 404
    draw(case, "note", staff["group_leader"], "对方口气很硬")
    assert "口气很硬" not in signed_in(secretary).get(f"/cases/{case.number}/").content.decode()


def test_declaring_oneself_related_hands_it_on(dispute, group_leader, branch_secretary, neighbour):
    party = dispute.dispute.parties.get(person=neighbour)
    draw(dispute, "recuse", group_leader, "是我表弟", party=party)
    assert dispute.holder.person == branch_secretary
    assert Recusal.objects.get().person == group_leader
    take_on(dispute, branch_secretary, neighbour)
    with pytest.raises(ValidationError):
        draw(dispute, "change_mediators", branch_secretary, mediators=[post_of(group_leader)])


def test_a_mediator_who_is_related_gets_up(dispute, group_leader, mediator, neighbour):
    draw(dispute, "consent", neighbour)
    draw(dispute, "accept", group_leader)
    draw(dispute, "name_mediators", group_leader, mediators=[post_of(mediator)])
    assert signed_in(mediator).get(f"/cases/{dispute.number}/").status_code == 200
    party = dispute.dispute.parties.get(person=neighbour)
    draw(dispute, "recuse", group_leader, "是同事", party=party, mediator=post_of(mediator))
    assert dispute.holder.person == group_leader
    assert signed_in(mediator).get(f"/cases/{dispute.number}/").status_code == 404


def test_a_mediator_declares_it_themselves(dispute, group_leader, mediator, neighbour):
    draw(dispute, "consent", neighbour)
    draw(dispute, "accept", group_leader)
    draw(dispute, "name_mediators", group_leader, mediators=[post_of(mediator)])
    draw(dispute, "recuse", mediator, "是我舅舅", party=dispute.dispute.parties.get(person=neighbour))
    assert not dispute.seats.filter(role="mediator", until_at=None).exists()


def test_another_mediator_on_request_and_twice_refused_goes_up(dispute, group_leader, mediator, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    draw(dispute, "ask_mediator", resident, "他和对方熟")
    with pytest.raises(ArrowRefused, match="等答复"):
        draw(dispute, "ask_mediator", neighbour, "换")
    draw(dispute, "refuse_mediator", group_leader, "并不认识")
    draw(dispute, "ask_mediator", resident, "我还是不放心")
    with pytest.raises(ArrowRefused, match="上交上一级"):
        draw(dispute, "refuse_mediator", group_leader, "不换")
    draw(dispute, "grant_mediator", group_leader, mediators=[post_of(mediator)])
    seats = dispute.seats.filter(role="mediator", until_at=None)
    assert [seat.post for seat in seats] == [post_of(mediator)]


def test_violence_brings_the_police_at_once(dispute_defaults, town, staff, police, resident, neighbour):
    case = apply(resident, neighbour, town, has_violence_risk=True)
    assert heard("暴力风险", police)
    assert signed_in(police).get(f"/cases/{case.number}/").status_code == 200
    page = signed_in(staff["group_leader"]).get(f"/cases/{case.number}/").content.decode()
    assert "马警官" in inside(page, NOTICE), "the liaison is shown to who mediates"
    assert "马警官" not in signed_in(neighbour).get(f"/cases/{case.number}/").content.decode()


def test_without_an_officer_the_leader_is_told_to_ring(dispute, group_leader, neighbour):
    draw(dispute, "report_police", neighbour, "他拿着棍子")
    assert heard("110", group_leader)
    assert "这里没有在岗的社区民警" in signed_in(group_leader).get(f"/cases/{dispute.number}/").content.decode()
    assert dispute.dispute.__class__.objects.get().has_violence_risk


def test_one_extension_when_everybody_agrees(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    promised = dispute.finish_by_at
    with pytest.raises(ValidationError):
        draw(dispute, "ask_extension", group_leader, amount=31)
    draw(dispute, "ask_extension", group_leader, "等鉴定", amount=10)
    draw(dispute, "agree_extension", resident)
    assert dispute.finish_by_at == promised
    draw(dispute, "agree_extension", neighbour)
    assert dispute.finish_by_at >= promised + timedelta(days=9)
    with pytest.raises(ArrowRefused, match="一次"):
        draw(dispute, "ask_extension", group_leader, amount=5)


def test_the_holder_does_not_become_a_party(dispute, group_leader):
    party = PartySaid(Side.THIRD, person=group_leader)
    with pytest.raises(ArrowRefused, match="正是负责人"):
        add_party(case=dispute, by=group_leader, at=MONDAY, version=dispute.version, party=party)
    assert dispute.dispute.parties.count() == 2


def test_a_third_party_is_asked_too(dispute, group_leader, neighbour):
    party = PartySaid(Side.THIRD, organisation="宜和佳苑物业公司")
    add_party(case=dispute, by=group_leader, at=MONDAY, version=dispute.version, party=party)
    draw(dispute, "consent", neighbour)
    with pytest.raises(ArrowRefused, match="宜和佳苑物业公司"):
        draw(dispute, "accept", group_leader)


def test_a_draft_that_is_refused_is_put_aside_not_lost(dispute, group_leader, neighbour, resident):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader)
    draw(dispute, "reopen", resident, "期限太长")
    draft(dispute, group_leader, form="written")
    assert dispute.dispute.agreements.count() == 2
    assert dispute.dispute.agreements.filter(withdrawn_at=None).get().form == "written"
