"""Debian's redis-server on a loopback port, kept by the drill as the machine's service manager would keep it. With the
portal's own server there is nothing to do: the portal keeps it itself."""

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

PROGRAM = "redis-server"
START_SECONDS = 10.0
MOMENT = 0.5


class DebianRedis:
    def __init__(self) -> None:
        if shutil.which(PROGRAM) is None:
            raise RuntimeError(f"{PROGRAM} is missing (apt install redis-server)")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = Path(tempfile.mkdtemp(prefix="drill-redis-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def start(self) -> None:
        """Empty: what it held is not kept. Nothing to do while it runs."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(MOMENT)  # killed just now, it may still look alive
            if self._process.poll() is None:
                return
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self._process = subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL, start_new_session=True)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{PROGRAM} did not start")

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
