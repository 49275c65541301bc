"""Planting a demonstration: a year of cases through the services, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from cases.limits.running import read_once
from web.read_once import one_page


@contextmanager
def planting() -> Iterator[None]:
    """All of it is planted or nothing. Inside, nobody takes or leaves a post and nothing is tuned, so that posts and the
    rulebook are read once; and no act can be undone alone: whatever one of them raises ends the planting."""
    with transaction.atomic(), read_once(), one_page(), _no_savepoints():
        _keep_from_being_measured()
        yield


def _keep_from_being_measured() -> None:
    """Whoever measures the tables (autovacuum) cannot see what is planted, writes down that they are empty, and from then on
    every question reads the whole of one: a planting of half a minute takes ten."""
    with connection.cursor() as cursor:
        names = ", ".join(map(connection.ops.quote_name, sorted(connection.introspection.django_table_names())))
        cursor.execute(f"LOCK TABLE {names} IN SHARE UPDATE EXCLUSIVE MODE")


@contextmanager
def _no_savepoints() -> Iterator[None]:
    """Two statements less for each transaction inside the one that runs. Django refuses to go on after a fault in one."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        del connection.features.uses_savepoints
