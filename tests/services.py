"""Starts or finds what the tests need (PostgreSQL, Chromium, Node) and runs pytest:  python -m tests.services [pytest arguments]

What the machine lacks is said by name; tests that need it are skipped, in CI they fail."""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from zhenghe.embedded import BASE_DIR, CannotStart, data_dir, start_postgres

# Tests may lose data when the machine loses power; they may not be slow. No autovacuum: what it finds of a table that a long
# transaction fills is that it is empty, and from then on each question reads the whole of it.
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 300\njit = off\nautovacuum = off\n"
MIGRATED = "zhenghe_migrated_"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OLDEST_NODE = (18, 20)
"""As miniprogram/package.json has it."""
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def main(arguments: list[str]) -> int:
    try:
        os.environ.update(environment())
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    # Without arguments everything runs, on all cores; each has a database of its own.
    return subprocess.call([sys.executable, "-m", "pytest", *(arguments or ["-n", "auto", "--dist", "worksteal"])])


def environment() -> dict[str, str]:
    folder = data_dir() / "test"
    folder.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("DATABASE_URL") or start_postgres(folder / "postgres", options=FAST)
    environment = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "tests",
        "PERSONAL_DATA_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "PERSONAL_DATA_INDEX_KEY": "tests",
        "DEMO": "0",
        "CODE_SENDER": "tests.support.senders.ShowingSender",
        "SMS_REPORT_KEY": "tests",
        "NOTICE_SENDERS": "1",  # a test's own transaction is seen by its own connection alone
        "LOG_LEVEL": "WARNING",
        "REDIS_URL": "memory://",  # the bell rings into the void, unless a test asks for a worker
        "TEST_CHROMIUM": _chromium() or "",
        "TEST_NODE": _node() or "",
        # Playwright's loop runs in the test's thread, beside which the ORM is used as always.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    return {**environment, "TEST_TEMPLATE": migrated(url, {**os.environ, **environment})}


def migrated(url: str, environment: dict[str, str]) -> str:
    """Name of a database in which all migrations have run: each process of the tests copies it. It stays until a
    migration changes."""
    parts = [*sorted(BASE_DIR.glob("*/migrations/*.py")), BASE_DIR / "requirements.txt"]
    name = f"{MIGRATED}{hashlib.sha256(b''.join(part.read_bytes() for part in parts)).hexdigest()[:16]}"
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [MIGRATED])
        there = {row[0] for row in cursor.fetchall()}
        if name in there:
            return name
        for old in there:
            cursor.execute(f'DROP DATABASE "{old}"')
        begun = f"{MIGRATED}begun"  # has its name once it is whole
        cursor.execute(f'CREATE DATABASE "{begun}"')
        begun_url = urlunsplit(urlsplit(url)._replace(path=f"/{begun}"))
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=BASE_DIR, env={**environment, "DATABASE_URL": begun_url}, check=True)
        cursor.execute(f'ALTER DATABASE "{begun}" RENAME TO "{name}"')
    return name


def _chromium() -> str | None:
    chosen = os.environ.get("CHROMIUM")
    browser = chosen or next(filter(None, map(shutil.which, BROWSERS)), None)
    return browser or (MAC_BROWSER if Path(MAC_BROWSER).exists() else None)


def _node() -> str | None:
    """Where Node is, if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor, *_ = version.strip().lstrip("v").split(".")
    return node if (int(major), int(minor)) >= OLDEST_NODE else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
