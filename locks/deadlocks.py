"""Where two wait for each other, PostgreSQL ends one of them. Locks are taken in one order (docs/reliability.md), so that it
does not come to that; who goes through all rooms at once cannot have that order, and tries once more."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

CODES = {"40P01", "40001"}
"""deadlock_detected, serialization_failure (PostgreSQL, appendix A): the same again may well go through."""
MET_SOMEBODY = "刚才有人同时在办同一件事，这次没有办成，请再试一次。"

Result = TypeVar("Result")


def is_deadlock(fault: BaseException) -> bool:
    """Whether somebody else was at the same rows at the same moment, and this one gave way."""
    return isinstance(fault, OperationalError) and getattr(fault.__cause__, "pgcode", None) in CODES


def once_more(act: Callable[[], Result]) -> Result:
    """What `act` returns, which is a transaction of its own; done a second time where it had to give way."""
    try:
        return act()
    except OperationalError as fault:
        if not is_deadlock(fault):
            raise
    return act()
