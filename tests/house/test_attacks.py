"""What an attacker, or a curious colleague, would try: each of these worked once."""

from datetime import timedelta

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.models import AuditLine, SecondFactor, User
from accounts.numbers import normalise_phone
from accounts.privacy import rights
from accounts.sign_in import second_factor
from accounts.sign_in.codes import send_code
from accounts.sign_in.joining import person_by_code, register_resident
from accounts.sign_in.sessions import SIGNED, VERIFIED
from cases.reading.tracking import tracking_path
from cases.services import route
from disputes.models import Recusal, Side
from disputes.services.opening import PartySaid
from grids.posts.services import appoint
from notices.models import Notice
from tables.rejects import write_rejects
from tables.report import Reject, Report
from tests.disputes.conftest import apply, dispute, dispute_defaults, meet, police, take_on
from tests.support.cast import MONDAY, PASSWORD, SECOND_FACTOR, audit_problems, draw, post_of, signed_in, submit
from tests.support.heard import heard
from tests.support.pages import inside, words

__all__ = ["dispute", "dispute_defaults", "police"]
"""The room's own fixtures."""


def stale(person: User) -> Client:
    """A session left open since this morning."""
    client = signed_in(person)
    session = client.session
    session[SIGNED] = timezone.now().timestamp() - 3600
    session.save()
    return client


@pytest.mark.parametrize("path", ["/password/", "/second-factor/", "/my-data/phone/", "/my-data/erase/"])
def test_an_open_session_does_not_take_an_account_over(secretary, path):
    answer = stale(secretary).get(path)
    assert answer["Location"].startswith("/sign-in/password/?next=")
    assert signed_in(secretary).get(path).status_code == 200


def test_a_session_from_before_the_second_factor_does_not_replace_it(secretary):
    client = signed_in(secretary)
    session = client.session
    del session[VERIFIED]
    session.save()
    secret = SecondFactor.objects.get(person=secretary).secret
    assert client.get("/second-factor/")["Location"] == "/sign-in/password/"
    assert client.get("/second-factor/").status_code == 302
    assert SecondFactor.objects.get(person=secretary).secret == secret


def test_changes_of_how_one_signs_in_are_told(resident, secretary):
    secret = second_factor.new_secret()
    second_factor.set_up(person=secretary, secret=secret, code=pyotp.TOTP(secret).at(MONDAY), at=MONDAY)
    assert heard("动态码刚刚重新设置过", secretary)
    code = send_code(phone="13911112222", asker="mine", address=None, at=MONDAY).shown
    rights.correct_phone(person=resident, phone="13911112222", code=code, asker="mine", at=MONDAY)
    assert heard("手机号刚刚换过", resident)


def test_a_wrong_code_by_message_is_a_line(resident):
    code = send_code(phone=resident.phone, asker="mine", address=None, at=MONDAY).shown
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(ValidationError):
        person_by_code(phone=resident.phone, code=wrong, asker="mine", at=MONDAY)
    assert AuditLine.objects.filter(act="sign_in_failed", about=resident.pk, thing="短信验证码").count() == 1


@pytest.mark.parametrize("phone", ["١٣٨٠٠١٣٨٠٠٠", "१३८००१३८०००", "13800138٠٠٠"])
def test_digits_of_other_scripts_are_no_phone(phone):
    with pytest.raises(ValidationError, match="只能是数字"):
        normalise_phone(phone)


def test_names_carry_no_hidden_marks(db):
    person = register_resident(phone="13900004321", name="王\u202e秀\u200b英\n", at=MONDAY)
    assert person.name == "王秀英"
    assert register_resident(phone="13900004322", name="𠮷·阿不都", at=MONDAY).name == "𠮷·阿不都"


def test_rejected_rows_run_nothing_in_a_spreadsheet(tmp_path):
    report = Report(("内容",), rejects=[Reject(2, "没有时间", ["=HYPERLINK(1)"])])
    write_rejects(tmp_path / "r.csv", report)
    assert ",'=HYPERLINK(1)" in (tmp_path / "r.csv").read_text("utf-8-sig")


def test_the_one_who_sets_a_password_stays_in_the_list_of_devices(client, grid_leader):
    client.post("/sign-in/password/", {"phone": grid_leader.phone, "password": PASSWORD})
    client.post("/password/", {"password": "Zheng-he-2026", "again": "Zheng-he-2026"})
    assert "本机" in inside(client.get("/devices/"), "//li//*[@class='badge']")
    assert heard("密码刚刚改过", grid_leader)


def test_a_reset_second_factor_ends_the_sessions(secretary, county_admin):
    client = Client()
    live = Client()
    sign_in_by_hand = {"phone": secretary.phone, "password": PASSWORD}
    live.post("/sign-in/password/", sign_in_by_hand)
    live.post("/sign-in/second-factor/", {"code": pyotp.TOTP(SECOND_FACTOR).now()})
    assert live.get("/cases/").status_code == 200
    client.post("/sign-in/password/", sign_in_by_hand)
    second_factor.forget(person=secretary, by=county_admin, at=timezone.now())
    assert live.get("/cases/").status_code == 302
    answer = client.post("/sign-in/second-factor/", {"code": "123456"})
    assert answer.status_code == 200
    assert "已被重设" in answer.content.decode()


def test_trying_phones_tells_nobody_who_has_an_account(resident, neighbour):
    client = signed_in(resident)
    for phone in (neighbour.phone, "13999999999"):
        page = client.post("/my-data/phone/", {"phone": phone, "code": "000000"}).content.decode()
        assert "请先获取验证码" in page
        assert "已有账号" not in page


def test_other_spellings_of_a_phone_count_as_the_same(grid_leader):
    spelled = ["13800130003", "138 0013 0003", "138-0013-0003", "+86 13800130003", "１３８００１３０００３"]
    for number in range(31):
        from_elsewhere = Client(REMOTE_ADDR=f"10.0.{number}.1")
        last = from_elsewhere.post("/sign-in/password/", {"phone": spelled[number % 5], "password": "wrong"})
    assert "操作太频繁了" in last.content.decode()


def test_what_the_limits_turn_away_fills_no_trail(grid_leader):
    for _ in range(60):
        Client().post("/sign-in/password/", {"phone": grid_leader.phone, "password": "wrong"})
    assert AuditLine.objects.filter(act="sign_in_failed").count() <= 5


def test_a_wrong_code_of_the_app_is_a_line(secretary):
    with pytest.raises(ValidationError):
        second_factor.check(person=secretary, code="000000", at=MONDAY)
    assert AuditLine.objects.filter(act="sign_in_failed", about=secretary.pk, thing="动态码").count() == 1


def test_a_reason_wiped_out_is_noticed(resident):
    audit.record(act="reveal", at=MONDAY, about=resident.pk, words="联系上门")
    audit.blank_words(person_id=resident.pk)
    assert audit_problems() == ["第 1 行的说明被抹去，而当事人没有注销"]


def test_no_phone_stands_readable_in_a_session(client, db):
    client.post("/sign-in/", {"phone": "13900004321"})
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert "13900004321" not in str(kept)
    assert "尾号 4321" in client.get("/sign-in/code/").content.decode()


def test_an_anonymous_asker_is_not_named_in_messages(defaults, town, staff, resident):
    case = submit(resident, town, is_anonymous=True)
    route(case_id=case.pk, at=MONDAY)
    draw(case, "note", resident, "今晚在家")
    words = " ".join(notice.words for notice in Notice.objects.exclude(person=resident))
    assert "居民补充了说明" in words
    assert resident.name[0] not in words


def test_others_are_named_masked_in_messages(request_case, resident, grid_leader):
    draw(request_case, "note", resident, "今晚在家")
    words = Notice.objects.filter(person=grid_leader).latest("pk").words
    assert resident.masked_name in words
    assert resident.name not in words


def test_numbers_of_people_do_not_stand_in_titles(defaults, town, staff, resident):
    case = submit(resident, town, words="请打 13912345678 找我，身份证 11010519491231002X")
    assert "139****5678" in case.title
    assert "13912345678" not in case.title
    assert "19491231" not in case.title


def test_the_door_number_is_shown_with_a_reason_only(defaults, town, staff, resident, grid_leader):
    case = submit(resident, town, address_note="二单元 502")
    route(case_id=case.pk, at=MONDAY)
    client = signed_in(grid_leader)
    assert "二单元 502" not in client.get(f"/cases/{case.number}/").content.decode()
    assert "具体位置：二单元 502" in words(signed_in(resident).get(f"/cases/{case.number}/"), "//main//p")
    page = client.post(f"/cases/{case.number}/asker-phone/", {"reason": "上门修灯"}).content.decode()
    assert "二单元 502" in page
    assert AuditLine.objects.filter(act="reveal", by=grid_leader.pk, about=resident.pk).exists()


def test_nobody_appoints_themselves_and_auditors_hold_nothing_else(county_admin, auditor, town, neighbour):
    with pytest.raises(ValidationError, match="不能任命自己"):
        appoint(person=county_admin, role="auditor", grid=None, from_at=MONDAY, by=county_admin)
    with pytest.raises(ValidationError, match="不能兼任"):
        appoint(person=auditor, role="grid_leader", grid=town.grid, from_at=MONDAY, by=county_admin)
    with pytest.raises(ValidationError, match="不能兼任"):
        appoint(person=county_admin, role="auditor", grid=None, from_at=MONDAY)
    appoint(person=neighbour, role="auditor", grid=None, from_at=MONDAY, by=county_admin)


def test_a_recused_leader_does_not_come_back_as_a_stand_in(dispute, staff, resident, neighbour, town):
    """Two people lead the group; one declares a relation: the other's hands are not theirs."""
    leader = staff["group_leader"]
    second = User.objects.create_user(phone="13800139876", name="程强", password=PASSWORD)
    appoint(person=second, role="group_leader", grid=town.group, from_at=MONDAY)
    take_on(dispute, leader, neighbour)
    assert signed_in(second).get(f"/cases/{dispute.number}/").status_code == 200
    party = dispute.dispute.parties.get(person=neighbour)
    Recusal.objects.create(
        dispute=dispute.dispute, person=second, party=party, why="表亲", declared_by=resident, declared_at=MONDAY
    )
    for path in ("/cases/{}/", "/api/v1/cases/{}/", "/disputes/{}/talk/"):
        assert signed_in(second).get(path.format(dispute.number)).status_code == 404


def test_police_read_what_was_referred_and_not_what_was_said_alone(dispute, staff, police, resident, neighbour):
    leader = staff["group_leader"]
    take_on(dispute, leader, neighbour)
    meet(dispute, leader, record="双方都说了难处。")
    draw(dispute, "note", leader, "内部看法：对方难缠")
    draw(dispute, "report_police", leader, "扬言要动手")
    client = signed_in(police)
    page = client.get(f"/cases/{dispute.number}/").content.decode()
    assert "内部看法" not in page
    assert client.get(f"/disputes/{dispute.number}/talk/").status_code == 404
    assert "扬言要动手" in page


def test_private_cases_have_no_tracking_link(dispute):
    assert Client().get(tracking_path(dispute)).status_code == 404


def test_pages_of_ones_own_are_not_kept_by_the_browser(request_case, resident):
    assert signed_in(resident).get(f"/cases/{request_case.number}/")["Cache-Control"] == "no-store"


def test_the_admins_own_password_page_is_closed(secretary):
    assert signed_in(secretary).get("/admin/password_change/")["Location"] == "/password/"


@pytest.mark.parametrize("header", ["not an address", "1.2.3.4:99", "::1%lo", "' OR 1=1 --"])
def test_rubbish_as_an_address_breaks_nothing(grid_leader, settings, header):
    settings.PROXIES = 1
    client = Client(HTTP_X_FORWARDED_FOR=header)
    posted = {"phone": grid_leader.phone, "password": PASSWORD}
    assert client.post("/sign-in/password/", posted).status_code == 302
    assert audit_problems() == []


def test_a_list_where_an_object_belongs_is_said(resident):
    answer = signed_in(resident).post("/api/v1/requests/", "[1, 2]", content_type="application/json")
    assert answer.status_code == 400


def test_eleven_digits_that_are_no_phone_find_nothing(auditor):
    assert signed_in(auditor).get("/admin/accounts/auditline/?q=23800138000").status_code == 200


def test_codes_asked_for_at_once_are_sent_once(db):
    send_code(phone="13900004321", asker="mine", address=None, at=MONDAY)
    with pytest.raises(ValidationError, match="秒后再要"):
        send_code(phone="13900004321", asker="another's", address=None, at=MONDAY + timedelta(seconds=1))


def test_a_party_named_by_phone_stays_unknown(dispute, staff, neighbour, resident, town):
    """Whoever adds a party by a number learns nobody's name from it."""
    stranger = User.objects.create_user(phone="13700009999", name="秘密姓名")
    with pytest.raises(ValidationError, match="请写明当事人的姓名"):
        apply(
            resident,
            None,
            town,
            key="other",
            parties=[PartySaid(Side.APPLICANT, person=resident), PartySaid(Side.RESPONDENT, phone=stranger.phone)],
        )


def test_a_holder_by_post_is_who_holds_it(request_case, grid_leader):
    assert request_case.holder == post_of(grid_leader)
    assert grid_leader.name not in str(
        request_case.events.get(verb="dispatch").said
    )  # no name in what is never changed
