"""Web servers as script/server starts its own (zhenghe/serve.py): the same program, workers and threads."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

from zhenghe import embedded
from zhenghe.embedded import BASE_DIR

WORDS = (
    "-k",
    "gthread",
    "-w",
    "2",
    "--threads",
    "4",
    "--log-level",
    "warning",
    "--timeout",
    "15",
    "--no-control-socket",
)
"""Of gunicorn, as in zhenghe/serve.py."""
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """CPU seconds of its workers so far, from /proc in steps of 10 ms."""
        return _cpu(self.process.children(recursive=True))


@contextmanager
def served(
    database: str, *, python: str = sys.executable, folder: Path = BASE_DIR, wsgi: str = "zhenghe.wsgi", **more: str
) -> Iterator[Server]:
    """A server on a free port with this database, until the block ends; `more`: further variables."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": url_of(database), "PROXIES": "1", "LOG_LEVEL": "WARNING", "DEMO": "1", **more}
    command = [python, "-m", "gunicorn", *WORDS, "-b", f"127.0.0.1:{port}", f"{wsgi}:application"]
    process = subprocess.Popen(command, cwd=folder, env=env)
    try:
        _wait(port, process)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


@contextmanager
def bell() -> Iterator[str]:
    """A message broker of its own, as script/server runs; nobody listens. Its address."""
    with tempfile.TemporaryDirectory(prefix="bench-bell-") as folder:
        address = embedded.redis_address(Path(folder))
        process = subprocess.Popen(embedded.redis_command(Path(folder)))
        try:
            deadline = time.monotonic() + START_SECONDS
            while not embedded.is_listening(address):
                if time.monotonic() > deadline:
                    raise RuntimeError("no broker")
                time.sleep(0.05)
            yield address
        finally:
            process.terminate()
            process.wait()


def url_of(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def backends(database: str) -> Callable[[], float]:
    """CPU seconds so far of the processes of PostgreSQL that serve this database, but for the one that asks."""
    from django.db import connection

    def cpu() -> float:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
                " AND pid != pg_backend_pid()",
                [database],
            )
            return _cpu([psutil.Process(pid) for (pid,) in cursor.fetchall()])

    return cpu


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")
