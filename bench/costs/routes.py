"""Row 9: how long somebody who has just filed waits for a person responsible."""

import os
import tempfile
import threading
import time
from math import ceil
from pathlib import Path

from bench import _database
from bench.costs import filing, world
from bench.costs.figures import Figure
from bench.costs.load import Ask, sent
from bench.costs.server import url_of
from bench.drill.portal import Portal

DATABASE = "bench_routes"
RATE, SECONDS = 20, 30
LOOK_EVERY = 0.02
PATIENCE = 60.0
KEYS = ("SECRET_KEY", "PERSONAL_DATA_KEY", "PERSONAL_DATA_INDEX_KEY")


def routed_in() -> list[Figure]:
    """Seconds from the moment a request was filed (`opened_at`) until it is seen as routed by another connection, which
    looks every 20 ms: the 95th of a hundred. What is not routed a minute after the last was filed counts as a minute. 20
    requests a second for 30 seconds, each by another resident, whether those before were answered or not, to a whole portal
    started as script/server starts it: its own web server, worker, beat and broker, on the database server of this bench."""
    from accounts.models import Demonstration

    made = world.plant(DATABASE)
    asks = filing.filings(made)
    Demonstration.objects.all().delete()  # or all of it would be planted before the portal opens
    with tempfile.TemporaryDirectory(prefix="bench-portal-") as folder:
        keys = {name: os.environ[name] for name in KEYS}
        portal = Portal(Path(folder), log=Path(folder, "log"), **keys, DATABASE_URL=url_of(DATABASE), DEMO="0")
        try:
            portal.start()
            filing.warm(asks, portal.port)
            waits = _waits(filing.at_port(asks[filing.WARM :], portal.port))
        finally:
            portal.end()
    _database.drop(DATABASE)
    return [
        Figure(
            f"filed until routed, {RATE} a second, 95th percentile", sorted(waits)[ceil(0.95 * len(waits)) - 1], "s", 1
        )
    ]


def _waits(asks: list[Ask]) -> list[float]:
    """Seconds of each."""
    from django.utils import timezone

    from cases.models import Case

    most = RATE * SECONDS
    filed = Case.objects.filter(opened_at__gt=timezone.now())
    load = threading.Thread(target=lambda: sent(asks, clients=4 * RATE, most=most, rate=RATE))
    load.start()
    waits: dict[int, float] = {}
    until = time.monotonic() + SECONDS + PATIENCE
    while len(waits) < most and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        routed = list(filed.exclude(dispatched_at=None).exclude(pk__in=waits).values_list("pk", "opened_at"))
        waits |= {key: (timezone.now() - opened).total_seconds() for key, opened in routed}
    load.join()
    assert filed.count() == most, f"{filed.count()} of {most} filed"
    return [*waits.values(), *[PATIENCE] * (most - len(waits))]
