"""Row 7: what pages take with few and with many cases in the database."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from bench import _database
from bench.costs import lives, world
from bench.costs.figures import Figure
from bench.costs.pages import client_of
from bench.figures_at_scale import write_cases

FEW, MANY = 1_000, 102_735
DATABASES = {FEW: "bench_few", MANY: "bench_many"}
TURNS, LOOKS = 7, 5
"""So many turns between the two databases, so many looks each."""


def many_cases() -> list[Figure]:
    """Milliseconds from the request to the answer inside this process, the median of 35 looks, in 熊山街道 of the
    demonstration with requests of a year written by SQL (bench/figures_at_scale.py). The page of a request in work, read by
    its 网格长, in both databases in turn; with the many: the street's list of all its cases, its last page; the list behind
    "opened this year"; and what the database takes for the counts (statements with COUNT) of the first page of that list."""
    readers = {cases: _filled(cases) for cases in (FEW, MANY)}
    took: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(TURNS):
        for cases, (leader, path) in readers.items():
            _database.use(DATABASES[cases])
            took[cases] += _looks(leader, path)
    few, many = (median(took[cases]) for cases in (FEW, MANY))
    figures = [
        Figure(f"page of a leader's case, {MANY:,} cases ÷ {FEW:,}", many / few, "×", 1.3),
        *_lists(),
    ]
    for name in DATABASES.values():
        _database.drop(name)
    return figures


def _filled(cases: int) -> tuple[Any, str]:
    """The leader's browser and the page of a case of theirs, in a database with so many others."""
    from django.utils import timezone

    made = world.plant(DATABASES[cases])
    write_cases(cases, singly=FEW)
    case = lives.request_in_work(made, at=timezone.now() - timedelta(hours=3))
    return client_of(case.holder.person), case.get_absolute_url()


def _lists() -> Iterator[Figure]:
    """In the database that is used now."""
    from grids.models import Grid

    street = Grid.objects.get(parent=None)
    cadre = client_of(world.in_post("street_cadre"))
    pages = {
        "last page of an area's list": ("/cases/?tab=area&page=last", 60),
        "list behind a figure": (f"/figures/{street.pk}/opened/?period=year", 40),
    }
    for name, (path, limit) in pages.items():
        yield Figure(f"{name}, {MANY:,} cases", median(_looks(cadre, path, times=TURNS * LOOKS)), "ms", limit)
    yield Figure(f"count of an area's list, {MANY:,} cases", median(_counts(cadre, "/cases/?tab=area")), "ms", 5)


def _looks(client: Any, path: str, *, times: int = LOOKS) -> list[float]:
    """Milliseconds of each, after one look that is not counted."""
    return _timed(lambda: _get(client, path), times)


def _timed(look: Callable[[], Any], times: int) -> list[float]:
    look()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        look()
        took.append(1000 * (time.perf_counter() - began))
    return took


def _get(client: Any, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def _counts(client: Any, path: str) -> list[float]:
    """Milliseconds in statements with COUNT, of each look."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _get(client, path)
    took = []
    for _ in range(TURNS * LOOKS):
        with CaptureQueriesContext(connection) as queries:
            _get(client, path)
        took.append(1000 * sum(float(query["time"]) for query in queries if "COUNT(" in query["sql"]))
    return took
