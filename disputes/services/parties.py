"""What papers say of a party (人民调解法 29: 当事人的基本情况)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Purpose, User
from accounts.models.ages import birth_date_in, sex_in
from accounts.numbers import check_id_number
from accounts.sign_in import consents
from cases.engine.turns import turn_on
from cases.models import Case
from disputes.models import Form, Party
from disputes.models.party import Gender, IdConsent
from disputes.services.agreements import current_agreement
from disputes.services.guardians import check_guardian

BASICS = (
    "gender", "ethnicity", "birth_year", "occupation", "address", "guardian", "representative", "agent", "agent_phone",
)  # fmt: skip


def needs_id(case: Case) -> bool:
    """The number is asked for nowhere but where a written agreement needs it (个人信息保护法 6)."""
    agreement = current_agreement(case)
    return agreement is not None and agreement.form == Form.WRITTEN


def describe(*, party: Party, by: User, at: datetime, id_number: str = "", agrees: bool = False, **basics: Any) -> None:
    """Write down what papers need. An empty `id_number` leaves the one that stands; year of birth and sex are those of the
    number, and who is of age by it is no minor whatever was said.

    Raises ValidationError at `id_number` (wrong, not asked for, another party's, or not of the day of birth the account
    knows), `agrees` (no separate consent, 个人信息保护法 29), `birth_year` or `gender` (not that of the number) or `guardian`
    (a minor without one)."""
    changed = {name: basics[name] for name in BASICS if name in basics}
    with turn_on(party.dispute.case, by=by, at=at):
        if id_number:
            changed |= _id_number(party, by, at, id_number, agrees)
        for name, value in changed.items():
            setattr(party, name, value)
        if party.id_number:
            check_number(party)
        party.is_said_minor = party.is_said_minor and party.is_minor_at(at)
        check_guardian(party, at)
        party.save(update_fields=[*changed, "birth_year", "gender", "is_said_minor"])


def check_number(party: Party) -> None:
    """Take year of birth and sex from the number where nothing was said of them.

    Raises ValidationError at the field that contradicts it."""
    born, sex = birth_date_in(party.id_number), Gender(sex_in(party.id_number))
    known = party.person.birth_date if party.person else None
    faults = {}
    if party.birth_year not in {None, born.year}:
        faults["birth_year"] = f"与身份证号不符，身份证号里是 {born.year} 年。"
    if party.gender not in {"", sex}:
        faults["gender"] = f"与身份证号不符，身份证号里是{sex.label}。"
    if known not in {None, born}:
        faults["id_number"] = "与账号里的出生日期不符，请当面核对证件。"
    others = Party.objects.filter(dispute=party.dispute_id).exclude(pk=party.pk)
    if any(other.id_number == party.id_number for other in others):
        faults["id_number"] = "另一位当事人登记的也是这个号码，请核对证件。"
    if faults:
        raise ValidationError(faults)
    party.birth_year, party.gender = born.year, sex


def _id_number(party: Party, by: User, at: datetime, raw: str, agrees: bool) -> dict[str, Any]:
    if not needs_id(party.dispute.case):
        raise ValidationError({"id_number": "只有书面协议才需要身份证号。"})
    try:
        number = check_id_number(raw)
    except ValidationError as refusal:
        raise ValidationError({"id_number": refusal.messages}) from None
    is_own = party.person_id == by.pk
    has_agreed = party.person is not None and consents.agreed(party.person, Purpose.SENSITIVE)
    if not agrees and not has_agreed:
        words = (
            "请先勾选同意，再填身份证号。" if is_own else "要先取得本人单独同意：本人在线同意，或纸面同意后在这里勾选。"
        )
        raise ValidationError({"agrees": words})
    if is_own and not has_agreed:
        consents.agree(person=by, purpose=Purpose.SENSITIVE, at=at)
    how = IdConsent.ONLINE if is_own or has_agreed else IdConsent.PAPER
    return {"id_number": number, "id_consent": how, "id_consent_at": at}
