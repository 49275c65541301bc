"""Every advisory lock of PostgreSQL that the house takes: its number, what it guards, and how long it is held.

PostgreSQL knows them by two numbers: the lock's own, and a key that says which of its kind. All are held to the end of
the transaction that took them, so they are taken late, and those of one kind in the order of their keys."""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """No two may be the same: tests/house/test_locks.py."""

    GRID_TREE = 7250
    """A street's tree while it is written; key: the root's id, 0 to make a root (grids/tree/nested.py)."""
    TERRITORY_TREE = 7251
    """The same of the 五长 tree."""
    SIGN_IN_CODE = 7252
    """Codes sent to one phone are counted one after the other; key: the phone's hash (accounts/sign_in/codes.py)."""
    AUDIT_SEAL = 7253
    """The audit trail's chain while lines are sealed, in transactions of their own (accounts/audit.py)."""
    VOTE_URN = 7254
    """A vote's urn: shared by ballots, alone for whoever counts or voids; key: the vote (meetings/votes/services.py)."""
    GROUP_BOOKINGS = 7255
    """Rooms that one group books are looked at one after the other; key: its name (meetings/centres/rooms.py)."""
    FILE_NUMBER = 7256
    """卷号 of one committee are given one after the other; key: its grid (disputes/services/acceptance.py)."""
    FIGURES = 7260
    """Tallies and rollups, written by one at a time (dashboards/figures/counting.py)."""


def take(lock: Lock, key: int = 0, *, shared: bool = False) -> None:
    """Wait for it; until the transaction ends nobody else has it (`shared`: nobody who wants it alone)."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [lock, key])


def take_by_text(lock: Lock, key: str) -> None:
    """The same for what is known by a text. Two texts may share a key; then one waits without need."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [lock, key])


def try_to_take(lock: Lock, key: int = 0) -> bool:
    """Whether it was free; nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [lock, key])
        (is_taken,) = cursor.fetchone()
    return bool(is_taken)
