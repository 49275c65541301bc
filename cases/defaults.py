"""Storing what a new portal starts with."""

from collections.abc import Iterable

from django.db.models import Model


def add_missing(keys: tuple[str, ...], rows: Iterable[Model]) -> None:
    """Store those of these rows (of one model) that are not there yet, by these columns; overwrites nothing. Two
    queries, however many they are."""
    rows = list(rows)
    manager = type(rows[0])._default_manager
    there = set(manager.values_list(*keys))
    manager.bulk_create([row for row in rows if tuple(getattr(row, key) for key in keys) not in there])


LIMIT_KEYS = ("kind", "stage", "urgency", "category_id")
