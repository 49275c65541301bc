"""矛盾纠纷 through its states: each act as it should be, and its refusals."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localtime

from cases.engine.turns import ArrowRefused, CaseMovedOn, Given
from cases.models import Case
from cases.services import act
from cases.workflow import WORKFLOWS
from disputes.models import Guidance, Party, Reason, Side, Will
from disputes.services import sessions
from disputes.services.opening import PartySaid
from tests.disputes.conftest import apply, draft, meet, settle, take_on
from tests.support.cast import MONDAY, draw, post_of, signed_in
from tests.support.heard import heard
from tests.support.pages import BUTTON, MESSAGE, inside


def test_it_begins_with_the_group_leader_and_three_days(dispute, group_leader):
    assert (dispute.state, dispute.holder.person) == ("asking", group_leader)
    assert dispute.is_private
    assert localtime(dispute.due_at - timedelta(seconds=1)).date() == date(2026, 11, 26)
    assert dispute.title == "邻里纠纷（用水排水通行通风采光）"


def test_who_asked_is_willing_and_the_other_is_asked(dispute, resident, neighbour):
    wills = {party.person: party.will for party in dispute.dispute.parties.all()}
    assert wills == {resident: Will.ASKS, neighbour: ""}
    assert heard("说说您的意愿", neighbour)


def test_the_whole_way_to_the_archive(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    assert (dispute.state, dispute.outcome) == ("performing", "settled_oral")
    clause = dispute.dispute.agreements.get().clauses.get()
    draw(dispute, "record_performance", group_leader, clause=clause, degree="done")
    draw(dispute, "visit", group_leader, "两家和好了")
    draw(dispute, "rate", resident, score=5)
    draw(dispute, "archive", group_leader)
    assert (dispute.state, dispute.outcome) == ("archived", "settled_oral")
    assert dispute.dispute.settled_level == 3


def test_nobody_takes_it_on_before_both_are_willing(dispute, group_leader):
    with pytest.raises(ArrowRefused, match="赵建国"):
        draw(dispute, "accept", group_leader)


def test_of_three_each_has_to_be_willing(dispute_defaults, town, staff, resident, neighbour, group_leader):
    parties = [
        PartySaid(Side.APPLICANT, person=resident), PartySaid(Side.RESPONDENT, person=neighbour),
        PartySaid(Side.RESPONDENT, name="钱大妈"),
    ]  # fmt: skip
    case = apply(resident, neighbour, town, parties=parties)
    third = case.dispute.parties.get(name="钱大妈")
    with pytest.raises(ArrowRefused, match="还没有征得.*赵建国、.*钱大妈.*同意"):
        draw(case, "accept", group_leader)
    draw(case, "consent", neighbour)
    with pytest.raises(ArrowRefused, match="还没有征得.*钱大妈.*同意") as refusal:
        draw(case, "accept", group_leader)
    assert "赵建国" not in refusal.value.messages[0]
    draw(case, "record_will", group_leader, party=third, will=Will.AGREES)
    with pytest.raises(ArrowRefused, match="各方都已表明意愿"):
        draw(case, "record_will", group_leader, party=third, will=Will.AGREES)
    draw(case, "accept", group_leader)
    draw(case, "name_mediators", group_leader, mediators=[post_of(group_leader)])
    meet(case, group_leader)
    Party.objects.filter(pk=third.pk).update(will="", will_at=None)
    with pytest.raises(ArrowRefused, match="还没有征得.*钱大妈.*同意"):
        draft(case, group_leader)


def test_a_clear_refusal_ends_it(dispute, neighbour, resident):
    draw(dispute, "refuse", neighbour, "没什么好谈的")
    assert (dispute.state, dispute.outcome) == ("archived", "refused")
    assert dispute.finished_at == dispute.closed_at == MONDAY
    assert heard("其他途径", resident)


def test_a_refusal_later_ends_it_too(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    draw(dispute, "refuse", neighbour)
    assert dispute.outcome == "refused"


def test_the_will_of_somebody_without_an_account_is_written_down(dispute, group_leader, neighbour):
    party = dispute.dispute.parties.get(person=neighbour)
    draw(dispute, "record_will", group_leader, "上门问的", party=party, will=Will.AGREES)
    party.refresh_from_db()
    assert party.is_willing
    draw(dispute, "accept", group_leader)


def test_a_written_down_refusal_ends_it(dispute, group_leader, neighbour):
    party = dispute.dispute.parties.get(person=neighbour)
    draw(dispute, "record_will", group_leader, "电话里说不谈", party=party, will=Will.REFUSES)
    assert dispute.outcome == "refused"


def test_declining_names_the_reason_and_the_ways_that_stay_open(dispute, group_leader):
    draw(dispute, "decline", group_leader, "法院已受理", ground=Reason.objects.first(), guidance=Guidance.objects.all())
    words = dispute.events.get(verb="decline").remark.words
    assert "向法院起诉" in words
    assert dispute.outcome == "declined"


def test_only_the_applicant_withdraws(dispute, resident, neighbour):
    with pytest.raises(ArrowRefused, match="不同意调解"):
        draw(dispute, "withdraw", neighbour)
    draw(dispute, "withdraw", resident)
    assert (dispute.state, dispute.outcome) == ("archived", "withdrawn")


def test_suspending_and_resuming_leaves_the_rest_of_the_time(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    draw(dispute, "suspend", group_leader, "一方住院")
    later = MONDAY + timedelta(days=20)
    draw(dispute, "resume", group_leader, at=later)
    assert dispute.state == "mediating"
    assert dispute.finish_by_at > MONDAY + timedelta(days=45)


@pytest.mark.parametrize(
    ("verb", "who", "more"),
    [
        ("accept", "neighbour", {}),
        ("accept", "next_grid_leader", {}),
        ("consent", "group_leader", {}),
        ("consent", "secretary", {}),
        ("withdraw", "group_leader", {}),
        ("hand_up", "resident", {}),
        ("dispatch", "group_leader", {}),
        ("end_refused", "group_leader", {}),
    ],
)
def test_a_stranger_to_the_act_may_not(dispute, request, verb, who, more):
    with pytest.raises(ArrowRefused):
        draw(dispute, verb, request.getfixturevalue(who), **more)


@pytest.mark.parametrize("verb", ["name_mediators", "plan_session", "assent", "visit", "archive", "take_effect"])
def test_from_the_wrong_state_nothing_moves(dispute, group_leader, verb):
    from cases.services import move

    with pytest.raises(ArrowRefused):
        move(case=dispute, verb=verb, by=group_leader, at=MONDAY)
    assert Case.objects.get(pk=dispute.pk).state == "asking"


def test_a_stale_page_changes_nothing(dispute, group_leader, neighbour):
    draw(dispute, "consent", neighbour)
    stale = dispute.version
    draw(dispute, "accept", group_leader)
    with pytest.raises(CaseMovedOn):
        act(case=dispute, verb="accept", by=group_leader, at=MONDAY, version=stale, given=Given())


def test_saying_yes_twice_is_once(dispute, neighbour):
    draw(dispute, "consent", neighbour)
    with pytest.raises(ArrowRefused, match="已经同意"):
        draw(dispute, "consent", neighbour)
    assert dispute.events.filter(verb="consent").count() == 1


def test_the_same_form_twice_is_one_dispute(dispute, resident, neighbour, town):
    assert apply(resident, neighbour, town) == dispute


def test_a_session_in_the_future_cannot_be_recorded(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    dispute.refresh_from_db()
    soon = timezone.now() + timedelta(days=1)
    sessions.plan_session(
        case=dispute, by=group_leader, at=MONDAY, version=dispute.version, starts_at=soon, place="议事亭"
    )
    dispute.refresh_from_db()
    page = f"/disputes/{dispute.number}/record-session/"
    client = signed_in(group_leader)
    assert "记录调解会" not in inside(client.get(f"/cases/{dispute.number}/"), BUTTON)
    assert "还没到，开过以后再记录" in inside(client.get(page, follow=True), MESSAGE), "before anything is typed"
    posted = {
        "version": dispute.version,
        "record": "谈成了",
        "result": "agreed",
        "present": [dispute.dispute.parties.first().pk],
    }
    form = client.post(page, posted).context["form"]
    assert "还没到" in form.non_field_errors()[0]
    assert form["record"].value() == "谈成了"
    with pytest.raises(ArrowRefused, match="还没到"):
        sessions.record_session(
            case=dispute,
            by=group_leader,
            at=MONDAY,
            version=None,
            record="谈成了",
            result="agreed",
            present=list(dispute.dispute.parties.all()),
        )
    draw(dispute, "cancel_session", group_leader, "改天")
    assert dispute.dispute.sessions.get().state == "cancelled"


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"starts_at": MONDAY - timedelta(hours=1), "place": "亭"}, "starts_at"),
        ({"starts_at": MONDAY + timedelta(days=100), "place": "亭"}, "starts_at"),
        ({"starts_at": MONDAY + timedelta(hours=1)}, "place"),
    ],
)
def test_a_session_has_a_time_to_come_and_a_place(dispute, group_leader, neighbour, plan, field):
    take_on(dispute, group_leader, neighbour)
    with pytest.raises(ValidationError) as refusal:
        sessions.plan_session(case=dispute, by=group_leader, at=MONDAY, version=None, **plan)
    assert field in refusal.value.message_dict


def test_the_page_says_so_at_the_field(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    dispute.refresh_from_db()
    posted = {"version": dispute.version, "starts_at": "2020-01-01T09:00", "place": "宜和社区议事亭"}
    form = signed_in(group_leader).post(f"/disputes/{dispute.number}/plan-session/", posted).context["form"]
    assert form.errors["starts_at"]
    assert form["place"].value() == "宜和社区议事亭"


def test_no_agreement_without_having_talked(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    with pytest.raises(ArrowRefused, match="调解会"):
        draft(dispute, group_leader)


def test_one_yes_is_no_agreement(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader)
    draw(dispute, "assent", resident)
    assert (dispute.state, dispute.outcome) == ("agreeing", "")
    with pytest.raises(ArrowRefused, match="已经确认"):
        draw(dispute, "assent", resident)


def test_every_arrow_of_the_page_has_its_fields(dispute):
    from cases.forms import FIELDS

    workflow = WORKFLOWS["dispute"]
    for arrow in workflow.all_arrows:
        for name in arrow.fields:
            assert name in workflow.fields or name in FIELDS, f"{arrow.verb} asks for {name}"


def test_a_mediator_named_must_be_near_and_free(dispute, group_leader, neighbour, other_cadre):
    draw(dispute, "consent", neighbour)
    draw(dispute, "accept", group_leader)
    with pytest.raises(ValidationError) as refusal:
        draw(dispute, "name_mediators", group_leader, mediators=[post_of(other_cadre)])
    assert "mediators" in refusal.value.message_dict
