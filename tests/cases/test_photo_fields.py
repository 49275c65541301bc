"""Photos with an act of a case and with a request, by page and API: a strip, a disk without room."""

import errno
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Attachment, Case
from residents.models import Draft, DraftPhoto
from tests.photos.no_room import SENTENCE, Field, says_that_there_is_no_room, takes_a_strip
from tests.photos.pictures import picture, png
from tests.support.cast import draw, signed_in

WORDS = "三楼的灯也不亮"


@pytest.fixture(params=["note", "finish", "register", "screen two"])
def field(request, defaults, town, staff, resident):
    if request.param == "screen two":
        client = signed_in(resident)
        url = client.post("/requests/new/", {"place": town.estate.pk, "building": town.building.pk})["Location"]
        return Field(client, url, lambda: {"words": WORDS}, DraftPhoto.objects.count, typed={"words": WORDS})
    if request.param == "register":
        posted = {
            "key": uuid4(),
            "place": town.estate.pk,
            "words": WORDS,
            "urgency": "normal",
            "address_note": "502 室",
        }
        typed = {"words": WORDS, "address_note": "502 室"}
        client = signed_in(staff["community_worker"])
        return Field(client, "/requests/register/", lambda: posted, Attachment.objects.count, typed=typed)
    case = request.getfixturevalue("request_case")
    client = signed_in(resident if request.param == "note" else staff["grid_leader"])
    if request.param == "finish":
        draw(case, "sign", staff["grid_leader"])
    version = Case.objects.get(pk=case.pk).version
    posted = {"version": version, "words": WORDS}
    return Field(
        client,
        f"/cases/{case.number}/{request.param}/",
        lambda: posted,
        Attachment.objects.count,
        typed={"words": WORDS},
    )


def test_a_strip_is_taken(field):
    takes_a_strip(field)


@pytest.mark.parametrize("no_room", [errno.ENOSPC, errno.EROFS, errno.EACCES], indirect=True)
def test_no_room_for_photos_is_said_and_the_words_are_kept(field, settings, no_room):
    says_that_there_is_no_room(field, settings.MEDIA_ROOT)


def test_of_the_words_on_screen_two_nothing_is_lost(defaults, town, staff, resident, no_room):
    client = signed_in(resident)
    url = client.post("/requests/new/", {"place": town.estate.pk, "building": town.building.pk})["Location"]
    client.post(url, {"words": WORDS, "photos": [SimpleUploadedFile("灯.jpg", picture())]})
    assert Draft.objects.get().words == WORDS  # the phone may be put away now
    confirm = client.post(url, {"words": WORDS})["Location"]
    client.post(confirm, {"category": ""})
    assert Case.objects.get().request.words == WORDS


def test_photos_of_a_draft_go_over_to_the_case_without_a_byte_written(
    defaults, town, staff, resident, settings, request
):
    client = signed_in(resident)
    url = client.post("/requests/new/", {"place": town.estate.pk, "building": town.building.pk})["Location"]
    confirm = client.post(url, {"words": WORDS, "photos": [SimpleUploadedFile("灯.jpg", picture())]})["Location"]
    kept = DraftPhoto.objects.get().file.name
    request.getfixturevalue("no_room")
    client.post(confirm, {"category": ""})
    photo = Case.objects.get().attachments.get()
    assert photo.file.name == kept
    answer = client.get(f"/cases/{photo.case.number}/photos/{photo.token}/")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")


@pytest.mark.parametrize("no_room", [errno.ENOSPC, errno.EROFS, errno.EACCES], indirect=True)
@pytest.mark.parametrize("door", ["requests", "act"])
def test_the_api_says_it_at_the_field(request, defaults, town, staff, resident, settings, no_room, door):
    client, url = signed_in(resident), "/api/v1/requests/"
    posted = {"key": str(uuid4()), "place": town.estate.pk, "words": WORDS}
    if door == "act":
        case = request.getfixturevalue("request_case")
        url, posted = f"/api/v1/cases/{case.number}/acts/note/", {"version": case.version, "words": WORDS}
    answer = client.post(url, {**posted, "photos": [SimpleUploadedFile("灯.jpg", picture())]})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["pointer"] == "#/photos"
    assert error["detail"].startswith(SENTENCE)
    assert not Attachment.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert client.post(url, posted).status_code in {200, 201}


def test_the_api_takes_a_strip(defaults, town, staff, resident):
    posted = {"key": str(uuid4()), "place": town.estate.pk, "words": WORDS}
    answer = signed_in(resident).post(
        "/api/v1/requests/", {**posted, "photos": [SimpleUploadedFile("1.png", png((1, 700)))]}
    )
    assert answer.status_code == 201
    assert Attachment.objects.count() == 1


def test_a_photo_beside_a_refused_one_is_kept_in_the_draft(defaults, town, staff, resident):
    client = signed_in(resident)
    url = client.post("/requests/new/", {"place": town.estate.pk, "building": town.building.pk})["Location"]
    files = [SimpleUploadedFile("假.jpg", b"PK\x03\x04" + bytes(50)), SimpleUploadedFile("灯.jpg", picture())]
    answer = client.post(url, {"words": WORDS, "photos": files})
    (refused,) = answer.context["form"].errors["photos"]
    assert "“假.jpg”不是照片" in refused
    assert DraftPhoto.objects.count() == 1


def test_the_file_picker_offers_what_phones_take(defaults, town, staff, resident):
    client = signed_in(resident)
    url = client.post("/requests/new/", {"place": town.estate.pk, "building": town.building.pk})["Location"]
    widget = client.get(url).context["form"]["photos"].subwidgets[0].data["attrs"]
    assert set(widget["accept"].split(",")) >= {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "image/heif",
        ".heic",
    }
