"""Arrows that have a page of their own (`Arrow.door`), drawn through the API: rooms register the form of that page and what its
page does with it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import forms

from accounts.models import User
from cases.models import Case


class OwnAct(NamedTuple):
    form: Callable[[Case, Any, Any], forms.BaseForm]
    """(case, data, files) -> the form, bound."""
    draw: Callable[[Case, Any, User, datetime], Any]
    """(case, form, by, at): the same service as the page. Raises ValidationError."""


ACTS: dict[tuple[str, str], OwnAct] = {}


def register(kind: str, acts: Mapping[str, OwnAct]) -> None:
    """By verb of the arrow."""
    ACTS.update({(kind, verb): act for verb, act in acts.items()})
