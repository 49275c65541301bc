"""With DEMO=1 no message leaves the house: codes stand on the page, of the demonstration's phones alone."""

import pytest
from django.test import Client

from accounts.models import SignInCode, User
from tests.support.senders import shown_code

pytestmark = pytest.mark.django_db
NEWCOMER = "19907280007"


@pytest.fixture(autouse=True)
def trial(settings):
    settings.CODE_SENDER = "accounts.sign_in.senders.ConsoleSender"
    settings.DEMO = True


@pytest.fixture
def demo_resident(db):
    person = User.objects.create_user(phone="19907260003", name="林秀")
    User.objects.filter(pk=person.pk).update(password="!")
    return person


def test_the_code_of_a_demonstration_person_is_shown(client, demo_resident):
    client.post("/sign-in/", {"phone": demo_resident.phone})
    assert client.post("/sign-in/code/", {"code": shown_code(client)})["Location"] == "/"


def test_of_any_other_phone_it_says_that_nothing_is_sent_and_which_to_use(client, demo_resident):
    phone = "13900007777"
    page = client.post("/sign-in/", {"phone": phone})
    field = page.content.decode().partition('class="field-error"')[2].partition("</p>")[0]
    assert "不发短信" in field
    assert demo_resident.phone in field
    assert page.status_code == 200
    assert not SignInCode.objects.exists()
    client.post("/sign-in/", {"phone": phone})  # at once, without a minute's waiting
    assert "验证码是" not in client.get("/sign-in/code/", follow=True).content.decode()


def test_a_visitor_may_come_for_the_first_time(client, demo_resident):
    client.post("/sign-in/", {"phone": NEWCOMER})
    client.post("/sign-in/code/", {"code": shown_code(client)})
    assert client.post("/sign-in/first-time/", {"name": "来看看的", "has_agreed": "on"})["Location"] == "/"
    person = User.objects.with_phone(NEWCOMER)
    assert person is not None
    again = Client()
    again.post("/sign-in/", {"phone": NEWCOMER})  # a minute has not passed; the page says so
    assert "秒后再要" in again.post("/sign-in/", {"phone": NEWCOMER}).content.decode()


def test_outside_the_demonstration_nothing_is_shown_and_no_phone_named(client, demo_resident, settings):
    settings.DEMO = False
    page = client.get("/sign-in/").content.decode()
    assert demo_resident.phone not in page
    client.post("/sign-in/", {"phone": "13900007777"})
    assert "验证码是" not in client.get("/sign-in/code/").content.decode()
    assert SignInCode.objects.count() == 1
