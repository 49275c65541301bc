"""Large pictures are made by a worker; until then nobody is served them, and what is damaged is told to who sent it."""

from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.deletion import ProtectedError
from PIL import Image

from cases.attachments import large as large_photos
from cases.attachments import photos as kept_photos
from cases.attachments.large import LEASE, MAX_TRIES, PUSH_BACK, make_due
from cases.models import Attachment, Case, Upload
from notices.models import Notice
from photos import sizes
from photos.cleaning import clean_all
from residents.drafts import begin, clear_old, drop_photo, submit, write
from residents.models import DraftPhoto
from residents.services import Place
from tests.photos.pictures import heic, picture, saved, upload
from tests.support.cast import MONDAY, signed_in
from tests.support.cast import submit as submit_case
from tests.support.machine import wait_until

WORDS = "楼道灯坏了三天"


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch):
    """So that small pictures take the way of large ones."""
    monkeypatch.setattr(sizes, "WAITS_FROM", 1000)


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Make of phone"
    exif[0x0112] = 6
    return picture(size=(600, 400), exif=exif)


def sent(content: bytes | None = None, name: str = "IMG_1.jpg") -> list[Any]:
    photos, refused = clean_all([upload(content or with_position(), name)], can_wait=True)
    assert refused == []
    return photos


@pytest.fixture
def waiting(defaults, town, staff, resident) -> Attachment:
    return submit_case(resident, town, photos=sent()).attachments.get()


def on_disk(settings) -> set[str]:
    return {
        str(path.relative_to(settings.MEDIA_ROOT)) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()
    }


def photo_list(client: Any, case: Case) -> Any:
    return client.get(f"/cases/{case.number}/").context["story"][-1].photos


def test_until_it_is_made_the_page_says_so_and_nobody_is_served_it(waiting, resident, grid_leader):
    for person in (resident, grid_leader):
        client = signed_in(person)
        (shown,) = photo_list(client, waiting.case)
        assert shown.note == "照片“IMG_1.jpg”正在处理，过一会儿再打开看。"
        assert (
            f'<li class="photo-note">{shown.note}</li>' in client.get(waiting.case.get_absolute_url()).content.decode()
        )
        for url in (shown.url, shown.thumb_url):
            assert client.get(url).status_code == 404
    (line,) = signed_in(resident).get(f"/api/v1/cases/{waiting.case.number}/").json()["story"]
    assert line["photos"][0]["note"] == shown.note


def test_the_worker_makes_a_clean_one(waiting, resident, settings):
    assert make_due(at=MONDAY) == 1
    waiting.refresh_from_db()
    assert (waiting.width, waiting.height, waiting.upload) == (400, 600, None)
    assert not Upload.objects.exists()
    assert on_disk(settings) == {waiting.file.name, waiting.thumbnail.name}
    (shown,) = photo_list(signed_in(resident), waiting.case)
    assert shown.note == ""
    content = b"".join(signed_in(resident).get(shown.url).streaming_content)
    assert b"Make of phone" not in content
    assert make_due(at=MONDAY) == 0


def test_the_bell_is_rung_when_it_is_sure_to_be_there(
    defaults, town, staff, resident, monkeypatch, django_capture_on_commit_callbacks
):
    rung: list[str] = []
    monkeypatch.setattr(kept_photos.current_app, "send_task", lambda name, **_: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        submit_case(resident, town, photos=sent())
        assert "cases.tasks.make_photos" not in rung
    assert rung.count("cases.tasks.make_photos") == 1


def test_heic_is_made_too(defaults, town, staff, resident):
    photo = submit_case(resident, town, photos=sent(heic((640, 480)), "IMG_2.HEIC")).attachments.get()
    assert make_due(at=MONDAY) == 1
    photo.refresh_from_db()
    with photo.file.open("rb") as file:
        assert Image.open(file).size == (640, 480)


@pytest.fixture
def damaged(defaults, town, staff, resident) -> Attachment:
    content = saved(Image.effect_noise((600, 400), 90).convert("RGB"), "JPEG")
    cut = content[: len(content) // 2]
    return submit_case(resident, town, photos=sent(cut, "IMG_3.jpg")).attachments.get()


def test_a_damaged_one_is_said_at_its_place_and_to_who_sent_it(damaged, resident, settings):
    assert make_due(at=MONDAY) == 0
    (shown,) = photo_list(signed_in(resident), damaged.case)
    assert shown.note == "“IMG_3.jpg”已损坏或没有传完整，请重新拍一张或再传一次。"
    notice = Notice.objects.get(kind="case.photo_refused")
    assert (notice.person, notice.words, notice.path) == (resident, shown.note, damaged.case.get_absolute_url())
    assert on_disk(settings) == set()
    assert make_due(at=MONDAY + timedelta(days=1)) == 0


def test_one_that_would_take_too_much_memory_is_refused_unopened(waiting, monkeypatch):
    monkeypatch.setattr(sizes, "AT_ALL", 999)
    make_due(at=MONDAY)
    waiting.upload.refresh_from_db()
    assert waiting.upload.refused.startswith("“IMG_1.jpg”有 600×400 像素，太大了。")


class Killed(BaseException):
    """As the machine kills: nothing of ours is run any more."""


def test_a_picture_that_kills_workers_is_given_up_with_the_reason(waiting, monkeypatch, settings):
    def die(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(large_photos, "clean", die)
    at = MONDAY
    for _ in range(MAX_TRIES):
        with pytest.raises(Killed):
            make_due(at=at)
        assert make_due(at=at) == 0  # it is leased: nobody else dies of it meanwhile
        at += LEASE + timedelta(seconds=1)
    assert make_due(at=at) == 0
    waiting.upload.refresh_from_db()
    assert waiting.upload.refused == "照片“IMG_1.jpg”处理不了，没有收下。请在手机上打开它截一张屏，传截屏。"
    assert on_disk(settings) == set()


def test_one_whose_worker_died_is_made_by_the_next(waiting, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(large_photos, "store", lambda *_, **__: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            make_due(at=MONDAY)
    assert make_due(at=MONDAY + LEASE + timedelta(seconds=1)) == 1


def test_no_room_is_no_fault_of_the_picture(waiting):
    with pytest.MonkeyPatch.context() as full:
        full.setattr(default_storage.__class__, "save", lambda *_: (_ for _ in ()).throw(OSError(28, "no space")))
        for tried in range(MAX_TRIES + 2):
            assert make_due(at=MONDAY + 2 * tried * PUSH_BACK) == 0
            waiting.upload.refresh_from_db()
            assert waiting.upload.due_at > MONDAY + 2 * tried * PUSH_BACK  # it was tried
    assert (waiting.upload.refused, waiting.upload.tries) == ("", 0)
    assert make_due(at=MONDAY + timedelta(days=1)) == 1


def test_while_one_is_made_nobody_begins_another(waiting, town, resident):
    submit_case(resident, town, key="two", photos=sent())
    assert large_photos._lease(MONDAY) is not None
    assert large_photos._lease(MONDAY) is None
    assert large_photos._lease(MONDAY + LEASE + timedelta(seconds=1)) is not None


def test_one_begun_while_the_clock_ran_ahead_is_begun_anew(waiting):
    assert large_photos._lease(MONDAY + timedelta(hours=1)) is not None
    assert make_due(at=MONDAY) == 1


# A photo of a draft.


@pytest.fixture
def draft(defaults, town, staff, resident):
    made = begin(person=resident, place=Place(town.estate, town.building), address_note="", at=MONDAY)
    write(draft=made, words=WORDS, is_anonymous=False, photos=sent(), at=MONDAY)
    return made


def test_a_draft_shows_what_is_being_made(draft, resident):
    client, photo = signed_in(resident), draft.photos.get()
    page = client.get(f"/requests/new/{draft.key}/words/").content.decode()
    assert f"<p>{photo.note}</p>" in page
    assert client.get(f"/requests/new/{draft.key}/photos/{photo.pk}/").status_code == 404
    make_due(at=MONDAY)
    assert client.get(f"/requests/new/{draft.key}/photos/{photo.pk}/").status_code == 200
    assert "正在处理" not in client.get(f"/requests/new/{draft.key}/words/").content.decode()


def test_a_draft_says_before_it_is_sent_that_a_photo_was_refused(draft, resident, monkeypatch):
    monkeypatch.setattr(sizes, "AT_ALL", 999)
    make_due(at=MONDAY)
    client, photo = signed_in(resident), draft.photos.get()
    assert "太大了" in photo.note
    for screen in ("words", "confirm"):
        assert photo.note in client.get(f"/requests/new/{draft.key}/{screen}/").content.decode()
    case = submit(draft=draft, category=None, at=MONDAY)
    assert case.attachments.get().note == photo.note  # never a silent loss


def test_sent_while_it_waits_it_becomes_the_cases(draft, settings):
    case = submit(draft=draft, category=None, at=MONDAY)
    assert not DraftPhoto.objects.exists()
    assert make_due(at=MONDAY) == 1
    photo = case.attachments.get()
    assert photo.note == ""
    assert on_disk(settings) == {photo.file.name, photo.thumbnail.name}


@pytest.mark.parametrize("how", ["dropped", "forgotten", "case erased"])
def test_what_is_deleted_meanwhile_leaves_nothing(draft, settings, how):
    upload = large_photos._lease(MONDAY)
    if how == "dropped":
        drop_photo(draft=draft, photo_id=draft.photos.get().pk)
    elif how == "forgotten":
        clear_old(at=MONDAY + timedelta(days=8))
    else:
        case = submit(draft=draft, category=None, at=MONDAY)
        kept_photos.forget(case.attachments.all())
    assert not Upload.objects.exists()
    assert not large_photos._make(upload, lambda: MONDAY)
    assert on_disk(settings) == set()


def test_deleted_while_the_worker_was_at_it_leaves_nothing(draft, settings, monkeypatch):
    make = large_photos._clean

    def slow(upload: Upload) -> Any:
        photo = make(upload)
        drop_photo(draft=draft, photo_id=draft.photos.get().pk)
        return photo

    monkeypatch.setattr(large_photos, "_clean", slow)
    assert make_due(at=MONDAY) == 0
    assert on_disk(settings) == set()


def test_an_upload_cannot_go_from_under_its_photo(waiting):
    with pytest.raises(ProtectedError), transaction.atomic():
        Upload.objects.all().delete()


# Several at once, and a real worker.


def beside(*acts: Any) -> list[BaseException]:
    """Each in a thread with a connection of its own."""
    faults: list[BaseException] = []

    def run(act: Any) -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_eight_workers_make_each_once(defaults, town, staff, resident, monkeypatch, settings):
    photos, _ = clean_all([upload(picture(size=(90, n)), f"{n}.jpg") for n in range(50, 58)], can_wait=True)
    case = submit_case(resident, town, photos=photos)
    made: list[str] = []
    clean = large_photos._clean
    monkeypatch.setattr(large_photos, "_clean", lambda photo: made.append(photo.name) or clean(photo))
    assert beside(*[lambda: make_due(at=MONDAY)] * 8) == []
    assert sorted(made) == [f"{n}.jpg" for n in range(50, 58)]
    assert {photo.note for photo in case.attachments.all()} == {""}
    assert len(on_disk(settings)) == 16


@pytest.mark.django_db(transaction=True)
def test_sending_and_making_at_the_same_moment_never_stop_each_other(defaults, town, staff, resident):
    for number in range(6):
        made = begin(person=resident, place=Place(town.estate, town.building), address_note="", at=MONDAY)
        write(draft=made, words=WORDS, is_anonymous=False, photos=sent(), at=MONDAY)
        assert beside(lambda: make_due(at=MONDAY), lambda made=made: submit(draft=made, category=None, at=MONDAY)) == []
        make_due(at=MONDAY)
        photo = Attachment.objects.order_by("pk").last()
        assert (photo.note, Attachment.objects.count()) == ("", number + 1)
        assert default_storage.exists(photo.file.name)


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_photo(worker, defaults, town, staff, resident, settings):
    settings.MEDIA_ROOT = worker.folder / "media"
    large = upload(saved(Image.new("RGB", (6400, 4800), "green"), "JPEG", subsampling=0), "大.jpg")
    (photo,), _ = clean_all([large], can_wait=True)
    worker.start()
    case = submit_case(resident, town, photos=[photo])
    worker.kill()
    Upload.objects.update(leased_until=None)  # as after two minutes
    worker.start()
    wait_until(lambda: case.attachments.filter(upload=None).exists(), why=lambda: worker.log.read_text()[-2000:])
    assert case.attachments.get().width == 2560
