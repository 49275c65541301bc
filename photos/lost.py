"""Files that no row names: their act was rolled back, or the machine stopped between file and row."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

from photos.storing import PHOTOS

FOLDERS = [PHOTOS]
"""Looked through every night; rooms above add theirs when they are ready."""
KEPT_FOR = timedelta(days=1)
"""Longer than any transaction: the row of a young file may still come."""


def remove(*, at: datetime) -> int:
    """Delete them; returns how many. Whatever room a row belongs to, its files stay."""
    paths = [path for folder in FOLDERS for path in _files_below(folder)]
    old = [path for path in paths if default_storage.get_modified_time(path) < at - KEPT_FOR]
    lost = set(old) - _named() if old else set()
    for path in lost:
        default_storage.delete(path)
    return len(lost)


def _files_below(folder: str) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files_below(f"{folder}/{name}")


def _named() -> set[str]:
    """What any row of any room names."""
    return {
        path
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
        for path in model._default_manager.values_list(field.name, flat=True)
    }
