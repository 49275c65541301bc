"""What this room holds about people. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import deleted, deleted_after, rows_of
from notices.delivery.push import GONE
from notices.models import Choices, Notice, Subscription
from notices.services import News, notify
from notices.texts import LABELS, Facts


def _ways(notice: Notice) -> str:
    gone = [*notice.sent_over, *(row.channel for row in notice.deliveries.all() if row.state in GONE)]
    return "、".join(LABELS.get(name, name) for name in dict.fromkeys(gone))


def _ways_off(choices: Choices) -> str:
    return "、".join(LABELS.get(name, name) for name in choices.off)


def _digest_hours(choices: Choices) -> str:
    return "、".join(f"{hour}:00" for hour in choices.digest_hours)


def tell_of_account(person: User, kind: str, at: datetime, facts: Facts) -> None:
    """A change of the account, told to its owner (accounts/sign_in/alerts.py)."""
    cause, key = f"account:{person.pk}", str(at.timestamp())
    notify(News(kind=kind, people=[person], path="/my-data/", cause=cause, key=key, at=at, facts=facts))


HOLDINGS = (
    Holding(
        "通知",
        rows_of(Notice, "person", ("时间", "told_at"), ("内容", "words"), ("渠道", _ways), "read_at", order="told_at"),
        deleted(Notice, "person"),
        about="whoever is told something",
        why="to tell how a matter stands: of it a message keeps what its sentence says, and the number",
        erased="goes; messages to others about the closed case are blanked",
    ),
    Holding(
        "消息设置",
        rows_of(Choices, "person", ("不用的渠道", _ways_off), ("汇总时间", _digest_hours)),
        deleted(Choices, "person"),
        about="whoever chose how they are told",
        why="to be told by the ways and at the hours that they want",
        erased="goes",
    ),
    Holding(
        "微信订阅",
        rows_of(Subscription, "person", "template_id", "left"),
        deleted(Subscription, "person"),
        about="whoever agreed to messages of the mini-program",
        why="one yes is one message (WeChat's rule)",
        erased="goes",
    ),
)
KEEPINGS = (Keeping("notice", "通知", 365, deleted_after(Notice, "told_at")),)
