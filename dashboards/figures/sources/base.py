"""What is counted: a source names a kind of thing and says what each counts for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Model
from django.utils.timezone import make_aware

from accounts.models import User


@dataclass(frozen=True)
class Count:
    """One thing counts `amount` for a measure, on a day; None for measures of how many there are now."""

    measure: str
    day: date | None = None
    amount: int = 1


@dataclass(frozen=True)
class Facts:
    """What a thing counts for, and where. Nothing at all is counted of a thing without facts."""

    grid: int
    counts: tuple[Count, ...]
    kind: str = ""
    look_again_at: datetime | None = None
    """When the facts change though nobody does anything: a limit passes, a post ends."""


@dataclass(frozen=True)
class Line:
    """One thing, in the list behind a figure. `path` is empty where this reader may not open it."""

    words: str
    more: str
    path: str = ""


@dataclass(frozen=True)
class Source:
    name: str
    label: str
    facts: Callable[[Sequence[int], datetime], dict[int, Facts]]
    """(ids, at) -> facts by id, as the database says at this moment."""
    lines: Callable[[Sequence[int], User | None], dict[int, Line]]
    """(ids, reader) -> lines by id. Without a reader: what anybody may read."""
    every: Callable[[], Iterable[int]]
    """The ids of all things, for the recount."""
    reads: Mapping[type[Model], str]
    """Model -> its fields by which the facts may change. A trigger watches each (migration 0002)."""

    def __post_init__(self) -> None:
        """Raises FieldDoesNotExist, so that a renamed field stops the start and not a worker."""
        for model, names in self.reads.items():
            for name in names.split():
                model._meta.get_field(name)


def beginning_of(day: date | None) -> datetime | None:
    """Its first moment; None for none."""
    return make_aware(datetime.combine(day, time(0))) if day else None


def next_of(at: datetime, *moments: datetime | None) -> datetime | None:
    """The first of these moments that is still to come."""
    return min((moment for moment in moments if moment is not None and moment > at), default=None)
