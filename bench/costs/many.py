"""Row 10: many at once, swept and brought in."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench import _database
from bench.costs import world
from bench.costs.figures import Figure
from bench.imports import made_up, taken_in

DATABASE = "bench_many_at_once"
SWEPT, ROWS = 600, 3571


def sweep_and_import() -> list[Figure]:
    """Cases a second of one sweep in one process (cases.escalation.sweep, which the worker calls): 600 requests, a few for
    each grid of a street, swept when all want a reminder and again when all are late; both sweeps together, not the one
    that routed them. Rows a second of a table of 3,571 made-up messages (bench/imports.py), the first time it comes in."""
    made = world.plant(DATABASE)
    swept = _swept(made)
    with tempfile.TemporaryDirectory() as folder:
        report, spent = taken_in(made_up(Path(folder, "messages.csv"), ROWS))
    _database.drop(DATABASE)
    return [
        Figure("sweep, cases reminded of and late", swept, "/s", 300, is_least=True),
        Figure("import, rows", report.rows / spent.seconds, "/s", 150, is_least=True),
    ]


def _swept(made: world.World) -> float:
    from django.utils import timezone

    from cases.escalation import sweep
    from cases.models import Case

    at = timezone.now()
    _file(made, at)
    sweep(at=at)
    handled, took = 0, 0.0
    for _ in ("remind", "overdue"):
        due = Case.objects.open().order_by("-wake_at").values_list("wake_at", flat=True)[0]
        began = time.perf_counter()
        handled += sweep(at=due)
        took += time.perf_counter() - began
    assert handled == 2 * SWEPT, handled
    return handled / took


def _file(made: world.World, at: Any) -> None:
    from grids.models import Building
    from residents.services import Filing, Place, submit_requests

    buildings = list(Building.objects.select_related("grid", "estate").order_by("pk"))
    submit_requests(
        [
            Filing(
                asker=made.residents[serial % len(made.residents)],
                submit_key=str(uuid4()),
                words="楼道灯坏了三天",
                place=Place(buildings[serial % len(buildings)].estate, buildings[serial % len(buildings)]),
            )
            for serial in range(SWEPT)
        ],
        at=at - timedelta(seconds=1),
    )
