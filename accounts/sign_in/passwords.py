"""Rules of passwords (等保三级: length, kinds of signs, history, age) and setting one. Django's own validators hold the
length and the common ones."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import PastPassword, User
from accounts.models.audit import Act
from accounts.sign_in import alerts

REMEMBERED = 5
KINDS_NEEDED = 3


class KindsValidator:
    """Three of: capital letters, small letters, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = {_kind(sign) for sign in password}
        if len(kinds) < KINDS_NEEDED:
            raise ValidationError("密码要包含大写字母、小写字母、数字、符号中的至少三种。")

    def get_help_text(self) -> str:
        return "包含大写字母、小写字母、数字、符号中的至少三种。"


def _kind(sign: str) -> str:
    return "digit" if sign.isdigit() else "capital" if sign.isupper() else "small" if sign.islower() else "other"


class HistoryValidator:
    """Not one of the last few."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(person=user).order_by("-set_at").values_list("encoded", flat=True)
        if any(check_password(password, encoded) for encoded in past[:REMEMBERED]):
            raise ValidationError(f"不能用最近 {REMEMBERED} 次用过的密码。")

    def get_help_text(self) -> str:
        return f"不能与最近 {REMEMBERED} 次的密码相同。"


def set_password(*, person: User, password: str, at: datetime, address: str | None = None) -> None:
    """A new password of the person's own choice. Raises ValidationError at `password`."""
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        raise ValidationError({"password": refusal.messages}) from refusal
    with transaction.atomic():
        person.set_password(password)
        person.password_set_at, person.must_set_password = at, False
        person.save(update_fields=["password", "password_set_at", "must_set_password"])
        PastPassword.objects.create(person=person, encoded=person.password, set_at=at)
        kept = PastPassword.objects.filter(person=person).order_by("-set_at").values("pk")[:REMEMBERED]
        PastPassword.objects.filter(person=person).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
        alerts.tell(person, "account.password", at=at)
        audit.record(act=Act.PASSWORD, at=at, by=person.pk, about=person.pk, address=address)


def reset(*, person: User, by: User, at: datetime) -> None:
    """Take the password away: the person signs in by a code on their phone and chooses a new one. Nobody else ever
    knows a password; the second factor stays."""
    with transaction.atomic():
        person.set_unusable_password()
        person.must_set_password = True
        person.save(update_fields=["password", "must_set_password"])
        audit.record(act=Act.PASSWORD_RESET, at=at, by=by.pk, about=person.pk)


def is_due(person: User, *, at: datetime) -> bool:
    """Whether this person must choose a new password before anything else: a first one, or the old one's time is up.
    Whoever signs in by codes alone has none; demonstration people keep theirs."""
    if person.must_set_password:
        return True
    if not person.has_usable_password() or person.password_set_at is None or settings.DEMO:
        return False
    ends_at: datetime = person.password_set_at + timedelta(days=settings.PASSWORD_DAYS)
    return ends_at <= at
