"""Registering people, one-time codes on their phones, and showing a phone in full."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

import locks
from accounts import audit
from accounts.models import Consent, Purpose, SignInCode, User
from accounts.models.audit import Act
from accounts.models.user import phone_index
from accounts.personal_data import clean_name, normalise_phone
from locks import Lock

PRIVACY_NOTICE_VERSION = "2026-12-2"
"""Of templates/accounts/privacy.html: a new wording is a new version, and everybody is asked again."""

SECONDS_BETWEEN_CODES = 60
CODES_PER_PHONE_AN_HOUR = 5
CODES_PER_ADDRESS_AN_HOUR = 30
WRONG_TRIES = 5


@dataclass(frozen=True)
class SentCode:
    shown: str | None
    """The code itself, where the sender is one that shows it (trial, demo mode)."""


def send_code(*, phone: str, address: str | None, at: datetime) -> SentCode:
    """Send a one-time sign-in code to `phone`.

    Raises ValidationError at `phone`: no phone, asked too often from this phone or address, or not sendable now."""
    phone = normalise_phone(phone)
    index = phone_index(phone)
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        # Two requests for one phone wait for each other, and the second is too soon.
        locks.take_by_text(Lock.SIGN_IN_CODE, index)
        _refuse_too_many(index=index, address=address, at=at)
        SignInCode.objects.create(
            phone_index=index,
            address=address,
            code_hash=make_password(code),
            sent_at=at,
            expires_at=at + timedelta(minutes=settings.CODE_VALID_MINUTES),
        )
    try:
        return SentCode(shown=import_string(settings.CODE_SENDER)().send(phone=phone, code=code))
    except OSError as fault:
        raise ValidationError({"phone": "短信暂时发不出去，请过几分钟再试，或到社区服务窗口办理。"}) from fault


def _refuse_too_many(*, index: str, address: str | None, at: datetime) -> None:
    sent = SignInCode.objects.filter(sent_at__gt=at - timedelta(hours=1))
    times = list(sent.filter(phone_index=index).order_by("-sent_at").values_list("sent_at", flat=True))
    if times and (at - times[0]).total_seconds() < SECONDS_BETWEEN_CODES:
        wait = SECONDS_BETWEEN_CODES - int((at - times[0]).total_seconds())
        raise ValidationError({"phone": f"验证码刚刚发过，请 {wait} 秒后再要。"})
    if len(times) >= CODES_PER_PHONE_AN_HOUR:
        raise ValidationError({"phone": "这个号码一小时内要了太多次验证码，请一小时后再试。"})
    if address and sent.filter(address=address).count() >= CODES_PER_ADDRESS_AN_HOUR:
        raise ValidationError({"phone": "您所在的网络要验证码太频繁，请一小时后再试，或到社区服务窗口办理。"})


def sign_in_by_code(*, phone: str, code: str, name: str, at: datetime) -> User:
    """The person behind a phone whose code is right; registered now if new (a name is needed then).

    A code works once, for `CODE_VALID_MINUTES`, and dies after five wrong tries.
    Raises ValidationError at `code` or `name`."""
    sent = _right_code(phone=phone, code=code, at=at)
    with transaction.atomic():
        user = User.objects.filter(phone_index=sent.phone_index).first()
        if user is None:
            user = register_resident(phone=phone, name=name, at=at)
        if not user.is_active or (user.is_demo and not settings.DEMO):
            raise ValidationError({"code": "这个账号已停用，请联系社区。"})
        _use_up(sent, at)
    return user


def use_code(*, phone: str, code: str, at: datetime) -> None:
    """The code proves that whoever typed it holds the phone; it is used up. Raises ValidationError at `code`."""
    _use_up(_right_code(phone=phone, code=code, at=at), at)


def _right_code(*, phone: str, code: str, at: datetime) -> SignInCode:
    with transaction.atomic():
        index = phone_index(phone)
        sent = SignInCode.objects.select_for_update().filter(phone_index=index).order_by("-sent_at").first()
        refusal = _refuse_code(sent=sent, code=code, at=at)
    if refusal and sent is not None:
        person = User.objects.filter(phone_index=index).first()
        audit.record(
            act=Act.SIGN_IN_FAILED, at=at, about=person.pk if person else None, thing="短信验证码", is_success=False
        )
    if refusal or sent is None:  # said outside the transaction, or the count of wrong tries would be rolled back
        raise ValidationError({"code": refusal})
    return sent


def _use_up(sent: SignInCode, at: datetime) -> None:
    if not SignInCode.objects.filter(pk=sent.pk, used_at=None).update(used_at=at):
        raise ValidationError({"code": "验证码已用过，请重新获取。"})


def _refuse_code(*, sent: SignInCode | None, code: str, at: datetime) -> str:
    """Why this code does not open the door; "" when it does. Counts a wrong try."""
    if sent is None or sent.used_at:
        return "请先获取验证码。"
    if sent.wrong_tries >= WRONG_TRIES:
        return "验证码输错太多次，已作废，请重新获取。"
    if sent.expires_at <= at:
        return "验证码已过期，请重新获取。"
    if not check_password(code.strip(), sent.code_hash):
        SignInCode.objects.filter(pk=sent.pk).update(wrong_tries=F("wrong_tries") + 1)
        left = WRONG_TRIES - sent.wrong_tries - 1
        return f"验证码不对，还可以试 {left} 次。" if left else "验证码输错太多次，已作废，请重新获取。"
    return ""


def register_resident(*, phone: str, name: str, at: datetime, is_demo: bool = False, is_minor: bool = False) -> User:
    """A new resident; consent to the privacy notice is recorded with it (个人信息保护法 14).

    Raises ValidationError at `name` when it is missing."""
    if not clean_name(name):
        raise ValidationError({"name": "第一次使用，请填写怎么称呼您，例如“王女士”。"})
    user = User.objects.create_user(
        phone=phone, name=clean_name(name), joined_at=at, is_demo=is_demo, is_minor=is_minor
    )
    Consent.objects.create(person=user, notice_version=PRIVACY_NOTICE_VERSION, agreed_at=at)
    return user


def register_minor(
    *, phone: str, name: str, guardian_name: str, guardian_phone: str, guardian_code: str, at: datetime
) -> User:
    """A resident under 14, whose guardian agrees with a code sent to the guardian's own phone (个人信息保护法 31).

    Raises ValidationError at `guardian_name`, `guardian_phone` or `code`."""
    guardian_phone = normalise_phone(guardian_phone)
    if guardian_phone == normalise_phone(phone):
        raise ValidationError({"guardian_phone": "请填监护人自己的手机号，不能与孩子的相同。"})
    if not guardian_name.strip():
        raise ValidationError({"guardian_name": "请填写监护人姓名。"})
    with transaction.atomic():
        use_code(phone=guardian_phone, code=guardian_code, at=at)
        minor = register_resident(phone=phone, name=name, at=at, is_minor=True)
        Consent.objects.create(
            person=minor,
            purpose=Purpose.GUARDIAN,
            notice_version=PRIVACY_NOTICE_VERSION,
            agreed_at=at,
            guardian_name=guardian_name.strip(),
            guardian_phone=guardian_phone,
        )
    return minor


def reveal_phone(
    *, person: User, by: User, reason: str, at: datetime, thing: str = "", address: str | None = None
) -> str:
    """The full phone, shown for a reason that is logged (个人信息保护法 51). The caller has checked who may.

    Raises ValidationError at `reason` when none is given."""
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么需要查看完整号码，例如“联系居民核实地址”。"})
    audit.record(
        act=Act.REVEAL, at=at, by=by.pk, about=person.pk, thing=f"手机号 {thing}".strip(), words=reason.strip(),
        address=address,
    )  # fmt: skip
    phone: str = person.phone
    return phone
