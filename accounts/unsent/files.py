"""Files that had arrived with a form that could not be taken: sealed on the disk, and back among the files of the next."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from accounts.models import KeptFile, KeptForm
from accounts.models.kept_form import FOLDER
from accounts.personal_data import seal_chunks, unseal_chunks

log = logging.getLogger(__name__)

MOST = 20
MOST_BYTES = 25 * 1024 * 1024
"""A file beyond it did not arrive whole (zhenghe/uploads.py)."""
CHUNK = 1024 * 1024


class GivenBack(TemporaryUploadedFile):
    """Like any upload; its form cleans it as it cleans any."""


class _Sealed(File):  # type: ignore[type-arg]  # generic to the checker alone
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from seal_chunks(super().chunks(CHUNK))


def keep(form: KeptForm, uploads: Iterable[tuple[str, UploadedFile[bytes]]]) -> None:
    """`uploads`: (field, file). Raises OSError when the disk takes no more."""
    for field, upload in uploads:
        kept = KeptFile(
            form=form,
            field=field[:100],
            name=upload.name or "",
            content_type=(upload.content_type or "")[:100],
            size=upload.size or 0,
        )
        kept.file.save("sealed", _Sealed(upload.file), save=False)
        kept.save()


def give_back(kept: KeptFile) -> GivenBack:
    """Raises OSError when it is gone."""
    upload = GivenBack(kept.name, kept.content_type, kept.size, None)
    with kept.file.open("rb") as sealed:
        for chunk in unseal_chunks(sealed):
            upload.write(chunk)
    upload.seek(0)
    return upload


def forget(files: Iterable[KeptFile]) -> None:
    """Their content; the rows go with the form."""
    for kept in files:
        kept.file.delete(save=False)


def sweep(*, at: datetime, older_than: timedelta) -> None:
    """Files whose row never came, or went without them."""
    if not default_storage.exists(FOLDER):
        return
    _, names = default_storage.listdir(FOLDER)
    paths = [f"{FOLDER}/{name}" for name in names]
    old = {path for path in paths if default_storage.get_modified_time(path) < at - older_than}
    for path in old - set(KeptFile.objects.values_list("file", flat=True)):
        default_storage.delete(path)
