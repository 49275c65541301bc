"""Storing what a new portal starts with."""

from collections.abc import Iterable

from django.db.models import Model

from cases.models import TimeLimit
from cases.workflow import WORKFLOWS


def add_missing(keys: tuple[str, ...], rows: Iterable[Model]) -> None:
    """Store those of these rows (of one model) that are not there yet, by these columns; overwrites nothing. Two
    queries, however many they are."""
    rows = list(rows)
    manager = type(rows[0])._default_manager
    there = set(manager.values_list(*keys))
    manager.bulk_create([row for row in rows if tuple(getattr(row, key) for key in keys) not in there])


LIMIT_KEYS = ("kind", "stage", "urgency", "category_id")


def load_limits(*kinds: str) -> None:
    """The limits that these kinds declare, each that is not there yet."""
    declared = [TimeLimit(kind=kind, **limit._asdict()) for kind in kinds for limit in WORKFLOWS[kind].limits]
    if declared:
        add_missing(LIMIT_KEYS, declared)


def load_first_limits() -> None:
    """The limits that kinds declare, of those that have none at all: what staff deleted stays so."""
    there = set(TimeLimit.objects.values_list("kind", flat=True))
    load_limits(*(kind for kind in WORKFLOWS if kind not in there))
