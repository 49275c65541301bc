"""What people upload becomes a clean photo or a clear refusal: the picture is decoded and written anew, so that positions,
names of devices and hidden contents do not come along. A process decodes one at a time (photos/turns.py), and none that would
take more memory than photos/sizes.py allows."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from photos import reading, sizes, words
from photos.making import make
from photos.storing import LostUpload, NoRoom
from photos.turns import Patience

MAX_PHOTOS = 9
MAX_BYTES = 10 * 1024 * 1024
_IN_MEMORY = 64 * 1024


class Photo:
    """A clean one. Most of it lies on disk, not in memory: a form may bring nine, and eight forms come at once."""

    def __init__(
        self, *, content: bytes, thumbnail: bytes, width: int, height: int, sha256: str, extension: str = "jpg"
    ) -> None:
        """`sha256`: of the bytes as uploaded, so that the same photo twice is noticed."""
        self.thumbnail, self.width, self.height = thumbnail, width, height
        self.sha256, self.extension = sha256, extension
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # it goes with the photo
        self._file.write(content)

    @property
    def content(self) -> bytes:
        self._file.seek(0)
        return self._file.read()

    def as_file(self) -> File[bytes]:
        """Its content, to be stored piece by piece."""
        self._file.seek(0)
        return File(self._file, name=f"photo.{self.extension}")

    def thumbnail_as_file(self) -> File[bytes]:
        return File(io.BytesIO(self.thumbnail), name=f"thumbnail.{self.extension}")


@dataclass(frozen=True)
class LargePhoto:
    """One that is left to a worker: a picture by its header, the rest of it not looked at. Nobody is served it."""

    upload: UploadedFile[bytes]
    name: str
    width: int
    height: int
    sha256: str


def clean_all(
    uploads: Iterable[UploadedFile[bytes]], *, kept: Collection[str] = (), can_wait: bool = False
) -> tuple[list[Photo | LargePhoto], list[str]]:
    """The good ones, each once, and one sentence for each that is refused. `kept`: checksums of those that are there
    already. `can_wait`: large ones are left to a worker."""
    photos: list[Photo | LargePhoto] = []
    refused: list[str] = []
    known, left_out, patience = set(kept), 0, Patience()
    for upload in uploads:
        try:
            _check_bytes(upload)
            checksum = _checksum(upload)
            if checksum in known:
                continue
            if len(known) >= MAX_PHOTOS:
                left_out += 1
                continue
            photos.append(_taken(upload, checksum, patience, can_wait))
            known.add(checksum)
        except ValidationError as refusal:
            refused += refusal.messages
    if left_out:
        refused.append(words.left_out(MAX_PHOTOS, left_out))
    return photos, refused


def clean(upload: UploadedFile[bytes], *, most: int = sizes.AT_ONCE) -> Photo:
    """Raises ValidationError: too large, empty, no photo, damaged, or too many at once. `most`: bytes of memory."""
    _check_bytes(upload)
    photo = _taken(upload, _checksum(upload), Patience(), most=most)
    assert isinstance(photo, Photo), "nothing waits unless it is said to"
    return photo


def _check_bytes(upload: UploadedFile[bytes]) -> None:
    name, size = words.spoken_name(upload.name or ""), upload.size or 0
    if isinstance(upload, LostUpload):
        raise NoRoom(words.cannot_keep())
    if size == 0:
        raise ValidationError(words.empty(name))
    if size > MAX_BYTES:
        raise ValidationError(words.too_many_bytes(name, size, MAX_BYTES))


def _checksum(upload: UploadedFile[bytes]) -> str:
    checksum = hashlib.sha256()
    for chunk in upload.chunks():
        checksum.update(chunk)
    return checksum.hexdigest()


def _taken(
    upload: UploadedFile[bytes],
    checksum: str,
    patience: Patience,
    can_wait: bool = False,
    most: int = sizes.AT_ONCE,
) -> Photo | LargePhoto:
    """Raises ValidationError, and never out of what handles a picture: a refusal is kept with the form, and with it whatever
    its traceback holds."""
    name = words.spoken_name(upload.name or "")
    taken = patience.run(name, _try, upload, name, checksum, can_wait, most)
    if taken is None:
        raise NoRoom(words.cannot_keep())
    if isinstance(taken, str):
        raise ValidationError(taken)
    return taken


def _try(
    upload: UploadedFile[bytes], name: str, checksum: str, can_wait: bool, most: int
) -> Photo | LargePhoto | str | None:
    """Or why not, in words; None where the disk is full."""
    file = upload.file
    assert file is not None, "uploads of a form are open"
    try:
        picture = reading.read(file)
    except Image.DecompressionBombError:
        return words.too_many_pixels(name)
    except Exception:  # of many kinds: photos/reading.py
        file.seek(0)
        return words.no_photo(name, file.read(32))
    width, height = picture.width, picture.height
    if picture.is_too_large or picture.memory > (sizes.AT_ALL if can_wait else most):
        return words.too_many_pixels(name, (width, height))
    if can_wait and picture.memory > sizes.WAITS_FROM:
        return LargePhoto(upload, name, width, height, checksum)
    try:
        made = make(picture)
    except Exception:  # the same, and whatever goes wrong with a picture that nobody thought of
        return words.damaged(name)
    try:
        return Photo(**made._asdict(), sha256=checksum)
    except OSError:
        return None
