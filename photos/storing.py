"""Where photos lie, and what is said when there is no room for them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from photos import words

log = logging.getLogger(__name__)

PHOTOS = "photos"
"""Folder of all photos; what no row names is removed from it (photos/lost.py)."""


class NoRoom(ValidationError):
    """Photos cannot be kept just now: the disk is full, read-only or away. Nothing is wrong with the photos."""


def private_path(_: Any, filename: str) -> str:
    """A name nobody can guess; two folders deep so that no folder grows too large."""
    token = secrets.token_urlsafe(18)
    return f"{PHOTOS}/{token[:2]}/{token}{filename[filename.rfind('.') :]}"


def store(
    contents: Iterable[File[bytes]],
    *,
    path: Callable[[Any, str], str] = private_path,
    at: str = "photos",
    what: str = "照片",
    needed: bool = False,
) -> list[str]:
    """Write these files; their names, in order, for the rows that come. All of them or none.

    Raises NoRoom at the field `at`. `needed`: nothing goes in without them."""
    names: list[str] = []
    try:
        for content in contents:
            names.append(path(None, content.name or ""))  # first: a file half written is found by it
            names[-1] = default_storage.save(names[-1], content)
    except OSError as fault:
        log.error("photos cannot be kept: %s", fault)
        for name in names:
            with suppress(OSError):
                default_storage.delete(name)
    else:
        return names
    raise NoRoom({at: words.cannot_keep(what, needed=needed)})


class LostUpload(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs only
    """A file that came when the disk had no room for it: its name, nothing of it. Fields that do not know of it refuse it as
    an empty file."""

    def __init__(self, name: str) -> None:
        super().__init__(BytesIO(), name, size=0)
