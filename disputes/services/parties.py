"""What papers say of a party (人民调解法 29: 当事人的基本情况)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import consents
from accounts.models import Purpose, User
from accounts.numbers import check_id_number
from cases.models import Case
from disputes.models import Form, Party
from disputes.models.party import IdConsent
from disputes.services.agreements import standing

BASICS = ("gender", "ethnicity", "birth_year", "occupation", "address", "representative", "agent", "agent_phone")


def needs_id(case: Case) -> bool:
    """The number is asked for nowhere but where a written agreement needs it (个人信息保护法 6)."""
    agreement = standing(case)
    return agreement is not None and agreement.form == Form.WRITTEN


def describe(*, party: Party, by: User, at: datetime, id_number: str = "", agrees: bool = False, **basics: Any) -> None:
    """Write down what papers need. An empty `id_number` leaves the one that stands.

    Raises ValidationError at `id_number` (wrong, or not asked for) or `agrees` (no separate consent, 个人信息保护法 29)."""
    changed = {name: basics[name] for name in BASICS if name in basics}
    with transaction.atomic():
        if id_number:
            changed |= _id_number(party, by, at, id_number, agrees)
        Party.objects.filter(pk=party.pk).update(**changed)


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
