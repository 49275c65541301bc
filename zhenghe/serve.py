"""What script/server runs: database, broker, migrations, demo data, worker, beat, web server; all stopped together.

    python -m zhenghe.serve [--check] [--small]

`--check` starts the same on a free port, drives one request through the whole loop, stops, and exits with its result.
`--small` plants a small demonstration: the first start takes less time."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import redis

from zhenghe import embedded
from zhenghe.embedded import BASE_DIR, CannotStart, data_dir, environment
from zhenghe.supervisor import Part, Supervisor, child, clear_leftovers, say

START_SECONDS = 60
HERE = "127.0.0.1"
EVERYBODY = "0.0.0.0"
# As the proxy would ask: with HTTPS=1 a plain request is sent on to https, which nobody here speaks.
AS_THE_PROXY = {"X-Forwarded-Proto": "https"}


class Stopped(Exception):
    """Ctrl-C or a polite kill."""


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    # A check may run beside the portal, each with a note, a broker and a timetable of its own.
    is_check = "--check" in arguments
    portal = Supervisor([], note=data_dir() / ("checking.json" if is_check else "running.json"))
    try:
        return _run(portal, is_check=is_check, is_small="--small" in arguments)
    except CannotStart as refusal:
        say(str(refusal))
        return 1
    except subprocess.CalledProcessError as fault:
        say(f"准备步骤没有成功：{' '.join(fault.cmd[1:])}")
        return 1
    except Stopped:
        return 0
    finally:
        portal.stop()


def _stop(_: int, __: FrameType | None) -> None:
    raise Stopped


def _run(portal: Supervisor, *, is_check: bool, is_small: bool) -> int:
    clear_leftovers(portal.note)
    port = _free_port() if is_check and "PORT" not in os.environ else _chosen_port()
    os.environ.setdefault("DEMO", "1")
    is_new = "DATABASE_URL" not in os.environ and not (data_dir() / "postgres").exists()
    env = environment()
    if "REDIS_URL" in os.environ:
        _refuse_unreachable_redis(env["REDIS_URL"])
    elif is_check:
        env["REDIS_URL"] = embedded.redis_address(_broker_folder(portal))
    _prepare(env, is_small=is_small)
    portal.parts += _parts(portal, env, port)
    portal.start()
    _wait_until_up(f"http://{HERE}:{port}/healthz", portal.refuse_dead)
    if is_check:
        # What people have done in a portal that has run before, moves its figures.
        published = ["--published"] if is_new and not is_small else []
        return _manage(env, "drive_the_loop", "--base", f"http://{HERE}:{port}", *published, check=False)
    print(f"\n政和社区治理已启动：http://{HERE}:{port}/   （Ctrl-C 停止）")
    if env["DEMO"] == "1":
        if _listen() == EVERYBODY:
            say("注意：LISTEN=0.0.0.0，别的机器也能打开这个演示，而演示账号的密码是公开的。不要放真实的个人信息。")
        print("演示账号：", flush=True)
        _manage(env, "demo_signins")
    return portal.watch()


def _parts(portal: Supervisor, env: dict[str, str], port: int) -> list[Part]:
    """In the order in which they need each other."""
    says_not_well = partial(_says_not_well, f"http://{HERE}:{port}/readyz")
    parts = [
        Part("worker", "后台任务", lambda: _worker(env), is_stuck=partial(says_not_well, "worker"), patience=2),
        Part("beat", "定时器", lambda: _beat(env, portal.note.with_suffix(".beat")),
             is_stuck=partial(says_not_well, "beat"), patience=2),
        Part("web", "网页服务", lambda: _web(env, port)),
    ]  # fmt: skip
    if "REDIS_URL" not in os.environ:
        start = partial(_valkey, _broker_folder(portal), env)
        parts.insert(0, Part("redis", "消息队列", start, is_stuck=lambda: not _answers(env["REDIS_URL"])))
    if "DATABASE_URL" not in os.environ:
        start = partial(_postgres, data_dir() / "postgres")
        parts.insert(0, Part("postgres", "数据库", start, is_ours=False))
    return parts


def _broker_folder(portal: Supervisor) -> Path:
    """Where a command beside the portal finds its bell (embedded.environment); a check has its own."""
    name = embedded.REDIS_FOLDER
    return data_dir() / (name if portal.note.stem == "running" else f"{name}-{portal.note.stem}")


def _chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT 应为 1 到 65535 的数字，现在是“{text}”。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_listen(), int(text)))
        except OSError:
            raise CannotStart(f"端口 {text} 已被占用，请换一个，例如：PORT={int(text) + 1} script/server") from None
    return int(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listen() -> str:
    """To whom the portal answers: this machine alone, unless LISTEN says otherwise. The demonstration's passwords are
    published."""
    address = os.environ.get("LISTEN", HERE)
    if address not in (HERE, EVERYBODY):
        raise CannotStart(
            f"LISTEN 应为 {HERE}（只有本机能打开）或 {EVERYBODY}（别的机器也能打开），现在是“{address}”。"
        )
    return address


def _refuse_unreachable_redis(address: str) -> None:
    if not _answers(address, seconds=3):
        raise CannotStart("连不上 REDIS_URL 指定的 Redis。请检查地址和密码，或去掉该变量改用内置的。")


def _answers(address: str, *, seconds: float = 2) -> bool:
    plain = address.replace("redis+socket:", "unix:")
    try:
        with redis.Redis.from_url(plain, socket_connect_timeout=seconds, socket_timeout=seconds) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        return False


def _manage(env: dict[str, str], *words: str, check: bool = True) -> int:
    return subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, env=env, check=check).returncode


def _prepare(env: dict[str, str], *, is_small: bool) -> None:
    """Idempotent, and quick when there is nothing to do. Rings no bell: a worker that begins with hundreds of messages
    of the demonstration would let the first real one wait; the sweep finds what is due."""
    words = ["--demo", *(["--small"] if is_small else [])] if env["DEMO"] == "1" else []
    _manage({**env, "REDIS_URL": "memory://"}, "prepare", *words)


def _postgres(folder: Path) -> psutil.Process:
    running = embedded.postgres_process(folder)
    if running is None:
        embedded.end_orphans_of_postgres(folder)
        embedded.start_postgres(folder)
        running = embedded.postgres_process(folder)
    if running is None:
        raise CannotStart(f"内置 PostgreSQL 没有起来，日志在 {folder / 'log'}。")
    return running


def _valkey(folder: Path, env: dict[str, str]) -> psutil.Process:
    """Started when it answers: the parts after it want it."""
    process = child(embedded.redis_command(folder), folder=BASE_DIR, env=env)
    deadline = time.monotonic() + 10
    while not _answers(env["REDIS_URL"]):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise CannotStart("内置消息队列没有起来。请看上面的日志，或用 REDIS_URL 指定一个 Redis。")
        time.sleep(0.05)
    return process


def _worker(env: dict[str, str]) -> psutil.Process:
    return _celery(env, "worker", "--without-gossip", "--without-mingle", "-c", "2")


def _beat(env: dict[str, str], timetable: Path) -> psutil.Process:
    return _celery(env, "beat", "--pidfile", "", "-s", str(timetable))


def _celery(env: dict[str, str], *words: str) -> psutil.Process:
    # Started by root, it would say so at length each time.
    env = {**env, "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return child([sys.executable, "-m", "celery", "--quiet", "-A", "zhenghe", *words], folder=BASE_DIR, env=env)


def _web(env: dict[str, str], port: int) -> psutil.Process:
    words = ["-k", "gthread", "-w", "2", "--threads", "4", "-b", f"{_listen()}:{port}", "--log-level", "warning"]
    words += ["--timeout", "15"]  # seconds after which a process that hangs is replaced; long requests do not count
    words += ["--no-control-socket"]  # it would lie in a home that need not exist
    return child([sys.executable, "-m", "gunicorn", *words, "zhenghe.wsgi:application"], folder=BASE_DIR, env=env)


def _wait_until_up(url: str, refuse_dead: Callable[[], None]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        refuse_dead()
        try:
            with urlopen(Request(url, headers=AS_THE_PROXY), timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise CannotStart(f"网页服务 {START_SECONDS} 秒内没有应答，请看上面的日志。")


def _says_not_well(url: str, part: str) -> bool:
    """Whether /readyz says that this part hangs, and nothing else explains its silence. No answer says nothing."""
    try:
        with urlopen(Request(url, headers=AS_THE_PROXY), timeout=3):
            return False
    except HTTPError as answer:
        try:
            checks = json.load(answer)["checks"]
        except (OSError, HTTPException, ValueError, KeyError):
            return False
    except (URLError, OSError, HTTPException):
        return False
    explained = not (checks["database"]["ok"] and checks["broker"]["ok"])
    return not explained and not checks.get(part, {"ok": True})["ok"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
