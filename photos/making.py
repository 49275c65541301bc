"""A picture is decoded and written anew: plain colours, small enough, upright, without anything that came with it."""

import io
from typing import NamedTuple

from PIL import Image, ImageChops

from photos import sizes
from photos.reading import Picture


class Made(NamedTuple):
    """Two JPEGs, and the size of the first."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def make(picture: Picture) -> Made:
    """Raises whatever Pillow and libheif raise for hostile bytes, of many kinds; all of them mean: damaged."""
    image = _set_right(picture)
    small = image.resize(sizes.fitted_thumbnail(*image.size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return Made(_jpeg(image, quality=85), _jpeg(small, quality=80), *image.size)


def _set_right(picture: Picture) -> Image.Image:
    """Turned last, when it is small."""
    image = _on_white(picture.decode())
    fitted = sizes.fitted(*image.size)
    if fitted != image.size:
        image = image.resize(fitted, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image if picture.turn is None else image.transpose(picture.turn)


def _on_white(image: Image.Image) -> Image.Image:
    """In plain colours, what is see-through on white: in place, since these are full-size."""
    if image.mode.startswith("I"):  # sixteen bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    if "transparency" in image.info or image.mode in {"LA", "PA"}:
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        image.paste((255, 255, 255, 255), mask=ImageChops.invert(image.getchannel("A")))
    return image if image.mode == "RGB" else image.convert("RGB")


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    image.info = {}  # what came with it stays behind
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
