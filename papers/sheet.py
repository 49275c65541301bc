"""What stands on a paper, without saying how it is set: PDF and .docx are made from the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fields:
    """A table of what is filled in: (label, value) pairs, one or two to a row."""

    rows: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Text:
    """A longer passage under its heading; the heading alone where what it heads are blocks of their own."""

    label: str
    words: str


@dataclass(frozen=True)
class Para:
    words: str


@dataclass(frozen=True)
class Item(Para):
    """One of what was agreed: a clause."""


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

KEPT_TOGETHER = 400
"""Characters above the signatures that stay on their page."""
MARKS = "。；！？\n"


def parted(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of a sheet, and those at its end that share one page: signatures and seal with the last clause or passage
    above them. Alone on a page they could be put under any text. Of what is long, its last sentences go along."""
    signs = len(blocks)
    while signs and isinstance(blocks[signs - 1], Signs | Seal):
        signs -= 1
    body, tail, room = list(blocks[:signs]), list(blocks[signs:]), KEPT_TOGETHER
    is_bare = True
    while tail and body and isinstance(last := body[-1], Text | Para):
        is_passage = isinstance(last, Text | Item)
        if len(last.words) > room:
            if is_passage or is_bare:
                head, kept = _ending(last.words, room)
                body[-1] = Text(last.label, head) if isinstance(last, Text) else Para(head)
                tail.insert(0, Text("", kept))
            break
        tail.insert(0, body.pop())
        if is_passage:
            break
        is_bare, room = False, room - len(last.words)
    if body and len(tail) > len(blocks) - signs and isinstance(heading := body[-1], Text) and not heading.words:
        tail.insert(0, body.pop())  # the heading goes where what it heads goes
    return body, tail


def _ending(words: str, room: int) -> tuple[str, str]:
    """The words up to a sentence's end, and the last sentences that fit in; nothing left out."""
    cut = next((place + 1 for place in range(len(words) - room, len(words) - 1) if words[place] in MARKS), 0)
    cut = cut or len(words) - room
    return words[:cut].rstrip("\n"), words[cut:]


@dataclass(frozen=True)
class Sheet:
    title: str
    blocks: Sequence[Block]
    subtitle: str = ""
    """The number in the field's way: （2026）宜和人调字第 … 号."""
    note: str = ""
    """What stands at its foot as long as it is not issued: "草稿，未签发"."""


@dataclass(frozen=True)
class Stamp:
    """What an issued paper carries: its number, where it can be verified, and who issued it (签发) on which day."""

    number: str
    verify_url: str
    issued_by: str = ""
    issued_on: str = ""


@dataclass(frozen=True)
class Bound:
    """A paper as it was issued, bound into a file page by page."""

    pdf: bytes


@dataclass(frozen=True)
class Entry:
    """One line of a file's table of contents, with the sheets that lie behind it."""

    number: int
    title: str
    is_required: bool
    sheets: Sequence[Sheet | Bound] = field(default_factory=tuple)
    remark: str = ""
    is_missing: bool = False
    """It must be there, and is not or not whole."""
    made_by_the_file: bool = False
    """The back cover, which is always there."""
