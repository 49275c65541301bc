"""Many counts of many tables, by group, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, F, QuerySet, Value
from django.db.models.functions import Cast, ExtractMonth, ExtractYear


@dataclass(frozen=True)
class Tally:
    rows: QuerySet[Any]
    by: Any = field(default_factory=lambda: Value(0))
    """The group: a column or an expression, a whole number. All rows are one group without it."""
    number: Any = field(default_factory=lambda: Count("pk"))
    """Of a group; of each row where it is a column."""


def read(tallies: Mapping[str, Tally]) -> dict[str, list[tuple[int, int]]]:
    """(group, number) of each tally; what has no group or no number is left out."""
    first, *others = (_selected(name, tally) for name, tally in tallies.items())
    pairs: dict[str, list[tuple[int, int]]] = {name: [] for name in tallies}
    for name, group, number in first.union(*others, all=True):
        if group is not None and number is not None:
            pairs[name].append((group, number))
    return pairs


def _selected(name: str, tally: Tally) -> Any:
    grouped = tally.rows.order_by().values(figure=Value(name), of=_whole(tally.by))
    return grouped.annotate(n=_whole(tally.number)).values_list("figure", "of", "n")


def _whole(expression: Any) -> Any:
    return Cast(F(expression) if isinstance(expression, str) else expression, BigIntegerField())


def month_of(column: str) -> Any:
    """Months since the year 0, as the county's clocks show them."""
    return ExtractYear(column) * 12 + ExtractMonth(column) - 1
