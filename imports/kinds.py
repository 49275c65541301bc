"""Which tables come in through the browser. Rooms above register theirs when their app is ready."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django import forms

from accounts.models import User
from grids.models import Grid
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import may, may_anywhere
from tables.heads import Layout
from tables.report import Report

VERB = "dispatch"
"""Who imports may do this at the place of the table; where it has none, anywhere."""
Progress = Callable[[Iterable[Any]], Iterable[Any]]
"""Put around the rows of a table: whoever goes through them goes through it."""


@dataclass(frozen=True)
class Asked:
    """A table that is to be taken in."""

    file: bytes
    place: Grid | None
    source: str
    by: User
    at: datetime
    batch: str
    """What it brings in carries this, where its kind can be taken back."""
    is_trial: bool
    """Only to see what would become of it: nothing may stay."""
    progress: Progress


class Run(Protocol):
    def __call__(self, asked: Asked) -> Report:
        """Take every row in, a batch a transaction; a row that is in already is known. It may be broken off at any batch
        and begun anew.

        Raises ValidationError: no such table, or nothing of it can go in."""


class TakeBack(Protocol):
    def __call__(self, *, batch: str, by: User, at: datetime, words: str) -> int:
        """All that one table brought in is withdrawn; how many.

        Raises ValidationError: somebody has worked on it."""


@dataclass(frozen=True)
class Kind:
    layout: Layout
    words: str
    """What becomes of the rows, for who imports."""
    example: Mapping[str, str]
    """Column → what stands there in the example row. It names what there is not: left in the table, it is refused."""
    run: Run
    take_back: TakeBack | None = None
    queue: tuple[str, str] | None = None
    """Where rows go that staff have to look at first: as `Report.goes_to` calls it, and the name of its page."""
    fields: Mapping[str, Callable[[GridQuerySet], forms.Field]] = field(default_factory=dict)
    """What is asked beside the file, `place` and `source`, made for the area of who imports."""

    @property
    def key(self) -> str:
        return self.layout.key

    @property
    def label(self) -> str:
        return self.layout.title

    def is_open_to(self, person: User, place: Grid | None, *, at: datetime) -> bool:
        return may(person, VERB, place, at=at) if place is not None else may_anywhere(person, VERB)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    KINDS[kind.key] = kind
