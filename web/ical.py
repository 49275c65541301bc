"""Calendars that phones subscribe to (RFC 5545). Knows no model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event


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


def calendar(name: str, entries: Iterable[Entry]) -> bytes:
    made = Calendar()
    made.add("prodid", "-//政和社区治理//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for entry in entries:
        made.add_component(_event(entry))
    written: bytes = made.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp_at.astimezone(UTC))
    event.add("dtstart", entry.from_at.astimezone(UTC))
    event.add("dtend", entry.until_at.astimezone(UTC))
    event.add("summary", entry.title)
    for name, value in (("location", entry.where), ("description", entry.words), ("url", entry.url)):
        if value:
            event.add(name, value)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event
