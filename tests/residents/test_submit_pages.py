"""The three screens with whatever people type: a clear message at the field, what was typed is kept."""

import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.models import Case, Category
from grids.tree import services as tree
from residents.drafts import clear_old
from residents.models import Draft, Resident
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import ERROR, inside, value, words
from zhenghe.uploads import KEPT_BYTES

NEW = "/requests/new/"


@pytest.fixture
def at_door(defaults, town, staff, resident):
    """A resident's client, and a helper that goes through screen one."""
    return signed_in(resident)


def begin(client, town) -> str:
    answer = client.post(NEW, {"place": town.estate.pk, "building": town.building.pk, "address_note": "502 室"})
    assert answer.status_code == 302
    return answer["Location"]


def photo(name: str = "灯.jpg", colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def page(answer) -> str:
    return answer.content.decode()


def test_three_screens_and_done(at_door, town, resident):
    words = begin(at_door, town)
    answer = at_door.post(words, {"words": "楼道灯坏了", "photos": [photo()], "is_anonymous": "on"})
    confirm = answer["Location"]
    lamp = Category.objects.get(path="公共设施/照明")
    assert "公共设施 › 照明" in page(at_door.get(confirm))
    done = at_door.post(confirm, {"category": lamp.pk})
    case = Case.objects.get()
    assert done["Location"] == f"/requests/{case.number}/done/"
    assert (case.category, case.hides_asker, case.attachments.count()) == (lamp, True, 1)
    assert case.request.address_note == "502 室"
    assert not Draft.objects.exists()
    assert Resident.objects.get(person=resident).building == town.building


def test_an_empty_body_is_refused_at_the_field(at_door, town):
    answer = at_door.post(begin(at_door, town), {})
    assert "请" in inside(answer, ERROR)
    assert not Draft.objects.exclude(words="").exists()


def test_a_photo_that_is_lost_is_not_found(at_door, town):
    at_door.post(begin(at_door, town), {"words": "楼道灯坏了", "photos": [photo()]})
    kept = Draft.objects.get().photos.get()
    path = f"{NEW}{kept.draft.key}/photos/{kept.pk}/"
    assert at_door.get(path).status_code == 200
    kept.thumbnail.storage.delete(kept.thumbnail.name)
    assert at_door.get(path).status_code == 404


def test_the_next_time_the_place_is_one_tap(at_door, town, resident):
    Resident.objects.create(person=resident, grid=town.estate, building=town.building)
    assert "宜和佳苑" in page(at_door.get(NEW))
    assert "/words/" in at_door.post(NEW, {"remembered": "1"})["Location"]


def test_the_same_form_sent_twice_is_one_case(at_door, town):
    confirm = at_door.post(begin(at_door, town), {"words": "楼道灯坏了"})["Location"]
    first = at_door.post(confirm, {"category": ""})
    again = at_door.post(confirm, {"category": ""})
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "refusal"),
    [("", "请用您自己的话说说"), ("\u200b \x07", "请用您自己的话说说"), ("长" * 8001, "最多 8000 字，您写了 8001 字")],
)
def test_bad_words_are_said_at_their_field(at_door, town, words, refusal):
    answer = at_door.post(begin(at_door, town), {"words": words, "photos": [photo()]})
    assert answer.status_code == 200
    assert refusal in page(answer)
    assert Draft.objects.get().photos.count() == 1  # the photo need not be chosen again


def test_seven_thousand_characters_with_emoji_go_through(at_door, town):
    text = "灯坏了😀" * 1750
    confirm = at_door.post(begin(at_door, town), {"words": text})["Location"]
    at_door.post(confirm, {"category": ""})
    assert Case.objects.get().request.words == text


def test_a_zip_called_jpg_is_refused_and_the_words_are_kept(at_door, town):
    fake = SimpleUploadedFile("假.jpg", b"PK\x03\x04" + bytes(50))
    answer = at_door.post(begin(at_door, town), {"words": "灯坏了，有照片", "photos": [fake, photo()]})
    assert "“假.jpg”不是照片（文件实际是压缩包" in page(answer)
    assert "灯坏了，有照片" in page(answer)


def test_two_hundred_megabytes_are_refused_at_the_field(at_door, town, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    huge = SimpleUploadedFile("视频.jpg", b"")
    size = 200 * 1024 * 1024
    huge.file = _Zeros(size)
    huge.size = size
    answer = at_door.post(begin(at_door, town), {"words": "拍了视频", "photos": [huge]})
    assert "有 200.0 MB，超过 10 MB" in page(answer)
    assert "拍了视频" in page(answer)
    assert size > KEPT_BYTES


class _Zeros(io.RawIOBase):
    """So many zeros, without holding them."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return bytes(size)


def test_more_than_nine_photos(at_door, town):
    photos = [photo(f"{number}.jpg", colour=(number * 20, 0, 0)) for number in range(11)]
    answer = at_door.post(begin(at_door, town), {"words": "很多照片", "photos": photos})
    assert "最多 9 张照片，有 2 张没有收下" in page(answer)


def test_the_same_photo_twice_is_kept_once(at_door, town):
    at_door.post(begin(at_door, town), {"words": "照片", "photos": [photo(), photo("另一个名字.jpg")]})
    assert Draft.objects.get().photos.count() == 1


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        ({"place": ""}, "请选择小区"),
        ({"place": "999999"}, "请重新选择"),
        ({"place": "<script>"}, "请重新选择"),
        ({"building": "999999"}, "不在所选小区里"),
        ({"address_note": "长" * 101}, "最多 100 字，您写了 101 字"),
    ],
)
def test_a_bad_place_is_said_at_its_field(at_door, town, spoil, refusal):
    answer = at_door.post(NEW, {"place": town.estate.pk, "building": town.building.pk, "address_note": "", **spoil})
    assert answer.status_code == 200
    assert refusal in page(answer)
    assert not Draft.objects.exists()


def test_a_place_merged_away_meanwhile(at_door, town):
    confirm = at_door.post(begin(at_door, town), {"words": "灯坏了"})["Location"]
    tree.merge(source=town.grid, into=town.next_grid, at=MONDAY)
    at_door.post(confirm, {"category": ""})
    assert Case.objects.get().grid == town.next_grid  # the door went over, so the request goes with it


def test_an_estate_merged_away_meanwhile(at_door, town):
    answer = at_door.post(NEW, {"place": town.estate.pk})
    confirm = at_door.post(answer["Location"], {"words": "灯坏了"})["Location"]
    other = tree.add(parent=town.community, name="胜地心苑")
    tree.merge(source=town.estate, into=other, at=MONDAY)
    answer = at_door.post(confirm, {"category": ""})
    assert "已撤并" in inside(answer, ERROR)
    assert "灯坏了" in words(answer, "//dd")
    assert not Case.objects.exists()


def test_a_category_retired_meanwhile(at_door, town):
    confirm = at_door.post(begin(at_door, town), {"words": "楼道灯坏了"})["Location"]
    lamp = Category.objects.get(path="公共设施/照明")
    lamp.retired_at = MONDAY
    lamp.save()
    answer = at_door.post(confirm, {"category": lamp.pk})
    assert "这一分类已停用" in page(answer)
    assert not Case.objects.exists()


def test_danger_is_told_to_ring_110_at_once(at_door, town):
    confirm = at_door.post(begin(at_door, town), {"words": "楼下有人持刀打人"})["Location"]
    assert "tel:110" in page(at_door.get(confirm))


def test_confirming_before_anything_was_said_goes_back(at_door, town):
    words = begin(at_door, town)
    assert at_door.get(words.replace("words", "confirm"))["Location"] == words


def test_a_draft_is_nobody_elses(at_door, town, neighbour, grid_leader):
    words = begin(at_door, town)
    at_door.post(words, {"words": "灯坏了", "photos": [photo()]})
    draft = Draft.objects.get()
    for person in (neighbour, grid_leader):
        stranger = signed_in(person)
        for path in (words, words.replace("words", "confirm"), f"{NEW}{draft.key}/photos/{draft.photos.get().pk}/"):
            assert stranger.get(path).status_code == 404
        assert stranger.post(f"{NEW}{draft.key}/photos/{draft.photos.get().pk}/drop/").status_code == 404
    assert draft.photos.count() == 1


def test_a_photo_can_be_taken_out_again(at_door, town):
    words = begin(at_door, town)
    at_door.post(words, {"words": "灯坏了", "photos": [photo()]})
    kept = Draft.objects.get().photos.get()
    path = kept.file.path
    at_door.post(words.replace("words/", f"photos/{kept.pk}/drop/"))
    assert not Draft.objects.get().photos.exists()
    assert not Path(path).exists()


def test_drafts_nobody_came_back_to_are_forgotten_with_their_photos(at_door, town):
    words = begin(at_door, town)
    at_door.post(words, {"words": "灯坏了", "photos": [photo()]})
    draft = Draft.objects.get()
    stored = draft.photos.get().file
    assert clear_old(at=draft.begun_at + timedelta(days=6)) == 0
    assert clear_old(at=draft.begun_at + timedelta(days=8)) == 1
    assert not stored.storage.exists(stored.name)


def test_a_made_up_draft_is_not_there(at_door):
    assert at_door.get(f"{NEW}{uuid.uuid4()}/words/").status_code == 404


def test_without_javascript_the_buildings_come_back_on_the_same_screen(at_door, town):
    answer = at_door.post(NEW, {"place": town.estate.pk, "show_buildings": "1", "address_note": "东门"})
    assert "3幢1单元" in page(answer)
    assert value(answer, "address_note") == "东门"


def test_a_stale_page_says_so_and_keeps_what_was_typed(request_case, grid_leader):
    from tests.support.cast import draw

    draw(request_case, "sign", grid_leader)
    client, url = signed_in(grid_leader), f"/cases/{request_case.number}/finish/"
    answer = client.post(url, {"version": 0, "words": "灯换好了，试过能亮"})
    assert "刚刚已被他人处理" in page(answer)
    assert "灯换好了，试过能亮" in page(answer)
    request_case.refresh_from_db()
    assert request_case.state == "accepted"
