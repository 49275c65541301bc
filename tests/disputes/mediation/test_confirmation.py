"""司法确认: what the agreement settles decides, and its form; not the type of the dispute."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.engine.turns import ArrowRefused
from disputes.guards.agreements import not_for_the_court
from disputes.models import Agreement
from disputes.services.keeping import remind_of_confirmation
from tests.disputes.conftest import apply, meet, settle, take_on
from tests.disputes.mediation.test_agreement import in_force
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import inside

AGREEMENT = "//section[@aria-labelledby='agreement']"


@pytest.fixture
def inheritance(dispute_defaults, town, staff, group_leader, resident, neighbour):
    case = apply(resident, neighbour, town, code="0103", key="inheritance")
    take_on(case, group_leader, neighbour)
    meet(case, group_leader)
    return case


@pytest.mark.parametrize("code", ["0101", "0102", "0103", "0201"])
def test_money_is_for_the_court_whatever_the_dispute_is_about(
    dispute_defaults, town, staff, group_leader, resident, neighbour, code
):
    case = apply(resident, neighbour, town, code=code)
    take_on(case, group_leader, neighbour)
    meet(case, group_leader)
    in_force(case, group_leader, settles_status=False)
    draw(case, "ask_confirmation", group_leader, settles_status=False)
    assert Agreement.objects.get().confirm_asked_at == MONDAY


def test_a_status_is_not_for_the_court(inheritance, group_leader, resident):
    in_force(inheritance, group_leader, settles_status=True)
    with pytest.raises(ArrowRefused, match="身份关系"):
        draw(inheritance, "ask_confirmation", group_leader, settles_status=False)
    page = signed_in(resident).get(f"/cases/{inheritance.number}/")
    assert "身份关系的，法院不予司法确认" in inside(page, AGREEMENT)
    assert remind_of_confirmation(at=MONDAY + timedelta(days=22)) == 0


def test_a_status_found_when_the_court_is_to_be_asked_is_refused_at_the_question(inheritance, group_leader):
    in_force(inheritance, group_leader)
    with pytest.raises(ValidationError) as refusal:
        draw(inheritance, "ask_confirmation", group_leader, settles_status=True)
    assert "settles_status" in refusal.value.message_dict
    assert Agreement.objects.get().confirm_asked_at is None


def test_an_oral_agreement_is_not_for_the_court(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    with pytest.raises(ArrowRefused, match="口头协议须先订立书面协议"):
        draw(dispute, "ask_confirmation", group_leader, at=MONDAY + timedelta(days=60), settles_status=False)
    assert "口头协议须先订立书面协议" in inside(signed_in(resident).get(f"/cases/{dispute.number}/"), AGREEMENT)
    assert remind_of_confirmation(at=MONDAY + timedelta(days=22)) == 0


@pytest.mark.parametrize(("form", "settles_status"), [("oral", False), ("written", True), ("written", None)])
def test_the_database_knows_it_too(inheritance, group_leader, form, settles_status):
    in_force(inheritance, group_leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(form=form, settles_status=settles_status, confirm_asked_at=MONDAY)


@pytest.mark.parametrize(("form", "status", "is_for_court"), [("written", False, True), ("written", None, True), ("written", True, False), ("oral", False, False)])  # fmt: skip
def test_one_place_says_what_courts_confirm(form, status, is_for_court):
    assert (not_for_the_court(Agreement(form=form, settles_status=status)) == "") == is_for_court


def test_the_question_is_asked_where_it_is_needed(inheritance, dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    client = signed_in(group_leader)
    asked = client.get(f"/disputes/{inheritance.number}/agreement/").context["form"]
    assert "settles_status" in asked.fields
    assert "settles_status" not in client.get(f"/disputes/{dispute.number}/agreement/").context["form"].fields
    posted = {
        "version": inheritance.version, "form": "written", "facts": "老房怎么分", "responsibilities": "各让一步",
        "clause-TOTAL_FORMS": 1, "clause-INITIAL_FORMS": 0, "clause-0-what": "老房归长子，补弟弟三万元",
        "clause-0-how": "转账", "clause-0-deadline": f"{timezone.localdate() + timedelta(days=7)}",
    }  # fmt: skip
    page = client.post(f"/disputes/{inheritance.number}/agreement/", posted)
    assert "请选择" in page.context["form"].errors["settles_status"][0]
    assert (
        client.post(f"/disputes/{inheritance.number}/agreement/", {**posted, "settles_status": "0"}).status_code == 302
    )
    assert Agreement.objects.get().settles_status is False
