"""What one act costs: statements, CPU, pages, and how that compares with a bare view and with django-helpdesk, all in one
run. Prints each row beside its limit and beside what it was at the start; 1 where a limit is not kept.

    script/bench engine [--only 1,5,6] [--write] [--helpdesk DIR] [--rows FILE]

`--write` puts the rows that were measured into docs/performance.md and leaves the others as they stand there; `--rows` writes
them as JSON. django-helpdesk is installed into DIR (var/bench/helpdesk), and stays. Databases of its own, dropped again."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

from bench.costs import page, world
from bench.costs.acts import acts
from bench.costs.figures import Figure
from bench.costs.filing import bare_share, filing, filing_beside_helpdesk, list_beside_helpdesk
from bench.costs.first_start import first_start
from bench.costs.many import sweep_and_import
from bench.costs.pages import case_pages, staff_pages
from bench.costs.routes import routed_in
from bench.costs.scale import many_cases
from bench.costs.told import told_in
from bench.costs.trees import forest
from zhenghe.embedded import data_dir


@dataclass(frozen=True)
class Row:
    number: int
    measure: Callable[[argparse.Namespace], list[Figure]]


ROWS = (
    Row(1, lambda options: filing()),
    Row(2, lambda options: filing_beside_helpdesk(options.helpdesk)),
    Row(3, lambda options: bare_share()),
    Row(4, lambda options: list_beside_helpdesk(options.helpdesk)),
    Row(5, lambda options: acts()),
    Row(6, lambda options: case_pages()),
    Row(7, lambda options: many_cases()),
    Row(8, lambda options: staff_pages()),
    Row(9, lambda options: routed_in()),
    Row(10, lambda options: sweep_and_import()),
    Row(11, lambda options: forest()),
    Row(12, lambda options: first_start()),
    Row(13, lambda options: told_in()),
)


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever is ended ends the servers it started
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    os.environ["DEMO"] = "1"  # or nobody of the demonstration may sign in
    django.setup()
    figures: list[Figure] = []
    for row in ROWS:
        if row.number in options.only:
            began = time.monotonic()
            measured = row.measure(options)
            print(f"{row.number}, {time.monotonic() - began:.0f} s", *map(page.said, measured), sep="\n", flush=True)
            figures += measured
            if options.write:
                page.write(measured)
    world.clear()
    if options.rows:
        options.rows.write_text(json.dumps({figure.what: figure.value for figure in figures}, indent=2) + "\n")
    return 0 if all(figure.is_kept for figure in figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=_numbers, default={row.number for row in ROWS})
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--helpdesk", type=Path, default=data_dir() / "bench/helpdesk")
    parser.add_argument("--rows", type=Path)
    return parser.parse_args()


def _numbers(words: str) -> set[int]:
    return {int(number) for number in words.split(",")}


if __name__ == "__main__":
    sys.exit(main())
