"""A file the disk has no room for while it comes: the form says so, and what else was typed is kept."""

import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from residents.models import Draft
from tests.support.cast import signed_in

WORDS = "楼道灯坏了三天"


def large() -> SimpleUploadedFile:
    """More than is held in memory while it comes."""
    out = io.BytesIO()
    Image.frombytes("RGB", (1200, 900), os.urandom(1200 * 900 * 3)).save(out, "PNG")
    assert len(out.getvalue()) > 3_000_000
    return SimpleUploadedFile("灯.png", out.getvalue())


def full_at_once(monkeypatch, settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere/at/all"


def full_on_the_way(monkeypatch, settings) -> None:
    monkeypatch.setattr(TemporaryUploadedFile, "write", _full, raising=False)


def full_at_the_end(monkeypatch, settings) -> None:
    monkeypatch.setattr(TemporaryUploadedFile, "seek", _full, raising=False)


def _full(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.fixture(params=[full_at_once, full_on_the_way, full_at_the_end])
def full(request, monkeypatch, settings):
    request.param(monkeypatch, settings)


def test_no_room_while_it_comes_is_said_and_the_words_are_kept(defaults, town, staff, resident, full):
    client = signed_in(resident)
    url = client.post("/requests/new/", {"place": town.estate.pk, "building": town.building.pk})["Location"]
    answer = client.post(url, {"words": WORDS, "photos": [large()]})
    (error,) = answer.context["form"].errors["photos"]
    assert error.startswith("现在存不下照片，照片没有收下。")
    assert answer.context["form"]["words"].value() == WORDS == Draft.objects.get().words
    assert client.post(url, {"words": WORDS}).status_code == 302


def test_a_table_there_is_no_room_for_is_refused_at_its_field(defaults, town, staff, full):
    table = SimpleUploadedFile("热线.csv", b"x" * 3_000_000)
    answer = signed_in(staff["community_worker"]).post("/requests/import/", {"file": table, "source": "12345 热线"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"] == ["这个文件是空的。"]
