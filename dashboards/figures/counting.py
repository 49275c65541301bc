"""From marks to tallies and rollups. The only writer of both, one at a time (an advisory lock), so that two never add the
same difference. Each step is a transaction: marks are taken, the things are read as they stand committed, tallies and
rollups are written. Whatever commits later has left a mark of its own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from psycopg2.extras import Json, execute_values

import locks
from dashboards.figures.sources import SOURCES
from dashboards.figures.sources.base import Facts
from dashboards.models import Counted, Mark, Rollup, Span
from locks import Lock

"""Advisory lock of whoever counts."""
STEP = 500
"""Things counted in one transaction, while people work; a recount of everything takes larger steps."""
LARGE_STEP = 5000
NO_DAY = date(2000, 1, 1)
"""In rollups of how many there are now."""

Key = tuple[int | None, str, date, str]
"""Of a rollup: node, span, day, kind."""
Amounts = dict[Key, Counter[str]]
"""Rollup -> measure -> how much."""
Thing = tuple[str, int]


def count(*, at: datetime, step: int = STEP, wait: bool = False) -> int:
    """Work off all marks, and what changes by the time of day alone; how many things were counted anew. While somebody
    else counts, 0 at once, for they will see to it; or `wait` until they are done, to go on knowing that all is counted."""
    done = 0
    while taken := _step(at, step, wait):
        done += taken
    return done


def _step(at: datetime, step: int, wait: bool) -> int:
    with transaction.atomic():
        if not _lock(wait=wait):
            return 0
        things = _take_marks(step) or _due(at, step)
        _count(things, at)
    return len(things)


def _lock(*, wait: bool) -> bool:
    """Held until the transaction ends."""
    if wait:
        locks.take(Lock.FIGURES)
        return True
    return locks.try_to_take(Lock.FIGURES)


def _take_marks(step: int) -> set[Thing]:
    """Marks that another transaction is about to write are not seen yet; they stay for the next step."""
    marks = list(Mark.objects.order_by("pk").values_list("pk", "source", "thing")[:step])
    Mark.objects.filter(pk__in=[pk for pk, *_ in marks]).delete()
    return {(source, thing) for _, source, thing in marks}


def _due(at: datetime, step: int) -> set[Thing]:
    due = Counted.objects.filter(look_again_at__lte=at).order_by("look_again_at")
    return set(due.values_list("source", "thing")[:step])


def mark_all() -> int:
    """Mark every thing there is and every thing that was ever counted; how many."""
    total = 0
    with transaction.atomic():
        for name, source in SOURCES.items():
            counted = Counted.objects.filter(source=name).values_list("thing", flat=True)
            things = sorted({*source.every(), *counted})
            Mark.objects.bulk_create((Mark(source=name, thing=thing) for thing in things), batch_size=5000)
            total += len(things)
    return total


def mark_at(nodes: Sequence[int]) -> None:
    """These nodes hang elsewhere now: what lies at them counts for other levels above. Waits for who is counting, for
    they might have read the tree as it was."""
    _lock(wait=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dashboards_mark (source, thing) "
            "SELECT source, thing FROM dashboards_counted WHERE grid_id = ANY(%s)",
            [list(nodes)],
        )


@dataclass(frozen=True)
class Change:
    """A thing as it was counted and as it counts now; None for not at all."""

    thing: Thing
    before: Counted | None
    after: Facts | None
    path: list[int]
    """Of where it lies now."""


def _count(things: Iterable[Thing], at: datetime) -> None:
    changes = list(_changes(things, at))
    differences: Amounts = defaultdict(Counter)
    for change in changes:
        if change.before:
            rows = [(tally.measure, tally.day, -tally.amount) for tally in change.before.tallies.all()]
            _sum_up(differences, change.before.kind, change.before.path, rows)
        if change.after:
            _sum_up(differences, change.after.kind, change.path, _rows(change.after))
    _write_tallies(changes)
    _add(differences)


def _changes(things: Iterable[Thing], at: datetime) -> Iterator[Change]:
    facts = _facts(things, at)
    paths = _paths({new.grid for new in facts.values() if new})
    before = {(counted.source, counted.thing): counted for counted in _counted(facts)}
    for thing, new in facts.items():
        old = before.get(thing)
        if new is not None and new.grid not in paths:
            new = None  # its node went while we looked: whatever took it away has left a mark
        path = paths[new.grid] if new else []
        if old is None and new is None:
            continue
        if old is None or new is None or not _is_same(old, new, path):
            yield Change(thing, old, new, path)


def _rows(facts: Facts) -> list[tuple[str, date | None, int]]:
    return [(count.measure, count.day, count.amount) for count in facts.counts]


def _facts(things: Iterable[Thing], at: datetime) -> dict[Thing, Facts | None]:
    by_source: dict[str, list[int]] = defaultdict(list)
    for source, thing in things:
        by_source[source].append(thing)
    by_thing: dict[Thing, Facts | None] = {}
    for source, ids in by_source.items():
        facts = SOURCES[source].facts(ids, at)
        by_thing |= {(source, thing): facts.get(thing) for thing in ids}
    return by_thing


def _counted(things: Iterable[Thing]) -> Iterable[Counted]:
    by_source: dict[str, list[int]] = defaultdict(list)
    for source, thing in things:
        by_source[source].append(thing)
    wanted = Q(pk__in=())
    for source, ids in by_source.items():
        wanted |= Q(source=source, thing__in=ids)
    return Counted.objects.filter(wanted).prefetch_related("tallies")


def _paths(grids: Iterable[int]) -> dict[int, list[int]]:
    """Each node and its ancestors, from the top. Climbed step by step: a search by lft and rght reads half the tree for
    each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up (node, id, parent_id, level) AS ("
            "  SELECT id, id, parent_id, level FROM grids_grid WHERE id = ANY(%s)"
            "  UNION ALL SELECT up.node, above.id, above.parent_id, above.level"
            "  FROM up JOIN grids_grid above ON above.id = up.parent_id"
            ") SELECT node, array_agg(id ORDER BY level) FROM up GROUP BY node",
            [list(grids)],
        )
        return dict(cursor.fetchall())


def _is_same(old: Counted, new: Facts, path: list[int]) -> bool:
    before = sorted((tally.measure, str(tally.day), tally.amount) for tally in old.tallies.all())
    now = sorted((measure, str(day), amount) for measure, day, amount in _rows(new))
    is_same_thing = (old.kind, old.path, old.look_again_at) == (new.kind, path, new.look_again_at)
    return is_same_thing and before == now


def _sum_up(into: Amounts, kind: str, path: Sequence[int], rows: Iterable[tuple[str, date | None, int]]) -> None:
    """Add what these tallies come to at each node of the path and in the whole county."""
    for measure, day, amount in rows:
        spans = [(Span.DAY, day), (Span.MONTH, day.replace(day=1))] if day else [(Span.NOW, NO_DAY)]
        for node in (*path, None):
            for span, first in spans:
                into[node, span.value, first, kind][measure] += amount


def _write_tallies(changes: Sequence[Change]) -> None:
    Counted.objects.filter(pk__in=[change.before.pk for change in changes if change.before]).delete()
    facts = {change.thing: change.after for change in changes if change.after}
    made = Counted.objects.bulk_create(
        Counted(
            source=change.thing[0],
            thing=change.thing[1],
            kind=change.after.kind,
            grid_id=change.after.grid,
            path=change.path,
            look_again_at=change.after.look_again_at,
        )
        for change in changes
        if change.after
    )
    rows = [
        (counted.pk, measure, counted.kind, counted.grid_id, day, amount)
        for counted in made
        for measure, day, amount in _rows(facts[counted.source, counted.thing])
    ]
    _insert("dashboards_tally (counted_id, measure, kind, grid_id, day, amount)", rows)


def _add(differences: Amounts) -> None:
    """Add these differences to the rollups; what comes to nothing goes."""
    rows = []
    for key, amounts in differences.items():
        if left := {measure: amount for measure, amount in amounts.items() if amount}:
            rows.append((*key, Json(left)))
    _insert(
        "dashboards_rollup AS kept (node_id, span, day, kind, amounts)",
        rows,
        "ON CONFLICT (node_id, span, day, kind)"
        " DO UPDATE SET amounts = dashboards_added(kept.amounts, EXCLUDED.amounts)",
    )
    Rollup.objects.filter(amounts={}).delete()


def _insert(into: str, rows: Sequence[tuple[Any, ...]], then: str = "") -> None:
    """Many rows at once: the ORM would take most of the time of counting for making objects of them."""
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, f"INSERT INTO {into} VALUES %s {then}", rows, page_size=2000)
