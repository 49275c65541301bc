"""Calls that answer with a file."""

from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer


class Jpeg(BaseRenderer):
    """Only says that pictures are handed out: whoever asks for nothing but pictures is not refused."""

    media_type = "image/jpeg"
    format = "jpg"

    def render(self, data: Any, *args: Any) -> Any:
        return data


class Pdf(Jpeg):
    media_type = "application/pdf"
    format = "pdf"


PICTURE = (JSONRenderer, Jpeg)
FILE = (JSONRenderer, Jpeg, Pdf)
