"""What a fault has in its hands: the portal's processes, its database, its broker, its disks."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import redis

from bench.drill.broker import DebianRedis
from bench.drill.disks import Disk
from bench.drill.portal import DOWN, ROOT, Portal

CLOCK = Path(__file__).parent / "false_clock"
OURS = "drill"
"""Name of our own connections: they are not cut."""


class NotPossible(Exception):
    """Why this fault cannot be had here."""


class Scene:
    def __init__(self, portal: Portal, debian: DebianRedis | None, data: Disk | None, photos: Disk | None) -> None:
        self.portal, self.debian, self._data, self._photos = portal, debian, data, photos
        self.began = 0.0
        self.afterwards: list[Callable[[], None]] = []

    def begins(self) -> None:
        """From here on the fault is there; what was before was preparation."""
        self.began = time.monotonic()

    def clean_up(self) -> None:
        while self.afterwards:
            self.afterwards.pop()()

    # Processes

    def part(self, name: str) -> psutil.Process:
        if name == "redis" and self.debian is not None:
            return self.debian.process
        processes = self.portal.parts().get(name)
        if not processes:
            raise NotPossible(f"the portal has no {name} of its own")
        return processes[0]

    def children(self, name: str) -> list[psutil.Process]:
        return [child for child in self.part(name).children() if child.status() not in DOWN]

    def family(self, name: str) -> list[psutil.Process]:
        part = self.part(name)
        return [part, *part.children(recursive=True)]

    def is_busy(self, child: psutil.Process) -> bool:
        """Whether this child of the worker is in the middle of a task: an idle one reads from its pipe."""
        try:
            return "pipe_read" not in Path(f"/proc/{child.pid}/wchan").read_text()
        except OSError as fault:
            raise NotPossible("only Linux says what a process waits for") from fault

    def kill(self, *processes: psutil.Process) -> None:
        self.begins()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def hang(self, *processes: psutil.Process) -> None:
        """Stopped, not dead: nothing answers and nothing is refused. Let go when the fault is over, if they still live."""
        self.begins()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
                self.afterwards.append(partial(_let_go, process))

    def hang_for(self, seconds: float, *processes: psutil.Process) -> None:
        self.hang(*processes)
        time.sleep(seconds)
        self.clean_up()

    def keep_down(self, name: str, seconds: float) -> None:
        """Killed again as often as somebody starts it."""
        self.kill(self.part(name))
        until = self.began + seconds
        while time.monotonic() < until:
            with suppress(NotPossible, psutil.NoSuchProcess):
                self.part(name).kill()
            time.sleep(0.2)

    # The broker

    def redis(self) -> redis.Redis:
        url = self.portal.environment.get("REDIS_URL", "")
        if not url.startswith(("redis", "unix")):
            raise NotPossible("the portal has no Redis")
        return redis.Redis.from_url(url.replace("redis+socket:", "unix:"), socket_timeout=3)

    def bring_redis_back(self) -> None:
        """As a service manager does. The portal's own server is the portal's to start."""
        if self.debian is not None:
            self.debian.start()

    # The database

    def connect(self, *, patience: int = 3000) -> Any:
        connection = self.portal.connect(patience=patience)
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = %s", [OURS])
        return connection

    @contextmanager
    def cases_locked(self) -> Iterator[None]:
        connection = self.connect(patience=0)
        try:
            connection.autocommit = False
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE cases_case IN ACCESS EXCLUSIVE MODE")
            yield
        finally:
            connection.close()

    def backends(self) -> list[int]:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> %s "
                "ORDER BY state_change DESC",
                [OURS],
            )
            return [row[0] for row in cursor.fetchall()]

    def take_connections(self, seconds: float) -> None:
        """All that are free, and those that the portal had: it is cut off and finds none again."""
        held = [self.connect(patience=0)]
        self.begins()
        try:
            with held[0].cursor() as cursor:
                while time.monotonic() < self.began + seconds:
                    if _take_all(held, self.connect):
                        cursor.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            "WHERE backend_type = 'client backend' AND application_name <> %s",
                            [OURS],
                        )
                    time.sleep(0.01)
        finally:
            for connection in held:
                connection.close()

    # Disks and the clock

    @property
    def data_disk(self) -> Disk:
        return _needed(self._data)

    @property
    def photo_disk(self) -> Disk:
        return _needed(self._photos)

    def restart(self, **more: str) -> None:
        self.portal.stop()
        self.portal.start(**more)

    def begin_with_false_clock(self) -> Callable[[int], None]:
        """The portal started anew by a clock that can be set: 3600 is an hour ahead, for all of it that is Python. Its own
        clock comes back afterwards."""
        clock = self.portal.folder.parent / "clock"
        clock.write_text("0")
        self.afterwards.append(self.restart)
        self.restart(FALSE_CLOCK=str(clock), PYTHONPATH=f"{CLOCK}{os.pathsep}{ROOT}")
        return lambda seconds: _write(clock, str(seconds))


def _let_go(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGCONT)


def _take_all(held: list[Any], connect: Callable[..., Any]) -> bool:
    """Open connections until none is to be had; whether any was."""
    before = len(held)
    with suppress(psycopg2.Error):
        while True:
            held.append(connect(patience=0))
    return len(held) > before


def _needed(disk: Disk | None) -> Disk:
    if disk is None:
        raise NotPossible("disks of one's own need Linux and root")
    return disk


def _write(path: Path, text: str) -> None:
    path.write_text(text)
