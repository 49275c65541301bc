"""What script/server runs: database, migrations, demo data, worker with beat, web server; all stopped together.

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
from contextlib import suppress
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil

from zhenghe.embedded import BASE_DIR, CannotStart, data_dir, environment

START_SECONDS = 60
STOP_SECONDS = 15


class Stopped(Exception):
    """Ctrl-C or a polite kill."""


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        return _run("--check" in arguments, "--small" in arguments, children)
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as fault:
        print(f"准备步骤没有成功：{' '.join(fault.cmd[1:])}", file=sys.stderr)
        return 1
    except Stopped:
        return 0
    finally:
        _stop_all(children)


def _write_note(note: Path, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Who runs here, this process first, each with its birth: a number alone may come back as another program."""
    pids = [os.getpid(), *(child.pid for child in children.values())]
    note.write_text(json.dumps([(pid, psutil.Process(pid).create_time()) for pid in pids]))


def _clear_leftovers(note: Path) -> None:
    """A start that was killed could not stop its children; the note says who they were. Raises CannotStart if it lives."""
    if not note.exists():
        return
    with suppress(ValueError):  # killed while writing it
        first, *children = [_alive(pid, born) for pid, born in json.loads(note.read_text())]
        if first is not None:
            raise CannotStart(f"这里已经有一个在运行（进程 {first.pid}），先停下它：kill {first.pid}")
        _end([child for child in children if child is not None])
    note.unlink()


def _alive(pid: int, born: float) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return process if process.create_time() == born and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _stop(_: int, __: FrameType | None) -> None:
    raise Stopped


def _run(is_check: bool, is_small: bool, children: dict[str, subprocess.Popen[bytes]]) -> int:
    # A check may run beside the portal, each with a note and a timetable of its own.
    name = "checking" if is_check else "running"
    note = data_dir() / f"{name}.json"
    _clear_leftovers(note)
    port = _free_port() if is_check and "PORT" not in os.environ else _chosen_port()
    os.environ.setdefault("DEMO", "1")
    env = environment()
    _refuse_unreachable_redis(env)
    _prepare(env, is_small=is_small)
    children["工作进程"] = _celery(env, timetable=note.with_suffix(".beat"))
    children["网页服务"] = _gunicorn(env, port)
    _write_note(note, children)
    _wait_until_up(f"http://127.0.0.1:{port}/healthz", children)
    if is_check:
        return _manage(env, "drive_the_loop", "--base", f"http://127.0.0.1:{port}", check=False)
    print(f"\n政和社区治理已启动：http://127.0.0.1:{port}/   （Ctrl-C 停止）")
    if env["DEMO"] == "1":
        print("演示账号：", flush=True)
        _manage(env, "demo_signins")
    return _watch(children)


def _chosen_port() -> int:
    said = os.environ.get("PORT", "8000")
    if not said.isdecimal() or not 0 < int(said) < 65536:
        raise CannotStart(f"PORT 应为 1 到 65535 的数字，现在是“{said}”。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", int(said)))
        except OSError:
            raise CannotStart(f"端口 {said} 已被占用，请换一个，例如：PORT={int(said) + 1} script/server") from None
    return int(said)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_unreachable_redis(env: dict[str, str]) -> None:
    if not env.get("REDIS_URL"):
        return
    import redis

    try:
        redis.Redis.from_url(env["REDIS_URL"].replace("redis+socket:", "unix:"), socket_connect_timeout=3).ping()
    except redis.RedisError as fault:
        raise CannotStart(f"连不上 REDIS_URL 指定的 Redis：{fault}。请检查地址，或去掉该变量改用内置队列。") from fault


def _manage(env: dict[str, str], *words: str, check: bool = True) -> int:
    return subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, env=env, check=check).returncode


def _prepare(env: dict[str, str], *, is_small: bool) -> None:
    """Idempotent, and quick when there is nothing to do. Rings no bell: a worker that begins with hundreds of messages
    of the demonstration would let the first real one wait; the sweep finds what is due."""
    words = ["--demo", *(["--small"] if is_small else [])] if env["DEMO"] == "1" else []
    _manage({**env, "REDIS_URL": "memory://"}, "prepare", *words)


def _celery(env: dict[str, str], *, timetable: Path) -> subprocess.Popen[bytes]:
    words = [
        "worker",
        "--without-gossip",
        "--without-mingle",
        "-B",
        "-c",
        "2",
        "-s",
        str(timetable),
        "--loglevel",
        "WARNING",
    ]
    # Started by root, it would say so at length each time.
    env = {**env, "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return _child([sys.executable, "-m", "celery", "--quiet", "-A", "zhenghe", *words], env)


def _gunicorn(env: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    words = ["-k", "gthread", "-w", "2", "--threads", "4", "-b", f"0.0.0.0:{port}", "--log-level", "warning"]
    words += ["--no-control-socket"]  # it would lie in a home that need not exist
    return _child([sys.executable, "-m", "gunicorn", *words, "zhenghe.wsgi:application"], env)


def _child(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process alone, which then stops the children in order.
    return subprocess.Popen(command, cwd=BASE_DIR, env=env, start_new_session=True)


def _wait_until_up(url: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    # As the proxy would ask: with HTTPS=1 a plain request is sent on to https, which nobody here speaks.
    probe = Request(url, headers={"X-Forwarded-Proto": "https"})
    while time.monotonic() < deadline:
        _refuse_dead(children)
        try:
            with urlopen(probe, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"网页服务 {START_SECONDS} 秒内没有应答，请看上面的日志。")


def _refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CannotStart(f"{name}自己停了（退出码 {child.returncode}），其余已停止。请看上面的日志。")


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> int:
    while True:
        _refuse_dead(children)
        time.sleep(0.5)


def _stop_all(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """The web server before the worker."""
    _end([psutil.Process(child.pid) for child in reversed(children.values()) if child.poll() is None])


def _end(processes: list[psutil.Process]) -> None:
    """Politely first; what does not go is killed, with all it started."""
    families = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            families += [*process.children(recursive=True), process]
            process.terminate()
    _, stubborn = psutil.wait_procs(families, timeout=STOP_SECONDS)
    for process in stubborn:
        process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
