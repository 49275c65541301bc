"""Sign-in codes that need no SMS: shown on a device that is signed in. Guessing, many phones at once, and who hears of it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.limiter import LIMITS
from accounts.models import AuditLine, SignInCode, User, Way
from accounts.sign_in.codes import LONG_DIGITS, LONG_MINUTES, issue_long_code
from grids.posts.services import appoint
from tests.support.cast import MONDAY, PASSWORD, signed_in
from tests.support.heard import heard
from tests.support.senders import shown_code

pytestmark = pytest.mark.django_db
NOTHING = "0" * LONG_DIGITS


def code_on(page: str) -> str:
    match = re.search(r'class="long-code"><strong>([\d ]+)<', page)
    assert match, page
    return match.group(1)


def enters(client: Client, phone: str, code: str):
    client.post("/sign-in/", {"phone": phone, "has_code": "1"})
    return client.post("/sign-in/code/", {"code": code})


def test_a_device_that_is_signed_in_lets_another_one_in(resident):
    code = code_on(signed_in(resident).post("/devices/code/").content.decode())
    other = Client()
    assert enters(other, resident.phone, code)["Location"] == "/"
    assert other.get("/cases/").status_code == 200
    assert "登录码不对" in enters(Client(), resident.phone, code).content.decode()  # once
    line = AuditLine.objects.get(act="sign_in_code")
    assert (line.by, line.about, line.thing) == (resident.pk, resident.pk, "已登录的设备 138****0001")
    assert len(heard("登录码", resident)) == 1
    assert not SignInCode.objects.filter(way=Way.SMS).exists()


def test_it_works_when_strangers_have_used_up_the_messages_of_the_phone(resident):
    owner, at = signed_in(resident), timezone.now()
    for number in range(5):
        with time_machine.travel(at + timedelta(minutes=2 * number)):
            stranger = Client(REMOTE_ADDR=f"10.0.0.{number}")
            assert stranger.post("/sign-in/", {"phone": resident.phone}).status_code == 302
    with time_machine.travel(at + timedelta(minutes=12)):
        other = Client()
        refused = other.post("/sign-in/", {"phone": resident.phone}).content.decode()
        assert "一小时内要了太多次" in refused
        assert "我有登录码" in refused
        code = code_on(owner.post("/devices/code/").content.decode())
        assert enters(other, resident.phone, code)["Location"] == "/"
        # And a browser on which the owner has signed in is sent codes of its own.
        assert other.post("/sign-out/").status_code == 302
        other.post("/sign-in/", {"phone": resident.phone})
        assert other.post("/sign-in/code/", {"code": shown_code(other)})["Location"] == "/"


def test_wrong_guesses_do_not_burn_it_and_are_of_no_other_phone(resident, neighbour):
    code = code_on(signed_in(resident).post("/devices/code/").content.decode())
    for number in range(30):
        enters(Client(REMOTE_ADDR=f"10.0.1.{number}"), resident.phone, NOTHING)
    assert "登录码不对" in enters(Client(), neighbour.phone, code).content.decode()
    assert enters(Client(), resident.phone, code)["Location"] == "/"


def test_a_new_one_ends_the_one_before_and_each_runs_out(resident):
    first = issue_long_code(phone=resident.phone, way=Way.DEVICE, by=resident, at=timezone.now())
    second = issue_long_code(phone=resident.phone, way=Way.DEVICE, by=resident, at=timezone.now())
    assert "登录码不对" in enters(Client(), resident.phone, first).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=LONG_MINUTES)):
        assert "已经过期" in enters(Client(), resident.phone, second).content.decode()


def test_it_serves_for_signing_in_alone(resident, neighbour):
    code = issue_long_code(phone=neighbour.phone, way=Way.DESK, by=resident, at=timezone.now())
    page = signed_in(resident).post("/my-data/phone/", {"phone": neighbour.phone, "code": code}).content.decode()
    assert "请先获取验证码" in page


def test_staff_are_shown_none(secretary):
    answer = signed_in(secretary).post("/devices/code/", follow=True)
    assert "请用密码和动态码登录" in answer.content.decode()
    assert "取登录码" not in answer.content.decode()
    assert not SignInCode.objects.exists()


def test_a_stolen_session_shows_few_of_them(resident):
    client = signed_in(resident)
    for _ in range(LIMITS["login_code"]["person"].times + 3):
        client.post("/devices/code/")
    assert SignInCode.objects.count() == LIMITS["login_code"]["person"].times


def test_one_browser_tries_few_codes_over_however_many_phones():
    guesser = Client()
    pages = [
        enters(guesser, f"139000041{number:02d}", "123456") for number in range(LIMITS["guess"]["browser"].times + 1)
    ]
    assert "操作太频繁了" in pages[-1].content.decode()
    assert not any("操作太频繁了" in page.content.decode() for page in pages[:-1])


def test_one_address_tries_few_codes_however_many_browsers_it_claims_to_be(resident):
    refused = [
        "操作太频繁了" in enters(Client(REMOTE_ADDR="10.0.0.66"), f"139000042{number:02d}", NOTHING).content.decode()
        for number in range(LIMITS["guess"]["address"].times + 1)
    ]
    assert refused == [False] * LIMITS["guess"]["address"].times + [True]
    code = issue_long_code(phone=resident.phone, way=Way.DEVICE, by=resident, at=timezone.now())
    assert enters(Client(REMOTE_ADDR="10.0.0.7"), resident.phone, code)["Location"] == "/"


def test_many_wrong_codes_from_everywhere_ring_an_alarm_and_lock_nobody_out(settings, resident, auditor, county_admin):
    settings.WRONG_CODES_ALARM = 8
    watch = User.objects.create_user(phone="13900004444", name="系统员")
    appoint(person=watch, role="system_admin", grid=None, from_at=MONDAY, by=county_admin)
    for number in range(20):
        enters(Client(REMOTE_ADDR=f"10.0.2.{number}"), f"139000043{number:02d}", NOTHING)
    told = heard("可能有人在成批试号码")
    assert sorted(notice.person_id for notice in told) == sorted([watch.pk, auditor.pk])
    code = issue_long_code(phone=resident.phone, way=Way.DEVICE, by=resident, at=timezone.now())
    assert enters(Client(), resident.phone, code)["Location"] == "/"


def test_trying_passwords_from_elsewhere_does_not_shut_the_owner_out(grid_leader):
    own = Client(REMOTE_ADDR="10.0.0.7")
    own.post("/sign-in/password/", {"phone": grid_leader.phone, "password": PASSWORD})
    own.post("/sign-out/")
    for number in range(LIMITS["password"]["phone"].times + 1):
        stranger = Client(REMOTE_ADDR=f"10.0.3.{number}")
        last = stranger.post("/sign-in/password/", {"phone": grid_leader.phone, "password": "wrong"})
    assert "操作太频繁了" in last.content.decode()
    assert own.post("/sign-in/password/", {"phone": grid_leader.phone, "password": PASSWORD}).status_code == 302
