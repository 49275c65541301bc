"""Numbers and rows that an address or a form names. Anybody can write anything there."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

LARGEST = 2**31 - 1
"""What a column of whole numbers holds (PostgreSQL's integer)."""
LONGEST = 18
"""Digits that every key of a row can hold; of thousands, Python itself refuses to make a number."""


def whole_number(text: str | None) -> int | None:
    """The number, or None where the text is none or a larger one than any row has."""
    if text is None or len(text) > LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)


def row_of(rows: QuerySet[Row], text: str | None) -> Row | None:
    """The one of `rows` whose key this is, or None. Asks the database only for what may be a key."""
    key = whole_number(text)
    return None if key is None else next(iter(rows.filter(pk=key).order_by()), None)
