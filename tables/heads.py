"""Which column is which: the heads of a table as people and hotline systems write them, wherever their row stands. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ValidationError

from tables.cells import Cell, words_of

LOOKED_AT = 20
"""Rows among which the row of heads is looked for: titles, dates and remarks stand above it."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
REJECTS = ("行号", "原因")
"""What a table of rejects has before the columns of the table they came from."""
UNKNOWN = ("", 0)
BEHIND = 1000
"""Names that staff keep come after those of the layout."""

Candidate = tuple[list[str], int]
"""(a row that may be the heads, how many rows it and those above it are)"""


@dataclass(frozen=True)
class Column:
    name: str
    """As the house calls it."""
    also: tuple[str, ...] = ()
    """What others call it; where a table has several of them, the first that is filled in counts."""
    is_needed: bool = False
    unless: str = ""
    """The column beside which it may be missing."""


@dataclass(frozen=True)
class Layout:
    """What a table of one kind has."""

    key: str
    title: str
    row: str
    """What a row is, in a word: 诉求."""
    columns: tuple[Column, ...]

    @property
    def words(self) -> str:
        """ "要有：…；可有：…" """
        needed = [column.name for column in self.columns if column.is_needed]
        others = [column.name for column in self.columns if not column.is_needed]
        return f"要有：{'、'.join(needed)}" + (f"；可有：{'、'.join(others)}" if others else "")


LAYOUTS: dict[str, Layout] = {}
"""By key; each room registers its own in AppConfig.ready."""
OWN_NAMES: list[Callable[[str], Mapping[str, str]]] = []
"""Ask with the key of a layout for more names of its columns: name -> column. Filled by cases/apps.py; asked when a table
has heads that the layout does not know."""


def register(*layouts: Layout) -> None:
    LAYOUTS.update({layout.key: layout for layout in layouts})


@dataclass(frozen=True)
class Heads:
    """The heads of one table."""

    written: tuple[str, ...]
    """Every head, "" where there is none."""
    places: Mapping[str, tuple[int, ...]]
    """Column -> where it stands, the best first."""
    needed: tuple[int, ...] = ()
    """Where those stand that no row may lack."""
    skipped: int = 0
    """Columns before the first head: 行号 and 原因 of a table of rejects."""


def plain_head(head: str) -> str:
    """Without what dresses it: full width, blanks and line breaks, asterisks, colons."""
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", head)).casefold()


def column_of(head: str, layout: Layout) -> str:
    """The column that a layout itself calls so, or ""."""
    return _column(head, _names(layout))


def find_heads(rows: Sequence[Sequence[Cell]], layout: Layout) -> tuple[Heads, int]:
    """The heads, and how many of `rows` they and what stands above them take.

    Raises ValidationError: there are none, a needed one is missing, one stands there twice."""
    candidates = [([words_of(cell) for cell in row], number) for number, row in enumerate(rows, start=1)]
    # Merged heads of two rows: the lower row counts, and the upper one where the lower is blank.
    candidates += [(_over(upper, lower), number) for (upper, _), (lower, number) in pairwise(candidates)]
    names = _names(layout)
    row, taken = _best(candidates, names, layout)
    if not row or any(head and _known(head, names) == UNKNOWN for head in row):
        names = {**_own_names(layout), **names}
        row, taken = _best(candidates, names, layout)
    known = [name for head in row if (name := _column(head, names))]
    if not known:
        example = "、".join(column.name for column in layout.columns if column.is_needed)
        raise ValidationError(f"没有找到列名：第一行应是列名，例如：{example}。")
    if missing := _missing(known, layout):
        seen = "、".join(head for head in row if head)[:200]
        raise ValidationError(f"缺少列：{'、'.join(missing)}。{layout.words}。表里的列名是：{seen}。")
    return _heads(row, names, layout), taken


def _names(layout: Layout) -> dict[str, tuple[str, int]]:
    """Plain head -> (column, rank among its names)."""
    names: dict[str, tuple[str, int]] = {}
    for column in layout.columns:
        for rank, name in enumerate((column.name, *column.also)):
            names[plain_head(name)] = (column.name, rank)
    return names


def _own_names(layout: Layout) -> dict[str, tuple[str, int]]:
    own = [entry for more in OWN_NAMES for entry in more(layout.key).items()]
    return {plain_head(name): (column, BEHIND + rank) for rank, (name, column) in enumerate(own)}


def _best(candidates: Sequence[Candidate], names: Mapping[str, tuple[str, int]], layout: Layout) -> Candidate:
    return max(candidates, key=lambda candidate: _worth(candidate[0], names, layout), default=([], 0))


def _column(head: str, names: Mapping[str, tuple[str, int]]) -> str:
    return _known(head, names)[0]


def _known(head: str, names: Mapping[str, tuple[str, int]]) -> tuple[str, int]:
    plain = plain_head(head)
    return names.get(plain) or names.get(_BRACKETS.sub("", plain)) or UNKNOWN


def _missing(known: Sequence[str], layout: Layout) -> list[str]:
    return [
        column.name
        for column in layout.columns
        if column.is_needed and column.name not in known and column.unless not in known
    ]


def _worth(heads: Sequence[str], names: Mapping[str, tuple[str, int]], layout: Layout) -> tuple[bool, int]:
    known = {name for head in heads if (name := _column(head, names))}
    return not _missing(sorted(known), layout), len(known)


def _over(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    above, below = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    return [under or over for over, under in zip(above, below, strict=True)]


def _heads(row: Sequence[str], names: Mapping[str, tuple[str, int]], layout: Layout) -> Heads:
    skipped = len(REJECTS) if tuple(row[: len(REJECTS)]) == REJECTS else 0
    written = list(row[skipped:])
    while written and not written[-1].strip():
        written.pop()
    known = [_known(head, names) for head in written]
    twice = {entry for entry, times in Counter(known).items() if entry != UNKNOWN and times > 1}
    if twice:
        doubled = dict.fromkeys(
            " ".join(head.split()) for head, entry in zip(written, known, strict=True) if entry in twice
        )
        raise ValidationError(f"列名“{'”“'.join(doubled)}”出现了不止一次，分不清读哪一列。请改名或删去多余的列。")
    ranked = sorted((rank, place, name) for place, (name, rank) in enumerate(known) if name)
    places = {
        column.name: tuple(place for _, place, name in ranked if name == column.name) for column in layout.columns
    }
    needed = tuple(places[column.name][0] for column in layout.columns if column.is_needed and places[column.name])
    return Heads(tuple(written), {name: where for name, where in places.items() if where}, needed, skipped)
