"""Acts at the same moment: real threads, each with a connection of its own, on a real database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from tests.support.machine import wait_until

Act = Callable[[], object]


def at_once(acts: Sequence[Act]) -> list[bool]:
    """All let go together; which ones were not refused. Anything but a refusal is raised here."""
    return _run([(act, "") for act in acts], Barrier(len(acts)), patience=None)


def crossing(*acts: tuple[Act, str], patience: float = 1.0) -> list[bool]:
    """Each stands still before its first statement in which the given words stand, until all stand at theirs: then each
    holds what it has locked until there. Or goes on after `patience` seconds, for one may wait for what another holds."""
    return _run(acts, Barrier(len(acts)), patience=patience)


def behind(first: Act, acts: Sequence[Act]) -> list[bool]:
    """All begin while what `first` wrote is not committed; when they have come as far as they can, it is taken back."""
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            first()
            running = [pool.submit(_done, act) for act in acts]
            wait_until(lambda: _waiting() == len(acts))
            transaction.set_rollback(True)
        return [future.result() for future in running]


def _waiting() -> int:
    """How many connections stand before a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def _run(acts: Sequence[tuple[Act, str]], start: Barrier, patience: float | None) -> list[bool]:
    def run(act: Act, words: str) -> bool:
        if patience is None:
            start.wait()
            return _done(act)
        with connection.execute_wrapper(_Gate(start, words, patience)):
            return _done(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda pair: run(*pair), acts))


def _done(act: Act) -> bool:
    """False where it was refused in words."""
    try:
        act()
    except ValidationError:
        return False
    else:
        return True
    finally:
        connection.close()


class _Gate:
    def __init__(self, barrier: Barrier, words: str, patience: float) -> None:
        self.barrier, self.words, self.patience = barrier, words, patience
        self.is_passed = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.is_passed and self.words in sql:
            self.is_passed = True
            with suppress(BrokenBarrierError):
                self.barrier.wait(self.patience)
        return execute(sql, params, many, context)
