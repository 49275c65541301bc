"""What a person agrees to, and taking it back (个人信息保护法 14–16, 29)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import Consent, Purpose, User
from accounts.models.audit import Act
from accounts.models.consent import PRIVACY_NOTICE_VERSION
from accounts.sign_in.devices import sign_out_everywhere


def agreed(person: User, purpose: str) -> bool:
    """Whether this person agrees to it now, in its present wording."""
    return Consent.objects.filter(
        person=person, purpose=purpose, notice_version=PRIVACY_NOTICE_VERSION, withdrawn_at=None
    ).exists()


BY_A_GUARDIAN = frozenset({Purpose.LOCATION, Purpose.SENSITIVE})
"""What a child under 14 cannot agree to alone (个人信息保护法 31)."""


def agree(*, person: User, purpose: str, at: datetime) -> None:
    """Raises ValidationError: a child's guardian has to be asked."""
    if person.is_child_at(at) and purpose in BY_A_GUARDIAN:
        raise ValidationError("未满十四周岁，这一项要由监护人同意，请监护人到社区办理。")
    with transaction.atomic():
        _, is_new = Consent.objects.get_or_create(
            person=person,
            purpose=purpose,
            notice_version=PRIVACY_NOTICE_VERSION,
            withdrawn_at=None,
            defaults={"agreed_at": at},
        )
        if is_new:
            audit.record(act=Act.CONSENT, at=at, by=person.pk, about=person.pk, thing=f"同意 {Purpose(purpose).label}")


def withdraw(*, person: User, purpose: str, at: datetime, session_key: str | None = None) -> None:
    """What was done before stays lawful (15); from now on it is not done any more. Without the notice no device goes on
    but the one with this session, which is asked to agree again."""
    with transaction.atomic():
        if Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).update(withdrawn_at=at):
            audit.record(act=Act.CONSENT, at=at, by=person.pk, about=person.pk, thing=f"撤回 {Purpose(purpose).label}")
            if purpose == Purpose.NOTICE:
                sign_out_everywhere(person, but=session_key)


def must_agree_again(person: User) -> bool:
    """Whether the wording has changed since this person agreed, or they withdrew. Staff act on duty and never agreed."""
    has_agreed_once = Consent.objects.filter(person=person, purpose=Purpose.NOTICE).exists()
    return has_agreed_once and not agreed(person, Purpose.NOTICE)
