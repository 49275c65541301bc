"""What a file says it is, before anything of it is decoded. The real kind is read from the bytes, never from the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from PIL import Image, PngImagePlugin
from pillow_heif import open_heif, options

from photos import sizes
from photos.words import HEIF_BRANDS

PILLOW_KINDS = ("JPEG", "PNG", "WEBP")

# Texts packed into a PNG: by default Pillow unpacks 64 MB of them, before its size is known.
PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK
# Nothing but the picture is wanted, and one decode is to take one core.
options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
options.DECODE_THREADS = 1

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Picture:
    """Its header. `memory`: bytes that decoding will hold at once. `turn`: what sets it upright afterwards."""

    def __init__(
        self,
        kind: str,
        size: tuple[int, int],
        memory: int,
        decode: Callable[[], Image.Image],
        turn: Image.Transpose | None = None,
    ) -> None:
        self.kind, self.memory, self.turn = kind, memory, turn
        self.width, self.height = size
        self._decode: Callable[[], Image.Image] | None = decode

    @property
    def is_too_large(self) -> bool:
        return self.width * self.height > sizes.MOST_PIXELS[self.kind]

    def decode(self) -> Image.Image:
        """The pixels, once: afterwards nobody but the caller holds them."""
        decode, self._decode = self._decode, None
        assert decode is not None, "a picture is decoded once"
        return decode()


def read(file: IO[bytes]) -> Picture:
    """Raises whatever Pillow and libheif raise for hostile bytes, of many kinds; all of them mean: no photo."""
    file.seek(0)
    start = file.read(12)
    file.seek(0)
    return _heif(file) if start[4:8] == b"ftyp" and start[8:] in HEIF_BRANDS else _pillow(file)


def _heif(file: IO[bytes]) -> Picture:
    """libheif turns it upright, and holds the stream to the size that the header names."""
    heif = open_heif(file)
    image = heif[heif.primary_index]
    is_plain = image.mode in {"L", "RGB"} and image.info.get("chroma") != 444
    width, height = image.size
    return Picture("HEIF", image.size, sizes.memory_of_heif(width, height, is_plain=is_plain), image.to_pillow)


def _pillow(file: IO[bytes]) -> Picture:
    image = Image.open(file, formats=PILLOW_KINDS)
    width, height = image.size
    kind = (
        "JPEG" if image.format == "MPO" else str(image.format)
    )  # with a second picture inside, as some phones write it
    if kind == "JPEG":
        memory = sizes.memory_of_jpeg(width, height, _samples(image))
        image.draft("RGB", sizes.fitted(width, height))
    else:
        memory = (sizes.memory_of_png if kind == "PNG" else sizes.memory_of_webp)(width, height)

    def decode() -> Image.Image:
        image.load()
        return image

    return Picture(kind, (width, height), memory, decode, _turn(image))


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # what a camera wrote about a picture costs nobody the picture
        return None


def _samples(image: Image.Image) -> float:
    """Numbers a pixel: of three colours 1.5 where two are kept at half the width and height, else up to 3, of four up to 4."""
    parts: list[tuple[int, int]] = [(across, down) for _, across, down, _ in getattr(image, "layer", [])]
    widest, tallest = max(across for across, _ in parts), max(down for _, down in parts)
    return sum(across * down for across, down in parts) / (widest * tallest)
