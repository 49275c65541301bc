"""What the head of every page offers whoever is signed in and has no desk (desk/menu.py), beside their lists and messages; and what one page offers of rooms
above its own, which it does not know. Rooms register theirs when their app is ready; it is shown in their order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Entry:
    label: str
    address: str
    """Name of the page."""
    is_for: Callable[[HttpRequest], bool]
    """Whether whoever asks is offered it: of a page with a rule `Rule.admits`."""
    under: str = ""
    """Name of the page that offers it; "" for the head of every page."""


MENU: list[Entry] = []


def register(*entries: Entry) -> None:
    MENU.extend(entries)


def offered(request: HttpRequest, under: str = "") -> Iterator[Entry]:
    return (entry for entry in MENU if entry.under == under and entry.is_for(request))
