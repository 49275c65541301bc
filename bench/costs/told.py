"""Row 13: how long somebody who has just filed waits until their phone says who is responsible."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

from bench import _database
from bench.costs import filing, pipeline, world
from bench.costs.figures import Figure
from bench.costs.load import sent
from bench.costs.routes import KEYS
from bench.costs.server import bell, url_of
from bench.drill.portal import Portal
from tests.support.standins import sms
from tests.support.standins.server import Answer, Asked, StandIn, in_json

DATABASE = "bench_told"
RATE, SECONDS = 10, 30
MOST = RATE * SECONDS
GATEWAY_SECONDS = 0.1
"""What a gateway takes to answer."""
PATIENCE = 60.0


def told_in() -> list[Figure]:
    """Seconds from the moment a request was filed (`opened_at`) until an SMS gateway is asked to tell its resident who is
    responsible: the 95th of a hundred. 10 requests a second for 30 seconds, each by another resident, whether those before
    were answered or not, to a whole portal started as script/server starts it. The asker and the leader who is responsible
    are both told by SMS; the gateway stands here and takes 100 ms an answer. Who is never told counts as a minute.

    Beside it the bare pipeline: the same broker and the same worker of Celery, whose task does nothing but ask that gateway,
    from the moment it was sent, as many a second as requests were filed."""
    portal = _ninety_fifth(_through_the_portal())
    bare = _ninety_fifth(_through_a_bare_task())
    return [
        Figure(f"filed until the phone is told, {RATE} a second, 95th percentile", portal, "s", 3),
        Figure("… ÷ a bare task that asks the gateway", portal / bare, "×", None),
    ]


def _ninety_fifth(waits: list[float]) -> float:
    return sorted(waits)[ceil(0.95 * len(waits)) - 1]


@contextmanager
def _gateway() -> Iterator[tuple[StandIn, dict[str, float]]]:
    """The gateway, and when each phone was first told."""
    told: dict[str, float] = {}

    def answer(asked: Asked) -> Answer:
        told.setdefault(sms.of_aliyun(asked)["PhoneNumbers"], time.time())
        return in_json({"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "R"}, seconds=GATEWAY_SECONDS)

    with StandIn(answer) as gateway:
        yield gateway, told


def _through_the_portal() -> list[float]:
    from accounts.models import Demonstration
    from cases.models import Seat
    from cases.workflow import ASKER
    from notices.models import Template

    made = world.plant(DATABASE)
    asks = filing.filings(made)
    Template.objects.create(channel="sms", kinds="request.dispatch.*", template_id="SMS_1", fields="title={title}")
    Demonstration.objects.all().delete()  # or all of it would be planted before the portal opens
    phones = {person.pk: person.phone for person in made.residents[filing.WARM :]}
    with tempfile.TemporaryDirectory(prefix="bench-portal-") as folder, _gateway() as (gateway, told):
        keys = {name: os.environ[name] for name in KEYS}
        portal = Portal(
            Path(folder), log=Path(folder, "log"), **keys, **_by_sms(gateway), DATABASE_URL=url_of(DATABASE), DEMO="0"
        )
        try:
            portal.start()
            filing.warm(asks, portal.port)
            sent(filing.at_port(asks[filing.WARM :], portal.port), clients=4 * RATE, most=MOST, rate=RATE)
            begun = Seat.objects.filter(role=ASKER, person__in=phones).values_list("person", "case__opened_at")
            waits = _until_told({phones[asker]: opened.timestamp() for asker, opened in begun}, told)
        finally:
            portal.end()
    _database.drop(DATABASE)
    return waits


def _by_sms(gateway: StandIn) -> dict[str, str]:
    """Settings; it is never night."""
    from django.utils import timezone

    now: datetime = timezone.localtime()
    night = [(now + timedelta(hours=hours)).hour for hours in (8, 9)]
    return {
        "SMS_GATEWAY": "aliyun",
        "SMS_ENDPOINT": gateway.url,
        "SMS_KEY_ID": "key",
        "SMS_KEY_SECRET": "secret",
        "SMS_SIGN": "政和社区",
        "SMS_CODE_TEMPLATE": "SMS_2",
        "QUIET_HOURS": f"{night[0]}-{night[1]}",
    }


def _through_a_bare_task() -> list[float]:
    with _gateway() as (gateway, told), bell() as address:
        environment = {**os.environ, "BARE_BROKER": address}
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "bench.costs.pipeline",
            "worker",
            "-c",
            "2",
            "-l",
            "WARNING",
        ]
        worker = subprocess.Popen(command, env=environment)
        try:
            app = pipeline.app_at(address)
            _until(lambda: bool(told), lambda: app.send_task(pipeline.NAME, [gateway.url, "warm"]), each=1.0)
            begun, start = {}, time.monotonic()
            for number in range(MOST):
                time.sleep(max(0.0, start + number / RATE - time.monotonic()))
                begun[str(number)] = time.time()
                app.send_task(pipeline.NAME, [gateway.url, str(number)])
            return _until_told(begun, told)
        finally:
            worker.terminate()
            worker.wait()


def _until_told(begun: dict[str, float], told: dict[str, float]) -> list[float]:
    assert len(begun) >= MOST, f"{len(begun)} of {MOST} begun"
    _until(lambda: begun.keys() <= told.keys(), lambda: None, each=0.2)
    return [told[phone] - at if phone in told else PATIENCE for phone, at in begun.items()]


def _until(is_done: Callable[[], bool], meanwhile: Callable[[], object], *, each: float) -> None:
    until = time.monotonic() + PATIENCE
    while not is_done() and time.monotonic() < until:
        meanwhile()
        time.sleep(each)
