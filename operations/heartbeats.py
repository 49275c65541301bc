"""Worker and beat say every few seconds that they are at work: from the very loop that would stand still if they hung."""

import logging
import socket
from time import monotonic
from typing import Any

from celery import bootsteps, current_app
from celery.beat import PersistentScheduler
from celery.worker import state
from django.db import DatabaseError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from operations.models import Heartbeat

log = logging.getLogger(__name__)

EVERY_SECONDS = 3
BROKER_SECONDS = 1.0
MOST_DEAF_LOOKS = 3
EXIT_CODE = 1
PEOPLE_WAIT_FOR = ("cases.tasks.sweep", "notices.tasks.deliver_due")
"""By name: other rooms' tasks."""


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


class WorkerAlive(bootsteps.StartStopStep):
    """Of the worker's consumer: begun anew with every connection to the broker; its timer stands still when the worker's
    loop does.

    After a broker came and went several times, a worker may turn its rounds and take nothing any more (celery/celery
    #8030, #10205). One that has nothing in hand and takes nothing while tasks wait ends itself; whoever keeps it running
    starts it again."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, parent: Any) -> None:
        self.received, self.deaf_looks = -1, 0
        say_alive(Heartbeat.Part.WORKER)
        look_for_what_was_missed(hands=parent.controller.concurrency)
        self.entry = parent.timer.call_repeatedly(EVERY_SECONDS, self.look)

    def stop(self, parent: Any) -> None:
        self.entry.cancel()

    def look(self) -> None:
        say_alive(Heartbeat.Part.WORKER)
        before, self.received = self.received, sum(state.total_count.values())
        is_deaf = self.received == before and not state.active_requests and tasks_waiting() > 0
        self.deaf_looks = self.deaf_looks + 1 if is_deaf else 0
        if self.deaf_looks >= MOST_DEAF_LOOKS:
            log.critical("tasks wait and this worker takes none: it ends, to be started again")
            state.should_terminate = EXIT_CODE


def look_for_what_was_missed(*, hands: int) -> None:
    """What a worker that died held in its hands, and what happened while the broker was away, waits for no next sweep. It
    may be much: all children of the worker work it off. Only what people wait for: whatever is slow would stand in the way
    of requests that come in meanwhile, and comes with the next sweep."""
    try:
        for task in PEOPLE_WAIT_FOR:
            for _ in range(hands):
                current_app.send_task(task)
    except OperationalError as fault:
        log.warning("the broker is gone again: %s", fault)


def tasks_waiting() -> int:
    """How many lie in the queue, asked over a connection of its own; 0 while the broker is away."""
    broker = current_app.connection_for_read()
    try:
        with broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
            queue = broker.default_channel.queue_declare(current_app.conf.task_default_queue, passive=True)
            return int(queue.message_count)
    except (OperationalError, *broker.connection_errors, *broker.channel_errors):
        return 0


class Scheduler(PersistentScheduler):
    """Beat's own, which says on its way round that it is at work."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.next_sign = 0.0
        super().__init__(*args, **{**kwargs, "max_interval": EVERY_SECONDS})

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if monotonic() >= self.next_sign:
            say_alive(Heartbeat.Part.BEAT)
            self.next_sign = monotonic() + EVERY_SECONDS
        return float(super().tick(*args, **kwargs))
