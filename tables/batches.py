"""Rows by the handful: each batch is a transaction of its own, so that what is in stays in when the rest breaks off."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.db import transaction

T = TypeVar("T")


@contextmanager
def written(*, is_trial: bool) -> Iterator[None]:
    """A transaction of a batch; of a trial nothing stays, not even what was to be done after it."""
    with transaction.atomic():
        yield
        if is_trial:
            transaction.set_rollback(True)


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The next batch is taken from `rows` when the one before it is done with."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
