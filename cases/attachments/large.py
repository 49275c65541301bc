"""Large pictures become clean photos, in the worker. A row waits (cases.models.Upload); Celery only rings for it.

A worker leases a row, counts the try, decodes, stores, and gives the photo to the row that waits for it, in this order. One
that dies on the way leaves the row: when the lease runs out another begins it anew, and a picture over which workers have died
too often is given up with that as its reason. While one is decoded nobody begins another: it is decoding that takes memory,
and the other workers stay free for what is due."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from cases.models import Attachment, KeptPhoto, Upload
from locks.moments import due, held
from notices.services import News, notify
from photos import sizes
from photos.cleaning import Photo, clean
from photos.storing import NoRoom, store

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
PUSH_BACK = timedelta(minutes=10)
"""When there is no room for the photo: that is not the picture's fault, so it counts as no try."""
MAX_TRIES = 3
GIVEN_UP = "照片“{name}”处理不了，没有收下。请在手机上打开它截一张屏，传截屏。"

Clock = Callable[[], datetime]


def make_due(*, at: datetime) -> int:
    """Make every photo that waits; returns how many. Many workers may do it at once. Call it outside of any transaction."""
    made, began = 0, monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=monotonic() - began)

    while upload := _lease(now()):
        made += _make(upload, now)
    return made


def _lease(at: datetime) -> Upload | None:
    with transaction.atomic():
        waiting = Upload.objects.filter(due("due_at", at=at, longest=PUSH_BACK), refused="")
        in_hand = held(at=at, longest=LEASE)
        if waiting.filter(in_hand).exists():
            return None
        free = waiting.exclude(in_hand)  # asked again of the locked row: it may have been leased just now
        upload = free.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
        if upload is None:
            return None
        if upload.tries < MAX_TRIES:
            upload.tries, upload.leased_until = upload.tries + 1, at + LEASE
            upload.save(update_fields=["tries", "leased_until"])
            return upload
    _refuse(upload, GIVEN_UP.format(name=upload.name), at)
    return _lease(at)


def _make(upload: Upload, now: Clock) -> bool:
    try:
        photo = _clean(upload)
        names = store([photo.as_file(), photo.thumbnail_as_file()])
    except NoRoom:
        _mine(upload).update(due_at=now() + PUSH_BACK, leased_until=None, tries=upload.tries - 1)
        return False
    except ValidationError as refusal:
        _refuse(upload, refusal.messages[0], now())
        return False
    except Exception:
        log.exception("photo %s was not made", upload.pk)  # when its lease runs out, it is tried again
        return False
    return _put(upload, photo, names)


def _clean(upload: Upload) -> Photo:
    with default_storage.open(upload.file.name or "") as file:
        return clean(UploadedFile(file.file, upload.name, size=file.size), most=sizes.AT_ALL)


def _mine(upload: Upload) -> QuerySet[Upload]:
    """Its row, as long as nobody has begun it anew or deleted it."""
    return Upload.objects.filter(pk=upload.pk, tries=upload.tries, refused="")


def _put(upload: Upload, photo: Photo, names: list[str]) -> bool:
    """The row that waits takes the files, whoever it belongs to by now: the photo of a draft may have become a case's."""
    with transaction.atomic():
        is_mine = _mine(upload).select_for_update().first() is not None
        rows = _rows(upload) if is_mine else []
        for row in rows:
            row.file, row.thumbnail = names
            row.width, row.height, row.upload = photo.width, photo.height, None
            row.save()
        if is_mine:
            upload.delete()
    if is_mine:
        _delete(upload.file.name)
    if not rows:
        _delete(*names)
    return bool(rows)


def _rows(upload: Upload) -> list[KeptPhoto]:
    """Of any room."""
    waiting = [
        relation.related_model._default_manager.filter(upload=upload) for relation in Upload._meta.related_objects
    ]
    return [row for rows in waiting for row in rows if isinstance(row, KeptPhoto)]


def _refuse(upload: Upload, words: str, at: datetime) -> None:
    """It stays with its reason, which its page shows in place of the photo; who sent it is told."""
    with transaction.atomic():
        if not _mine(upload).update(refused=words, file="", leased_until=None):
            return
        for photo in Attachment.objects.filter(upload=upload).select_related("case", "added_by"):
            told = News(
                kind="case.photo_refused",
                people=[photo.added_by] if photo.added_by else [],
                at=at,
                path=photo.case.get_absolute_url(),
                cause=f"upload:{upload.pk}",
                facts={"reason": words},
            )
            notify(told)
    _delete(upload.file.name)


def _delete(*names: str | None) -> None:
    for name in filter(None, names):
        default_storage.delete(name)
