"""How large a picture may be, how much memory decoding it takes, how large the clean one becomes. Pure arithmetic.

What decoding takes is told from the header, before anything is decoded: bytes a pixel as `script/bench photo_memory` measures
them. MB is a million bytes."""

from math import sqrt

MB = 1_000_000

WAITS_FROM = 128 * MB
"""What takes more is left to a worker, where the photo can wait (case, draft): a 12-megapixel photo is done at once."""
AT_ONCE = 216 * MB
"""The most that a web process decodes where the photo cannot wait: 25 megapixels of HEIC, 50 of JPEG."""
AT_ALL = 440 * MB
"""The most that a worker decodes: 50 megapixels of HEIC or JPEG, as the largest that phones take by themselves."""

MOST_PIXELS = {"JPEG": 110_000_000, "HEIF": 55_000_000, "PNG": 24_000_000, "WEBP": 12_500_000}
"""A file of 200 KB may hold a PNG of 49 megapixels; the longest screenshots have 22, camera photos are JPEG or HEIC."""

AREA = 2560 * 1920
"""Pixels of a clean photo."""
READABLE_SIDE = 1080
"""A picture longer than photos are is a screenshot: its shorter side stays that long, so that it can be read."""
LONG_AREA = 10_000_000
"""Pixels of a long one."""
LONGEST_SIDE = 16_000
"""Of any: browsers show no longer ones, JPEG ends at 65,535."""
THUMBNAIL_SIDE = 320


def fitted(width: int, height: int) -> tuple[int, int]:
    """Width and height of the clean photo; never larger, never nothing."""
    pixels, shorter = width * height, min(width, height)
    scale = min(1.0, sqrt(AREA / pixels))
    if shorter * scale < READABLE_SIDE:
        scale = min(1.0, READABLE_SIDE / shorter, sqrt(LONG_AREA / pixels))
    return _scaled(width, height, min(scale, LONGEST_SIDE / max(width, height)))


def fitted_thumbnail(width: int, height: int) -> tuple[int, int]:
    return _scaled(width, height, min(1.0, THUMBNAIL_SIDE / max(width, height)))


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))


def memory_of_jpeg(width: int, height: int, samples: float) -> int:
    """`samples`: numbers kept a pixel, 1.5 as phones write it, up to 4. A progressive one, and any whose colours come one after
    the other, is held whole, two bytes a number; no header can be trusted to say that it is not. The pixels themselves come
    out smaller (draft mode)."""
    shown_width, shown_height = fitted(width, height)
    shrunk = max(1, min(8, width // shown_width, height // shown_height))
    scale = 1 << (shrunk.bit_length() - 1)
    return round(width * height * (2 * samples + 4 / scale**2))


def memory_of_heif(width: int, height: int, *, is_plain: bool) -> int:
    """`is_plain`: 4:2:0 without transparency, as phones write it."""
    return width * height * (8 if is_plain else 21)


def memory_of_png(width: int, height: int) -> int:
    """The pixels, and once more while what is see-through is laid on white."""
    return width * height * 8


def memory_of_webp(width: int, height: int) -> int:
    """Its decoder holds two frames of an animation, whether it is one or not."""
    return width * height * 17
