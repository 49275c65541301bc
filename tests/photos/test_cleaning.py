"""What people upload becomes a clean photo or a clear refusal."""

import io
import os
import signal
import struct
import threading
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from photos import cleaning, making, sizes, turns
from photos.cleaning import MAX_BYTES, LargePhoto, clean, clean_all
from photos.storing import LostUpload
from tests.photos.pictures import GREY, RGB, chunk, heic, picture, png, saved, upload, with_segment


def reread(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_position_and_device_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Make of phone"
    exif.get_ifd(0x8825)[2] = (27.0, 22.0, 0.0)
    photo = clean(upload(picture(exif=exif, comment=b"Note of phone", xmp=b"<x>Place of phone</x>")))
    assert not reread(photo.content).getexif()
    assert b"of phone" not in photo.content + photo.thumbnail


def test_what_hides_behind_the_picture_is_gone():
    assert b"<script>" not in clean(upload(picture() + b"<script>alert(1)</script>")).content


@pytest.mark.parametrize("make", [picture, heic])
def test_a_phone_held_upright_stays_upright(make):
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = clean(upload(make(size=(60, 40), exif=exif.tobytes())))
    assert (photo.width, photo.height) == (40, 60) == reread(photo.content).size
    assert reread(photo.thumbnail).size == (40, 60)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_the_usual_kinds_become_jpeg_whatever_they_are_called(form):
    content = heic(colour="red") if form == "HEIC" else picture(form, colour="red")
    photo = clean(upload(content, name="照片.txt"))
    made = reread(photo.content)
    assert made.format == "JPEG"
    red, green, blue = made.getpixel((5, 5))
    assert red > 200 > 60 > max(green, blue)


def test_a_jpeg_with_a_second_picture_inside_is_the_first():
    content = saved(Image.new("RGB", (60, 40), "red"), "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))])
    assert reread(content).format == "MPO"
    assert reread(clean(upload(content)).content).size == (60, 40)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ((4032, 3024), (2560, 1920)),
        ((8160, 6120), (2560, 1920)),
        ((600, 400), (600, 400)),
        ((1080, 9000), (1080, 9000)),  # a long screenshot
        ((1440, 15000), (980, 10206)),
        ((4000, 1000), (4000, 1000)),
        ((16000, 4000), (4434, 1109)),
        ((1, 700), (1, 700)),
        ((1, 65500), (1, 16000)),
        ((65500, 1), (16000, 1)),
    ],
)
def test_a_large_picture_is_made_smaller_a_long_one_stays_readable(sent, kept):
    assert sizes.fitted(*sent) == kept


def test_a_long_screenshot_keeps_its_width():
    photo = clean(upload(png((1080, 9000), colour=RGB), "长截屏.png"))
    assert reread(photo.content).size == (1080, 9000) == (photo.width, photo.height)
    assert max(reread(photo.thumbnail).size) == sizes.THUMBNAIL_SIDE


@pytest.mark.parametrize("size", [(1, 700), (700, 1), (1, 1)])
def test_a_strip_of_one_pixel_is_a_photo(size):
    photo = clean(upload(png(size)))
    assert reread(photo.content).size == size
    assert min(reread(photo.thumbnail).size) == 1


def test_a_line_of_65500_pixels_is_a_photo():
    assert reread(clean(upload(picture(size=(65500, 1)))).content).size == (16000, 1)


def test_what_is_see_through_lies_on_white():
    half = reread(clean(upload(picture("PNG", mode="RGBA", colour=(0, 0, 0, 128)))).content).getpixel((5, 5))
    assert min(reread(clean(upload(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)))).content).getpixel((5, 5))) > 250
    assert 120 < half[0] < 135


def palette() -> bytes:
    image = Image.new("P", (60, 40), 1)
    image.putpalette([255, 0, 0, 0, 0, 255] + [0] * 762)
    image.paste(0, (0, 0, 30, 40))
    return saved(image, "PNG", transparency=0)


def sixteen_bits() -> bytes:
    image = Image.new("I;16", (60, 40), 0x4040)
    image.paste(0xFFFF, (0, 0, 30, 40))
    return saved(image, "PNG")


@pytest.mark.parametrize(
    ("content", "left", "right"),
    [
        (palette(), (255, 255, 255), (0, 0, 255)),
        (sixteen_bits(), (255, 255, 255), (64, 64, 64)),
        (png((60, 40), depth=16), (207, 207, 207), (207, 207, 207)),
        (png((60, 40), is_interlaced=True, colour=GREY), (64, 64, 64), (64, 64, 64)),
        (saved(Image.new("CMYK", (60, 40), (0, 255, 255, 0)), "JPEG", progressive=True), (255, 0, 0), (255, 0, 0)),
        (saved(Image.new("LA", (60, 40), (0, 255)), "PNG"), (0, 0, 0), (0, 0, 0)),
        (saved(Image.new("1", (60, 40), 1), "PNG"), (255, 255, 255), (255, 255, 255)),
    ],
    ids=["palette with transparency", "16-bit grey", "16-bit colour", "interlaced", "CMYK", "grey with alpha", "1-bit"],
)
def test_colours_are_right_however_they_are_kept(content, left, right):
    made = reread(clean(upload(content)).content)
    for at, expected in (((10, 20), left), ((50, 20), right)):
        assert all(abs(a - b) < 12 for a, b in zip(made.getpixel(at), expected, strict=True)), (made.getpixel(at), at)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_kept(form):
    first, second = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (60, 40), "blue")
    made = reread(clean(upload(saved(first, form, save_all=True, append_images=[second]))).content)
    assert made.getpixel((5, 5))[0] > 200


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "x")
    return out.getvalue()


def a_header(form: str, width: int, height: int) -> bytes:
    """A file that says it is so large."""
    if form == "PNG":
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, RGB, 0, 0, 0))
        return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    if form == "JPEG":
        return picture(size=(8, 8)).replace(struct.pack(">HH", 8, 8), struct.pack(">HH", height, width))
    actual, told = (b"ispe\0\0\0\0" + struct.pack(">II", *size) for size in ((64, 64), (width, height)))
    return heic((64, 64)).replace(actual, told)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (a_zip(), "文件实际是压缩包"),
        (b"%PDF-1.7 ...", "PDF 文档"),
        (b"MZ\x90\x00", "程序"),
        (b"  <svg onload='alert(1)'/>", "网页或文本"),
        (b"GIF89a" + bytes(20), "GIF 动图"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "已损坏或没有传完整"),
        (b"\0\0\0\x18ftypavif" + bytes(20), "是AVIF 图片"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "是视频"),
        (b"just words", "不是照片"),
        (picture()[:200], "没有传完整"),
        (png((60, 40))[:60], "没有传完整"),
        (heic((640, 480))[:-200], "没有传完整"),
        (b"", "空文件"),
        (bytes(MAX_BYTES + 1), "超过 10 MB"),
        (a_header("PNG", 7000, 7000), "7000×7000 像素，太大了"),
        (a_header("PNG", 2**31 - 1, 2**31 - 1), "太大了"),
        (a_header("JPEG", 65500, 65500), "太大了"),
        (picture("WEBP", size=(4000, 3200)), "4000×3200 像素，太大了"),
        (a_header("HEIC", 20000, 20000), "太大了"),
    ],
)
def test_what_is_no_photo_is_refused_by_what_it_is(content, words):
    with pytest.raises(ValidationError, match=words) as refusal:
        clean(upload(content))
    assert "“楼道.jpg”" in refusal.value.messages[0]


def an_exif_of(size: int, entries: int, overlong: int) -> bytes:
    """Entries that all claim the same bytes."""
    tags = b"".join(struct.pack(">HHII", 0x1000 + number, 7, overlong, 8) for number in range(entries))
    return (b"MM\0*" + struct.pack(">IH", 8, entries) + tags + bytes(4)).ljust(size, b"\0")


@pytest.mark.parametrize(
    "content",
    [
        with_segment(picture()[:2] + picture()[20:], 0xE1, b"Exif\0\0" + an_exif_of(65_000, 5000, 60_000)),
        with_segment(picture(), 0xE2, b"MPF\0" + an_exif_of(65_000, 5000, 60_000)),
        png((60, 40), more=chunk(b"eXIf", an_exif_of(65_000, 5000, 60_000))),
        png((60, 40), more=chunk(b"tEXt", b"Raw profile type exif\0\n1\n9\nzz")),
    ],
    ids=["EXIF", "MPF", "eXIf", "text for EXIF"],
)
def test_what_a_camera_wrote_wrongly_costs_no_photo(content):
    assert reread(clean(upload(content)).content).size == (60, 40)


@pytest.mark.parametrize(
    "more",
    [
        chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(300_000_000))),
        b"".join(chunk(b"zTXt", b"k%d\0\0" % number + zlib.compress(bytes(1_000_000))) for number in range(40)),
    ],
    ids=["profile of 300 MB", "texts of 40 MB"],
)
def test_bombs_beside_the_picture_are_not_unpacked(more):
    with pytest.raises(ValidationError, match="已损坏"):
        clean(upload(png((60, 40), more=more)))


def test_a_fault_nobody_thought_of_is_a_refusal(monkeypatch):
    def fault(*_: Any, **__: Any) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "_jpeg", fault)
    with pytest.raises(ValidationError, match="“楼道.jpg”已损坏"):
        clean(upload(picture()))


def test_a_refusal_holds_no_picture_in_memory():
    """It is kept with its form; what its traceback leads to is kept as well."""
    content = saved(Image.effect_noise((600, 400), 90).convert("RGB"), "PNG")
    with pytest.raises(ValidationError) as refusal:
        clean(upload(content[: len(content) // 2]))
    assert refusal.value.__context__ is None
    frames, step = [], refusal.value.__traceback__
    while step is not None:
        frames.append(step.tb_frame)
        step = step.tb_next
    own = [
        frame for frame in frames if "/photos/" in frame.f_code.co_filename and "tests" not in frame.f_code.co_filename
    ]
    assert own
    assert not any(isinstance(value, Image.Image) for frame in own for value in frame.f_locals.values())


def test_a_clean_photo_lies_on_disk_when_it_is_large():
    photo = clean(upload(saved(Image.effect_noise((900, 900), 90).convert("RGB"), "JPEG")))
    assert photo._file._rolled
    assert reread(photo.content).size == (900, 900)
    assert b"".join(photo.as_file().chunks()) == photo.content


# Many at once.


def test_the_good_ones_are_kept_when_one_is_refused():
    photos, refused = clean_all([upload(picture()), upload(a_zip(), "假的.jpg")])
    assert len(photos) == 1
    assert refused == ["“假的.jpg”不是照片（文件实际是压缩包或 Office 文档），请换成 JPG、PNG、WEBP 或 HEIC 照片。"]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every picture that is looked at."""
    looked: list[int] = []
    read = cleaning.reading.read
    monkeypatch.setattr(cleaning.reading, "read", lambda file: looked.append(1) or read(file))
    return looked


def test_more_than_nine_are_not_even_looked_at(monkeypatch):
    looked = counted(monkeypatch)
    photos, refused = clean_all(upload(picture(size=(number, 9))) for number in range(10, 22))
    assert (len(photos), len(looked)) == (9, 9)
    assert refused == ["最多 9 张照片，有 3 张没有收下。"]


def test_what_is_kept_already_counts_and_is_not_looked_at_again(monkeypatch):
    first = clean(upload(picture()))
    looked = counted(monkeypatch)
    kept = [first.sha256, *(str(number) for number in range(7))]
    photos, refused = clean_all(
        [upload(picture()), upload(picture(size=(9, 9))), upload(picture(size=(8, 8)))], kept=kept
    )
    assert ([photo.width for photo in photos], len(looked)) == ([9], 1)
    assert refused == ["最多 9 张照片，有 1 张没有收下。"]


def test_the_same_twice_is_one():
    photos, refused = clean_all([upload(picture()), upload(picture(), "另一个名字.jpg")])
    assert (len(photos), refused) == (1, [])


def test_a_process_decodes_one_at_a_time(monkeypatch):
    inside, most = [], []
    make = cleaning._try

    def watched(*words: Any) -> Any:
        inside.append(1)
        most.append(len(inside))
        made = make(*words)
        inside.pop()
        return made

    monkeypatch.setattr(cleaning, "_try", watched)
    threads = [threading.Thread(target=clean, args=[upload(picture(size=(800, 600 + n)))]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_a_process_forked_off_after_a_picture_makes_its_own():
    assert clean(upload(picture()))
    child = os.fork()
    if not child:
        signal.alarm(20)  # ends it where it waits for a thread that its parent has
        os._exit(0 if clean(upload(picture(size=(9, 9)))) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_whoever_waits_too_long_is_told_so_and_soon_for_all_photos(monkeypatch):
    monkeypatch.setattr(turns.Patience, "__init__", lambda self: setattr(self, "_left", 0.05))
    with turns.decoding:
        photos, refused = clean_all([upload(picture(size=(9, 9)), "一.jpg"), upload(picture(), "二.jpg")])
    assert photos == []
    assert refused == [f"照片处理繁忙，“{name}”没有收下，请过一会儿再传。" for name in ("一.jpg", "二.jpg")]
    assert clean(upload(picture()))


def test_what_does_not_fit_into_a_web_process_is_left_to_a_worker_where_it_can_wait():
    large = upload(a_header("JPEG", 8160, 6120), "IMG_1.jpg")
    (photo,), refused = clean_all([large], can_wait=True)
    assert isinstance(photo, LargePhoto)
    assert (photo.width, photo.height, photo.name, refused) == (8160, 6120, "IMG_1.jpg", [])


@pytest.mark.parametrize(
    ("memory", "at_once", "waits", "at_all"),
    [
        (sizes.memory_of_jpeg(4032, 3024, 1.5), True, False, True),
        (sizes.memory_of_jpeg(8160, 6120, 1.5), True, True, True),
        (sizes.memory_of_jpeg(8160, 6120, 4), False, True, False),
        (sizes.memory_of_heif(4032, 3024, is_plain=True), True, False, True),
        (sizes.memory_of_heif(5712, 4284, is_plain=True), True, True, True),
        (sizes.memory_of_heif(8064, 6048, is_plain=True), False, True, True),
        (sizes.memory_of_png(1080, 9000), True, False, True),
        (sizes.memory_of_png(7000, 7000), False, True, True),
        (sizes.memory_of_webp(4000, 3000), True, True, True),
    ],
)
def test_what_phones_take_is_taken(memory, at_once, waits, at_all):
    assert (memory <= sizes.AT_ONCE, memory > sizes.WAITS_FROM, memory <= sizes.AT_ALL) == (at_once, waits, at_all)


def test_an_upload_the_disk_had_no_room_for_is_no_empty_file():
    with pytest.raises(ValidationError, match="现在存不下照片") as refusal:
        clean(LostUpload("灯.jpg"))
    assert "空文件" not in refusal.value.messages[0]


def test_no_room_for_the_clean_photo_is_said(monkeypatch):
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cleaning, "SpooledTemporaryFile", full)
    with pytest.raises(ValidationError, match="现在存不下照片"):
        clean(upload(picture()))


def test_a_name_cannot_dress_up_the_sentence():
    name = "C:\\a\\" + "\u202egpj.\x07" + "x" * 60 + ".exe"
    with pytest.raises(ValidationError) as refusal:
        clean(upload(b"just words", name))
    sentence = refusal.value.messages[0]
    assert "\u202e" not in sentence
    assert "\x07" not in sentence
    assert len(sentence) < 90


def test_nobody_else_opens_heic():
    """The opener of HEIC is used here alone, not registered for every use of Pillow."""
    code = "import photos.cleaning; from PIL import Image; Image.init(); print('HEIF' in Image.OPEN)"
    root = Path(__file__).parents[2]
    import subprocess
    import sys

    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True).stdout == "False\n"
