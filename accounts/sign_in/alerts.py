"""Telling a person that something about their account has changed, in case it was not them, and telling whoever looks
after the portal that its doors are being tried. Rooms above know how (they register when their app is ready); this room
only knows what."""

from collections.abc import Callable, Mapping
from datetime import datetime

from accounts.models import User

Facts = Mapping[str, str | int]
TELLERS: list[Callable[[User, str, datetime, Facts], None]] = []
"""(person, kind of message, at, facts)"""
WATCHMEN: list[Callable[[str, Facts, str, datetime], None]] = []
"""(kind of message, facts, key, at); the same key is the same alarm, told once an hour."""


def tell(person: User, kind: str, *, at: datetime, **facts: str) -> None:
    """One of accounts/messages.py."""
    for teller in TELLERS:
        teller(person, kind, at, facts)


def alarm(kind: str, *, key: str, at: datetime, **facts: str | int) -> None:
    """One of accounts/messages.py."""
    for watchman in WATCHMEN:
        watchman(kind, facts, key, at)
