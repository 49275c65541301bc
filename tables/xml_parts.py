"""Reading the XML of a workbook in pieces: no document type (so no entities that swell), no endless tag, no more tags
than a table can need."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, NoReturn
from xml.parsers import expat

from django.core.exceptions import ValidationError

from tables.limits import too_big

PIECE = 128 * 1024
MAX_TAGS = 500_000
"""Opening and closing ones, of a part that is small in honest books; the large ones count what they read themselves."""
LONGEST_TAG = 1_000_000
"""Bytes. Expat begins a tag that is not at its end anew with each piece: an endless one would cost the square of it."""

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


def read_part(
    part: IO[bytes],
    *,
    start: Start,
    end: End | None = None,
    text: Callable[[str], None] | None = None,
    most_tags: int = MAX_TAGS,
) -> None:
    """Call `start` with name and attributes of each element, `text` with what stands in it, `end` with its name. Where
    the names of a file have a prefix ("x:row"), they come without it.

    Raises ValidationError: more than a table can need; ExpatError: no XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype

    def root(name: str, attributes: dict[str, str]) -> None:
        """Millions of elements follow: the step that takes off a prefix is put in only where there is one."""
        has_prefix = ":" in name
        parser.StartElementHandler = _bare_start(start) if has_prefix else start
        parser.EndElementHandler = _bare_end(end) if has_prefix and end else end
        parser.StartElementHandler(name, attributes)

    parser.StartElementHandler = root
    parser.CharacterDataHandler = text
    fed = tags = 0
    while piece := part.read(PIECE):
        tags += piece.count(b"<")
        if tags > most_tags:
            too_big()
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > LONGEST_TAG:
            not_sound()
    parser.Parse(b"", True)


def not_sound() -> NoReturn:
    raise ValidationError("打不开这个 Excel 文件，请用 WPS 或 Excel 另存为 .xlsx 再试。")


def _bare_start(start: Start) -> Start:
    return lambda name, attributes: start(name.rpartition(":")[2], attributes)


def _bare_end(end: End) -> End:
    return lambda name: end(name.rpartition(":")[2])


def _refuse_doctype(*_: object) -> NoReturn:
    not_sound()
