"""What the head of every page offers whoever is signed in, beside their lists and messages. Rooms register theirs when their
app is ready; it is shown in their order."""

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


MENU: list[Entry] = []


def register(*entries: Entry) -> None:
    MENU.extend(entries)


def offered(request: HttpRequest) -> Iterator[Entry]:
    return (entry for entry in MENU if entry.is_for(request))
