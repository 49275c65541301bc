"""Setting up and checking the second factor."""

import secrets
from datetime import datetime, timedelta

import pyotp
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.models.audit import Act
from accounts.personal_data import blind_index
from accounts.sign_in import alerts
from accounts.sign_in.devices import sign_out_everywhere
from web import qr

ISSUER = "政和社区治理"
STEP_SECONDS = 30
WRONG_TRIES = 5
LOCKED_MINUTES = 15
RECOVERY_CODES = 10
CODE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    secret: str = pyotp.random_base32()
    return secret


def address_for_app(*, secret: str, person: User) -> str:
    """What the app on the phone reads from the picture."""
    address: str = pyotp.TOTP(secret).provisioning_uri(name=person.masked_phone, issuer_name=ISSUER)
    return address


def picture(address: str) -> str:
    """The QR code the app reads."""
    return qr.svg(address, label="动态码二维码")


def current_code(factor: SecondFactor, *, at: datetime) -> str:
    """The code the app shows now: for demonstration people, in demo mode only."""
    code: str = pyotp.TOTP(factor.secret).at(at)
    return code


def set_up(*, person: User, secret: str, code: str, at: datetime, address: str | None = None) -> list[str]:
    """Begin to ask this person for codes of `secret`, once the app has shown a right one. Returns the recovery codes,
    which are never shown again. Raises ValidationError at `code`."""
    step = _step_of(secret, code, at)
    if step is None:
        raise ValidationError({"code": "动态码不对。请看手机上最新的 6 位数字，并检查手机时间是否准确。"})
    codes = ["".join(secrets.choice(CODE_SIGNS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        SecondFactor.objects.filter(person=person).delete()
        factor = SecondFactor.objects.create(person=person, secret=secret, set_at=at, last_step=step)
        RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_digest=_digest(code)) for code in codes)
        alerts.tell(person, "account.second_factor", at=at)
        audit.record(act=Act.SECOND_FACTOR, at=at, by=person.pk, about=person.pk, address=address)
    return codes


def check(*, person: User, code: str, at: datetime) -> None:
    """Accept a code of the app, or a recovery code; each works once. Five wrong ones lock it for a while.

    Raises ValidationError at `code`."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(person=person).first()
        if factor is None:  # reset meanwhile, by whoever answers for the account
            raise ValidationError({"code": "动态码已被重设，请重新登录。"})
        refusal = _refusal(factor, code.replace(" ", "").replace("-", "").lower(), at)
        factor.save(update_fields=["last_step", "wrong_tries", "locked_until"])
        if refusal:
            audit.record(act=Act.SIGN_IN_FAILED, at=at, about=person.pk, thing="动态码", is_success=False)
    if refusal:
        raise ValidationError({"code": refusal})


def _refusal(factor: SecondFactor, code: str, at: datetime) -> str:
    """Why this code does not open the door; "" when it does. Counts what it sees on the locked row."""
    if factor.locked_until is not None and factor.locked_until > at:
        minutes = int((factor.locked_until - at).total_seconds() // 60) + 1
        return f"动态码输错太多次，请 {minutes} 分钟后再试。"
    step = _step_of(factor.secret, code, at)
    if step is not None and step > factor.last_step:
        factor.last_step, factor.wrong_tries, factor.locked_until = step, 0, None
        return ""
    used = factor.recovery_codes.filter(code_digest=_digest(code), used_at=None).update(used_at=at)
    if used:
        factor.wrong_tries, factor.locked_until = 0, None
        return ""
    factor.wrong_tries += 1
    if factor.wrong_tries >= WRONG_TRIES:
        factor.wrong_tries, factor.locked_until = 0, at + timedelta(minutes=LOCKED_MINUTES)
        return f"动态码输错 {WRONG_TRIES} 次，已锁定 {LOCKED_MINUTES} 分钟。"
    if step is not None:
        return "这个动态码已经用过，请等下一个（约 30 秒）。"
    return f"动态码不对，还可以试 {WRONG_TRIES - factor.wrong_tries} 次。"


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is: now, or one before or after, since clocks differ."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.encode()):
            return step
    return None


def _digest(code: str) -> str:
    return blind_index(code, purpose="recovery code")


def forget(*, person: User, by: User, at: datetime) -> None:
    """The phone and the recovery codes are gone: the person sets up a new one at the next sign-in."""
    with transaction.atomic():
        SecondFactor.objects.filter(person=person).delete()
        sign_out_everywhere(person)
        audit.record(act=Act.SECOND_FACTOR, at=at, by=by.pk, about=person.pk, thing="重新设置")
