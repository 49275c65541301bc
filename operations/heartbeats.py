"""Worker and beat say every few seconds that they are at work: from the very loop that would stand still if they hung."""

import logging
import socket
from time import monotonic
from typing import Any

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.db import DatabaseError, connection
from django.utils import timezone

from operations.models import Heartbeat

log = logging.getLogger(__name__)

EVERY_SECONDS = 3


def say_alive(part: Heartbeat.Part) -> None:
    """Write down that `part` is at work on this machine. A database that is away stops nobody."""
    try:
        Heartbeat.objects.bulk_create(
            [Heartbeat(part=part, host=socket.gethostname()[:100], at=timezone.now())],
            update_conflicts=True,
            unique_fields=["part", "host"],
            update_fields=["at"],
        )
    except DatabaseError as fault:
        log.warning("no sign of life of %s could be written: %s", part, fault)
    finally:
        # The worker's main process forks its children: they must not inherit an open connection.
        connection.close()


class WorkerAlive(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Of the worker's consumer: its timer stands still when the worker's loop does."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, parent: Any) -> None:
        say_alive(Heartbeat.Part.WORKER)
        self.entry = parent.timer.call_repeatedly(EVERY_SECONDS, say_alive, (Heartbeat.Part.WORKER,))

    def stop(self, parent: Any) -> None:
        self.entry.cancel()


class Scheduler(PersistentScheduler):  # type: ignore[misc]
    """Beat's own, which says on its way round that it is at work."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.next_sign = 0.0
        super().__init__(*args, **{**kwargs, "max_interval": EVERY_SECONDS})

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if monotonic() >= self.next_sign:
            say_alive(Heartbeat.Part.BEAT)
            self.next_sign = monotonic() + EVERY_SECONDS
        return float(super().tick(*args, **kwargs))
