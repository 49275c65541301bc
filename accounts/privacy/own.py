"""What this room itself holds about people. Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session

from accounts import limiter
from accounts.models import Consent, DataCopy, Device, PastPassword, SecondFactor, SignInCode, User
from accounts.privacy import rights
from accounts.privacy.holdings import Holding, Keeping
from accounts.unsent import forms as kept_forms


def _account(person: User) -> Iterator[dict[str, Any]]:
    yield {
        "称呼": person.name, "手机号": person.phone, "出生日期": person.birth_date, "建档时间": person.joined_at,
        "最近登录": person.last_login,
    }  # fmt: skip


def _consents(person: User) -> Iterator[dict[str, Any]]:
    for consent in person.consents.order_by("agreed_at"):
        yield {
            "事项": consent.get_purpose_display(),
            "告知书版本": consent.notice_version,
            "同意时间": consent.agreed_at,
            "撤回时间": consent.withdrawn_at,
        }


def _devices(person: User) -> Iterator[dict[str, Any]]:
    for device in person.devices.order_by("signed_in_at"):
        yield {"登录时间": device.signed_in_at, "来源地址": device.address, "浏览器": device.agent}


def _unsent(person: User) -> Iterator[dict[str, Any]]:
    for kept in person.kept_forms.order_by("kept_at"):
        yield {"时间": kept.kept_at, "内容": " ".join(kept.words), "文件": kept.files.count()}


def _erase(person: User, at: datetime) -> None:
    kept_forms.forget_of(person)
    for copy in DataCopy.objects.filter(person=person):
        copy.file.delete(save=False)
    for model in (Consent, DataCopy, PastPassword, SecondFactor):
        model.objects.filter(person=person).delete()
    SignInCode.objects.filter(phone_index=person.phone_index).delete()
    AccessAttempt.objects.filter(username=person.phone_index).delete()


HOLDINGS = (
    Holding(
        "账号",
        _account,
        _erase,
        about="whoever signs in, whom staff register, who is appointed",
        why="to sign in, to be called by the right name",
        erased="name, phone and day of birth go, number and dates stay",
    ),
    Holding(
        "同意记录",
        _consents,
        about="residents; guardians of children",
        why="to prove what was agreed to (art. 14)",
        erased="goes",
    ),
    Holding(
        "登录设备",
        _devices,
        about="whoever signs in",
        why="to see and end one's own sessions",
        erased="goes",
    ),
    Holding(
        "没有送出的内容",
        _unsent,
        about="whoever sent a form that could not be taken",
        why="their words are not lost: a day, sealed, for them on the same browser; files too",
        erased="goes, files too",
    ),
)


def _clear_codes(before: datetime, at: datetime) -> int:
    return SignInCode.objects.filter(sent_at__lt=before).delete()[0]


def _clear_devices(before: datetime, at: datetime) -> int:
    Session.objects.filter(expire_date__lt=at).delete()
    return (
        Device.objects.filter(signed_in_at__lt=before).exclude(session_key__in=Session.objects.values("pk")).delete()[0]
    )


def _clear_attempts(before: datetime, at: datetime) -> int:
    limiter.forget_old(before=at - timedelta(days=1))
    attempts: int = AccessAttempt.objects.filter(attempt_time__lt=before).delete()[0]
    failures: int = AccessFailureLog.objects.filter(attempt_time__lt=before).delete()[0]
    return attempts + failures


KEEPINGS = (
    Keeping("sign_in_code", "登录验证码", 30, _clear_codes),
    Keeping("device", "登录设备", 180, _clear_devices),
    Keeping("attempt", "登录失败记录", 180, _clear_attempts),
    Keeping("data_copy", "个人信息副本", rights.COPY_KEPT.days, rights.forget_copies),
)
