"""Registering people, whose phone has been proven by a code (accounts/sign_in/codes.py), and showing a phone in full."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts import audit
from accounts.models import Consent, Purpose, User
from accounts.models.audit import Act
from accounts.models.consent import PRIVACY_NOTICE_VERSION
from accounts.numbers import normalise_phone
from accounts.personal_data import clean_name
from accounts.sign_in import codes

OLDEST = date(1900, 1, 1)
"""Of days of birth: before it a year is mistyped."""


def person_by_code(*, phone: str, code: str, asker: str, at: datetime) -> User | None:
    """Whose phone it is, once the code was right, which is then used up; None when nobody has it yet.

    Raises ValidationError at `code`; that an account is closed is said only to whoever holds its phone."""
    codes.use_any_code(phone=phone, code=code, asker=asker, at=at)
    person = User.objects.with_phone(phone)
    if person is not None and not person.may_sign_in:
        raise ValidationError({"code": "这个账号已停用，请联系社区。"})
    return person


def register_resident(*, phone: str, name: str, at: datetime, birth_date: date | None = None) -> User:
    """A new resident; consent to the privacy notice is recorded with it (个人信息保护法 14).

    Raises ValidationError at `name` when it is missing, IntegrityError when the phone has an account by now."""
    name = checked_name(name)
    with transaction.atomic():
        user = User.objects.create_user(phone=phone, name=name, joined_at=at, birth_date=birth_date)
        Consent.objects.create(person=user, notice_version=PRIVACY_NOTICE_VERSION, agreed_at=at)
    return user


def checked_name(name: str) -> str:
    """Raises ValidationError at `name` when it is missing or cannot be shown."""
    cleaned = clean_name(name, field="name")
    if not cleaned:
        raise ValidationError({"name": "第一次使用，请填写怎么称呼您，例如“王女士”。"})
    return cleaned


def newcomer(*, phone: str, name: str, at: datetime, birth_date: date | None = None) -> User:
    """Whoever has just proven that they hold this phone, registered; sent twice, the same person.

    Raises ValidationError at `name`."""
    try:
        return register_resident(phone=phone, name=name, at=at, birth_date=birth_date)
    except IntegrityError:
        person: User = User.objects.get_by_natural_key(phone)
        return person


def register_child(
    *,
    phone: str,
    name: str,
    birth_date: date,
    guardian_name: str,
    guardian_phone: str,
    guardian_code: str,
    asker: str,
    at: datetime,
) -> User:
    """A resident under 14, whose guardian agrees with a code sent to the guardian's own phone (个人信息保护法 31).

    Raises ValidationError at `guardian_name`, `guardian_phone` or `code`."""
    guardian_phone = normalise_phone(guardian_phone)
    if guardian_phone == normalise_phone(phone):
        raise ValidationError({"guardian_phone": "请填监护人自己的手机号，不能与孩子的相同。"})
    if not guardian_name.strip():
        raise ValidationError({"guardian_name": "请填写监护人姓名。"})
    # Outside the transaction below: were it rolled back, a wrong guess would not be counted.
    codes.use_code(phone=guardian_phone, code=guardian_code, asker=asker, at=at)
    with transaction.atomic():
        child = register_resident(phone=phone, name=name, at=at, birth_date=birth_date)
        Consent.objects.create(
            person=child,
            purpose=Purpose.GUARDIAN,
            notice_version=PRIVACY_NOTICE_VERSION,
            agreed_at=at,
            guardian_name=guardian_name.strip(),
            guardian_phone=guardian_phone,
        )
    return child


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
        act=Act.REVEAL, at=at, by=by.pk, about=person.pk if person else None, thing=f"手机号 {thing}".strip(),
        words=reason.strip(), address=address,
    )  # fmt: skip
    return person.phone if person else ""
