"""From photos as they were sent to the rows that keep them, and away again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from celery import current_app
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from cases.models import KeptPhoto, Upload
from photos.cleaning import LargePhoto, Photo
from photos.storing import store

SentPhoto: TypeAlias = Photo | LargePhoto | KeptPhoto
"""Of a form, or moved from the row that kept it so far."""
Kept = TypeVar("Kept", bound=KeptPhoto)


def columns(photos: Sequence[SentPhoto], *, at: datetime) -> list[dict[str, Any]]:
    """What the rows of these photos hold, the same photo once; their files are stored with it, all or none. A large one is
    put before the workers. Call it in a transaction.

    Raises ValidationError at `photos` when they cannot be stored."""
    each = list({photo.sha256: photo for photo in photos}.values())
    names = iter(store(_files(each)))
    if any(isinstance(photo, LargePhoto) for photo in each):
        transaction.on_commit(_ring, robust=True)
    return [_columns(photo, names, at) for photo in each]


def _files(photos: Sequence[SentPhoto]) -> Iterator[File[bytes]]:
    for photo in photos:
        if isinstance(photo, Photo):
            yield from (photo.as_file(), photo.thumbnail_as_file())
        elif isinstance(photo, LargePhoto):
            yield File(photo.upload.file, name="upload.raw")


def _columns(photo: SentPhoto, names: Iterator[str], at: datetime) -> dict[str, Any]:
    common = {"sha256": photo.sha256, "width": photo.width, "height": photo.height}
    if isinstance(photo, KeptPhoto):
        return common | {"file": photo.file.name, "thumbnail": photo.thumbnail.name, "upload": photo.upload}
    if isinstance(photo, LargePhoto):
        return common | {"upload": Upload.objects.create(file=next(names), name=photo.name, due_at=at)}
    return common | {"file": next(names), "thumbnail": next(names)}


def _ring() -> None:
    current_app.send_task("cases.tasks.make_photos")  # by name: tasks stand above services


def hold(photos: QuerySet[Kept]) -> list[Kept]:
    """These rows, and no worker at their uploads until the transaction ends. Uploads are locked first, then rows: in this
    order everywhere, so that nobody waits for who waits for them."""
    uploads = Upload.objects.select_for_update().filter(pk__in=photos.exclude(upload=None).values("upload"))
    list(uploads.order_by("pk"))
    return list(photos.select_related("upload").order_by("pk"))


def forget(photos: QuerySet[Any]) -> None:
    """Delete these rows, and what lies in storage for them."""
    with transaction.atomic():
        rows = hold(photos)
        uploads = [row.upload for row in rows if row.upload]
        photos.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    files = [name for row in rows for name in (row.file.name, row.thumbnail.name)] + [
        upload.file.name for upload in uploads
    ]
    for name in filter(None, files):
        default_storage.delete(name)
