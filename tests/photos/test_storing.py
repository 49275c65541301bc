"""Photos are stored all or none, and what is said where the disk takes none."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as house
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from photos.storing import NoRoom, store

STORE = """
import json, os, sys
from django.conf import settings
settings.configure(MEDIA_ROOT=sys.argv[1])
from django.core.files.base import ContentFile
from photos.storing import NoRoom, store
try:
    store([ContentFile(bytes(40_000), name="a.jpg"), ContentFile(bytes(400_000), name="b.jpg")], at="photo")
except NoRoom as refusal:
    print(json.dumps([refusal.message_dict, [files for _, _, files in os.walk(sys.argv[1]) if files]]))
"""


def on_disk(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_names_come_in_order_and_say_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    names = store(ContentFile(content, name="灯.jpg") for content in (b"one", b"two"))
    assert [default_storage.open(name).read() for name in names] == [b"one", b"two"]
    assert all(name.startswith("photos/") and "灯" not in name for name in names)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "现在存不下照片，照片没有收下。您填的内容还在：可以先不带照片提交，过一会儿再补。"),
        ({"needed": True}, "现在存不下照片，没有收下，请过一会儿再传。"),
        ({"what": "文件"}, "现在存不下文件，文件没有收下。您填的内容还在：可以先不带文件提交，过一会儿再补。"),
    ],
)
def test_it_is_said_with_the_way_out(settings, tmp_path, no_room, more, sentence):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(NoRoom) as refusal:
        store([ContentFile(b"x", name="a.jpg")], at="photo", **more)
    assert refusal.value.message_dict == {"photo": [sentence]}
    assert isinstance(refusal.value, ValidationError)


def test_when_the_last_does_not_fit_the_first_goes_too(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    save, saved = type(default_storage._wrapped or default_storage)._save, []

    def one_and_no_more(self, name, content):
        if saved:
            raise OSError(28, "No space left on device")
        saved.append(name)
        return save(self, name, content)

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", one_and_no_more)
    with pytest.raises(NoRoom):
        store(ContentFile(b"x", name="a.jpg") for _ in range(3))
    assert saved
    assert on_disk(settings) == []


def test_a_folder_nobody_may_write_to(settings, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root 什么都能写，试不出只读目录")
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir(mode=0o500)
    with pytest.raises(NoRoom):
        store([ContentFile(b"x", name="a.jpg")])


@pytest.fixture
def small_disk(tmp_path: Path) -> list[str]:
    """How a command is run that has a disk of 200 KB at `tmp_path`, its own and gone with it."""
    script = f'mount -t tmpfs -o size=200k none "{tmp_path}" && exec "$@"'
    run = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    try:
        subprocess.run([*run, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("这台机器不让普通用户挂一块小盘（unshare --user --mount）")
    return run


def test_a_disk_that_is_really_full(small_disk, tmp_path):
    command = [*small_disk, sys.executable, "-c", STORE, str(tmp_path)]
    out = subprocess.run(command, cwd=house.BASE_DIR, capture_output=True, text=True, check=True).stdout
    messages, left = json.loads(out)
    assert messages["photo"][0].startswith("现在存不下照片")
    assert left == []
