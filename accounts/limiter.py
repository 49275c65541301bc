"""How often the public forms may be sent, by person, phone and address. Exact across processes: one statement counts.

Counted in the database, so that it holds without Redis too; keys are hashes, so that no address is kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.db.models import F

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
    if wait := max((_wait(key, rate, at) for key, rate in _counted(what, who)), default=0):
        raise TooOften(wait)


@contextmanager
def counted(what: str, *, at: datetime, **who: object) -> Iterator[None]:
    """As `check`, round what is done: a try that broke for want of a database or a disk is given back, or who tries again
    through an outage would be refused after it."""
    check(what, at=at, **who)
    try:
        yield
    except (DatabaseError, OSError):
        with suppress(DatabaseError):
            for key, rate in _counted(what, who):
                _give_back(key, seconds=rate.seconds, at=at)
        raise


def _counted(what: str, who: Mapping[str, object]) -> Iterator[tuple[str, Rate]]:
    for kind, rate in LIMITS[what].items():
        if who.get(kind) is not None:
            yield f"{what}:{kind}:{who[kind]}", rate


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


def _give_back(key: str, *, seconds: int, at: datetime) -> None:
    began = datetime.fromtimestamp(_window(seconds, at), UTC)
    found = RateCount.objects.filter(key=blind_index(key, purpose="rate"), window_at=began, count__gt=0)
    found.update(count=F("count") - 1)


def _window(seconds: int, at: datetime) -> int:
    """When it began, in seconds since 1970."""
    return int(at.timestamp()) // seconds * seconds


def forget_old(*, before: datetime) -> int:
    """Windows that are over."""
    gone, _ = RateCount.objects.filter(window_at__lt=before - timedelta(days=1)).delete()
    return gone
