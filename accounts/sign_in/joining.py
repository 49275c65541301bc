"""Who somebody is whose phone has been proven by a code; registering whoever is new, and a child with its guardian."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Consent, Purpose, User
from accounts.models.consent import PRIVACY_NOTICE_VERSION
from accounts.numbers import normalise_phone
from accounts.services import checked_name
from accounts.sign_in import codes


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
