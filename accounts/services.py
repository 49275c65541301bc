"""Registering people, whose phone has been proven by a code (accounts/sign_in/codes.py), and showing a phone in full."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from accounts.personal_data import clean_name

OLDEST = date(1900, 1, 1)
"""Of days of birth: before it a year is mistyped."""


def checked_name(name: str) -> str:
    """Raises ValidationError at `name` when it is missing or cannot be shown."""
    cleaned = clean_name(name, field="name")
    if not cleaned:
        raise ValidationError({"name": "第一次使用，请填写怎么称呼您，例如“王女士”。"})
    return cleaned


def note_birth_date(*, person: User, birth_date: date, at: datetime) -> None:
    """Write it down where it was not known.

    Raises ValidationError at `birth_date`: to come, or not the one that is known."""
    check_birth_date(birth_date, at)
    if person.birth_date not in {None, birth_date}:
        raise ValidationError({"birth_date": "与已登记的出生日期不同，请核对。"})
    if person.birth_date is None:
        person.birth_date = birth_date
        person.save(update_fields=["birth_date"])


def check_birth_date(birth_date: date, at: datetime) -> None:
    """Raises ValidationError at `birth_date`: to come, or too long ago."""
    if not OLDEST <= birth_date <= localdate(at):
        raise ValidationError({"birth_date": "出生日期不对，请核对。"})


def reveal_phone(
    *, person: User | None, by: User, reason: str, at: datetime, thing: str = "", address: str | None = None
) -> str:
    """The full phone, shown for a reason that is logged (个人信息保护法 51); "" of somebody who has no account, whose
    address or number stands elsewhere. The caller has checked who may.

    Raises ValidationError at `reason` when none is given."""
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么需要查看完整号码，例如“联系居民核实地址”。"})
    audit.record(
        act=Act.REVEAL,
        at=at,
        by=by.pk,
        about=person.pk if person else None,
        thing=f"手机号 {thing}".strip(),
        words=reason.strip(),
        address=address,
    )
    return person.phone if person else ""
