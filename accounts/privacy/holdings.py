"""What each room holds about a person and how long. Rooms register here when their app is ready, so that this room can
show, copy, erase and clear all of it without knowing any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User


def goes_with_the_account(person: User, at: datetime) -> None:
    """Nothing of its own to forget."""


def nothing_blocks(person: User) -> str:
    return ""


@dataclass(frozen=True)
class Holding:
    """One kind of record about people."""

    label: str
    rows: Callable[[User], Iterable[dict[str, Any]]]
    """All of a person's, as they are shown to that person: Chinese heads, plain values."""
    erase: Callable[[User, datetime], None] = goes_with_the_account
    """Forget the person in them; what the figures count stays. Safe to run again: the nightly task does."""
    blocks: Callable[[User], str] = nothing_blocks
    """Why this person cannot be erased now; "" when nothing is in the way."""
    _: KW_ONLY
    about: str
    """Whom it is about; this and what follows is its row in docs/privacy.md."""
    why: str
    erased: str
    """What becomes of it when its person is erased."""


@dataclass(frozen=True)
class Keeping:
    """How long one kind of record is kept after its end."""

    code: str
    label: str
    days: int
    clear: Callable[[datetime, datetime], int]
    """(before, at): forget what ended before that moment; how many."""


HOLDINGS: list[Holding] = []
KEEPINGS: list[Keeping] = []


def register(*, holdings: Iterable[Holding] = (), keepings: Iterable[Keeping] = ()) -> None:
    HOLDINGS.extend(holdings)
    KEEPINGS.extend(keepings)


def label_of(code: str) -> str:
    """Of a kind of record that is kept for a time; a code that no room registers stands for itself."""
    return next((keeping.label for keeping in KEEPINGS if keeping.code == code), code)
