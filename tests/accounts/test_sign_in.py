"""Signing in: by phone and one-time code, by phone and password; limits, wrong tries, and what a stranger may learn."""

import logging
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditLine, Consent, SignInCode, User
from accounts.services import (
    CODES_PER_ADDRESS_AN_HOUR,
    CODES_PER_PHONE_AN_HOUR,
    reveal_phone,
    send_code,
    sign_in_by_code,
)
from tests.cast import MONDAY, PASSWORD
from tests.pages import ERROR, inside

PHONE = "13900000000"


def code_for(phone: str = PHONE, at=MONDAY, address: str = "10.0.0.1") -> str:
    shown = send_code(phone=phone, address=address, at=at).shown
    assert shown is not None
    return shown


def test_a_new_resident_gives_a_name_once(db):
    person = sign_in_by_code(phone=PHONE, code=code_for(), name="王女士", at=MONDAY)
    assert (person.name, person.phone) == ("王女士", PHONE)
    assert not person.has_usable_password()
    assert Consent.objects.get(person=person).agreed_at == MONDAY
    later = MONDAY + timedelta(minutes=2)
    again = sign_in_by_code(phone=PHONE, code=code_for(at=later), name="", at=later)
    assert again == person


def test_without_a_name_the_code_still_works_for_the_next_try(db):
    code = code_for()
    with pytest.raises(ValidationError) as refusal:
        sign_in_by_code(phone=PHONE, code=code, name=" ", at=MONDAY)
    assert "name" in refusal.value.message_dict
    assert sign_in_by_code(phone=PHONE, code=code, name="王女士", at=MONDAY)


def test_a_code_works_once(db):
    code = code_for()
    sign_in_by_code(phone=PHONE, code=code, name="王女士", at=MONDAY)
    with pytest.raises(ValidationError, match="请先获取验证码"):
        sign_in_by_code(phone=PHONE, code=code, name="", at=MONDAY)


def test_a_code_is_of_one_phone(db):
    code = code_for()
    with pytest.raises(ValidationError, match="请先获取验证码"):
        sign_in_by_code(phone="13900000001", code=code, name="王女士", at=MONDAY)


def test_a_code_runs_out(db, settings):
    code = code_for()
    with pytest.raises(ValidationError, match="已过期"):
        sign_in_by_code(phone=PHONE, code=code, name="王", at=MONDAY + timedelta(minutes=settings.CODE_VALID_MINUTES))


def test_five_wrong_tries_end_it(db):
    code = code_for()
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3, 2, 1):
        with pytest.raises(ValidationError, match=f"还可以试 {left} 次"):
            sign_in_by_code(phone=PHONE, code=wrong, name="王", at=MONDAY)
    for said in (wrong, code):
        with pytest.raises(ValidationError, match="已作废"):
            sign_in_by_code(phone=PHONE, code=said, name="王", at=MONDAY)
    assert not User.objects.exists()


def test_codes_are_not_sent_one_after_the_other(db):
    code_for()
    with pytest.raises(ValidationError, match="请 30 秒后再要"):
        code_for(at=MONDAY + timedelta(seconds=30))
    code_for(at=MONDAY + timedelta(seconds=60))


def test_a_phone_gets_so_many_codes_an_hour(db):
    for number in range(CODES_PER_PHONE_AN_HOUR):
        code_for(at=MONDAY + timedelta(minutes=2 * number))
    with pytest.raises(ValidationError, match="一小时内要了太多次"):
        code_for(at=MONDAY + timedelta(minutes=20))
    code_for(at=MONDAY + timedelta(hours=2))


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


def test_the_code_is_shown_in_demo_mode_only(db, settings):
    settings.DEMO = False
    assert send_code(phone=PHONE, address=None, at=MONDAY).shown is None


class BrokenSender:
    def send(self, *, phone: str, code: str) -> str | None:
        raise OSError("gateway down")


def test_a_sender_that_is_down_is_said_at_the_phone(client, db, settings):
    settings.CODE_SENDER = "tests.accounts.test_sign_in.BrokenSender"
    page = client.post("/sign-in/", {"phone": PHONE}).content.decode()
    assert "短信暂时发不出去" in page
    assert PHONE in page  # what was typed is still there


def test_somebody_switched_off_stays_out(db):
    User.objects.create_user(phone=PHONE, name="王", is_active=False)
    with pytest.raises(ValidationError, match="已停用"):
        sign_in_by_code(phone=PHONE, code=code_for(), name="", at=MONDAY)


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
    said = [
        client.post("/sign-in/password/", {"phone": phone, "password": "wrong"}).content.decode()
        for phone in ("13800130003", "13800139999", "not a phone")
    ]
    assert all("手机号或密码不对" in page for page in said)


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
