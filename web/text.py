"""Tidying what people type, and the signs of public numbers. Pure."""

import re

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of public numbers: no signs that are taken for one another."""

_NUMERALS = "零一二三四五六七八九"

# Control characters but for line ends and tabs, surrogates, private use; and marks nobody sees that turn or hide text. The
# joiner U+200D stays, emoji are built with it.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def tidy(text: str) -> str:
    """Line ends made one kind, control characters and stray blanks at line ends dropped; emoji and rare characters stay."""
    kept = _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.rstrip() for line in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def article(number: int) -> str:
    """ "第十二条", as clauses are numbered on paper; from 1 to 99."""
    tens, ones = divmod(number, 10)
    before = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return f"第{before}{_NUMERALS[ones] if ones else ''}条"


def shorten(text: str, length: int) -> str:
    """The first line, cut to `length` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
