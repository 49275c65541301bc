"""What an agreement must say, when it is in force, how it is kept, and the court's window."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localtime

from cases.engine.turns import ArrowRefused
from disputes.models import Agreement, Assent, Side
from disputes.services.agreements import ClauseSaid
from disputes.services.keeping import remind_of_confirmation
from disputes.services.opening import PartySaid
from tests.disputes.conftest import apply, draft, meet, settle, take_on
from tests.support.cast import MONDAY, ZONE, draw, signed_in
from tests.support.heard import heard
from tests.support.pages import PARTIES, inside


@pytest.fixture
def talked(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    return dispute


def in_force(case, leader, **more):
    """A written agreement that both have signed on paper."""
    draft(case, leader, form="written", **more)
    for party in case.dispute.parties.all():
        draw(case, "record_assent", leader, party=party, how=Assent.How.PAPER)


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (ClauseSaid("修好", "上门", None), "第一条：没有写履行期限"),
        (ClauseSaid("修好", "上门", date(2026, 11, 1)), "期限已经过去"),
        (ClauseSaid("", "上门", date(2026, 12, 1)), "没有写做什么"),
        (ClauseSaid("修好", " ", date(2026, 12, 1)), "没有写怎么履行"),
        (ClauseSaid("修" * 3000, "上门", date(2026, 12, 1)), "最多 2000 字，您写了 3000 字"),
    ],
)
def test_a_clause_says_what_how_and_by_when(talked, group_leader, clause, words):
    with pytest.raises(ValidationError, match=words) as refusal:
        draft(talked, group_leader, clauses=[clause])
    assert "clauses" in refusal.value.message_dict
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("field", ["facts", "responsibilities"])
def test_facts_and_responsibilities_are_asked_for(talked, group_leader, field):
    with pytest.raises(ValidationError) as refusal:
        draft(talked, group_leader, **{field: "　"})
    assert field in refusal.value.message_dict


def test_an_agreement_without_clauses_is_none(talked, group_leader):
    with pytest.raises(ValidationError, match="至少要有一条"):
        draft(talked, group_leader, clauses=[])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"deadline": ""}, "没有写履行期限"),
        ({"deadline": "2020-01-01"}, "履行期限已经过去"),
        ({"deadline": "下周"}, "请写成 2026-11-23"),
        ({"how": ""}, "没有写怎么履行"),
        ({"what": "修" * 3000}, "最多 2000 字，您写了 3000 字"),
    ],
)
def test_the_page_says_what_is_wrong_at_the_field_and_keeps_what_was_typed(talked, group_leader, wrong, words):
    talked.refresh_from_db()
    clause = {"what": "修好排水管𠮷", "how": "上门", "deadline": f"{timezone.localdate() + timedelta(days=7)}", **wrong}
    posted = {
        "version": talked.version, "form": "oral", "facts": "空调滴水", "responsibilities": "赵建国",
        "clause-TOTAL_FORMS": 3, "clause-INITIAL_FORMS": 0,
        **{f"clause-1-{name}": value for name, value in clause.items()},  # the first was left empty
    }  # fmt: skip
    page = signed_in(group_leader).post(f"/disputes/{talked.number}/agreement/", posted)
    forms = page.context["clauses"].forms
    (field,) = wrong
    assert words in forms[1].errors[field][0]
    assert not forms[0].errors
    assert {name: forms[1][name].value() for name in clause} == clause
    assert page.context["form"]["facts"].value() == "空调滴水"
    assert 'aria-invalid="true"' in page.content.decode()
    assert not Agreement.objects.exists()


def test_clauses_without_end_are_refused_in_words(talked, group_leader):
    posted = {"clause-TOTAL_FORMS": 2**31, "clause-INITIAL_FORMS": 0, "version": talked.version}
    page = signed_in(group_leader).post(f"/disputes/{talked.number}/agreement/", posted)
    assert len(page.context["clauses"].forms) == 20
    assert "20" in page.context["form"].non_field_errors()[0]


def test_a_written_down_yes_counts_once(talked, group_leader, resident, neighbour):
    draft(talked, group_leader, form="written")
    mine, other = talked.dispute.parties.order_by("pk")
    draw(talked, "record_assent", group_leader, party=mine, how=Assent.How.PAPER)
    with pytest.raises(ValidationError, match="已经确认"):
        draw(talked, "record_assent", group_leader, party=mine, how=Assent.How.PAPER)
    draw(talked, "record_assent", group_leader, party=other, how=Assent.How.PAPER)
    assert (talked.state, talked.outcome) == ("performing", "settled_written")


def test_the_court_can_be_asked_for_thirty_days(talked, group_leader):
    in_force(talked, group_leader)
    agreement = Agreement.objects.get()
    last = localtime(agreement.confirm_by_at - timedelta(seconds=1))
    assert last.date() == date(2026, 12, 23)
    draw(talked, "ask_confirmation", group_leader, settles_status=False)
    draw(talked, "confirm", group_leader, "裁定书（2026）闽0725民特1号")
    assert talked.outcome == "settled_confirmed"


def test_a_thirtieth_day_off_moves_to_the_next_working_day(
    dispute_defaults, town, staff, group_leader, resident, neighbour
):
    begun = datetime(2026, 9, 1, 9, 0, tzinfo=ZONE)  # the thirtieth day after is 1 October, National Day
    case = apply(resident, neighbour, town, at=begun)
    for verb, who in (("consent", neighbour), ("accept", group_leader)):
        draw(case, verb, who, at=begun)
    draw(case, "name_mediators", group_leader, mediators=[case.holder], at=begun)
    settle(case, group_leader, resident, neighbour, at=begun)
    last = localtime(Agreement.objects.get().confirm_by_at - timedelta(seconds=1))
    assert last.date() == date(2026, 10, 8)


def test_after_the_window_it_is_closed(talked, group_leader):
    in_force(talked, group_leader)
    with pytest.raises(ArrowRefused, match="30 日"):
        draw(talked, "ask_confirmation", group_leader, at=MONDAY + timedelta(days=31), settles_status=False)


def test_both_are_reminded_of_the_window_once(talked, group_leader, resident, neighbour):
    in_force(talked, group_leader)
    assert remind_of_confirmation(at=MONDAY + timedelta(days=10)) == 0
    assert remind_of_confirmation(at=MONDAY + timedelta(days=22)) == 1
    assert remind_of_confirmation(at=MONDAY + timedelta(days=23)) == 0
    for person in (resident, neighbour, group_leader):
        assert len(heard("司法确认", person)) == 1


def test_asking_again_waits_until_it_is_known_whether_it_was_kept(talked, group_leader, resident, neighbour):
    draft(talked, group_leader)
    for person in (resident, neighbour):
        draw(talked, "assent", person)
    with pytest.raises(ArrowRefused, match="第一条"):
        draw(talked, "visit", group_leader, "都好")


@pytest.mark.parametrize("name", ["𠮷田美子", "买买提·艾合买提", "㛃"])
def test_rare_characters_of_names_are_kept(dispute_defaults, town, staff, resident, name):
    parties = [PartySaid(Side.APPLICANT, person=resident), PartySaid(Side.RESPONDENT, name=name)]
    case = apply(resident, None, town, parties=parties)
    assert case.dispute.parties.get(side=Side.RESPONDENT).name == name
    assert name in inside(signed_in(resident).get(f"/cases/{case.number}/"), PARTIES)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"side": Side.RESPONDENT, "name": "王女士", "phone": "13800130001"}, "不能同时在两边"),
        ({"side": Side.RESPONDENT, "name": "王秀英"}, "不能同时在两边"),
    ],
)
def test_nobody_is_on_both_sides(dispute_defaults, town, staff, resident, second, words):
    with pytest.raises(ValidationError, match=words):
        apply(resident, None, town, parties=[PartySaid(Side.APPLICANT, person=resident), PartySaid(**second)])


def test_nobody_is_a_party_twice(dispute_defaults, town, staff, resident):
    parties = [
        PartySaid(Side.APPLICANT, person=resident),
        PartySaid(Side.RESPONDENT, name="陈三"),
        PartySaid(Side.RESPONDENT, name="陈三"),
    ]
    with pytest.raises(ValidationError, match="不用写两次"):
        apply(resident, None, town, parties=parties)


def test_one_side_alone_is_no_dispute(dispute_defaults, town, staff, resident):
    with pytest.raises(ValidationError, match="双方"):
        apply(resident, None, town, parties=[PartySaid(Side.APPLICANT, person=resident)])


def test_a_minor_comes_with_a_guardian(dispute_defaults, town, staff, resident):
    parties = [
        PartySaid(Side.APPLICANT, person=resident),
        PartySaid(Side.RESPONDENT, name="小明", more={"is_said_minor": True}),
    ]
    with pytest.raises(ValidationError) as refusal:
        apply(resident, None, town, parties=parties)
    assert "guardian" in refusal.value.message_dict


def test_an_id_number_is_checked_and_stands_encrypted(dispute_defaults, town, staff, resident):
    from django.db import connection

    number = "11010519491231002X"
    parties = [
        PartySaid(Side.APPLICANT, person=resident, more={"id_number": number.lower()}),
        PartySaid(Side.RESPONDENT, name="陈三", phone="13900002222"),
    ]
    case = apply(resident, None, town, parties=parties)
    assert case.dispute.parties.get(side=Side.APPLICANT).id_number == number
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number || phone FROM disputes_party")
        assert not any(number in row[0] or "13900002222" in row[0] for row in cursor.fetchall())
