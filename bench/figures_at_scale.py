"""What a page of figures costs with 10,000 and with 1,000,000 cases on the same tree: the 18,762 divisions of 福建 in five
levels. Each page may take at most 12 queries and half as long again.

    script/bench figures_at_scale --divisions fujian_divisions.csv.gz [--cases 10000 1000000] [--keep]

`--divisions`: a table of code, name, parent_code, level (province … village), packed or not. Cases, their stories and ratings
are written by SQL. Up to 10,000 are counted as any others; the rest get tallies like one of those, at their own place and
days, and the rollups are summed up from all tallies. Works in databases of its own, which it drops again; with `--keep` they
stay, and a second run only measures."""

import argparse
import csv
import gzip
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import django

from bench import _database

LEVELS = {"province": 0, "city": 1, "area": 2, "street": 3, "village": 4}
MOST_QUERIES, MOST_TIMES, ROUNDS = 12, 1.5, 21
COUNTED = 10_000
"""So many are counted one by one."""

CASES = """
    INSERT INTO cases_case (
        number, kind, state, title, category_id, urgency, grid_id, place, is_private, hides_asker, holder_id,
        is_designated, is_supervised, redo_count, was_objected, outcome, opened_at, dispatched_at, signed_at, finished_at,
        closed_at, due_at, due_unit, finish_by_at, finish_unit, extended_unit, wake_at, wake_for, was_late, batch, version,
        event_count
    )
    SELECT 'ZH-' || substr(code, 1, 4) || '-' || substr(code, 5), 'request', CASE WHEN is_open THEN 'accepted' ELSE 'archived' END, '楼道灯坏了', category, 'normal',
        grid, '某处', false, false, (SELECT id FROM grids_post WHERE grid_id = grid AND role = 'grid_leader'), false, false, 0,
        false,
        CASE WHEN is_open THEN '' WHEN i %% 5 = 0 THEN 'unrated' ELSE 'rated' END, opened, opened + '1 hour',
        opened + '3 hour', CASE WHEN is_open THEN NULL ELSE opened + lasted END,
        CASE WHEN is_open THEN NULL ELSE opened + lasted + '1 day' END,
        CASE WHEN is_open THEN opened + '15 day' END, '', opened + '10 day', '', '',
        CASE WHEN is_open THEN opened + '15 day' END, '', false, '', 3, 3
    FROM (
        SELECT i, upper(translate(lpad(to_hex(i), 8, '0'), '01', 'XY')) AS code, grids[1 + (random() * (array_length(grids, 1) - 1))::int] AS grid,
            categories[1 + (random() * (array_length(categories, 1) - 1))::int] AS category,
            now() - random() * interval '365 day' AS opened, random() * interval '20 day' AS lasted, i %% 40 = 0 AS is_open
        FROM generate_series(1, %(cases)s) AS i,
            (SELECT array_agg(id) AS grids FROM grids_grid WHERE level = 4) AS villages,
            (SELECT array_agg(id) AS categories FROM cases_category WHERE kind = 'request') AS kinds
    ) AS made
"""
EVENT = """
    INSERT INTO cases_caseevent (case_id, number, verb, from_state, to_state, standing, at, said, holder_id)
    SELECT id, {number}, '{verb}', '{before}', '{after}', 'system', {at}, '{{}}', holder_id FROM cases_case WHERE {at} IS NOT NULL
"""
STORY = (
    (1, "open", "", "submitted", "opened_at"),
    (2, "dispatch", "submitted", "dispatched", "dispatched_at"),
    (3, "sign", "dispatched", "accepted", "signed_at"),
    (4, "finish", "accepted", "awaiting_rating", "finished_at"),
    (5, "rate", "awaiting_rating", "archived", "closed_at"),
)
RATINGS = """
    INSERT INTO cases_rating (case_id, score, is_solved, rated_at)
    SELECT id, 1 + id % 5, id % 5 > 1, closed_at FROM cases_case WHERE outcome = 'rated'
"""


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    measured = [_measure(cases, options.divisions, options.keep) for cases in options.cases]
    few, many = measured[0], measured[-1]
    is_good = True
    for page, (queries, took) in many.items():
        ratio = took / few[page][1]
        good = queries <= MOST_QUERIES and ratio <= MOST_TIMES
        is_good = is_good and good
        print(
            f"{'✓' if good else '✗'} {page}：查询 {queries} 次，{few[page][1] * 1000:.0f} → {took * 1000:.0f} 毫秒，{ratio:.2f} 倍"
        )
    return 0 if is_good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--divisions", type=Path, required=True)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def _measure(cases: int, divisions: Path, keep: bool) -> dict[str, tuple[int, float]]:
    """Page -> how many queries, and the median time in seconds."""
    from django.db import connection

    name = f"bench_figures_{cases}"
    if not (keep and _is_there(name)):
        _database.own(f"{name}_begun", "load_defaults")
        _fill(cases, divisions)
        _rename(f"{name}_begun", name)  # has its name once it is whole
    connection.close()
    connection.settings_dict["NAME"] = name
    pages = _pages()
    for client, _, path in pages:
        client.get(path)  # a server that has just started reads its first rows from the disk
    measured = {page: _ask(client, path) for client, page, path in pages}
    if not keep:
        _database.drop(name)
    connection.close()
    return measured


def _is_there(name: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _rename(name: str, to: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
        cursor.execute(f"ALTER DATABASE {name} RENAME TO {to}")


def _fill(cases: int, divisions: Path) -> None:
    from dashboards.models import Rollup, Tally

    nodes = _plant(divisions)
    _appoint()
    counted, took = write_cases(cases)
    print(
        f"网格 {nodes} 个，事项 {cases} 件：统计 {counted} 项用时 {took:.0f} 秒（每秒 {counted / took:.0f} 项），"
        f"计数 {Tally.objects.count()} 行，汇总 {Rollup.objects.count()} 行",
        flush=True,
    )


def write_cases(cases: int, *, singly: int = COUNTED) -> tuple[int, float]:
    """Into the tree that stands, with their figures, of which the first so many are counted `singly`; how many things were
    counted so, in how many seconds."""
    from django.db import connection
    from django.utils import timezone

    from dashboards.figures.counting import LARGE_STEP, count

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers: what is to be counted is marked below
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(CASES, {"cases": cases})
        for number, verb, before, after, at in STORY:
            cursor.execute(EVENT.format(number=number, verb=verb, before=before, after=after, at=at))
        cursor.execute(RATINGS)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "INSERT INTO dashboards_mark (source, thing) SELECT 'case', id FROM cases_case WHERE id <= %s", [singly]
        )
        cursor.execute("ANALYZE")
    began = time.monotonic()
    counted = count(at=timezone.now(), step=LARGE_STEP)
    took = time.monotonic() - began
    if cases > singly:
        _copy_tallies(singly)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return counted, took


COPIED = """
    INSERT INTO dashboards_counted (source, thing, kind, grid_id, path)
    SELECT 'case', cases_case.id, kind, grid_id, path
    FROM cases_case JOIN (
        WITH RECURSIVE up (node, id, parent_id, level) AS (
            SELECT id, id, parent_id, level FROM grids_grid
            UNION ALL SELECT up.node, above.id, above.parent_id, above.level
            FROM up JOIN grids_grid above ON above.id = up.parent_id
        ) SELECT node, array_agg(id ORDER BY level) AS path FROM up GROUP BY node
    ) AS paths ON paths.node = grid_id
    WHERE cases_case.id > %(counted)s
"""
TALLIED = """
    INSERT INTO dashboards_tally (counted_id, measure, kind, grid_id, day, amount)
    SELECT copy.id, tally.measure, tally.kind, copy.grid_id,
        tally.day + (one.opened_at::date - like_it.opened_at::date), tally.amount
    FROM dashboards_counted copy
    JOIN cases_case one ON one.id = copy.thing
    JOIN cases_case like_it ON like_it.id = 1 + (one.id - 1) %% %(counted)s
    JOIN dashboards_counted counted ON counted.source = 'case' AND counted.thing = like_it.id
    JOIN dashboards_tally tally ON tally.counted_id = counted.id
    WHERE copy.source = 'case' AND copy.thing > %(counted)s
"""
SUM_UP = """
    INSERT INTO dashboards_rollup (node_id, span, day, kind, amounts)
    SELECT node, '{span}', day, kind, jsonb_object_agg(measure, amount) FROM (
        SELECT {node} AS node, {day} AS day, tally.kind, measure, sum(amount) AS amount
        FROM dashboards_tally tally JOIN dashboards_counted counted ON counted.id = counted_id
        WHERE tally.day IS {known} NULL GROUP BY 1, 2, 3, 4
    ) AS summed WHERE node IS {there} NULL GROUP BY 1, 3, 4
"""


def _copy_tallies(counted: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '1GB'")
        for copied in (COPIED, TALLIED):
            cursor.execute(copied, {"counted": counted})
            # Without statistics of what was just written the next statement joins row by row.
            cursor.execute("ANALYZE dashboards_tally, dashboards_counted")
        cursor.execute("DELETE FROM dashboards_rollup")
        for span, day, known in (
            ("d", "tally.day", "NOT"), ("m", "date_trunc('month', tally.day)::date", "NOT"),
            ("n", "DATE '2000-01-01'", ""),
        ):  # fmt: skip
            for node, there in (*((f"counted.path[{depth}]", "NOT") for depth in range(1, 6)), ("NULL::bigint", "")):
                cursor.execute(SUM_UP.format(span=span, day=day, known=known, node=node, there=there))


def _plant(divisions: Path) -> int:
    """The whole tree at once, numbered here: every write of mptt would renumber it."""
    from grids.models import Grid

    unpack = gzip.open if divisions.suffix == ".gz" else open
    with unpack(divisions, "rt") as table:
        rows = [row for row in csv.DictReader(table) if row["level"] in LEVELS]
    below: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        below[row["parent_code"]].append(row)
    made: list[Grid] = []

    def number(row: dict[str, str], parent: Grid | None, left: int) -> int:
        taken = [sibling["name"] for sibling in below[row["parent_code"]]].count(row["name"])
        name = row["name"] if taken == 1 else f"{row['name']}{row['code']}"
        node = Grid(
            pk=len(made) + 1,
            name=name[:60],
            parent_id=parent.pk if parent else None,
            level=LEVELS[row["level"]],
            tree_id=1,
            lft=left,
        )
        made.append(node)
        for child in below[row["code"]]:
            left = number(child, node, left + 1)
        node.rght = right = left + 1
        return right

    number(rows[0], None, 1)
    Grid.objects.bulk_create(made, batch_size=2000)
    return len(made)


def _appoint() -> None:
    """Who looks: an observer of the county, a cadre at the top of the tree. Who handles: one 网格长 in each village."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import User
    from grids.models import Grid, Post

    begun = timezone.now() - timedelta(days=800)
    people = [
        User.objects.create_user(phone=f"1390000000{serial}", name=name, password="Bench-password-1")
        for serial, name in enumerate(("县级", "街道", "网格长"))
    ]
    Post.objects.create(person=people[0], role="observer", grid=None, from_at=begun)
    Post.objects.create(person=people[1], role="street_cadre", grid=Grid.objects.get(parent=None), from_at=begun)
    Post.objects.bulk_create(
        Post(person=people[2], role="grid_leader", grid=node, from_at=begun) for node in Grid.objects.filter(level=4)
    )


def _pages() -> list[tuple[Any, str, str]]:
    from django.test import Client
    from django.utils import timezone

    from accounts.models import User
    from accounts.sign_in.sessions import SIGNED, VERIFIED
    from grids.models import Grid

    def client(role: str) -> Client:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(posts__role=role))
        session = client.session
        session[VERIFIED], session[SIGNED] = True, timezone.now().timestamp()
        session.save()
        return client

    county, street = client("observer"), client("street_cadre")
    nodes = [Grid.objects.filter(level=level).order_by("lft")[0] for level in range(5)]
    pages = [
        (street, f"{node.name} {period}", f"/figures/{node.pk}/?period={period}")
        for node in nodes
        for period in ("month", "year")
    ]
    return [
        *pages,
        (street, "本周", f"/figures/{nodes[0].pk}/?period=week"),
        (county, "全县", "/figures/county/"),
        (street, "驾驶舱", f"/cockpit/{nodes[0].pk}/"),
        (county, "全县驾驶舱", "/cockpit/"),
        (county, "一张网", "/net/"),
    ]


def _ask(client: Any, path: str) -> tuple[int, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    asked = len(queries)  # before the next request empties the log
    assert answer.status_code == 200, (path, answer.status_code)
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        took.append(time.perf_counter() - began)
    return asked, statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
