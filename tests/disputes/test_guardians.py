"""A party who is a minor by their day of birth has a guardian: taken down, willing, agreeing. Who has come of age needs none."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from cases.models import Case
from disputes.models import Party, PlainKind, Side, Signature, Will
from disputes.services import parties
from disputes.services.opening import PartySaid
from tests.disputes.conftest import apply, draft, meet, sign, take_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import ERROR, inside

BORN = {"child": date(2008, 11, 24), "of age today": date(2008, 11, 23)}
TOMORROW = MONDAY.replace(day=24)


def id_number(born: date) -> str:
    """A sound one."""
    body = f"350725{born:%Y%m%d}001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11]


def born(person: User, on: date) -> None:
    person.birth_date = on
    person.save(update_fields=["birth_date"])


@pytest.mark.parametrize(
    ("more", "refused_at"),
    [
        ({"is_said_minor": True}, "guardian"),
        ({"is_said_minor": True, "guardian": "李芳"}, ""),
        ({"id_number": id_number(BORN["child"])}, "guardian"),
        ({"id_number": id_number(BORN["child"]), "guardian": "李芳"}, ""),
        ({"id_number": id_number(BORN["of age today"])}, ""),
        ({"id_number": id_number(BORN["of age today"]), "is_said_minor": True, "guardian": "李芳"}, "is_said_minor"),
        ({"birth_year": 1975, "is_said_minor": True, "guardian": "李芳"}, "is_said_minor"),
        ({"birth_year": 2008, "is_said_minor": True, "guardian": "李芳"}, ""),  # the year does not decide
    ],
)
def test_what_is_written_down_of_a_party_fits_together(dispute_defaults, town, staff, resident, more, refused_at):
    both = [PartySaid(Side.APPLICANT, person=resident), PartySaid(Side.RESPONDENT, name="小明", more=more)]
    if not refused_at:
        apply(resident, None, town, parties=both)
        return
    with pytest.raises(ValidationError) as refusal:
        apply(resident, None, town, parties=both)
    assert set(refusal.value.message_dict) == {refused_at}
    assert not Case.objects.exists()


def test_a_minor_who_asks_names_their_guardian_on_the_page(dispute_defaults, town, staff, resident):
    born(resident, date(2099, 1, 1))  # whatever the day is: a minor
    key = "0d2b6c8e-6a34-4a53-9c5e-1d4b0c7a9a11"
    posted = {"place": town.estate.pk, "building": town.building.pk, "place_note": "", "screen": "confirm", "key": key,
              "plain_kind": PlainKind.objects.first().pk, "summary": "楼上漏水", "other_name": "赵建国", "other_phone": ""}  # fmt: skip
    client = signed_in(resident)
    assert "请写明监护人" in inside(client.post("/disputes/new/", posted), ERROR)
    assert client.post("/disputes/new/", {**posted, "guardian": "李芳"}).status_code == 302
    assert Party.objects.get(person=resident).guardian == "李芳"


def test_who_is_only_named_tells_nothing_of_their_age_until_they_are_asked(dispute, neighbour, group_leader):
    born(neighbour, BORN["child"])
    party = Party.objects.get(person=neighbour)
    with pytest.raises(ValidationError, match="要有监护人陪同"):
        draw(dispute, "consent", neighbour)
    with pytest.raises(ValidationError) as refusal:
        draw(dispute, "record_will", group_leader, "上门问的", party=party, will=Will.AGREES)
    assert "party" in refusal.value.message_dict
    assert Party.objects.get(pk=party.pk).will == ""
    Party.objects.filter(pk=party.pk).update(guardian="李芳")
    draw(dispute, "consent", neighbour)
    assert Party.objects.get(pk=party.pk).will == Will.AGREES


def test_a_minor_may_refuse_alone(dispute, neighbour):
    born(neighbour, BORN["child"])
    draw(dispute, "refuse", neighbour, "不想谈")
    assert Party.objects.get(person=neighbour).will == Will.REFUSES


def test_whoever_comes_of_age_meanwhile_needs_nobody(dispute, neighbour):
    born(neighbour, BORN["child"])
    draw(dispute, "consent", neighbour, at=TOMORROW)
    assert Party.objects.get(person=neighbour).will == Will.AGREES


@pytest.mark.parametrize("how", ["assent", "record_assent", "sign"])
def test_an_agreement_asks_for_the_guardian_too(dispute, resident, neighbour, group_leader, how):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader, form="written" if how == "sign" else "oral")
    born(neighbour, BORN["child"])
    party = Party.objects.get(person=neighbour)

    def agree() -> None:
        if how == "assent":
            draw(dispute, "assent", neighbour)
        elif how == "sign":
            sign(dispute, neighbour)
        else:
            draw(dispute, "record_assent", group_leader, party=party, how="oral")

    with pytest.raises(ValidationError, match="要有监护人陪同"):
        agree()
    assert not party.assents.exists()
    assert not Signature.objects.exists()
    Party.objects.filter(pk=party.pk).update(guardian="李芳")
    party.refresh_from_db()
    agree()
    assert party.assents.count() == 1


def test_the_number_on_a_paper_says_who_is_of_age(drafted, resident):
    mine = Party.objects.get(person=resident)
    common = {"party": mine, "by": resident, "at": MONDAY, "agrees": True}
    with pytest.raises(ValidationError) as refusal:
        parties.describe(**common, id_number=id_number(BORN["child"]), guardian="")
    assert "guardian" in refusal.value.message_dict
    mine.refresh_from_db()
    assert mine.id_number == ""
    with pytest.raises(ValidationError, match="与身份证号不符"):
        parties.describe(**common, id_number=id_number(BORN["of age today"]), birth_year=1990)
    mine.refresh_from_db()
    mine.is_said_minor, mine.guardian = True, "李芳"
    mine.save()
    parties.describe(**common, id_number=id_number(BORN["of age today"]))
    mine.refresh_from_db()
    assert (mine.birth_year, mine.is_said_minor, mine.is_minor_at(MONDAY)) == (2008, False, False)
