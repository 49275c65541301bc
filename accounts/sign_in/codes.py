"""One-time codes, and what they are bound to.

A code by SMS is bound to the browser that asked for it and to what it was asked for; wrong guesses count against that code
alone. So a stranger can neither use up nor burn what somebody else was sent. Where no SMS comes, a longer sign-in code
comes another way: shown on a device that is signed in, or given at the community's desk. It is bound to the phone, is
too long to be guessed, and no guess burns it."""

import hmac
import logging
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

import locks
from accounts import audit, limiter
from accounts.messages import MESSAGES
from accounts.models import SignInCode, User, Way
from accounts.models.audit import Act
from accounts.models.user import phone_index
from accounts.numbers import mask_phone, normalise_phone
from accounts.personal_data import blind_index
from accounts.sign_in import alerts
from locks import Lock

log = logging.getLogger(__name__)

SECONDS_BETWEEN_CODES = 60
CODES_PER_PHONE_AN_HOUR = 5
"""To browsers that the phone's owner has not signed in on; to those that they have, as many again. A stranger who asks
for codes of a phone uses up none of its owner's."""
CODES_PER_ADDRESS_AN_HOUR = 30
WRONG_TRIES = 5
LONG_DIGITS = 10
LONG_MINUTES = 10


@dataclass(frozen=True)
class SentCode:
    shown: str | None
    """The code itself, where the sender is one that shows it (trial, demo mode)."""


def send_code(*, phone: str, asker: str, address: str | None, at: datetime, is_known: bool = False) -> SentCode:
    """Send a one-time code to `phone`, good for `asker` alone (accounts/sign_in/browser.py). `is_known`: the phone's owner has
    signed in on the asking browser.

    Raises ValidationError at `phone`: no phone, asked too often from this phone or address, or not sendable now."""
    phone = normalise_phone(phone)
    index = phone_index(phone)
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        # Two requests for one phone wait for each other, and the second is too soon.
        locks.take_by_text(Lock.SIGN_IN_CODE, index)
        _refuse_too_many(index=index, is_known=is_known, address=address, at=at)
        sent = SignInCode.objects.create(
            phone_index=index,
            way=Way.SMS,
            asker=_asker_digest(asker),
            is_known=is_known,
            address=address,
            code_hash=_digest(index, asker, code),
            sent_at=at,
            expires_at=at + timedelta(minutes=settings.CODE_VALID_MINUTES),
        )
    try:
        return SentCode(shown=import_string(settings.CODE_SENDER)().send(phone=phone, code=code))
    except ValidationError:
        sent.delete()  # nothing left the house: the next try need not wait
        raise
    except OSError as fault:
        raise ValidationError({"phone": "短信暂时发不出去，请过几分钟再试，或到社区服务窗口办理。"}) from fault


def _refuse_too_many(*, index: str, is_known: bool, address: str | None, at: datetime) -> None:
    sent = SignInCode.objects.filter(way=Way.SMS, sent_at__gt=at - timedelta(hours=1))
    own = sent.filter(phone_index=index, is_known=is_known)
    times = list(own.order_by("-sent_at").values_list("sent_at", flat=True))
    if times and (at - times[0]).total_seconds() < SECONDS_BETWEEN_CODES:
        wait = SECONDS_BETWEEN_CODES - int((at - times[0]).total_seconds())
        raise ValidationError({"phone": f"验证码刚刚发过，请 {wait} 秒后再要。"})
    if len(times) >= CODES_PER_PHONE_AN_HOUR:
        raise ValidationError({"phone": "这个号码一小时内要了太多次验证码，请一小时后再试。"})
    if address and sent.filter(address=address).count() >= CODES_PER_ADDRESS_AN_HOUR:
        raise ValidationError({"phone": "您所在的网络要验证码太频繁，请一小时后再试，或到社区服务窗口办理。"})


def issue_long_code(
    *, phone: str, way: Way, by: User, at: datetime, words: str = "", address: str | None = None
) -> str:
    """A sign-in code that needs no SMS; the one issued before dies. Returned once, never to be read again. Who may is
    the caller's question. A line of the audit trail, and the phone's owner is told.

    Raises ValidationError at `phone` if it is no phone."""
    phone = normalise_phone(phone)
    index = phone_index(phone)
    code = f"{secrets.randbelow(10**LONG_DIGITS):0{LONG_DIGITS}d}"
    person = User.objects.with_phone(phone)
    with transaction.atomic():
        _live_long_codes(index, at).update(expires_at=at)
        SignInCode.objects.create(
            phone_index=index,
            way=way,
            address=address,
            code_hash=_digest(index, "", code),
            sent_at=at,
            expires_at=at + timedelta(minutes=LONG_MINUTES),
        )
        if person is not None:
            alerts.tell(person, "account.sign_in_code", at=at, way=str(way.label))
        audit.record(
            act=Act.SIGN_IN_CODE,
            at=at,
            by=by.pk,
            about=person.pk if person else None,
            thing=f"{way.label} {mask_phone(phone)}",
            words=words,
            address=address,
        )
    return code


def use_code(*, phone: str, code: str, asker: str, at: datetime) -> None:
    """The code by SMS proves that `asker` holds the phone; it is used up. Raises ValidationError at `code`."""
    index = phone_index(phone)
    with transaction.atomic():
        own = SignInCode.objects.filter(phone_index=index, way=Way.SMS, asker=_asker_digest(asker))
        sent = own.select_for_update().order_by("-sent_at").first()
        refusal = _refuse_code(sent=sent, digest=_digest(index, asker, _typed(code)), at=at)
    if refusal:  # said outside the transaction, or the count of wrong tries would be rolled back
        _refused(index, "短信验证码", refusal, is_line=sent is not None, at=at)


def use_any_code(*, phone: str, code: str, asker: str, at: datetime) -> None:
    """As `use_code`; a sign-in code that came another way serves as well."""
    if len(_typed(code)) != LONG_DIGITS:
        use_code(phone=phone, code=code, asker=asker, at=at)
        return
    index = phone_index(phone)
    digest = _digest(index, "", _typed(code))
    live = list(_live_long_codes(index, at))
    right = [issued.pk for issued in live if hmac.compare_digest(issued.code_hash, digest)]
    if not SignInCode.objects.filter(pk__in=right, used_at=None).update(used_at=at):
        _refused(index, "登录码", "登录码不对，或者已经过期。请核对，或重新取一个。", is_line=bool(live), at=at)


def _live_long_codes(index: str, at: datetime) -> QuerySet[SignInCode]:
    return SignInCode.objects.exclude(way=Way.SMS).filter(phone_index=index, used_at=None, expires_at__gt=at)


def _refuse_code(*, sent: SignInCode | None, digest: str, at: datetime) -> str:
    """Why this code does not open the door; "" when it does, and then it is used up. Counts a wrong try."""
    if sent is None or sent.used_at:
        return "请先获取验证码。"
    if sent.wrong_tries >= WRONG_TRIES:
        return "验证码输错太多次，已作废，请重新获取。"
    if sent.expires_at <= at:
        return "验证码已过期，请重新获取。"
    row = SignInCode.objects.filter(pk=sent.pk)
    if hmac.compare_digest(sent.code_hash, digest):
        row.update(used_at=at)
        return ""
    row.update(wrong_tries=F("wrong_tries") + 1)
    left = WRONG_TRIES - sent.wrong_tries - 1
    return f"验证码不对，还可以试 {left} 次。" if left else "验证码输错太多次，已作废，请重新获取。"


def _refused(index: str, thing: str, refusal: str, *, is_line: bool, at: datetime) -> None:
    """A wrong guess: a line where there was something to guess at, and one more for whoever watches all doors. Raises."""
    person = User.objects.filter(phone_index=index).first()
    if is_line:
        audit.record(act=Act.SIGN_IN_FAILED, at=at, about=person.pk if person else None, thing=thing, is_success=False)
    if limiter.count("wrong code", seconds=3600, at=at) == settings.WRONG_CODES_ALARM:  # once, not at each one after
        log.error(MESSAGES["account.guessing"].format(times=settings.WRONG_CODES_ALARM))
        alerts.alarm("account.guessing", key="wrong codes", at=at, times=settings.WRONG_CODES_ALARM)
    raise ValidationError({"code": refusal})


def _typed(code: str) -> str:
    """As people type it: blanks, dashes and full-width digits mean nothing."""
    return re.sub(r"[\s\-—]", "", unicodedata.normalize("NFKC", code))


def _asker_digest(asker: str) -> str:
    return blind_index(asker, purpose="asker")


def _digest(index: str, asker: str, code: str) -> str:
    """Keyed, with a key that is not in the database: a million codes are tried through in a second otherwise."""
    return blind_index(f"{index}:{asker}:{code}", purpose="sign-in code")
