"""A disk that takes no photo, and what every field for photos does then."""

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.photos.pictures import picture, png

SENTENCE = "现在存不下"


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nothing can be stored any more: full, or by indirect parameter read-only or forbidden. A file that was begun is
    left there by half."""
    number = getattr(request, "param", errno.ENOSPC)

    def refuse(self: FileSystemStorage, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        raise OSError(number, "no room")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)


@dataclass(frozen=True)
class Field:
    """A field for photos: where it is sent, with what else, how to look at what is kept."""

    client: Client
    url: str
    posted: Callable[[], dict[str, Any]]
    """All but the photos, as a fresh page would have it."""
    kept: Callable[[], int]
    """How many photos there are."""
    name: str = "photos"
    form_of: Callable[[Any], Any] = lambda page: page["form"]
    """From what the page was made of."""
    is_needed: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    """Of what is posted, what a person typed and would miss."""

    def post(self, *contents: bytes) -> Any:
        files = [SimpleUploadedFile(f"{number}.jpg", content) for number, content in enumerate(contents, 1)]
        return self.client.post(self.url, {**self.posted(), **({self.name: files} if files else {})})


def takes_a_strip(at: Field) -> None:
    """One pixel wide: once a fault that cost the words."""
    assert at.post(png((1, 700))).status_code == 302
    assert at.kept() == 1


def says_that_there_is_no_room(at: Field, folder: Path) -> None:
    """At the field, with what was typed still there and nothing half kept; without photos it goes in."""
    before = _files(folder)
    answer = at.post(picture(), *([] if at.name in {"scan", "photo"} else [picture(size=(50, 40))]))
    assert answer.status_code == 200
    form = at.form_of(answer.context)
    (error,) = form.errors[at.name]
    assert error.startswith(SENTENCE)
    assert error in answer.content.decode()
    assert {name: form[name].value() for name in at.typed} == at.typed
    assert at.kept() == 0
    assert _files(folder) == before
    if not at.is_needed:
        assert at.post().status_code == 302


def _files(folder: Path) -> set[str]:
    return {path.name for path in Path(folder).rglob("*") if path.is_file()}
