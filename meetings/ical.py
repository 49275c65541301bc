"""Calendars that phones subscribe to (RFC 5545). Pure.

Lines are folded at 75 bytes and end in CRLF; commas, semicolons and line breaks of a text are escaped (3.1, 3.3.11)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Entry:
    uid: str
    title: str
    where: str
    words: str
    from_at: datetime
    until_at: datetime
    stamp_at: datetime
    """When the entry came to be as it is."""
    url: str = ""
    is_cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//zhenghe//portal//ZH", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{_escape(name)}", "X-WR-TIMEZONE:Asia/Shanghai"]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_moment(entry.stamp_at)}"
    yield f"DTSTART:{_moment(entry.from_at)}"
    yield f"DTEND:{_moment(entry.until_at)}"
    yield f"SUMMARY:{_escape(entry.title)}"
    if entry.where:
        yield f"LOCATION:{_escape(entry.where)}"
    if entry.words:
        yield f"DESCRIPTION:{_escape(entry.words)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """At most 75 bytes a line, no sign cut in two; what follows begins with a space."""
    part, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + width
    yield part
