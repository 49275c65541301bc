"""Tables of requests taken in: rows a second, and CPU a row of this process and of PostgreSQL together. On a busy machine
only the second figure says something.

    script/bench imports [--rows 3571] [--file messages.csv.gz]

Works in a database of its own, which it drops again. Without a file the rows are made up."""

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import psutil

from bench import _database

DATABASE = "bench_imports"
CPU_MS_A_ROW = 6.6
"""What 150 rows a second leave to each on one core."""


@dataclass
class Spent:
    seconds: float = 0
    own: float = 0
    database: float = 0

    def words(self, rows: int) -> str:
        own, database = (1000 * cpu / rows for cpu in (self.own, self.database))
        return (
            f"{rows} 行 {self.seconds:.1f} 秒，每秒 {rows / self.seconds:.0f} 行；"
            f"每行 CPU {own + database:.2f} 毫秒（本进程 {own:.2f}，PostgreSQL {database:.2f}）"
        )

    def cpu_ms(self, rows: int) -> float:
        return 1000 * (self.own + self.database) / rows


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    _database.own(DATABASE, "load_defaults", "seed_zhenghe")
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or made_up(Path(folder, "messages.csv"), options.rows)
        first, spent = taken_in(path)
        again, known = taken_in(path)
    _database.drop(DATABASE)
    print(f"新的：{spent.words(first.rows)}")
    print(f"再导一遍：{known.words(again.rows)}")
    adds_up = again.imported == 0 and first.imported + first.known + len(first.rejects) == first.rows
    return 0 if adds_up and spent.cpu_ms(first.rows) <= CPU_MS_A_ROW >= known.cpu_ms(again.rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3571)
    parser.add_argument("--file", type=Path)
    return parser.parse_args()


def made_up(path: Path, rows: int) -> Path:
    """As long as real messages to a city government: from a sentence to pages, 300 characters on the whole."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["编号", "标题", "时间", "内容"])
        for number in range(rows):
            where = f"宜和社区宜和佳苑{number % 30 + 1}幢" if number % 5 == 0 else f"第{number}号路口"
            words = f"{where}的路灯坏了，晚上看不见路。" * (1 + number % 29)
            out.writerow([f"2026{number:07d}", f"{where}路灯不亮", f"2025-{number % 12 + 1:02d}-11 08:30:00", words])
    return path


def taken_in(path: Path) -> tuple[Any, Spent]:
    """Into the database that is used: the report, and what it took."""
    from django.utils import timezone

    from grids.county.divisions import XIONGSHAN
    from grids.models import Grid
    from residents.imports.requests import import_requests

    street = Grid.objects.get(code=XIONGSHAN)
    with _measured() as spent:
        report = import_requests(file=path, source="bench", default_place=street, at=timezone.now())
    return report, spent


@contextmanager
def _measured() -> Iterator[Spent]:
    spent, database = Spent(), _database_cpu()
    began, own, other = time.monotonic(), time.process_time(), database()
    yield spent
    spent.seconds, spent.own, spent.database = time.monotonic() - began, time.process_time() - own, database() - other


def _database_cpu() -> Callable[[], float]:
    """CPU seconds of all processes of the server."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    return lambda: sum(sum(each.cpu_times()[:2]) for each in server.children())


if __name__ == "__main__":
    sys.exit(main())
