"""What is said of a file that is refused: its name as it may stand in a sentence, what is wrong, and the way out."""

import unicodedata

HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
"""What follows `ftyp` in a HEIC photo."""
_OTHER_KINDS = (
    (b"PK\x03\x04", "压缩包或 Office 文档"),
    (b"%PDF", "PDF 文档"),
    (b"MZ", "程序"),
    (b"Rar!", "压缩包"),
    (b"GIF8", "GIF 动图"),
    (b"<", "网页或文本"),
)
_INSTEAD = "请换成 JPG、PNG、WEBP 或 HEIC 照片"


def spoken_name(name: str) -> str:
    """No folders, no control or direction marks, at most 30 signs."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C") or "照片"
    return name if len(name) <= 30 else f"{name[:20]}…{name[-8:]}"


def empty(name: str) -> str:
    return f"“{name}”是空文件，请重新选择。"


def too_many_bytes(name: str, size: int, most: int) -> str:
    return f"“{name}”有 {_mb(size):.1f} MB，超过 {_mb(most):.0f} MB，请压缩后再传，或在手机上打开它截一张屏，传截屏。"


def _mb(size: int) -> float:
    return size / 1024 / 1024


def too_many_pixels(name: str, size: tuple[int, int] | None = None) -> str:
    pixels = f"有 {size[0]}×{size[1]} 像素" if size else "像素极多"
    return f"“{name}”{pixels}，太大了。请裁小一些再传；长截屏可以分成几张；照片可以在手机上打开它截一张屏，传截屏。"


def damaged(name: str) -> str:
    return f"“{name}”已损坏或没有传完整，请重新拍一张或再传一次。"


def busy(name: str) -> str:
    return f"照片处理繁忙，“{name}”没有收下，请过一会儿再传。"


def left_out(most: int, count: int) -> str:
    return f"最多 {most} 张照片，有 {count} 张没有收下。"


def no_photo(name: str, first: bytes) -> str:
    """`first`: the first 32 bytes, which say what it is instead."""
    is_heif = first[4:8] == b"ftyp" and first[8:12] in HEIF_BRANDS
    if is_heif or first[:2] == b"\xff\xd8" or first[:4] in {b"\x89PNG", b"RIFF"}:
        return damaged(name)
    if first[4:8] == b"ftyp":
        kind = "AVIF 图片" if first[8:12] in {b"avif", b"avis"} else "视频"
        return f"“{name}”是{kind}，{_INSTEAD}。"
    for signature, kind in _OTHER_KINDS:
        if first.lstrip().startswith(signature):
            return f"“{name}”不是照片（文件实际是{kind}），{_INSTEAD}。"
    return f"“{name}”不是照片，{_INSTEAD}。"


def cannot_keep(what: str = "照片", *, needed: bool = False) -> str:
    """`needed`: nothing goes in without them."""
    if needed:
        return f"现在存不下{what}，没有收下，请过一会儿再传。"
    return f"现在存不下{what}，{what}没有收下。您填的内容还在：可以先不带{what}提交，过一会儿再补。"
