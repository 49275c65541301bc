"""Pictures as phones send them, and as nobody should: small files, made here."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
GREY, RGB, RGBA = 0, 2, 6
_CHANNELS = {GREY: 1, RGB: 3, RGBA: 4}


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    return saved(Image.new(mode, size, more.pop("colour", 0)), form, **more)


def saved(image: Image.Image, form: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def heic(size: tuple[int, int] = (64, 48), colour: str = "red", mode: str = "RGB", **more: Any) -> bytes:
    image, out = Image.new(mode, size, colour), io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=30, **more)
    return out.getvalue()


def png(
    size: tuple[int, int], *, colour: int = RGBA, depth: int = 8, is_interlaced: bool = False, more: bytes = b""
) -> bytes:
    """One colour, however large, in little memory. `more`: chunks before the picture."""
    width, height = size
    packed = zlib.compressobj(1)
    passes = ADAM7 if is_interlaced else ((0, 0, 1, 1),)
    rows = b"".join(packed.compress(row) for row in _rows(width, height, _CHANNELS[colour] * depth // 8, passes))
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(is_interlaced))
    body = chunk(b"IHDR", head) + more + chunk(b"IDAT", rows + packed.flush()) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _rows(width: int, height: int, pixel: int, passes: Any) -> Iterator[bytes]:
    for left, top, across, down in passes:
        row = b"\0" + b"\x40" * (len(range(left, width, across)) * pixel)
        for _ in range(top, height, down):
            yield row


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """The JPEG with one more segment before all others."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def upload(content: bytes, name: str = "楼道.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
