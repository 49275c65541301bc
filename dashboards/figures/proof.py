"""The proof that what is kept is what would be counted: everything is read anew from the things themselves, once by what
counts them and once by SQL that knows nothing of it (dashboards/figures/plain_sql.py)."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction

from dashboards.figures.counting import count
from dashboards.figures.plain_sql import differing
from dashboards.figures.sources import SOURCES
from dashboards.models import Counted, Mark

STEP = 2000

SUMMED = """
    SELECT node, span::varchar, spans.day, kind, measure, sum(amount)::int AS amount
    FROM (
        SELECT tally.kind, tally.measure, tally.amount, tally.day, counted.path
        FROM dashboards_tally tally JOIN dashboards_counted counted ON counted.id = tally.counted_id
    ) one,
    LATERAL unnest(one.path || NULL::bigint) AS node,
    LATERAL (
        SELECT 'd' AS span, one.day AS day WHERE one.day IS NOT NULL
        UNION ALL SELECT 'm', date_trunc('month', one.day)::date WHERE one.day IS NOT NULL
        UNION ALL SELECT 'n', DATE '2000-01-01' WHERE one.day IS NULL
    ) AS spans
    GROUP BY node, span, spans.day, kind, measure HAVING sum(amount) <> 0
"""
"""What the rollups should be, by the tallies (see counting._sum_up)."""
KEPT = """
    SELECT node_id AS node, span, day, kind, measure, amount::int
    FROM dashboards_rollup, LATERAL jsonb_each_text(amounts) AS each(measure, amount)
"""

WRONG_PATHS = """
    WITH RECURSIVE up (node, id, parent_id, level) AS (
        SELECT id, id, parent_id, level FROM grids_grid
        UNION ALL
        SELECT up.node, above.id, above.parent_id, above.level FROM up JOIN grids_grid above ON above.id = up.parent_id
    ), paths AS (SELECT node, array_agg(id ORDER BY level) AS path FROM up GROUP BY node)
    SELECT source, thing FROM dashboards_counted counted JOIN paths ON paths.node = counted.grid_id
    WHERE paths.path <> counted.path AND (source, thing) NOT IN (SELECT source, thing FROM dashboards_mark) LIMIT 100
"""


def differences(*, at: datetime) -> list[str]:
    """Work off what waits, then compare: of each thing its tallies with what it counts for now and with what plain SQL
    says of it, of each rollup its amount with the sum of its tallies. Empty when all is equal. What is changed while this runs is left to its mark."""
    count(at=at, wait=True)
    with transaction.atomic():
        _see_one_moment()
        plainly = (line for source in SOURCES for line in differing(source, at=at))
        return [*_wrong_tallies(at), *plainly, *_wrong_rollups()]


def _see_one_moment() -> None:
    """All that follows reads the database as it stands now, whatever others commit meanwhile."""
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _wrong_tallies(at: datetime) -> Iterator[str]:
    waiting = set(Mark.objects.values_list("source", "thing"))
    waiting |= set(Counted.objects.filter(look_again_at__lte=at).values_list("source", "thing"))
    for name, source in SOURCES.items():
        counted = set(Counted.objects.filter(source=name).values_list("thing", flat=True))
        things = sorted({*source.every(), *counted})
        for begin in range(0, len(things), STEP):
            ids = [thing for thing in things[begin : begin + STEP] if (name, thing) not in waiting]
            yield from _compare(name, ids, at)


def _compare(name: str, ids: list[int], at: datetime) -> Iterator[str]:
    facts = SOURCES[name].facts(ids, at)
    kept = {
        counted.thing: counted
        for counted in Counted.objects.filter(source=name, thing__in=ids).prefetch_related("tallies")
    }
    for thing in ids:
        should = sorted((c.measure, str(c.day), c.amount) for c in facts[thing].counts) if thing in facts else []
        counted = kept.get(thing)
        are = sorted((t.measure, str(t.day), t.amount) for t in counted.tallies.all()) if counted else []
        if should != are:
            yield f"{name} {thing}: 应为 {should}，现为 {are}"
        elif counted and thing in facts and counted.grid_id != facts[thing].grid:
            yield f"{name} {thing}: 应在网格 {facts[thing].grid}，现在网格 {counted.grid_id}"


def _wrong_rollups() -> Iterator[str]:
    """Also where the path no longer is that of the tree."""
    with connection.cursor() as cursor:
        for words, first, second in (("缺", SUMMED, KEPT), ("多", KEPT, SUMMED)):
            cursor.execute(f"({first}) EXCEPT ({second}) LIMIT 100")
            yield from (f"汇总{words}: {row}" for row in cursor.fetchall())
        cursor.execute(WRONG_PATHS)
        yield from (f"{source} {thing}: 上级变了，没有重计" for source, thing in cursor.fetchall())
