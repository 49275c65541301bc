"""The guards of mediations and consultations, asked without a database: both sides of each."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cases.workflow import REFER
from disputes.experts.workflow import CONSULTATION
from disputes.guards import agreements as agreement_guards
from disputes.guards import mediation as guards
from disputes.workflow import DISPUTE
from tests.support.cast import MONDAY

HOUR = timedelta(hours=1)
EARLIER, LATER = MONDAY - HOUR, MONDAY + HOUR
ASKER, OTHER, STRANGER = (SimpleNamespace(pk=pk) for pk in (1, 2, 3))


def party(pk: int, **more: Any) -> SimpleNamespace:
    side = "applicant" if pk == ASKER.pk else "respondent"
    first = {"side": side, "label": side, "is_willing": True, "score": None, "extension_agreed_at": None}
    return SimpleNamespace(**{"pk": 10 + pk, "person_id": pk, **first, **more})


def agreement(**more: Any) -> SimpleNamespace:
    first = {
        "form": "written", "settles_status": False, "confirm_asked_at": None, "confirmed_at": None, "confirm_by_at": LATER
    }  # fmt: skip
    return SimpleNamespace(**{**first, **more})


def assent(person: SimpleNamespace, **more: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"party_id": 10 + person.pk, "how": "online", **more})


def post_at(level: int) -> SimpleNamespace:
    return SimpleNamespace(grid=SimpleNamespace(level=level))


def facts(**more: Any) -> SimpleNamespace:
    """Two who are willing, nothing said beyond that; what begins with `case_` is the case's."""
    case = {"finish_by_at": LATER, "outcome": "", "holder": post_at(3), "holder_id": 7}
    case |= {name.removeprefix("case_"): more.pop(name) for name in list(more) if name.startswith("case_")}
    first = {
        "parties": [party(1), party(2)], "dispute": SimpleNamespace(extended_to_at=None), "extensions": [],
        "asked_extension": None, "planned": None, "held": [], "agreement": None, "assents": [], "clauses": [],
        "asked_mediator": None, "drawn": [],
    }  # fmt: skip
    return SimpleNamespace(**{**first, "case": SimpleNamespace(**case), **more})


SILENT = [party(1), party(2, is_willing=False, label="被申请人 赵建国")]
LATE = {"case_finish_by_at": MONDAY}
ASKED = [SimpleNamespace(is_granted=None)]
SESSION = SimpleNamespace(starts_at=MONDAY)
BOTH = [assent(ASKER), assent(OTHER)]
REFUSED_ONCE = [("accept", 5, 7), ("refuse_mediator", 5, 7)]
CLAUSES = [SimpleNamespace(number=1, kept="done"), SimpleNamespace(number=2, kept=None)]

# (arrow, what is known, what the refusal says; "" where the arrow can be drawn)
CASES = [
    ("accept", {}, ""),
    ("accept", {"parties": SILENT}, "被申请人 赵建国"),
    ("record_will", {"parties": SILENT}, ""),
    ("record_will", {}, "各方都已表明意愿"),
    ("plan_session", {}, ""),
    ("plan_session", {"planned": SESSION}, "已经约好了一次"),
    ("plan_session", LATE, "请先提议延期"),
    ("plan_session", {**LATE, "extensions": ASKED}, "正在等各方同意"),
    ("plan_session", {**LATE, "dispute": SimpleNamespace(extended_to_at=LATER)}, ""),
    ("plan_session", {**LATE, "dispute": SimpleNamespace(extended_to_at=MONDAY)}, "期限已满"),
    ("record_session", {"planned": SESSION}, ""),
    ("record_session", {}, "还没有约好"),
    ("record_session", {"planned": SimpleNamespace(starts_at=LATER)}, "11月23日 10:00"),
    ("cancel_session", {"planned": SESSION}, ""),
    ("cancel_session", {}, "还没有约好"),
    ("draft_agreement", {"held": [SESSION]}, ""),
    ("draft_agreement", {}, "至少一次调解会"),
    ("draft_agreement", {"held": [SESSION], "parties": SILENT}, "赵建国"),
    ("take_effect", {"assents": BOTH}, ""),
    ("take_effect", {"assents": BOTH[:1]}, "respondent"),
    ("take_effect", {"assents": BOTH, "parties": SILENT}, "赵建国"),
    ("ask_mediator", {}, ""),
    ("ask_mediator", {"asked_mediator": object()}, "正在等答复"),
    ("change_mediators", {}, ""),
    ("change_mediators", {"asked_mediator": object()}, "正在等答复"),
    ("grant_mediator", {"asked_mediator": object()}, ""),
    ("grant_mediator", {}, "没有等答复"),
    ("refuse_mediator", {"asked_mediator": object()}, ""),
    ("refuse_mediator", {}, "没有等答复"),
    ("refuse_mediator", {"asked_mediator": object(), "drawn": REFUSED_ONCE}, "已拒绝过一次"),
    ("refuse_mediator", {"asked_mediator": object(), "drawn": REFUSED_ONCE, "case_holder_id": 8}, ""),
    ("hand_up", {}, ""),
    ("hand_up", {"case_holder": post_at(0)}, "街道是最后一级"),
    ("hand_up", {"case_holder": SimpleNamespace(grid=None)}, "街道是最后一级"),
    ("terminate", {"case_holder": post_at(1)}, ""),
    ("terminate", {"case_holder": post_at(2)}, "请上交上一级"),
    ("ask_extension", LATE, ""),
    ("ask_extension", {"extensions": ASKED}, "正在等各方同意"),
    ("ask_extension", {"extensions": [SimpleNamespace(is_granted=True)]}, "只能延长一次"),
    ("record_extension", {"asked_extension": object()}, ""),
    ("record_extension", {}, "没有等各方同意"),
    ("extend", {"asked_extension": object(), "parties": [party(1, extension_agreed_at=MONDAY)]}, ""),
    ("extend", {"asked_extension": object()}, "还有当事人没有同意"),
    ("extend", {"parties": [party(1, extension_agreed_at=MONDAY)]}, "没有等各方同意"),
    ("archive", {"case_outcome": "settled_oral"}, ""),
    ("archive", {}, "还没有结果"),
    ("assent", {"agreement": agreement(form="oral")}, ""),
    ("assent", {"agreement": agreement()}, "书面协议要签名"),
    ("visit", {"agreement": agreement(), "clauses": CLAUSES[:1]}, ""),
    ("visit", {"agreement": agreement(), "clauses": CLAUSES}, "第二条"),
    ("ask_confirmation", {"agreement": agreement()}, ""),
    ("ask_confirmation", {"agreement": agreement(form="oral")}, "先订立书面协议"),
    ("ask_confirmation", {"agreement": agreement(settles_status=True)}, "身份关系"),
    ("ask_confirmation", {"agreement": agreement(confirm_asked_at=EARLIER)}, "已经登记过"),
    ("ask_confirmation", {"agreement": agreement(confirm_by_at=MONDAY)}, "超过 30 日"),
    ("confirm", {"agreement": agreement(confirm_asked_at=EARLIER)}, ""),
    ("confirm", {"agreement": agreement()}, "请先登记申请"),
    ("confirm", {"agreement": agreement(confirm_asked_at=EARLIER, confirmed_at=EARLIER)}, "已经登记过司法确认"),
]

# (arrow, who, what is known, what the refusal says)
OWN = [
    ("consent", OTHER, {"parties": SILENT}, ""),
    ("consent", ASKER, {"parties": SILENT}, "已经同意调解"),
    ("withdraw", ASKER, {}, ""),
    ("withdraw", OTHER, {}, "由申请人提出"),
    ("rate", ASKER, {}, ""),
    ("rate", ASKER, {"parties": [party(1, score=5)]}, "已经评价过"),
    ("agree_extension", ASKER, {"asked_extension": object()}, ""),
    (
        "agree_extension", ASKER, {"asked_extension": object(), "parties": [party(1, extension_agreed_at=MONDAY)]},
        "已经同意延期",
    ),
    ("assent", OTHER, {"agreement": agreement(form="oral"), "assents": BOTH[:1]}, ""),
    ("assent", ASKER, {"agreement": agreement(form="oral"), "assents": BOTH[:1]}, "已经确认过"),
    ("assent", ASKER, {}, "已经确认过"),
    ("sign", OTHER, {"agreement": agreement(), "assents": BOTH[:1]}, ""),
    ("sign", ASKER, {"agreement": agreement(), "assents": BOTH}, ""),
    ("sign", ASKER, {"agreement": agreement(), "assents": [assent(ASKER, how="paper")]}, "已经签过"),
    ("sign", ASKER, {"agreement": agreement(), "assents": [assent(ASKER, signature=object())]}, "已经签过"),
    ("sign", ASKER, {"agreement": agreement(form="oral")}, "不用签名"),
]  # fmt: skip

BOOKED = SimpleNamespace(slot=SimpleNamespace(from_at=LATER, until_at=LATER + HOUR))
BEGUN = SimpleNamespace(slot=SimpleNamespace(from_at=MONDAY, until_at=LATER))
OVER = SimpleNamespace(slot=SimpleNamespace(from_at=EARLIER, until_at=MONDAY))
MAY_STILL = [(verb, BOOKED, "") for verb in ("accept", "change_slot", "move_slot", "cancel", "call_off")]
NO_LONGER = [(verb, BEGUN, "已经到了") for verb, _, _ in MAY_STILL]
# (arrow, the booking, what the refusal says)
BOOKINGS = [
    *MAY_STILL,
    *NO_LONGER,
    ("hold", BEGUN, ""),
    ("hold", BOOKED, "还没到"),
    ("miss", OVER, ""),
    ("miss", BEGUN, "还没有过"),
]
# (arrow, the proposal, what the refusal says)
PROPOSALS = [
    ("propose", None, ""),
    ("propose", object(), "正在等答复"),
    ("agree_mediation", object(), ""),
    ("agree_mediation", None, "没有等您答复"),
    ("refuse_mediation", object(), ""),
    ("refuse_mediation", None, "没有等您答复"),
]


def agrees(refusal: str, expected: str) -> bool:
    return expected in refusal if expected else refusal == ""


@pytest.mark.parametrize(("verb", "known", "expected"), CASES)
def test_what_a_mediation_is_like(verb, known, expected):
    assert agrees(DISPUTE.arrow(verb).refusal(facts(**known), None, MONDAY), expected)


@pytest.mark.parametrize(("verb", "person", "known", "expected"), OWN)
def test_who_it_is(verb, person, known, expected):
    assert agrees(DISPUTE.arrow(verb).refusal(facts(**known), person, MONDAY), expected)


@pytest.mark.parametrize(("verb", "booking", "expected"), BOOKINGS)
def test_when_a_booking_is(verb, booking, expected):
    assert agrees(CONSULTATION.arrow(verb).refusal(SimpleNamespace(booking=booking), ASKER, MONDAY), expected)


@pytest.mark.parametrize(("verb", "proposal", "expected"), PROPOSALS)
def test_what_was_proposed(verb, proposal, expected):
    assert agrees(CONSULTATION.arrow(verb).refusal(SimpleNamespace(proposal=proposal), ASKER, MONDAY), expected)


def test_every_guard_is_tried_on_both_sides():
    """A guard that is added without being tried here is named."""
    tried = [(verb, expected) for verb, *_, expected in (*CASES, *OWN, *BOOKINGS, *PROPOSALS)]
    allowed, refused = ({verb for verb, expected in tried if bool(expected) is is_said} for is_said in (False, True))
    guarded = {
        arrow.verb for kind in (DISPUTE, CONSULTATION) for arrow in kind.arrows if arrow.guard or arrow.own_guard
    }
    assert guarded - {REFER} <= allowed & refused, "that of referring is the engine's"


def test_whoever_is_no_party_has_said_nothing():
    known = facts(agreement=agreement(form="oral"), assents=BOTH)
    assert guards.own(known, STRANGER) is None
    assert agreement_guards.assent_of(known, OTHER) is BOTH[1]
