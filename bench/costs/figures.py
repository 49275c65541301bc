"""A measured value beside its limit, and how statements are counted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

FRAME = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")
"""What opens and closes transactions."""


@dataclass(frozen=True)
class Figure:
    what: str
    value: float
    unit: str
    """"" of a count."""
    limit: float | None
    """None where it is only told."""
    is_least: bool = False
    """Whether the value may not be below the limit; else not above."""

    @property
    def is_kept(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.is_least else self.value <= self.limit

    @property
    def limit_words(self) -> str:
        return "" if self.limit is None else f"{'≥' if self.is_least else '≤'} {shown(self.limit)}"


def shown(value: float) -> str:
    """Three digits that say something."""
    if value == int(value) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class Statements:
    """How many were sent to the database, without those that open and close transactions."""

    count = 0


@contextmanager
def statements() -> Iterator[Statements]:
    """As Django's own log has them: what the driver sends by itself (a connection's first SET, its health check) is not in
    it. On a connection that is open."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = Statements()
    with CaptureQueriesContext(connection) as queries:
        yield counted
    counted.count = sum(1 for query in queries if not FRAME.match(query["sql"]))
