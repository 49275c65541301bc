"""What papers say of a party (人民调解法 29: 当事人的基本情况)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import consents
from accounts.ages import birth_date_in
from accounts.models import Purpose, User
from accounts.numbers import check_id_number
from cases.models import Case
from disputes.models import Form, Party
from disputes.models.party import IdConsent
from disputes.services.agreements import standing
from disputes.services.guardians import check_guardian

BASICS = (
    "gender", "ethnicity", "birth_year", "occupation", "address", "guardian", "representative", "agent", "agent_phone",
)  # fmt: skip


def needs_id(case: Case) -> bool:
    """The number is asked for nowhere but where a written agreement needs it (个人信息保护法 6)."""
    agreement = standing(case)
    return agreement is not None and agreement.form == Form.WRITTEN


def describe(*, party: Party, by: User, at: datetime, id_number: str = "", agrees: bool = False, **basics: Any) -> None:
    """Write down what papers need. An empty `id_number` leaves the one that stands; the year of birth is that of the number,
    and who is of age by it is no minor whatever was said.

    Raises ValidationError at `id_number` (wrong, or not asked for), `agrees` (no separate consent, 个人信息保护法 29),
    `birth_year` (not that of the number) or `guardian` (a minor without one)."""
    changed = {name: basics[name] for name in BASICS if name in basics}
    with transaction.atomic():
        if id_number:
            changed |= _id_number(party, by, at, id_number, agrees)
        for name, value in changed.items():
            setattr(party, name, value)
        if party.id_number:
            born = birth_date_in(party.id_number)
            if party.birth_year not in {None, born.year}:
                raise ValidationError({"birth_year": f"与身份证号不符，身份证号里是 {born.year} 年。"})
            party.birth_year = born.year
        party.is_said_minor = party.is_said_minor and party.is_minor_at(at)
        check_guardian(party, at)
        party.save(update_fields=[*changed, "birth_year", "is_said_minor"])


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
