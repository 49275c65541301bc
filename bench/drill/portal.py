"""The portal under the drill: script/server on a folder of its own, its parts by name, its database."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg2

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = (
    "CODE_SENDER",
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "SECRET_KEY",
    "PERSONAL_DATA_KEY",
    "PERSONAL_DATA_INDEX_KEY",
    "PORT",
)
"""Variables of whoever runs the drill: the portal starts as that of somebody who set nothing."""
START_SECONDS = 900
"""The first start plants the demonstration."""
STOP_SECONDS = 40
DOWN = {psutil.STATUS_ZOMBIE, psutil.STATUS_STOPPED}
PROGRAMS = {"gunicorn": "web", " worker ": "worker", " beat ": "beat", "valkey": "redis", "redis": "redis"}


class Portal:
    def __init__(self, folder: Path, *, log: Path, **more: str) -> None:
        self.folder, self.log, self.more = folder, log, more
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}

    def start(self, **more: str) -> None:
        """Until it answers. Raises RuntimeError with the end of its log."""
        env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        env |= {"DATA_DIR": str(self.folder), "PORT": str(self.port), "DEMO": "1", "LOG_LEVEL": "WARNING"}
        # It is never night: what waits for the morning would be taken for lost.
        env |= {"PROXIES": "1", "PYTHONUNBUFFERED": "1", "QUIET_HOURS": "0-0", **self.more, **more}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "zhenghe.serve", "--small"],  # as script/server ends, which sets up first
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not self.answers("/healthz"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the portal did not start:\n{self.log_end()}")
            time.sleep(0.2)

    def answers(self, path: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=4) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        """Politely, as Ctrl-C does; raises TimeoutExpired when it does not go."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """Whatever happened: nothing of this portal is left."""
        with suppress(subprocess.TimeoutExpired, AssertionError):
            self.stop()
        for process in self.everything():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def everything(self) -> list[psutil.Process]:
        """Every process of this folder that lives, whoever its parent is."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                return False
            return (
                process.environ().get("DATA_DIR") == str(self.folder)
                or str(self.folder / "postgres") in process.cmdline()
            )
        except psutil.Error:
            return False

    def parts(self) -> dict[str, list[psutil.Process]]:
        """Name -> its processes that live and are not stopped: by the portal's own note, else by what they run."""
        parts: dict[str, list[psutil.Process]] = {}
        for name, process in self._noted() or self._recognised():
            with suppress(psutil.NoSuchProcess):
                if process.status() not in DOWN:
                    parts.setdefault(name, []).append(process)
        return parts

    def _noted(self) -> list[tuple[str, psutil.Process]]:
        with suppress(OSError, ValueError):
            lines = json.loads((self.folder / "running.json").read_text())
            named = [line for line in lines if isinstance(line, dict)]
            return [(line["part"], process) for line in named if (process := _alive(line["pid"], line["born"]))]
        return []

    def _recognised(self) -> list[tuple[str, psutil.Process]]:
        named: list[tuple[str, psutil.Process]] = []
        if self.process is not None and psutil.pid_exists(self.process.pid):
            server = psutil.Process(self.process.pid)
            named.append(("server", server))
            for child in server.children():
                words = " ".join(child.cmdline())
                name = next((part for program, part in PROGRAMS.items() if program in words), "")
                named.append((name, child))
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            postmaster = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
            named.append(("postgres", psutil.Process(postmaster)))
        return [(name, process) for name, process in named if name]

    @property
    def environment(self) -> dict[str, str]:
        """What its parts were given: keys, database, broker. Asked once, while it runs."""
        if not self._environment:
            self._environment = self.parts()["web"][0].environ()
        return self._environment

    def connect(self, *, patience: int = 3000) -> Any:
        """To its database, by a connection of one's own; no statement waits longer than `patience` milliseconds."""
        options = f"-c statement_timeout={patience}" if patience else ""
        connection = psycopg2.connect(self.environment["DATABASE_URL"], connect_timeout=3, options=options)
        connection.autocommit = True
        return connection

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {**self.environment, "LOG_LEVEL": "ERROR"}
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)

    def log_lines(self) -> int:
        with self.log.open("rb") as log:
            return sum(1 for _ in log)

    def log_end(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


def _alive(pid: int, born: float) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return process if process.create_time() == born else None
    return None
