"""Tidying what people type, and the signs of public numbers. Pure."""

import re
import unicodedata

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of public numbers: no signs that are taken for one another."""

_KEPT_CONTROLS = {"\n", "\t"}
# Marks nobody sees that turn or hide text; the joiner U+200D stays, emoji are built with it.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def tidy(text: str) -> str:
    """Line ends made one kind, control characters and stray blanks at line ends dropped; emoji and rare characters stay."""
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) not in {"Cc", "Cs", "Co"}
    )
    lines = [line.rstrip() for line in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shorten(text: str, length: int) -> str:
    """The first line, cut to `length` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
