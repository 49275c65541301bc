"""What stands on a paper, without saying how it is set: PDF and .docx are made from the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fields:
    """A table of what is filled in: (label, value) pairs, one or two to a row."""

    rows: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Text:
    """A longer passage under its heading."""

    label: str
    words: str


@dataclass(frozen=True)
class Para:
    words: str


@dataclass(frozen=True)
class Hand:
    """A line to sign on, with the signature where there is one."""

    role: str
    name: str
    picture: bytes = b""
    at: str = ""


@dataclass(frozen=True)
class Signs:
    hands: Sequence[Hand]


@dataclass(frozen=True)
class Seal:
    """Where the committee's seal goes."""

    committee: str
    date: str


@dataclass(frozen=True)
class Picture:
    """A scan or a photo, a page of its own."""

    content: bytes
    caption: str


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Fields | Text | Para | Signs | Seal | Picture | Table


@dataclass(frozen=True)
class Sheet:
    title: str
    blocks: Sequence[Block]
    subtitle: str = ""
    """The number in the field's way: （2026）宜和人调字第 … 号."""


@dataclass(frozen=True)
class Stamp:
    """What an issued paper carries: its number, and where it can be verified."""

    number: str
    verify_url: str


@dataclass(frozen=True)
class Entry:
    """One line of a file's table of contents, with the sheets that lie behind it."""

    number: int
    title: str
    is_required: bool
    sheets: Sequence[Sheet] = field(default_factory=tuple)
    remark: str = ""
    made_by_the_file: bool = False
    """The back cover, which is always there."""

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.sheets and not self.made_by_the_file
