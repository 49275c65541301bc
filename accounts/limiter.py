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
    "call": {"person": Rate(60, 60)},
    "act": {"person": Rate(60, 60)},
    "visit": {"address": Rate(60, 60)},
    "draft": {"person": Rate(40, 600)},
    "reveal": {"person": Rate(30, 3600)},
    "answer": {"person": Rate(20, 60)},
    "export": {"person": Rate(5, 3600)},
    "list_export": {"person": Rate(20, 3600)},
    "import": {"person": Rate(30, 3600)},
    "report_mail": {"person": Rate(5, 3600)},
    "file_by_key": {"key": Rate(60, 60)},
    "read_requests": {"address": Rate(300, 60)},
    "read": {"person": Rate(600, 60), "address": Rate(1200, 60)},
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
    rates = dict(_counted(what, who))
    counts = _count({key: rate.seconds for key, rate in rates.items()}, at)
    passed = [rate.seconds for key, rate in rates.items() if counts[key] > rate.times]
    if passed:
        raise TooOften(max(max(1, _window(seconds, at) + seconds - int(at.timestamp())) for seconds in passed))


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


def count(key: str, *, seconds: int, at: datetime) -> int:
    """Count one more; the how-manieth it is in this window of so many seconds."""
    return _count({key: seconds}, at)[key]


def _count(windows: Mapping[str, int], at: datetime) -> dict[str, int]:
    """`count` of each key with its seconds, in one statement."""
    if not windows:
        return {}
    sealed = {blind_index(key, purpose="rate"): key for key in windows}
    rows = sorted((index, datetime.fromtimestamp(_window(windows[key], at), UTC)) for index, key in sealed.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO accounts_ratecount (key, window_at, count) VALUES {", ".join(["(%s, %s, 1)"] * len(rows))}
            ON CONFLICT (key, window_at) DO UPDATE SET count = accounts_ratecount.count + 1
            RETURNING key, count
            """,  # in the order of their keys: two who count the same ones would wait for each other
            [value for row in rows for value in row],
        )
        return {sealed[index]: int(counted) for index, counted in cursor.fetchall()}


def _give_back(key: str, *, seconds: int, at: datetime) -> None:
    began = datetime.fromtimestamp(_window(seconds, at), UTC)
    counts = RateCount.objects.filter(key=blind_index(key, purpose="rate"), window_at=began, count__gt=0)
    counts.update(count=F("count") - 1)


def _window(seconds: int, at: datetime) -> int:
    """When it began, in seconds since 1970."""
    return int(at.timestamp()) // seconds * seconds


def forget_old(*, before: datetime) -> int:
    """Windows that are over."""
    gone, _ = RateCount.objects.filter(window_at__lt=before - timedelta(days=1)).delete()
    return gone
