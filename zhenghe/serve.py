"""What script/server runs: database, migrations, demo data, worker with beat, web server; all stopped together.

    python -m zhenghe.serve [--check]

`--check` starts the same on a free port, drives one request through the whole loop, stops, and exits with its result."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from zhenghe.embedded import BASE_DIR, CannotStart, environment

START_SECONDS = 60
STOP_SECONDS = 15


class Stopped(Exception):
    """Ctrl-C or a polite kill."""


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        return _run("--check" in arguments, children)
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


def _stop(_: int, __: FrameType | None) -> None:
    raise Stopped


def _run(is_check: bool, children: dict[str, subprocess.Popen[bytes]]) -> int:
    port = _free_port() if is_check and "PORT" not in os.environ else _chosen_port()
    os.environ.setdefault("DEMO", "1")
    env = environment()
    _refuse_unreachable_redis(env)
    _prepare(env)
    children["工作进程"] = _celery(env)
    children["网页服务"] = _gunicorn(env, port)
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


def _prepare(env: dict[str, str]) -> None:
    """Idempotent, and quick when there is nothing to do."""
    _manage(env, "prepare", *(["--demo"] if env["DEMO"] == "1" else []))


def _celery(env: dict[str, str]) -> subprocess.Popen[bytes]:
    folder = Path(env["DATA_DIR"])
    words = ["worker", "-B", "-c", "2", "-s", str(folder / "beat-schedule"), "--loglevel", "WARNING"]
    return _child([sys.executable, "-m", "celery", "--quiet", "-A", "zhenghe", *words], env)


def _gunicorn(env: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    words = ["-k", "gthread", "-w", "2", "--threads", "4", "-b", f"0.0.0.0:{port}", "--log-level", "warning"]
    return _child([sys.executable, "-m", "gunicorn", *words, "zhenghe.wsgi:application"], env)


def _child(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process alone, which then stops the children in order.
    return subprocess.Popen(command, cwd=BASE_DIR, env=env, start_new_session=True)


def _wait_until_up(url: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _refuse_dead(children)
        try:
            with urlopen(url, timeout=2):
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
    """Politely first, the web server before the worker; what does not go is killed, with all it started."""
    families = []
    for child in reversed(children.values()):
        if child.poll() is None:
            families += [*psutil.Process(child.pid).children(recursive=True), psutil.Process(child.pid)]
            child.terminate()
    _, stubborn = psutil.wait_procs(families, timeout=STOP_SECONDS)
    for process in stubborn:
        process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
