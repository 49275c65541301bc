"""What this room itself holds about people. Registered when the app is ready."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts import limiter
from accounts.models import (
    Consent,
    DataCopy,
    Device,
    KeptAnswer,
    KeptForm,
    PastPassword,
    SecondFactor,
    SignInCode,
    Ticket,
    User,
    WeChatAccount,
)
from accounts.privacy import rights
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import delete, deleted, deleted_after, rows_of
from accounts.unsent import forms as kept_forms


def _account(person: User) -> QuerySet[User]:
    return User.objects.filter(pk=person.pk)


def _erase(person: User, at: datetime) -> None:
    for model in (DataCopy, KeptAnswer, PastPassword, SecondFactor, Ticket):
        delete(model.objects.filter(person=person))
    SignInCode.objects.filter(phone_index=person.phone_index).delete()
    AccessAttempt.objects.filter(username=person.phone_index).delete()


def _erase_unsent(person: User, at: datetime) -> None:
    kept_forms.forget_of(person)


_UNSENT = rows_of(
    KeptForm,
    "person",
    "kept_at",
    ("内容", lambda kept: " ".join(kept.words)),
    ("文件", lambda kept: kept.files.count()),
    order="kept_at",
)

HOLDINGS = (
    Holding(
        "账号",
        rows_of(User, _account, ("称呼", "name"), "phone", "birth_date", "joined_at", "last_login"),
        _erase,
        about="whoever signs in, whom staff register, who is appointed",
        why="to sign in, to be called by the right name",
        erased="name, phone and day of birth go, number and dates stay",
    ),
    Holding(
        "同意记录",
        rows_of(Consent, "person", "purpose", "notice_version", "agreed_at", "withdrawn_at", order="agreed_at"),
        deleted(Consent, "person"),
        about="residents; guardians of children",
        why="to prove what was agreed to (art. 14)",
        erased="goes",
    ),
    Holding(
        "登录设备",
        rows_of(Device, "person", "signed_in_at", "address", "agent", order="signed_in_at"),
        about="whoever signs in",
        why="to see and end one's own sessions",
        erased="goes",
    ),
    Holding(
        "微信账号",
        rows_of(WeChatAccount, "person", "app_id", "linked_at", order="linked_at"),
        deleted(WeChatAccount, "person"),
        about="whoever signed in by WeChat",
        why="to sign in and be told by WeChat; the number is WeChat's, another one in each account of the county",
        erased="goes",
    ),
    Holding(
        "没有送出的内容",
        _UNSENT,
        _erase_unsent,
        about="whoever sent a form that could not be taken",
        why="their words are not lost: a day, sealed, for them on the same browser; files too",
        erased="goes, files too",
    ),
)


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
    Keeping("sign_in_code", "登录验证码", 30, deleted_after(SignInCode, "sent_at")),
    Keeping("device", "登录设备", 180, _clear_devices),
    Keeping("kept_answer", "接口回答", 1, deleted_after(KeptAnswer, "kept_at")),
    Keeping("attempt", "登录失败记录", 180, _clear_attempts),
    Keeping("data_copy", "个人信息副本", rights.COPY_KEPT.days, deleted_after(DataCopy, "ready_at")),
)
