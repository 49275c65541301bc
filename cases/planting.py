"""Planting a demonstration: a year of cases through the services, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from accounts.asked_once import one_page
from cases.limits import read_once


@contextmanager
def planting() -> Iterator[None]:
    """All of it is planted or nothing. Inside, nobody takes or leaves a post and nothing is tuned, so that posts and the
    rulebook are read once; and no act can be undone alone: whatever one of them raises ends the planting."""
    with transaction.atomic(), read_once(), one_page(), _no_savepoints():
        yield


@contextmanager
def _no_savepoints() -> Iterator[None]:
    """Two statements less for each transaction inside the one that runs. Django refuses to go on after a fault in one."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        del connection.features.uses_savepoints
