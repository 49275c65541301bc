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
    "guess": {"browser": Rate(20, 3600), "address": Rate(60, 600)},
    "login_code": {"person": Rate(5, 3600)},
    "slip": {"person": Rate(20, 3600)},
    "password": {"phone": Rate(30, 3600), "own_browser": Rate(30, 3600), "address": Rate(40, 300)},
    "track": {"address": Rate(120, 60)},
    "verify": {"address": Rate(60, 60)},
    "act": {"person": Rate(60, 60)},
    "visit": {"address": Rate(60, 60)},
    "draft": {"person": Rate(40, 600)},
    "reveal": {"person": Rate(30, 3600)},
    "answer": {"person": Rate(20, 60)},
    "export": {"person": Rate(5, 3600)},
    "list_export": {"person": Rate(20, 3600)},
    "import": {"person": Rate(30, 3600)},
    "report_mail": {"person": Rate(5, 3600)},
    "keep": {"person": Rate(30, 3600), "address": Rate(10, 3600)},
}
"""Generous to people (a hall of them may share one address), tight to machines."""


class TooOften(ValidationError):
    """Said at the form, where what was typed still stands; where a page says it instead, that page knows whether it was
    kept."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"操作太频繁了，请 {_in_words(wait)}后再试。")
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
    is_too_many = count(key, seconds=rate.seconds, at=at) > rate.times
    return max(1, _window(rate.seconds, at) + rate.seconds - int(at.timestamp())) if is_too_many else 0


def count(key: str, *, seconds: int, at: datetime) -> int:
    """Count one more; the how-manieth it is in this window of so many seconds."""
    began = _window(seconds, at)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_ratecount (key, window_at, count) VALUES (%s, %s, 1)
            ON CONFLICT (key, window_at) DO UPDATE SET count = accounts_ratecount.count + 1
            RETURNING count
            """,
            [blind_index(key, purpose="rate"), datetime.fromtimestamp(began, UTC)],
        )
        (counted,) = cursor.fetchone()
    return int(counted)


def _window(seconds: int, at: datetime) -> int:
    """When it began, in seconds since 1970."""
    return int(at.timestamp()) // seconds * seconds


def forget_old(*, before: datetime) -> int:
    """Windows that are over."""
    gone, _ = RateCount.objects.filter(window_at__lt=before - timedelta(days=1)).delete()
    return gone
