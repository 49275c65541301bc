"""The broker of a machine without Redis: kombu's files, made whole. Kombu opens a message under the name by which it is
found and writes it then, and its table of queues likewise: who reads in between finds nothing, takes that for a message
and dies of it (celery/kombu#1551)."""

import fcntl
import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)

SCHEME = "files"


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:
        """Written beside, then given its name: nobody finds half of it."""
        folder, name = Path(self.data_folder_out), f"{time_ns()}_{uuid.uuid4()}"
        beside = folder / f"{name}.part"
        beside.write_text(dumps(payload))
        beside.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super()._get(queue)
        except ValueError:  # no JSON, or no text at all
            # Cut off when the power went. It was only a bell: the sweeps find what it rang for.
            log.warning("a message in %s was not readable and is gone", queue)
            raise Empty from None
        return found

    def get_table(self, exchange: str) -> list[Any]:
        with self._alone():
            found: list[Any] = super().get_table(exchange)
        return found

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)

    def _delete(self, *args: Any, **said: Any) -> None:
        with self._alone():
            super()._delete(*args, **said)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Over the table of queues, among all processes."""
        self.control_folder.mkdir(exist_ok=True)
        door = os.open(self.control_folder / "lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)  # and with it the lock


class Transport(filesystem.Transport):
    Channel = Channel


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
