"""What happens to a file that is far too large: it is counted, not kept, and the form says how large it was."""

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

KEPT_BYTES = 25 * 1024 * 1024
"""More than any form of ours takes, so that every refusal is the form's own sentence."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stops writing at KEPT_BYTES and goes on counting. The file then arrives empty with its true size: the form
    refuses it at its field, what else was typed is kept, and the disk does not fill."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.written += len(raw_data)
        if self.written <= KEPT_BYTES:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        if self.written > KEPT_BYTES:
            self.file.truncate(0)
        return super().file_complete(file_size)
