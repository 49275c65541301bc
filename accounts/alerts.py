"""Telling a person that something about their account has changed, in case it was not them, and telling whoever looks
after the portal that its doors are being tried. Rooms above know how (they register when their app is ready); this room
only knows what."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User

TELLERS: list[Callable[[User, str, datetime], None]] = []
"""(person, words, at)"""
WATCHMEN: list[Callable[[str, str, datetime], None]] = []
"""(words, key, at); the same key is the same alarm, told once an hour."""


def tell(person: User, words: str, *, at: datetime) -> None:
    for teller in TELLERS:
        teller(person, words, at)


def alarm(words: str, *, key: str, at: datetime) -> None:
    for watchman in WATCHMEN:
        watchman(words, key, at)
