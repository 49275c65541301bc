"""What happens to a file that is far too large, or that there is no room for: it is counted, not kept, and the form says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from photos.storing import LostUpload

KEPT_BYTES = 25 * 1024 * 1024
"""More than any form of ours takes, so that every refusal is the form's own sentence."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stops writing at KEPT_BYTES and goes on counting. The file then arrives empty with its true size: the form
    refuses it at its field, what else was typed is kept, and the disk does not fill. Where it is full already, or cannot be
    written to, the file arrives as a LostUpload."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.written, self.is_lost = 0, False
        with self._room():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.written += len(raw_data)
        if not self.is_lost and self.written <= KEPT_BYTES:
            with self._room():
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        arrived = None
        if not self.is_lost:
            with self._room():
                if self.written > KEPT_BYTES:
                    self.file.truncate(0)
                arrived = super().file_complete(file_size)  # writes what was still in hand
        return LostUpload(self.file_name or "") if self.is_lost else arrived

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.is_lost = True
