"""What this room holds about people. Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from notices.delivery.push import GONE
from notices.models import Notice
from notices.services import News, notify
from notices.texts import LABELS, Facts


def _rows(person: User) -> Iterator[dict[str, Any]]:
    notices = Notice.objects.filter(person=person).prefetch_related("deliveries").order_by("told_at")
    for notice in notices:
        gone = [*notice.sent_over, *(row.channel for row in notice.deliveries.all() if row.state in GONE)]
        ways = "、".join(LABELS[name] for name in dict.fromkeys(gone))
        yield {"时间": notice.told_at, "内容": notice.words, "渠道": ways, "已读": notice.read_at}


def _erase(person: User, at: datetime) -> None:
    Notice.objects.filter(person=person).delete()


def _clear(before: datetime, at: datetime) -> int:
    return Notice.objects.filter(told_at__lt=before).delete()[0]


def tell_of_account(person: User, kind: str, at: datetime, facts: Facts) -> None:
    """A change of the account, told to its owner (accounts/sign_in/alerts.py)."""
    cause, key = f"account:{person.pk}", str(at.timestamp())
    notify(News(kind=kind, people=[person], path="/my-data/", cause=cause, key=key, at=at, facts=facts))


HOLDINGS = (
    Holding(
        "通知",
        _rows,
        _erase,
        about="whoever is told something",
        why="to tell how a matter stands: of it a message keeps what its sentence says, and the number",
        erased="goes; messages to others about the closed case are blanked",
    ),
)
KEEPINGS = (Keeping("notice", "通知", 365, _clear),)
