"""What a choice on a form offers, where that depends on who asks. TypeError where the field is no choice of that sort."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.forms import ChoiceField, Field, ModelChoiceField


def choice_of_rows(field: Field) -> "ModelChoiceField[Any]":
    """The same field."""
    if not isinstance(field, ModelChoiceField):
        raise TypeError(f"{field!r} offers no rows")
    return field


def rows_of(field: Field) -> QuerySet[Any]:
    rows = choice_of_rows(field).queryset
    if rows is None:
        raise TypeError(f"{field!r} has no rows yet")
    return rows


def name_rows(field: Field, words: Callable[[Any], str]) -> None:
    """A row is shown as `words` of it."""
    choice = choice_of_rows(field)
    choice.label_from_instance = words  # type: ignore[assignment,method-assign]  # each form has its own copy


def offer_rows(field: Field, rows: QuerySet[Any], words: Callable[[Any], str] | None = None) -> None:
    """`words`: what a row is shown as; None: its own name."""
    choice_of_rows(field).queryset = rows
    if words is not None:
        name_rows(field, words)


def offer_words(field: Field, choices: Iterable[Any]) -> None:
    """Pairs of a value and its words, or groups of them."""
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{field!r} offers no words")
    field.choices = choices
