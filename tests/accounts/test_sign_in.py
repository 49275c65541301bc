"""Signing in: by phone and one-time code, by phone and password; limits, wrong tries, and what a stranger may learn."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLine, Consent, SignInCode, User
from accounts.services import reveal_phone
from accounts.sign_in.codes import CODES_PER_ADDRESS_AN_HOUR, CODES_PER_PHONE_AN_HOUR, send_code, use_code
from accounts.sign_in.joining import newcomer, person_by_code
from tests.support.cast import MONDAY, PASSWORD
from tests.support.pages import ERROR, inside
from tests.support.senders import shown_code
from tests.support.standins.server import Answer
from tests.support.standins.sms import aliyun_error, of_aliyun

PHONE = "13900000000"
BROWSER = "a browser"


def code_for(phone: str = PHONE, at=MONDAY, address: str = "10.0.0.1", asker: str = BROWSER, **more) -> str:
    shown = send_code(phone=phone, asker=asker, address=address, at=at, **more).shown
    assert shown is not None
    return shown


def by_code(code: str, phone: str = PHONE, at=MONDAY) -> User | None:
    return person_by_code(phone=phone, code=code, asker=BROWSER, at=at)


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_a_new_resident_gives_a_name_once(client, db):
    client.post("/sign-in/?next=/my-data/", {"phone": PHONE})
    code = shown_code(client)
    answer = client.post("/sign-in/code/?next=/my-data/", {"code": code})
    assert answer["Location"] == "/sign-in/first-time/?next=%2Fmy-data%2F"
    assert not User.objects.exists()
    page = client.post("/sign-in/first-time/", {"name": " "}).content.decode()
    assert "请填写怎么称呼您" in page
    silent = client.post("/sign-in/first-time/?next=/my-data/", {"name": "王女士"})
    assert silent.context["form"].errors.keys() == {"has_agreed"}
    assert silent.context["form"]["name"].value() == "王女士"
    assert not User.objects.exists()
    posted = {"name": "王女士", "has_agreed": "on"}
    assert client.post("/sign-in/first-time/?next=/my-data/", posted)["Location"] == "/my-data/"
    person = User.objects.get()
    assert (person.name, person.phone) == ("王女士", PHONE)
    assert not person.has_usable_password()
    assert Consent.objects.filter(person=person).count() == 1
    later = timezone.now() + timedelta(minutes=2)
    assert by_code(code_for(at=later), at=later) == person


def test_a_name_is_taken_from_nobody_without_a_right_code(client, db):
    client.post("/sign-in/", {"phone": PHONE})
    for posted in ({"name": "王女士"}, {"name": "王女士", "is_child": "1"}):
        assert client.post("/sign-in/first-time/", posted)["Location"] == "/sign-in/"
    assert not User.objects.exists()


def test_a_right_code_does_not_wait_for_a_name_for_ever(client, db):
    client.post("/sign-in/", {"phone": PHONE})
    code = shown_code(client)
    client.post("/sign-in/code/", {"code": code})
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.post("/sign-in/first-time/", {"name": "王女士"})["Location"] == "/sign-in/"
    assert not User.objects.exists()


def test_the_first_time_sent_twice_is_one_person(db):
    assert newcomer(phone=PHONE, name="王女士", at=MONDAY) == newcomer(phone=PHONE, name="王女士", at=MONDAY)


def test_a_code_works_once(db):
    code = code_for()
    by_code(code)
    with pytest.raises(ValidationError, match="请先获取验证码"):
        by_code(code)


def test_a_code_is_of_one_phone(db):
    code = code_for()
    with pytest.raises(ValidationError, match="请先获取验证码"):
        by_code(code, "13900000001")


def test_a_code_is_of_one_browser_and_for_one_thing(db):
    code = code_for()
    with pytest.raises(ValidationError, match="请先获取验证码"):
        use_code(phone=PHONE, code=code, asker="another browser", at=MONDAY)
    assert by_code(code) is None  # nobody's phone yet, and the code was right


def test_a_code_runs_out(db, settings):
    code = code_for()
    with pytest.raises(ValidationError, match="已过期"):
        by_code(code, at=MONDAY + timedelta(minutes=settings.CODE_VALID_MINUTES))


def test_a_code_is_read_as_people_type_it(db):
    code = code_for()
    full_width = "".join(chr(ord(sign) - ord("0") + ord("０")) for sign in code)
    use_code(phone=PHONE, code=f" {full_width[:3]} {full_width[3:]}", asker=BROWSER, at=MONDAY)


def test_five_wrong_tries_end_it(db):
    code = code_for()
    wrong = other_than(code)
    for left in (4, 3, 2, 1):
        with pytest.raises(ValidationError, match=f"还可以试 {left} 次"):
            by_code(wrong)
    for typed in (wrong, code):
        with pytest.raises(ValidationError, match="已作废"):
            by_code(typed)
    assert not User.objects.exists()


def test_codes_are_not_sent_one_after_the_other(db):
    code_for()
    with pytest.raises(ValidationError, match="请 30 秒后再要"):
        code_for(at=MONDAY + timedelta(seconds=30))
    code_for(at=MONDAY + timedelta(seconds=60))


def test_a_phone_gets_so_many_codes_an_hour(db):
    for number in range(CODES_PER_PHONE_AN_HOUR):
        code_for(at=MONDAY + timedelta(minutes=2 * number), asker=f"browser {number}")
    with pytest.raises(ValidationError, match="一小时内要了太多次"):
        code_for(at=MONDAY + timedelta(minutes=20))
    code_for(at=MONDAY + timedelta(hours=2))


def test_strangers_use_up_nothing_of_a_browser_that_is_the_owners(db):
    for number in range(CODES_PER_PHONE_AN_HOUR):
        code_for(at=MONDAY + timedelta(minutes=2 * number), asker=f"stranger {number}")
    last = MONDAY + timedelta(minutes=8)
    own = [code_for(at=last + timedelta(minutes=2 * number), is_known=True) for number in range(5)]
    with pytest.raises(ValidationError, match="一小时内要了太多次"):  # what a phone gets has an end here too
        code_for(at=last + timedelta(minutes=20), is_known=True)
    by_code(own[-1], at=last + timedelta(minutes=10))


def test_an_address_asks_for_so_many_codes_an_hour(db):
    for number in range(CODES_PER_ADDRESS_AN_HOUR):
        code_for(phone=f"139000001{number:02d}")
    with pytest.raises(ValidationError, match="您所在的网络"):
        code_for(phone="13900000199")
    code_for(phone="13900000199", address="10.0.0.2")


def test_only_the_hash_of_a_code_is_kept_and_no_log_has_it(db, caplog):
    with caplog.at_level(logging.INFO):
        code = code_for()
    assert code not in SignInCode.objects.get().code_hash
    assert PHONE not in caplog.text


def test_the_same_code_for_two_looks_different_in_the_database(db, monkeypatch):
    monkeypatch.setattr("accounts.sign_in.codes.secrets.randbelow", lambda limit: 7)
    assert code_for() == code_for("13900000001") == "000007"
    assert SignInCode.objects.values("code_hash").distinct().count() == 2


@pytest.fixture
def by_sms(settings):
    settings.CODE_SENDER = settings.SMS_SENDER


def test_a_code_goes_by_sms(client, db, by_sms, aliyun, settings):
    settings.SMS_CODE_TEMPLATE = "SMS_CODE"
    client.post("/sign-in/", {"phone": PHONE})
    [sent] = [of_aliyun(asked) for asked in aliyun.asked]
    assert (sent["PhoneNumbers"], sent["TemplateCode"]) == (PHONE, "SMS_CODE")
    code = json.loads(sent["TemplateParam"])["code"]
    assert code not in client.get("/sign-in/code/").content.decode()
    assert client.post("/sign-in/code/", {"code": code}).status_code == 302


@pytest.mark.parametrize("fault", [aliyun_error("isv.AMOUNT_NOT_ENOUGH", 200), Answer(b"", is_broken_off=True)])
def test_a_sender_that_is_down_is_said_at_the_phone(client, db, by_sms, aliyun, fault):
    aliyun.fault = lambda asked: fault
    page = client.post("/sign-in/", {"phone": PHONE}).content.decode()
    assert "短信暂时发不出去" in page
    assert PHONE in page  # what was typed is still there


def test_a_number_that_takes_no_sms_is_said_at_the_phone(client, db, by_sms, aliyun):
    page = client.post("/sign-in/", {"phone": "13850990000"}).content.decode()
    assert "短信发不到这个号码" in page


def test_somebody_switched_off_stays_out(db):
    User.objects.create_user(phone=PHONE, name="王", is_active=False)
    with pytest.raises(ValidationError, match="已停用"):
        by_code(code_for())


@pytest.mark.parametrize("phone", ["138", "", "一三八", "1" * 31])
def test_a_bad_phone_is_said_at_its_field(client, db, phone):
    page = client.post("/sign-in/", {"phone": phone})
    assert page.status_code == 200
    assert "手机号" in inside(page, ERROR)
    assert not SignInCode.objects.exists()


def test_password_sign_in(client, grid_leader):
    answer = client.post("/sign-in/password/", {"phone": " 138-0013-0003", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/cases/").status_code == 200


def test_a_wrong_password_and_an_unknown_phone_sound_the_same(client, grid_leader):
    pages = [
        client.post("/sign-in/password/", {"phone": phone, "password": "wrong"}).content.decode()
        for phone in ("13800130003", "13800139999", "not a phone")
    ]
    assert all("手机号或密码不对" in page for page in pages)


def test_nobody_is_sent_to_a_foreign_site(client, grid_leader):
    url = "/sign-in/password/?next=https://evil.example/"
    answer = client.post(url, {"phone": "13800130003", "password": PASSWORD})
    assert "evil" not in answer["Location"]


def test_signing_out_is_a_post(grid_leader):
    client = Client()
    client.force_login(grid_leader)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/cases/").status_code == 302


def test_the_full_phone_leaves_a_trace_that_outlives_the_people(grid_leader, resident):
    assert reveal_phone(person=resident, by=grid_leader, reason="约时间", at=MONDAY) == resident.phone
    with pytest.raises(ValidationError, match="请写明为什么"):
        reveal_phone(person=resident, by=grid_leader, reason="", at=MONDAY)
    resident.delete()
    assert AuditLine.objects.filter(act="reveal").count() == 1
