"""回避: who is a party neither mediates, nor writes down for others, nor advises in it, whatever post they hold."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine.turns import ArrowRefused, turn_on
from cases.workflow import PARTY
from disputes.experts.services import booking
from disputes.experts.services.booking import next_slots
from disputes.models import Agreement, Assent, Clause, Party, Session, Side
from disputes.services import opening, papers, sessions
from disputes.services.opening import PartySaid, claim
from disputes.services.talks import say_privately, talks_of
from tests.disputes.conftest import apply, draft, meet, settle, take_on
from tests.disputes.experts.panel import THURSDAY, booked, enlisted, slot_of
from tests.support.cast import MONDAY, draw, post_of, signed_in


def becomes_party(case, person, *, beside):
    """`person`, who has a post on the case, turns out to be one of those who dispute."""
    Party.objects.filter(dispute=case.pk, person=beside).update(person=person)
    with turn_on(case, by=None, at=MONDAY) as turn:
        turn.seat(PARTY, person=person)
    case.refresh_from_db()


@pytest.fixture
def own(dispute, group_leader, neighbour):
    """Held and mediated by the group's leader, who is a party to it."""
    take_on(dispute, group_leader, neighbour)
    becomes_party(dispute, group_leader, beside=neighbour)
    return dispute


def test_no_session_is_planned_recorded_or_called_off_by_a_party(own, group_leader):
    soon = MONDAY + timedelta(hours=1)
    with pytest.raises(ArrowRefused):
        sessions.plan_session(case=own, by=group_leader, at=MONDAY, version=None, starts_at=soon, place="亭")
    Session.objects.create(dispute=own.dispute, number=1, starts_at=MONDAY, place="亭")
    with pytest.raises(ArrowRefused):
        sessions.record_session(
            case=own,
            by=group_leader,
            at=soon,
            version=None,
            record="谈了",
            result="agreed",
            present=list(own.dispute.parties.all()),
        )
    with pytest.raises(ArrowRefused):
        draw(own, "cancel_session", group_leader, "改天")
    assert Session.objects.get().state == "planned"


def test_no_agreement_is_drafted_or_written_down_for_others_by_a_party(dispute, group_leader, neighbour, resident):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    becomes_party(dispute, group_leader, beside=neighbour)
    with pytest.raises(ArrowRefused):
        draft(dispute, group_leader)
    becomes_party(dispute, neighbour, beside=group_leader)
    dispute.seats.filter(person=group_leader).delete()
    draft(dispute, group_leader, form="written")
    becomes_party(dispute, group_leader, beside=neighbour)
    other = dispute.dispute.parties.get(person=resident)
    with pytest.raises(ArrowRefused):
        draw(dispute, "record_assent", group_leader, party=other, how=Assent.How.PAPER)
    assert not Agreement.objects.get().assents.exists()


def test_what_is_kept_is_not_written_down_by_a_party(dispute, group_leader, neighbour, resident):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    becomes_party(dispute, group_leader, beside=neighbour)
    with pytest.raises(ArrowRefused):
        draw(dispute, "record_performance", group_leader, clause=Clause.objects.get(), degree="done")
    with pytest.raises(ArrowRefused):
        draw(dispute, "visit", group_leader, "都好")


def test_a_party_reads_no_private_talk_and_no_paper_as_who_mediates(own, group_leader, resident):
    theirs = own.dispute.parties.get(person=resident)
    say_privately(case=own, party=theirs, by=resident, at=MONDAY, words="我可以让一步")
    assert theirs not in talks_of(own, group_leader, at=MONDAY)
    assert not papers.handles(own, group_leader, at=MONDAY)
    for door in ("plan-session", "record-session", "agreement", "parties", "file"):
        assert signed_in(group_leader).get(f"/disputes/{own.number}/{door}/").status_code == 404, door


def test_no_party_is_added_by_a_party(dispute, group_leader, neighbour):
    becomes_party(dispute, group_leader, beside=neighbour)
    third = PartySaid(Side.THIRD, name="陈三")
    with pytest.raises(ArrowRefused):
        opening.add_party(case=dispute, by=group_leader, at=MONDAY, version=None, party=third)
    assert dispute.dispute.parties.count() == 2


def test_whoever_turns_out_to_be_a_party_leaves_it_to_others(
    dispute_defaults, town, staff, resident, group_leader, branch_secretary
):
    """Named with a phone that became theirs later."""
    parties = [PartySaid(Side.APPLICANT, person=resident), PartySaid(Side.RESPONDENT, name="孙某", phone="13900005555")]
    case = apply(resident, None, town, parties=parties)
    draw(case, "record_will", group_leader, "问过", party=case.dispute.parties.get(person=None), will="agrees")
    draw(case, "accept", group_leader)
    draw(case, "name_mediators", group_leader, mediators=[post_of(group_leader)])
    User.objects.filter(pk=group_leader.pk).update(phone_index=Party.objects.get(person=None).phone_index)
    assert claim(person=User.objects.get(pk=group_leader.pk), at=MONDAY) == 1
    case.refresh_from_db()
    assert case.holder.person == branch_secretary
    assert not case.seats.filter(role="mediator", until_at=None).exists()
    assert case.seats.filter(role="party", person=group_leader, until_at=None).exists()


def test_no_expert_books_their_own_hours(lawyer, slot, town):
    with pytest.raises(ValidationError, match="不能约自己"):
        booked(slot, lawyer.person, town.community)


def test_nobody_is_advised_by_the_other_side(lawyer, slot, second_lawyer, town, resident):
    apply(resident, lawyer.person, town)
    with pytest.raises(ValidationError, match="应当回避") as refusal:
        booked(slot, resident, town.community)
    assert "slot" in refusal.value.message_dict
    case = booked(slot_of(second_lawyer), resident, town.community, key="second")
    assert not next_slots(case, at=MONDAY).exists(), "nor is a booking passed on to them"


def test_nor_does_the_desk_arrange_it(lawyer, second_lawyer, town, resident, staff):
    case = booked(slot_of(second_lawyer), resident, town.community)
    draw(case, "decline", second_lawyer.person)
    assert case.state == "stranded"
    apply(resident, lawyer.person, town, key="dispute")
    theirs = slot_of(lawyer, THURSDAY + timedelta(days=1))
    with pytest.raises(ValidationError, match="应当回避"):
        draw(case, "arrange", case.holder.person, slot=theirs)
    third = enlisted("钱律师", 3, town)
    draw(case, "arrange", case.holder.person, slot=slot_of(third))
    assert case.holder.person == third.person


def test_a_dispute_that_has_ended_bars_no_advice(lawyer, slot, town, resident):
    old = apply(resident, lawyer.person, town)
    draw(old, "withdraw", resident)
    assert booking.fitting_slots(booked(slot, resident, town.community), at=MONDAY).count() == 0
    assert booked(slot_of(lawyer, THURSDAY + timedelta(days=1)), resident, town.community, key="b").state == "booked"
