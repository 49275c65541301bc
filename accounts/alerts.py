"""Telling a person that something about their account has changed, in case it was not them. Rooms above know how
(notices registers itself when its app is ready); this room only knows what."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User

TELLERS: list[Callable[[User, str, datetime], None]] = []
"""(person, words, at)"""


def tell(person: User, words: str, *, at: datetime) -> None:
    for teller in TELLERS:
        teller(person, words, at)
