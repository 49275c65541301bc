"""How often the public forms may be sent, by person, phone and address. Exact across processes: one statement counts.

Counted in the database, so that it holds without Redis too; keys are hashes, so that no address is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import RateCount
from accounts.personal_data import blind_index


@dataclass(frozen=True)
class Rate:
    times: int
    seconds: int


LIMITS: dict[str, dict[str, Rate]] = {
    "submit": {"person": Rate(20, 600), "address": Rate(60, 60)},
    "code": {"address": Rate(20, 60)},
    "password": {"phone": Rate(30, 3600), "address": Rate(40, 300)},
    "track": {"address": Rate(120, 60)},
    "verify": {"address": Rate(60, 60)},
    "act": {"person": Rate(60, 60)},
    "visit": {"address": Rate(60, 60)},
    "draft": {"person": Rate(40, 600)},
    "reveal": {"person": Rate(30, 3600)},
    "answer": {"person": Rate(20, 60)},
    "export": {"person": Rate(5, 3600)},
    "list_export": {"person": Rate(20, 3600)},
    "report_mail": {"person": Rate(5, 3600)},
}
"""Generous to people (a hall of them may share one address), tight to machines."""


class TooOften(ValidationError):
    """Said at the form; what was typed stays there."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"操作太频繁了，请 {_in_words(wait)}后再试。您填写的内容还在。")
        self.wait = wait


def _in_words(seconds: int) -> str:
    return f"{seconds} 秒" if seconds < 120 else f"{seconds // 60} 分钟"


def check(what: str, *, at: datetime, **who: object) -> None:
    """Count one more `what` by each of `who` (person=…, address=…). Raises TooOften beyond the limit."""
    waits = [
        _wait(f"{what}:{kind}:{who[kind]}", rate, at)
        for kind, rate in LIMITS[what].items()
        if who.get(kind) is not None
    ]
    if wait := max(waits, default=0):
        raise TooOften(wait)


def _wait(key: str, rate: Rate, at: datetime) -> int:
    """Seconds until the window ends, if this was one too many; 0 if it was not."""
    began = int(at.timestamp()) // rate.seconds * rate.seconds
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_ratecount (key, window_at, count) VALUES (%s, %s, 1)
            ON CONFLICT (key, window_at) DO UPDATE SET count = accounts_ratecount.count + 1
            RETURNING count
            """,
            [blind_index(key, purpose="rate"), datetime.fromtimestamp(began, UTC)],
        )
        (count,) = cursor.fetchone()
    return max(1, began + rate.seconds - int(at.timestamp())) if count > rate.times else 0


def forget_old(*, before: datetime) -> int:
    """Windows that are over."""
    gone, _ = RateCount.objects.filter(window_at__lt=before - timedelta(days=1)).delete()
    return gone
