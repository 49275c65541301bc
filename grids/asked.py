"""Numbers that an address or a form names. Anybody can write anything there."""

LONGEST = 18
"""Digits that every key of a row can hold; of thousands, Python itself refuses to make a number."""


def whole_number(text: str | None) -> int | None:
    """The number, or None where the text is none or a larger one than any row has."""
    if text is None or len(text) > LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)
