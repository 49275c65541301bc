"""What the machine gives the tests: markers that skip by name, a browser, a real worker process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery import Celery
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from kombu import pools
from playwright.sync_api import Browser, Page, sync_playwright

from zhenghe import embedded
from zhenghe.celery import app

NEEDS = {
    "needs_browser": ("TEST_CHROMIUM", "Chromium（apt install chromium）"),
    "needs_node": ("TEST_NODE", "Node.js 18.20 或更新的版本和 npm（apt install nodejs npm）"),
}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


LONG = (
    "tests/zhenghe/test_faults.py::test_five_faults",
    "tests/zhenghe/test_scripts.py::test_it_starts",
    "tests/house/test_arrows.py",
    "tests/house/test_permissions.py::test_doors",
    "tests/disputes/test_published_year.py",
    "tests/disputes/test_imports.py",
    "tests/volunteers/test_demo.py",
    "tests/volunteers/test_worker.py",
    "any_walk",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With others at work, the longest first: one that begins last would keep a single core busy after all others are
    done. Alone, as they were asked for."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not any(name in item.nodeid for name in LONG))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, (variable, name) in NEEDS.items():
        if item.get_closest_marker(mark) and not os.environ.get(variable):
            if os.environ.get("CI"):
                pytest.fail(f"CI 里缺少 {name}")
            pytest.skip(f"这台机器缺少 {name}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process copies the database that tests/services.py has migrated."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ["TEST_TEMPLATE"]


def seeded_once(seed: Callable[[], object]) -> Any:
    """A fixture for a module: what `seed` makes stands for all its tests, each in a savepoint of its own, and goes with
    the last. Every test of the module has to ask for it, for it cannot be looked away from."""

    @pytest.fixture(scope="module")
    def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "VACUUM"
            )  # rows that earlier tests took back are read through until somebody clears them away
            with (
                override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
                transaction.atomic(),
            ):
                seed()
                cursor.execute("ANALYZE")  # or the planner takes every table for a small one, and a proof takes minutes
                yield
                transaction.set_rollback(True)

    return seeded


@pytest.fixture(scope="session")
def browser(django_db_setup: None, django_db_blocker: Any) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["TEST_CHROMIUM"], args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A thread of the live server may still hold a connection, and then the database could not be dropped.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own (own cookies) on the live server. Errors in the page's scripts fail the test."""
    contexts = []
    errors: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_default_timeout(15000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
TODAY = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A working Tuesday: the day after tests.support.cast.MONDAY."""


@pytest.fixture(scope="session", autouse=True)
def one_day() -> Iterator[None]:
    """The clock of this process goes on from TODAY, so that what passes this year passes in any other."""
    with time_machine.travel(TODAY, tick=True):
        yield


@pytest.fixture
def still_clock() -> Iterator[None]:
    """It stands: however slow the machine is, all happens in one window of time."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


class Broker:
    """The Valkey that script/server would start, on a socket of this test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = embedded.redis_address(folder)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(embedded.redis_command(self.folder), stdout=subprocess.DEVNULL)
        wait_until(lambda: embedded.is_listening(self.url), seconds=10)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Worker:
    """A real Celery worker, with beat, on the test database."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.env = {
            **os.environ,
            "DATABASE_URL": own_database_url(),
            "DATA_DIR": str(folder),
            "SWEEP_SECONDS": "2",
            "REDIS_URL": broker.url,
            "LOG_LEVEL": "INFO",
            "CELERY_LOG_LEVEL": "INFO",
        }
        self.broker = broker
        self.log = folder / "worker.log"
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "zhenghe", "worker", "-B", "-c", "2"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "-s", str(self.folder / "beat")],
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._is_ready, why=lambda: self.log.read_text()[-2000:])

    def _is_ready(self) -> bool:
        return any(line.endswith(" ready.") for line in self.log.read_text().splitlines())

    def kill(self) -> None:
        """As the power going out would: no chance to finish anything."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.write_text("")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.is_running():
            self.kill()


def own_database_url() -> str:
    database = settings.DATABASES["default"]
    return f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}?host={database['HOST']}"


@pytest.fixture
def worker(tmp_path: Path, settings: Any) -> Iterator[Worker]:
    """Not started yet, its broker is. This process rings the same bell, and goes by the machine's clock, as the worker
    does."""
    broker = Broker(tmp_path / "redis")
    broker.start()
    made = Worker(tmp_path, broker)
    before = app.conf.broker_url, app.conf.broker_transport_options
    _ring_through(app, broker.url, {"socket_connect_timeout": 0.5, "socket_timeout": 2})
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(tz=UTC), tick=True):
        yield made
    made.stop()
    broker.kill()
    _ring_through(app, *before)


def _ring_through(app: Celery, url: str, options: dict[str, Any]) -> None:
    """This process's bell from now on; what it had open goes."""
    app.conf.broker_url = app.conf.broker_write_url = url
    app.conf.broker_transport_options = options
    app.pool.force_close_all()
    app._pool = app.amqp._producer_pool = None
    pools.reset()


def wait_until(is_true: Callable[[], bool], *, seconds: float = 60, why: Callable[[], str] = str) -> None:
    """Waits for a condition, never for a time."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s {why()}")
        time.sleep(0.05)
