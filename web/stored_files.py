"""Files of the store as answers: private, never run as what they are not."""

import logging
from typing import Any

from django.http import FileResponse, Http404

log = logging.getLogger(__name__)


def stored_file(file: Any, content_type: str = "application/octet-stream", *, name: str = "") -> FileResponse:
    """To be shown, or saved under `name`. Raises Http404 as `content_of`."""
    response = FileResponse(_opened(file), content_type=content_type, as_attachment=bool(name), filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def content_of(file: Any) -> bytes:
    """Raises Http404 of one that is lost, as after a restore that brought back the row and not the file; that is logged."""
    with _opened(file) as opened:
        content: bytes = opened.read()
    return content


def _opened(file: Any) -> Any:
    try:
        return file.open("rb")
    except FileNotFoundError:
        log.error("stored file %s is lost", file.name)
        raise Http404 from None
