"""What this room holds about people. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import deleted, deleted_after, rows_of
from notices.channels import LABELS
from notices.models import Notice
from notices.services import News, notify
from notices.texts import Facts


def _ways(notice: Notice) -> str:
    return "、".join(LABELS[name] for name in notice.sent_over)


def tell_of_account(person: User, kind: str, at: datetime, facts: Facts) -> None:
    """A change of the account, told to its owner (accounts/sign_in/alerts.py)."""
    cause, key = f"account:{person.pk}", str(at.timestamp())
    notify(News(kind=kind, people=[person], path="/my-data/", cause=cause, key=key, at=at, facts=facts))


HOLDINGS = (
    Holding(
        "通知",
        rows_of(Notice, "person", ("时间", "due_at"), ("内容", "words"), ("渠道", _ways), "read_at", order="due_at"),
        deleted(Notice, "person"),
        about="whoever is told something",
        why="to tell how a matter stands: of it a message keeps what its sentence says, and the number",
        erased="goes; messages to others about the closed case are blanked",
    ),
)
KEEPINGS = (Keeping("notice", "通知", 365, deleted_after(Notice, "due_at")),)
