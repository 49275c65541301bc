"""What somebody wrote when the portal could not take it: kept, given back to them alone, and sent by nobody but them."""

import io
import os
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as ours
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.limiter import LIMITS
from accounts.models import KeptFile, KeptForm, User
from accounts.privacy import rights
from accounts.sign_in.sessions import SEEN
from accounts.unsent import forms as kept_forms
from cases.models import Attachment, Case
from residents.models import Draft
from tests.support.cast import MONDAY, draw, signed_in, whole_database
from tests.support.forms import HOST, fields_of, form_on, send_from, value_of
from tests.support.senders import comes_back

pytestmark = pytest.mark.django_db
WORDS = "老张家门口的井盖松了，\n晚上看不见 <危险> & “当心”"
HERE = {"HTTP_ORIGIN": HOST}


def photo(name: str = "井盖.jpg", colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def end_session(client: Client) -> None:
    Session.objects.filter(session_key=client.session.session_key).delete()


@pytest.fixture
def resident(resident: User) -> User:
    """As residents are: without a password."""
    resident.set_unusable_password()
    resident.save()
    return resident


@pytest.fixture
def draft(resident, town) -> Draft:
    return Draft.objects.create(person=resident, grid=town.estate, begun_at=MONDAY)


@pytest.fixture
def page(draft) -> str:
    return f"/requests/new/{draft.key}/words/"


@pytest.fixture
def client(resident, page) -> Client:
    """A resident's browser, the page open."""
    browser = signed_in(resident)
    browser.get(page)
    return browser


def test_a_resident_whose_session_is_over_finds_words_and_photo_again(client, resident, page, draft):
    end_session(client)
    answer = send_from(client, page, {"words": WORDS, "is_anonymous": "on", "photos": [photo()]})
    assert answer["Location"] == f"/sign-in/?next={page.replace('/', '%2F')}"
    assert "内容已经留好" in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"], {"phone": resident.phone})
    code = client.get(f"/sign-in/code/?next={page}").content.decode().partition("验证码是 ")[2][:6]
    answer = client.post(f"/sign-in/code/?next={page}", {"code": code})
    assert answer["Location"] == page
    answer = client.get(page)
    form = form_on(answer)
    assert value_of(form, "words") == WORDS
    assert value_of(form, "is_anonymous") == "on"
    assert "刚才没有送出的内容已放回" in form.text_content()
    assert "已收到的照片、文件 1 个" in form.text_content()
    assert not draft.photos.exists()  # nothing is sent by itself
    sent = fields_of(form)
    assert send_from(client, page, sent)["Location"] == f"/requests/new/{draft.key}/confirm/"
    draft.refresh_from_db()
    assert (draft.words, draft.is_anonymous) == (WORDS.strip(), True)
    assert draft.photos.count() == 1
    assert not KeptForm.objects.exists()
    assert not default_storage.listdir("kept")[1]
    assert value_of(form_on(client.get(page)), "words") == draft.words


def test_staff_come_back_by_their_own_door_to_their_act(request_case, grid_leader, secretary, staff):
    draw(request_case, "sign", grid_leader)
    page = f"/cases/{request_case.number}/note/?from=list"
    for person in (grid_leader, secretary):
        browser = signed_in(person)
        assert browser.get(page).status_code == 200
        session = browser.session
        session[SEEN] = timezone.now().timestamp() - 40 * 24 * 3600
        session.save()
        answer = send_from(browser, page, {"words": WORDS, "version": "1"})
        assert answer["Location"].startswith("/sign-in/password/?next=%2Fcases%2F")
        assert answer["Location"].endswith("%3Ffrom%3Dlist")
        comes_back(browser, person)
        form = form_on(browser.get(page))
        assert value_of(form, "words") == WORDS
        request_case.refresh_from_db()
        assert value_of(form, "version") == str(request_case.version)


def test_a_form_sent_twice_stays_one_case(client, resident, defaults, town, staff):
    """The key by which it is taken once comes back with it."""
    page = reverse("disputes:apply")
    first = value_of(form_on(client.get(page)), "key")
    end_session(client)
    send_from(client, page, {"key": first, "screen": "where", "place": town.estate.pk, "place_note": "东门"})
    comes_back(client, resident)
    form = form_on(client.get(page))
    assert value_of(form, "key") == first
    assert value_of(form, "place") == str(town.estate.pk)
    assert value_of(form, "place_note") == "东门"


def test_the_words_of_a_later_step_come_along(client, resident, defaults, town, staff):
    """Sent on the third screen, which nobody reaches but over the first."""
    page = reverse("disputes:apply")
    client.get(page)
    end_session(client)
    posted = {"key": "0a0b0c0d-0000-4000-8000-000000000001", "screen": "confirm", "place": town.estate.pk,
              "building": town.building.pk, "other_name": "老赵", "summary": WORDS}  # fmt: skip
    send_from(client, page, posted)
    comes_back(client, resident)
    form = form_on(client.get(page))
    assert value_of(form, "screen") == "where"
    assert value_of(form, "building") == str(town.building.pk)
    answer = send_from(client, page, fields_of(form))
    assert value_of(form_on(answer), "summary") == WORDS.strip()
    assert value_of(form_on(answer), "other_name") == "老赵"


def test_it_is_given_to_nobody_else(client, resident, neighbour, page, draft):
    end_session(client)
    send_from(client, page, {"words": WORDS})
    comes_back(client, neighbour)
    assert WORDS[:5] not in client.get("/unsent/").content.decode()
    assert client.get(page).status_code == 404
    client.post("/sign-out/")
    other = signed_in(resident)  # the same person on another browser
    assert value_of(form_on(other.get(page)), "words") == ""
    kept = KeptForm.objects.get()
    other.post(f"/unsent/{kept.key}/drop/")
    stolen = other.post(page, {"words": "x", "kept_form": kept.key})
    assert stolen.status_code == 302
    assert KeptForm.objects.filter(pk=kept.pk).exists()
    comes_back(client, resident)
    assert value_of(form_on(client.get(page)), "words") == WORDS


def test_a_token_that_is_too_old_keeps_the_words_and_says_so(resident, page, draft):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(resident)
    browser.get(page)
    refused = send_from(browser, page, {"words": WORDS, "csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert f'href="{page}"' in refused.content.decode()
    assert "刚才写的内容已经留好" in refused.content.decode()
    assert value_of(form_on(browser.get(page)), "words") == WORDS
    draft.refresh_from_db()
    assert draft.words == ""


def test_what_was_not_kept_is_not_promised(resident, page):
    """No word of it on a page whose form another site sent, or that carried nothing."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(resident)
    browser.get(page)
    for headers in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}, {},
                    {"HTTP_REFERER": "https://evil.example/"}):  # fmt: skip
        answer = browser.post(page, {"words": "塞进来的话"}, **headers)
        assert answer.status_code == 403
        assert "留好" not in answer.content.decode()
    assert not KeptForm.objects.exists()


def test_who_was_too_quick_finds_it_again(request_case, grid_leader):
    browser = signed_in(grid_leader)
    page = f"/cases/{request_case.number}/asker-phone/"
    for number in range(LIMITS["reveal"]["person"].times):
        send_from(browser, page, {"reason": f"联系居民第 {number} 次"})
    answer = send_from(browser, page, {"reason": "约明天上午"})
    assert answer.status_code == 429
    assert "刚才写的内容已经留好" in answer.content.decode()
    assert value_of(form_on(browser.get(page)), "reason") == "约明天上午"


@pytest.fixture
def broken(monkeypatch):
    def fail(**_):
        raise RuntimeError("a fault")

    monkeypatch.setattr("residents.drafts.write", fail)


def test_a_fault_keeps_words_and_photos(client, page, draft, broken, monkeypatch):
    client.raise_request_exception = False
    answer = send_from(client, page, {"words": WORDS, "photos": [photo()]})
    assert answer.status_code == 500
    assert "刚才写的内容已经留好" in answer.content.decode()
    again = fields_of(form_on(client.get(page)))
    assert again["words"] == [WORDS]
    assert send_from(client, page, again).status_code == 500  # it is still broken: nothing is lost the second time
    kept = KeptForm.objects.get()
    assert kept.files.count() == 1
    monkeypatch.undo()
    again = fields_of(form_on(client.get(page)))
    assert send_from(client, page, {**again, "photos": [photo("二.jpg", "blue")]}).status_code == 302
    assert draft.photos.count() == 2
    assert not KeptFile.objects.exists()


def test_a_fault_while_keeping_does_not_hide_the_first(client, page, broken, monkeypatch):
    def fail(*_):
        raise OSError("no database either")

    monkeypatch.setattr("accounts.unsent.forms._keep", fail)
    client.raise_request_exception = False
    answer = send_from(client, page, {"words": WORDS})
    assert answer.status_code == 500
    assert "留好" not in answer.content.decode()


def test_photos_that_are_not_wanted_are_left_out(client, resident, page, draft):
    end_session(client)
    send_from(client, page, {"words": WORDS, "photos": [photo()]})
    comes_back(client, resident)
    sent = fields_of(form_on(client.get(page)))
    send_from(client, page, {**sent, "kept_form_without_files": "1"})
    assert not draft.photos.exists()
    assert not KeptForm.objects.exists()


def test_a_refused_second_try_keeps_the_photos(client, resident, page, draft):
    """The session is over again; then the words are too long: the photos are there each time."""
    end_session(client)
    send_from(client, page, {"words": WORDS, "photos": [photo()]})
    comes_back(client, resident)
    sent = fields_of(form_on(client.get(page)))
    end_session(client)
    send_from(client, page, {**sent, "words": "改过的话"})
    assert KeptForm.objects.get().files.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        comes_back(client, resident)
        form = form_on(client.get(page))
        assert value_of(form, "words") == "改过的话"
        assert "文件 1 个" in form.text_content()


def test_a_disk_that_takes_no_more_loses_the_photos_and_not_the_words(client, resident, page, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    end_session(client)
    answer = send_from(client, page, {"words": WORDS, "photos": [photo()]})
    assert "照片和文件没能留下" in client.get(answer["Location"]).content.decode()
    comes_back(client, resident)
    form = form_on(client.get(page))
    assert value_of(form, "words") == WORDS
    assert "照片和文件没能留下，请重新选" in form.text_content()


def test_nothing_of_it_stands_readable_on_the_machine(client, page):
    end_session(client)
    send_from(client, page, {"words": WORDS, "photos": [photo("身份证.jpg")]})
    stolen = whole_database()
    for trace in ("井盖松了", "身份证", page):
        assert trace not in stolen
    kept = KeptFile.objects.get()
    content = (ours.MEDIA_ROOT / kept.file.name).read_bytes()
    assert b"JFIF" not in content
    assert (ours.MEDIA_ROOT / kept.file.name).stat().st_mode & 0o077 == 0


def test_secrets_are_not_kept(client, resident, page):
    end_session(client)
    posted = {"words": WORDS, "password": "Secret-1-Secret", "again": "Secret-1-Secret", "code": "123456",
              "id_number": "11010519491231002X", "other": " 11010519491231002x"}  # fmt: skip
    send_from(client, page, posted)
    assert KeptForm.objects.get().values == {"words": [WORDS]}


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/password/"])
def test_what_is_sent_at_a_door_is_not_kept(db, path):
    browser = Client(enforce_csrf_checks=True)
    answer = send_from(browser, path, {"phone": "13900001111", "password": "Secret-1-Secret"})
    assert answer.status_code == 403
    assert not KeptForm.objects.exists()


def test_it_is_kept_for_a_day_and_goes_by_itself(client, resident, page, settings):
    end_session(client)
    send_from(client, page, {"words": WORDS, "photos": [photo()]})
    with time_machine.travel(timezone.now() + timedelta(hours=settings.KEPT_FORM_HOURS, minutes=1)):
        comes_back(client, resident)
        assert value_of(form_on(client.get(page)), "words") == ""
        assert kept_forms.forget_expired(at=timezone.now()) == 1
    assert not KeptForm.objects.exists()
    assert not default_storage.listdir("kept")[1]


def test_files_whose_row_never_came_go_too(db):
    default_storage.save("kept/lost", ContentFile(b"x"))
    now = timezone.now().timestamp()
    os.utime(default_storage.path("kept/lost"), (now, now))
    kept_forms.forget_expired(at=timezone.now())
    assert default_storage.exists("kept/lost")
    kept_forms.forget_expired(at=timezone.now() + timedelta(days=2))
    assert not default_storage.exists("kept/lost")


def test_it_is_among_what_is_held_and_goes_with_the_account(client, resident, page):
    end_session(client)
    send_from(client, page, {"words": WORDS, "photos": [photo()]})
    assert "井盖松了" in signed_in(resident).get("/my-data/").content.decode()
    rights.erase(person=resident, at=timezone.now())
    assert not KeptForm.objects.exists()
    assert not default_storage.listdir("kept")[1]


def test_it_is_listed_and_thrown_away(client, resident, page):
    end_session(client)
    send_from(client, page, {"words": WORDS, "photos": [photo()]})
    comes_back(client, resident)
    assert "没送出的内容" in client.get("/cases/").content.decode()
    listed = client.get("/unsent/").content.decode()
    assert "井盖松了" in listed
    assert f'href="{page}"' in listed
    client.post(f"/unsent/{KeptForm.objects.get().key}/drop/")
    assert value_of(form_on(client.get(page)), "words") == ""
    assert "没送出的内容" not in client.get("/cases/").content.decode()
    assert not default_storage.listdir("kept")[1]


def test_a_form_whose_address_answers_no_get_leads_to_the_list(client, resident, request_case):
    """Sent by a browser that does not say from which page."""
    end_session(client)
    answer = client.post("/topics/ZH-2222-2222/comment/", {"words": WORDS}, **HERE)
    assert "comment" in answer["Location"]
    comes_back(client, resident)
    answer = client.get("/topics/ZH-2222-2222/comment/")
    assert answer["Location"] == "/unsent/"
    assert "井盖松了" in client.get("/unsent/").content.decode()


def test_one_browser_keeps_so_many(client, resident, page, settings):
    end_session(client)
    for number in range(kept_forms.MOST_ON_A_BROWSER + 3):
        send_from(
            client, f"/requests/new/{'0' * 8}-0000-4000-8000-{number:012d}/words/", {"words": f"第 {number} 件事"}
        )
    assert KeptForm.objects.count() == kept_forms.MOST_ON_A_BROWSER


def test_one_person_fills_no_disk(client, resident, page, monkeypatch):
    monkeypatch.setattr(kept_forms, "MOST_OF_A_PERSON", 3000)
    end_session(client)
    for number in range(5):
        send_from(
            client,
            f"/requests/new/{'0' * 8}-0000-4000-8000-{number:012d}/words/",
            {"words": f"第 {number} 件事", "photos": [photo()]},
        )
    assert sum(KeptForm.objects.values_list("size", flat=True)) <= 3000
    assert KeptForm.objects.exists()
    assert len(default_storage.listdir("kept")[1]) == KeptFile.objects.count()


def test_nor_do_all_together(client, page, settings):
    settings.KEPT_FORMS_MB = 0
    end_session(client)
    answer = send_from(client, page, {"words": WORDS})
    assert not KeptForm.objects.exists()
    assert "留好" not in client.get(answer["Location"]).content.decode()


def test_a_stranger_keeps_few_words_and_no_files(db, monkeypatch):
    page = "/requests/register/"
    stranger = Client()
    send_from(stranger, page, {"words": WORDS, "photos": [photo()]})
    assert not KeptForm.objects.get().files.exists()
    send_from(stranger, page, {"words": "长" * 30000})
    for number in range(30):
        send_from(Client(), page, {"words": f"第 {number} 次"})
    assert KeptForm.objects.count() <= LIMITS["keep"]["address"].times
    monkeypatch.setattr(kept_forms, "MOST_STRANGERS", KeptForm.objects.count())
    send_from(Client(REMOTE_ADDR="10.0.0.9"), page, {"words": "另一个人"})
    assert KeptForm.objects.count() == kept_forms.MOST_STRANGERS


def test_a_ballot_is_kept_nowhere(client):
    end_session(client)
    send_from(client, "/votes/00000000-0000-4000-8000-000000000001/cast/1/", {"option": "5"})
    assert not KeptForm.objects.exists()


def test_an_act_without_words_is_to_be_pressed_again(client, resident, request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader, "修好了")
    page = f"/cases/{request_case.number}/"
    client.get(page)
    end_session(client)
    answer = client.post(f"{page}withdraw/", {"version": "9"}, HTTP_REFERER=f"http://testserver{page}", **HERE)
    assert answer["Location"].endswith(f"?next={page.replace('/', '%2F')}")
    assert Case.objects.get(pk=request_case.pk).is_open
    assert not Attachment.objects.exists()
