"""Rows by the handful: each batch is a transaction of its own, so that what is in stays in when the rest breaks off. Pure."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The next batch is taken from `rows` when the one before it is done with."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
