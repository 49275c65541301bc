"""script/server as people meet it: what is missing is one clear line; what it started, it stops, however it ended."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest
from django.conf import settings

from tests.support.machine import wait_until
from zhenghe import embedded, serve
from zhenghe.embedded import CannotStart

ROOT = settings.BASE_DIR
SERVICES = ("DEMO", "CODE_SENDER", "DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY", "PERSONAL_DATA_KEY")


def plain(**more: str) -> dict[str, str]:
    """The environment of somebody who set nothing."""
    return {name: value for name, value in os.environ.items() if name not in SERVICES} | {"LOG_LEVEL": "WARNING"} | more


def start(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhenghe.serve", *words]
    return subprocess.run(command, cwd=ROOT, env=plain(**more), capture_output=True, text=True, timeout=120)


def one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def test_a_taken_port(tmp_path):
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_line(start(PORT=str(port), DATA_DIR=str(tmp_path)), f"端口 {port} 已被占用", f"PORT={port + 1}")


def test_an_address_that_is_none(tmp_path):
    one_line(start(LISTEN="192.168.1.5", DATA_DIR=str(tmp_path)), "LISTEN 应为 127.0.0.1", "0.0.0.0")


def test_a_machine_without_any_program_for_the_broker(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "_packaged_valkey", lambda: None)
    monkeypatch.setattr(embedded.shutil, "which", lambda _: None)
    with pytest.raises(CannotStart, match="REDIS_URL"):
        embedded.redis_command(tmp_path)


@pytest.mark.parametrize("port", ["八千", "0", "70000"])
def test_a_port_that_is_none(tmp_path, port):
    one_line(start(PORT=port, DATA_DIR=str(tmp_path)), "PORT 应为 1 到 65535 的数字")


def test_a_full_disk(tmp_path):
    one_line(start("--check", DATA_DIR=str(tmp_path), NEEDED_DISK_BYTES=str(10**18)), "磁盘空间不足", str(tmp_path))


def test_a_database_out_of_reach(tmp_path):
    url = "postgresql://zh:secret@127.0.0.1:1/zh"
    done = start("--check", DATA_DIR=str(tmp_path), DATABASE_URL=url)
    one_line(done, "连不上 DATABASE_URL", "127.0.0.1")
    assert "secret" not in done.stderr


def test_a_redis_out_of_reach(tmp_path):
    here = os.environ["DATABASE_URL"]
    done = start("--check", DATA_DIR=str(tmp_path), DATABASE_URL=here, REDIS_URL="redis://127.0.0.1:1/0")
    one_line(done, "连不上 REDIS_URL", "内置的")


@pytest.fixture
def bare(tmp_path) -> Path:
    """A checkout before its first run."""
    folder = tmp_path / "新 目录"
    folder.mkdir()
    shutil.copytree(ROOT / "script", folder / "script")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def run_script(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([folder / "script/server"], env=plain(**more), capture_output=True, text=True, timeout=60)


def test_an_unsupported_python(bare):
    old = program(bare, "old-python", "exit 1")  # what it answers when asked whether it is 3.11 or newer
    one_line(run_script(bare, PYTHON=str(old)), "需要 Python 3.11 或更新的版本", "apt install", "brew install")
    assert not (bare / ".venv").exists()


def test_a_python_without_venv(bare):
    text = 'case "$2" in *ensurepip*) exit 1;; esac; exit 0'
    one_line(run_script(bare, PYTHON=str(program(bare, "python", text))), "缺少 venv 模块", "apt install python3-venv")
    assert not (bare / ".venv").exists()


def test_packages_that_cannot_be_had(bare):
    program(bare, ".venv/bin/python", "exit 1")
    done = run_script(bare)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("依赖没有装上。请检查网络")
    assert not list((bare / ".venv").glob("installed-*"))  # tried again the next time


def test_a_long_path_or_one_with_blanks_has_a_short_name_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded.tempfile, "gettempdir", lambda: str(tmp_path))
    for name in ("a b", "深" * 60):
        folder = tmp_path / name
        folder.mkdir()
        short = embedded._short_path(folder)
        assert short.resolve() == folder.resolve()
        assert " " not in short.name
        assert short == embedded._short_path(folder)
        assert stat.S_IMODE(short.parent.stat().st_mode) == 0o711


def test_a_temporary_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"zhenghe-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotStart, match="是别人建的"):
        embedded._own_folder()


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path):
    first = embedded._secrets(tmp_path)
    assert embedded._secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


class OnlyHttps(BaseHTTPRequestHandler):
    """As gunicorn answers with HTTPS=1: what did not come over https is sent there."""

    def do_GET(self) -> None:
        is_https = self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(200 if is_https else 301)
        self.send_header("Location", f"https://{self.headers['Host']}{self.path}")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_the_probe_reaches_a_portal_that_wants_https(monkeypatch):
    monkeypatch.setattr(serve, "START_SECONDS", 3)
    server = HTTPServer(("127.0.0.1", 0), OnlyHttps)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        serve._wait_until_up(f"http://127.0.0.1:{server.server_port}/healthz", lambda: None)
    finally:
        server.shutdown()
        server.server_close()


class Portal:
    """script/server on a folder of its own, with a blank in its name."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder

    def start(self) -> subprocess.Popen[str]:
        env = plain(DATA_DIR=str(self.folder), PORT=str(self.port), PYTHONUNBUFFERED="1")
        # The whole demonstration is gone through by the tests of its rooms (test_published_year.py, test_demo.py …).
        command = [sys.executable, "-m", "zhenghe.serve", "--small"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.output = ""
        for line in process.stdout:
            self.output += line
            if "观察员" in line:  # the last of the demo sign-ins
                return process
        raise AssertionError(self.output)

    def left(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            is_ours = str(self.folder) in (process.environ().get("DATA_DIR"), process.cwd())
            return is_ours and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            return False

    def listens_to(self) -> set[str]:
        """Addresses at which its port is open."""
        listening = psutil.net_connections("tcp")
        return {line.laddr.ip for line in listening if line.status == "LISTEN" and line.laddr.port == self.port}

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except HTTPError:  # not yet: worker and beat have only begun
            return False

    def is_quiet(self) -> bool:
        deadline = time.monotonic() + 20
        while self.left() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.left()


def test_it_starts_stops_and_starts_again_however_it_ended(tmp_path):
    """Ctrl-C, a polite kill and kill -9 in turn; a second start beside it is refused; nothing is left at the end."""
    folder = tmp_path / "数据 目录"
    portal = Portal(folder)
    try:
        for how in (signal.SIGINT, signal.SIGKILL, signal.SIGTERM):
            process = portal.start()
            wait_until(portal.answers)
            assert portal.listens_to() == {"127.0.0.1"}  # its passwords are published
            assert f"http://127.0.0.1:{portal.port}/" in portal.output
            for kind in ("居民", "网格长", "党小组长", "支部书记", "社区书记", "社区工作者", "街道干部", "县级管理员"):
                assert kind in portal.output
            assert "superuser" not in portal.output
            if how == signal.SIGINT:
                one_line(start(DATA_DIR=str(folder)), "已经有一个在运行", f"kill {process.pid}")
            process.send_signal(how)
            assert process.wait(timeout=30) == (-signal.SIGKILL if how == signal.SIGKILL else 0)
            assert portal.left() if how == signal.SIGKILL else portal.is_quiet()
    finally:
        for process in portal.left():
            process.kill()
