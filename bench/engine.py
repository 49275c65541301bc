"""What one act costs: statements, CPU, pages, and how that compares with a bare view and with django-helpdesk, all in one
run. Prints each row beside its limit and beside what it was at the start; 1 where a limit is not kept.

    script/bench engine [--only 1,5,6] [--write]

`--write` puts the rows that were measured into docs/performance.md. Databases of its own, dropped again."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

from bench.costs import world
from bench.costs.acts import acts
from bench.costs.figures import Figure, shown
from bench.costs.filing import bare_share, filing, filing_beside_helpdesk, list_beside_helpdesk
from bench.costs.pages import case_pages, staff_pages
from bench.costs.scale import many_cases
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
)


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    figures: list[Figure] = []
    for row in ROWS:
        if row.number in options.only:
            began = time.monotonic()
            found = row.measure(options)
            figures += found
            print(f"第 {row.number} 项，{time.monotonic() - began:.0f} 秒", flush=True)
            for figure in found:
                print(f"  {'✓' if figure.is_kept else '✗'} {figure.what} {shown(figure.value)}{figure.unit}（{figure.limit_words}）", flush=True)
    world.clear()
    return 0 if all(figure.is_kept for figure in figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=lambda said: {int(number) for number in said.split(",")}, default={row.number for row in ROWS})
    parser.add_argument("--helpdesk", type=Path, default=data_dir() / "bench/helpdesk")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
