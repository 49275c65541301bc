"""What people upload becomes a clean photo or a clear refusal. Pure but for Pillow.

The real type is read from the bytes, never from the name; the picture is decoded and written anew, so that positions,
names of devices and hidden contents do not come along."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

MAX_PHOTOS = 9
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 320
TYPES = ("JPEG", "PNG", "WEBP")

_OTHER_KINDS = (
    (b"PK\x03\x04", "压缩包或 Office 文档"),
    (b"%PDF", "PDF 文档"),
    (b"MZ", "程序"),
    (b"Rar!", "压缩包"),
    (b"GIF8", "GIF 动图"),
    (b"<", "网页或文本"),
)


@dataclass(frozen=True)
class Photo:
    content: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str
    """Of the bytes as uploaded, so that the same photo twice is noticed."""
    extension: str = "jpg"


def clean_all(uploads: Iterable[UploadedFile[bytes]], *, already: int = 0) -> tuple[list[Photo], list[str]]:
    """The good ones, and one sentence for each that is refused. `already`: how many the case has."""
    photos: list[Photo] = []
    refused: list[str] = []
    left_out = 0
    for upload in uploads:
        if len(photos) + already >= MAX_PHOTOS:
            left_out += 1
            continue
        try:
            photos.append(clean(upload))
        except ValidationError as refusal:
            refused += refusal.messages
    if left_out:
        refused.append(f"最多 {MAX_PHOTOS} 张照片，有 {left_out} 张没有收下。")
    return photos, refused


def clean(upload: UploadedFile[bytes]) -> Photo:
    """Raises ValidationError: too large, empty, no photo, damaged."""
    name = spoken_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise ValidationError(f"“{name}”是空文件，请重新选择。")
    if size > MAX_BYTES:
        raise ValidationError(f"“{name}”有 {size / 1024 / 1024:.1f} MB，超过 10 MB，请压缩后再传。")
    original = upload.read()
    picture = _decode(original, name)
    width, height = picture.size
    return Photo(
        content=_jpeg(picture, quality=85),
        thumbnail=_jpeg(ImageOps.contain(picture, (THUMBNAIL_SIDE, THUMBNAIL_SIDE)), quality=80),
        width=width,
        height=height,
        sha256=hashlib.sha256(original).hexdigest(),
    )


def _decode(original: bytes, name: str) -> Image.Image:
    """Upright, at most LONGEST_SIDE, in plain RGB, without anything that came with it."""
    try:
        with Image.open(io.BytesIO(original), formats=TYPES) as found:
            if found.width * found.height > MAX_PIXELS:
                raise ValidationError(f"“{name}”像素太大，请换一张小一些的照片。")
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG decodes at a smaller scale: less memory
            found.load()
            upright = ImageOps.exif_transpose(found)
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise ValidationError(f"“{name}”像素太大，请换一张小一些的照片。") from None
    except Exception:  # Pillow raises many kinds for hostile bytes; all of them mean: no photo
        raise ValidationError(_no_photo(original, name)) from None
    if max(upright.size) > LONGEST_SIDE:
        upright = ImageOps.contain(upright, (LONGEST_SIDE, LONGEST_SIDE))
    return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)  # a new picture has no metadata to carry along
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _no_photo(original: bytes, name: str) -> str:
    if original[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return f"“{name}”是 HEIC 照片，请在手机设置里选“兼容性最佳”，或换成 JPG 再传。"
    if original[4:8] == b"ftyp":
        return f"“{name}”是视频，请换成 JPG、PNG 或 WEBP 照片。"
    for signature, kind in _OTHER_KINDS:
        if original.lstrip()[:8].startswith(signature):
            return f"“{name}”不是照片（文件实际是{kind}），请换成 JPG、PNG 或 WEBP 照片。"
    if original[:2] == b"\xff\xd8" or original[:4] in {b"\x89PNG", b"RIFF"}:
        return f"“{name}”已损坏或没有传完整，请重新拍一张或再传一次。"
    return f"“{name}”不是照片，请换成 JPG、PNG 或 WEBP 照片。"


def spoken_name(name: str) -> str:
    """A file's name as it may stand in a sentence: no folders, no control or direction marks, not too long."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C") or "照片"
    return name if len(name) <= 30 else f"{name[:20]}…{name[-8:]}"
