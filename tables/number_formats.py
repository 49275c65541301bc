"""Which number formats of a spreadsheet show a date, and which parts of it. Pure."""

import re
from functools import cache

_DAY, _MONTH, _CHINESE_DAY, _CLOCK = "yyyy-m-d", "yyyy-m", "m-d", "h:mm:ss"
BUILT_IN = {
    "14": _DAY, "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": _CLOCK, "19": _CLOCK, "20": _CLOCK,
    "21": _CLOCK, "22": f"{_DAY} h:mm", "27": _MONTH, "28": _CHINESE_DAY, "29": _CHINESE_DAY, "30": "m-d-yy", "31": _DAY,
    "32": _CLOCK, "33": _CLOCK, "34": _CLOCK, "35": _CLOCK, "36": _MONTH, "45": "mm:ss", "47": "mm:ss",
    "50": _MONTH, "51": _CHINESE_DAY, "52": _MONTH, "53": _CHINESE_DAY, "54": _CHINESE_DAY, "55": _CLOCK, "56": _CLOCK,
    "57": _MONTH, "58": _CHINESE_DAY,
}  # fmt: skip
"""Formats that have a number but no code in the file; 27 to 58 as the Chinese edition has them (ECMA-376, 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_LENGTH_OF_TIME = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_MINUTES = re.compile("h+[^a-z]*m+|m+[^a-z]*s+")


@cache
def parts_shown(code: str) -> str:
    """Which of y, m, d and t (time of day) a format shows; "" for numbers, texts and lengths of time ([h]:mm)."""
    if _LENGTH_OF_TIME.search(code):
        return ""
    bare = _LITERAL.sub("", code.split(";")[0]).lower()
    bare = re.sub(r"am/pm|a/p|\.0+", "", bare)
    if "general" in bare or re.search("[0#?@]", bare):
        return ""
    days = _MINUTES.sub("", bare)
    shown = {"y": "y" in days or "e" in days, "m": "m" in days, "d": "d" in days, "t": "h" in bare or "s" in bare}
    return "".join(part for part, is_shown in shown.items() if is_shown)
