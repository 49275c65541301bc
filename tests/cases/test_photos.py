"""What people upload becomes a clean photo or a clear refusal."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from cases import lost_files
from cases.photos import LONGEST_SIDE, MAX_BYTES, THUMBNAIL_SIDE, clean, clean_all
from residents.drafts import begin, write
from residents.services import Place
from tests.cast import MONDAY, submit


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, more.pop("colour", 0)).save(out, form, **more)
    return out.getvalue()


def upload(content: bytes, name: str = "楼道.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def reread(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_position_and_device_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Make of phone"
    exif.get_ifd(0x8825)[2] = (27.0, 22.0, 0.0)
    photo = clean(upload(picture(exif=exif)))
    assert not reread(photo.content).getexif()
    assert b"Make of phone" not in photo.content + photo.thumbnail


def test_what_hides_behind_the_picture_is_gone():
    assert b"<script>" not in clean(upload(picture() + b"<script>alert(1)</script>")).content


def test_a_phone_held_upright_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = clean(upload(picture(size=(60, 40), exif=exif)))
    assert (photo.width, photo.height) == (40, 60) == reread(photo.content).size


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_usual_kinds_become_jpeg_whatever_they_are_called(form):
    photo = clean(upload(picture(form), name="照片.txt"))
    assert reread(photo.content).format == "JPEG"


def test_large_pictures_are_made_smaller():
    photo = clean(upload(picture(size=(4000, 1000))))
    assert max(reread(photo.content).size) == LONGEST_SIDE
    assert max(reread(photo.thumbnail).size) == THUMBNAIL_SIDE


def test_what_is_see_through_lies_on_white():
    photo = clean(upload(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))))
    assert min(reread(photo.content).getpixel((5, 5))) > 250


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (a_zip(), "文件实际是压缩包"),
        (b"%PDF-1.7 ...", "PDF 文档"),
        (b"MZ\x90\x00", "程序"),
        (b"  <svg onload='alert(1)'/>", "网页或文本"),
        (b"GIF89a" + bytes(20), "GIF 动图"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC 照片"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "是视频"),
        (b"just words", "不是照片"),
        (picture()[:200], "没有传完整"),
        (b"", "空文件"),
        (bytes(MAX_BYTES + 1), "超过 10 MB"),
        (picture("PNG", size=(8000, 7000)), "像素太大"),
    ],
)
def test_what_is_no_photo_is_refused_by_what_it_is(content, said):
    with pytest.raises(ValidationError, match=said):
        clean(upload(content))


def test_the_good_ones_are_kept_when_one_is_refused():
    photos, refused = clean_all([upload(picture()), upload(a_zip(), "假的.jpg")])
    assert len(photos) == 1
    assert refused == ["“假的.jpg”不是照片（文件实际是压缩包或 Office 文档），请换成 JPG、PNG 或 WEBP 照片。"]


def test_nine_at_most():
    photos, refused = clean_all([upload(picture()) for _ in range(5)], already=6)
    assert len(photos) == 3
    assert refused == ["最多 9 张照片，有 2 张没有收下。"]


def test_a_name_cannot_dress_up_the_sentence():
    name = "C:\\a\\" + "\u202egpj.\x07" + "x" * 60 + ".exe"
    with pytest.raises(ValidationError) as refusal:
        clean(upload(b"just words", name))
    said = refusal.value.messages[0]
    assert "\u202e" not in said
    assert "\x07" not in said
    assert len(said) < 80


def files_in(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_of_an_act_rolled_back_are_removed_after_a_day(defaults, town, staff, resident, settings):
    kept = submit(resident, town, photos=[clean(upload(picture()))]).attachments.get()
    draft = begin(person=resident, place=Place(town.estate), address_note="", at=MONDAY)
    write(draft=draft, words="", is_anonymous=False, photos=[clean(upload(picture()))])
    named = files_in(settings.MEDIA_ROOT)
    with transaction.atomic():
        submit(resident, town, key="undone", photos=[clean(upload(picture()))])
        transaction.set_rollback(True)
    assert len(files_in(settings.MEDIA_ROOT)) == len(named) + 2
    written = max((Path(settings.MEDIA_ROOT) / name).stat().st_mtime for name in files_in(settings.MEDIA_ROOT))
    now = datetime.fromtimestamp(written, UTC)  # by the disk's own clock
    assert lost_files.remove(at=now + timedelta(hours=23)) == 0
    assert lost_files.remove(at=now + timedelta(hours=25)) == 2
    assert files_in(settings.MEDIA_ROOT) == named
    assert kept.file.name in named


def test_where_no_photo_was_ever_kept_there_is_nothing_to_remove(db):
    assert lost_files.remove(at=timezone.now()) == 0
