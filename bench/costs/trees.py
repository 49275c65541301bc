"""Row 11: a forest of the size of the country."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench import _database
from bench.costs import world
from bench.costs.figures import Figure

DATABASE = "bench_forest"
STREETS, VILLAGES = 41_352, 620_573
"""Of the country's divisions; the demonstration's street with its 498 nodes stands beside them."""
PLANTED = """
    INSERT INTO grids_grid (id, name, code, duty_phone, parent_id, tree_id, level, lft, rght)
    SELECT %(first)s + n, '街道' || n, '', '', NULL, %(tree)s + n, 0, 1,
        2 + 2 * (%(villages)s / %(streets)s + CASE WHEN n <= %(villages)s %% %(streets)s THEN 1 ELSE 0 END)
    FROM generate_series(1, %(streets)s) AS n
    UNION ALL
    SELECT %(first)s + %(streets)s + n, '村' || n, '', '', %(first)s + 1 + (n - 1) %% %(streets)s,
        %(tree)s + 1 + (n - 1) %% %(streets)s, 1, 2 + 2 * ((n - 1) / %(streets)s), 3 + 2 * ((n - 1) / %(streets)s)
    FROM generate_series(1, %(villages)s) AS n
"""
INSERTED, TURNS = 100, 200


def forest() -> list[Figure]:
    """In 41,353 trees of 662,423 nodes: every street of the country a root with its villages, 15 or 16 (made up, in their
    number), and 熊山街道 of the demonstration. Median of 100 leaves added one by one to as many streets by `grids.tree.services.add`
    (lock, names, numbers, commit). Median of 200 readings of the ids of all 498 nodes of 熊山街道 by `in_area`, against the
    same by a cursor, in turn. `check_trees` over all, once."""
    from grids.models import Grid

    made = world.plant(DATABASE)
    _grow()
    street = made.town.street
    added = median(_timed(lambda serial: _add(Grid.objects.get(name=f"街道{1 + 97 * serial}")), INSERTED))
    ours, raw = _in_turn(
        lambda: list(Grid.objects.in_area([street]).values_list("pk", flat=True)), lambda: _raw(street)
    )
    checked = _seconds(lambda: _database.run("check_trees"))
    _database.drop(DATABASE)
    return [
        Figure("leaf added among 41,353 trees", 1000 * added, "ms", 3),
        Figure("ids of a subtree ÷ raw SQL", ours / raw, "×", 1.5),
        Figure("`check_trees` over 662,423 nodes", checked, "s", 30),
    ]


def _grow() -> None:
    from django.db import connection
    from django.db.models import Max

    from grids.models import Grid

    last = Grid.objects.aggregate(first=Max("pk"), tree=Max("tree_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # numbers below are sound; triggers would mark each row
        cursor.execute(PLANTED, {**last, "streets": STREETS, "villages": VILLAGES})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT setval(pg_get_serial_sequence('grids_grid', 'id'), (SELECT max(id) FROM grids_grid))")
        cursor.execute("VACUUM ANALYZE grids_grid")


def _add(street: Any) -> Callable[[], Any]:
    from grids.tree import services as tree

    return lambda: tree.add(parent=street, name="新社区")


def _raw(street: Any) -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM grids_grid WHERE tree_id = %s AND lft BETWEEN %s AND %s ORDER BY tree_id, lft",
            [street.tree_id, street.lft, street.rght],
        )
        return [key for (key,) in cursor.fetchall()]


def _timed(prepare: Callable[[int], Callable[[], Any]], times: int) -> list[float]:
    """Seconds of what is prepared, each prepared before its own clock runs; the first is not counted."""
    return [_seconds(prepare(serial)) for serial in range(times + 1)][1:]


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _in_turn(ours: Callable[[], list[int]], raw: Callable[[], list[int]]) -> tuple[float, float]:
    """Median seconds of each."""
    assert ours() == raw()
    both: tuple[list[float], list[float]] = ([], [])
    for _ in range(TURNS):
        for took, look in zip(both, (ours, raw), strict=True):
            took.append(_seconds(look))
    return median(both[0]), median(both[1])
