"""What may stand in a field of a WeChat message (developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/
subscribe-message/sendMessage.html). One field that is too long loses the whole message (47003), so each is cut to fit. Pure."""

import re
from datetime import datetime

from django.utils.timezone import localtime

LENGTHS = {
    "thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "time": 40, "date": 40, "amount": 11,
    "phone_number": 17, "car_number": 8, "name": 10, "phrase": 5, "const": 20,
}  # fmt: skip
"""Signs at most, by the field's type: its name without its number, "thing1"."""
EMPTY = {"number": "0", "amount": "0", "time": "", "date": ""}
"""An empty field is refused too; "无" stands for nothing where signs are free."""
NO_SIGNS = {
    "phrase": re.compile(r"[^\u4e00-\u9fff]"),
    "character_string": re.compile(r"[^\x20-\x7e]"),
    "letter": re.compile(r"[^A-Za-z]"),
}


def type_of(name: str) -> str:
    return name.rstrip("0123456789")


def is_field(name: str) -> bool:
    """ "thing1": a type that WeChat has, and a number."""
    return type_of(name) in LENGTHS and name != type_of(name)


def fitting(name: str, text: str) -> str:
    """As the field takes it: cut with "…", without signs that it refuses, moments in Chinese."""
    kind = type_of(name)
    if kind in {"time", "date"}:
        return _moment(text, kind)
    words = " ".join(text.split())
    if kind in NO_SIGNS:
        words = NO_SIGNS[kind].sub("", words)
    longest = LENGTHS[kind]
    if len(words) > longest:
        words = words[: longest - 1] + "…" if kind == "thing" else words[:longest]
    return words or EMPTY.get(kind, "无")


def _moment(text: str, kind: str) -> str:
    """From ISO 8601; what is none stays as it is."""
    try:
        moment = localtime(datetime.fromisoformat(text))
    except ValueError:
        return text[: LENGTHS[kind]]
    day = f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{day} {moment:%H:%M}" if kind == "time" else day
