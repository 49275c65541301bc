"""Staff: password rules, lock-out, second factor, what must be done first, idle time-out, devices."""

from datetime import timedelta

import pyotp
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Device, RecoveryCode, SecondFactor, User
from accounts.sign_in import passwords, second_factor
from accounts.sign_in.sessions import SEEN, SIGNED, VERIFIED
from grids.posts.services import appoint_by_phone
from tests.support.cast import MONDAY, PASSWORD, SECOND_FACTOR, signed_in
from tests.support.heard import heard
from tests.support.pages import ERROR, MESSAGE, inside
from tests.support.senders import shown_code

GOOD = "Zheng-he-2026"


def code(at=None) -> str:
    return pyotp.TOTP(SECOND_FACTOR).at(at or timezone.now())


def by_password(client: Client, person: User, password: str = PASSWORD, **more):
    return client.post("/sign-in/password/", {"phone": person.phone, "password": password}, **more)


def test_a_password_alone_does_not_open_the_desk(client, secretary):
    assert by_password(client, secretary)["Location"] == "/sign-in/second-factor/"
    assert client.get("/admin/").status_code == 302
    assert client.get("/cases/").status_code == 302
    assert client.post("/sign-in/second-factor/", {"code": code()})["Location"] == "/"
    assert client.get("/admin/").status_code == 200
    assert client.session[VERIFIED]


def test_a_grid_leader_needs_none(client, grid_leader):
    assert by_password(client, grid_leader)["Location"] == "/"
    assert client.get("/cases/").status_code == 200


def test_without_a_second_factor_every_page_leads_to_setting_one_up(client, secretary):
    SecondFactor.objects.all().delete()
    by_password(client, secretary)
    for path in ("/", "/admin/", "/cases/", "/my-data/"):
        assert client.get(path)["Location"] == "/second-factor/"
    assert client.get("/api/v1/cases/").status_code == 403
    page = client.get("/second-factor/").content.decode()
    assert "<svg" in page
    secret = client.session["new_second_factor"]
    assert "动态码不对" in client.post("/second-factor/", {"code": "000000"}).content.decode()
    kept = client.post("/second-factor/", {"code": pyotp.TOTP(secret).now()}).content.decode()
    assert kept.count("<li>") >= 10
    assert client.get("/admin/").status_code == 200
    assert secret not in SecondFactor.objects.values_list("secret", flat=True).query.__str__()


def test_a_code_works_once(secretary):
    second_factor.check(person=secretary, code=code(MONDAY), at=MONDAY)
    with pytest.raises(ValidationError, match="已经用过"):
        second_factor.check(person=secretary, code=code(MONDAY), at=MONDAY + timedelta(seconds=5))
    later = MONDAY + timedelta(seconds=60)
    second_factor.check(person=secretary, code=code(later), at=later)


def test_five_wrong_codes_lock_and_the_right_one_waits(secretary):
    for left in (4, 3, 2, 1):
        with pytest.raises(ValidationError, match=f"还可以试 {left} 次"):
            second_factor.check(person=secretary, code="000000", at=MONDAY)
    with pytest.raises(ValidationError, match="已锁定 15 分钟"):
        second_factor.check(person=secretary, code="000000", at=MONDAY)
    with pytest.raises(ValidationError, match="15 分钟后再试|16 分钟后再试"):
        second_factor.check(person=secretary, code=code(MONDAY), at=MONDAY)
    later = MONDAY + timedelta(minutes=16)
    second_factor.check(person=secretary, code=code(later), at=later)


def test_a_recovery_code_works_once(secretary):
    secret = second_factor.new_secret()
    codes = second_factor.set_up(person=secretary, secret=secret, code=pyotp.TOTP(secret).at(MONDAY), at=MONDAY)
    assert len(set(codes)) == RecoveryCode.objects.count() == 10
    spoken = f"{codes[0][:5]}-{codes[0][5:]}".upper()
    second_factor.check(person=secretary, code=spoken, at=MONDAY)
    with pytest.raises(ValidationError):
        second_factor.check(person=secretary, code=codes[0], at=MONDAY)


def test_the_second_factor_page_needs_the_first(client, secretary):
    assert client.get("/sign-in/second-factor/")["Location"] == "/sign-in/password/"
    by_password(client, secretary)
    session = client.session
    session["pending_person"] = {**session["pending_person"], "at": session["pending_person"]["at"] - 700}
    session.save()
    assert client.post("/sign-in/second-factor/", {"code": code()})["Location"] == "/sign-in/password/"


def test_five_wrong_passwords_lock_this_phone_from_this_address_alone(client, grid_leader, next_grid_leader):
    for _ in range(5):
        page = by_password(client, grid_leader, "wrong")
    assert "已锁定 15 分钟" in page.content.decode()
    assert grid_leader.phone in page.content.decode()  # what was typed is still there
    assert "已锁定" in inside(by_password(client, grid_leader), ERROR)
    assert by_password(Client(), next_grid_leader).status_code == 302
    assert by_password(Client(REMOTE_ADDR="10.9.8.7"), grid_leader).status_code == 302


def test_no_phone_is_kept_with_failures(client, grid_leader):
    from axes.models import AccessAttempt

    by_password(client, grid_leader, "wrong")
    kept = str(list(AccessAttempt.objects.values()))
    assert grid_leader.phone not in kept
    assert "wrong" not in kept
    assert grid_leader.phone_index in kept


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Short-1", "密码太短了，至少要 10 位"),
        ("alllowercaseletters", "至少三种"),
        ("Password123456", "太常见"),
        ("password12", "至少三种"),
        (GOOD, ""),
    ],
)
def test_rules_of_passwords(secretary, password, words):
    if words:
        with pytest.raises(ValidationError, match=words):
            passwords.set_password(person=secretary, password=password, at=MONDAY)
    else:
        passwords.set_password(person=secretary, password=password, at=MONDAY)
        assert secretary.check_password(password)


def test_the_last_five_do_not_come_back(secretary):
    for number in range(6):
        passwords.set_password(person=secretary, password=f"{GOOD}-{number}", at=MONDAY + timedelta(days=number))
    for number in range(1, 6):
        with pytest.raises(ValidationError, match="最近 5 次"):
            passwords.set_password(person=secretary, password=f"{GOOD}-{number}", at=MONDAY)
    passwords.set_password(person=secretary, password=f"{GOOD}-0", at=MONDAY + timedelta(days=9))


def test_a_password_has_its_time(secretary, settings):
    passwords.set_password(person=secretary, password=GOOD, at=MONDAY)
    assert not passwords.is_due(secretary, at=MONDAY + timedelta(days=89))
    assert passwords.is_due(secretary, at=MONDAY + timedelta(days=90))


def test_the_first_sign_in_of_a_staff_account_asks_for_a_password(client, town, county_admin):
    person = appoint_by_phone(
        phone="13900007777",
        name="新来的",
        role="community_worker",
        grid=town.community,
        from_at=MONDAY,
        by=county_admin,
    ).person
    assert person.is_staff
    client.post("/sign-in/", {"phone": person.phone})
    client.post("/sign-in/code/", {"code": shown_code(client)})
    assert client.get("/")["Location"] == "/password/"
    assert "不一样" in inside(client.post("/password/", {"password": GOOD, "again": "x"}), ERROR)
    client.post("/password/", {"password": GOOD, "again": GOOD})
    assert client.get("/")["Location"] == "/second-factor/"


def test_a_reset_leaves_the_choice_to_the_person(client, secretary, worker_at_desk, street_cadre):
    post = worker_at_desk.posts.get()
    done = signed_in(secretary).post(f"/admin/grids/post/{post.pk}/reset_password/", follow=True)
    assert "短信验证码登录" in done.content.decode()
    worker_at_desk.refresh_from_db()
    assert not worker_at_desk.has_usable_password()
    assert worker_at_desk.must_set_password
    own = secretary.posts.get()
    assert signed_in(secretary).post(f"/admin/grids/post/{own.pk}/reset_password/").status_code == 403
    above = street_cadre.posts.get()
    assert signed_in(secretary).post(f"/admin/grids/post/{above.pk}/reset_password/").status_code in {403, 404}


def test_an_idle_session_ends(secretary, resident, settings):
    client = signed_in(secretary)
    assert client.get("/cases/").status_code == 200
    session = client.session
    session[SEEN] = timezone.now().timestamp() - settings.IDLE_MINUTES * 60 - 1
    session.save()
    answer = client.get("/cases/?tab=area")
    assert answer["Location"] == "/sign-in/password/?next=%2Fcases%2F%3Ftab%3Darea"
    assert "已退出" in inside(client.get(answer["Location"]), MESSAGE)


def test_a_session_in_use_ends_too(secretary, resident, settings):
    resident.set_unusable_password()
    resident.save()
    for person, hours, door in (
        (secretary, settings.SESSION_HOURS, "/sign-in/password/"),
        (resident, settings.SESSION_HOURS_RESIDENT, "/sign-in/"),
    ):
        client = signed_in(person)
        session = client.session
        session[SIGNED] = timezone.now().timestamp() - hours * 3600 + 60
        session.save()
        assert client.get("/cases/").status_code == 200
        session[SIGNED] -= 120
        session.save()
        answer = client.get("/cases/")
        assert answer["Location"] == f"{door}?next=%2Fcases%2F"
        assert "登录已久" in client.get(answer["Location"]).content.decode()


def test_own_devices_are_listed_and_signed_out(grid_leader, next_grid_leader):
    phone, tablet = Client(HTTP_USER_AGENT="Phone"), Client(HTTP_USER_AGENT="Tablet")
    by_password(phone, grid_leader)
    by_password(tablet, grid_leader)
    page = phone.get("/devices/").content.decode()
    assert "Tablet" in page
    other = Device.objects.get(agent="Tablet")
    stranger = Client()
    by_password(stranger, next_grid_leader)
    stranger.post(f"/devices/{other.pk}/sign-out/")
    assert tablet.get("/cases/").status_code == 200
    phone.post(f"/devices/{other.pk}/sign-out/")
    assert tablet.get("/cases/").status_code == 302
    assert phone.get("/cases/").status_code == 200


def test_a_new_device_is_told_to_the_person(grid_leader):
    by_password(Client(HTTP_USER_AGENT="Phone"), grid_leader)
    by_password(Client(HTTP_USER_AGENT="Phone"), grid_leader)
    assert not heard("新设备", grid_leader)
    by_password(Client(HTTP_USER_AGENT="Stranger"), grid_leader)
    assert len(heard("新设备", grid_leader)) == 1


def test_a_new_password_signs_other_devices_out(grid_leader):
    client, other = Client(), Client()
    by_password(client, grid_leader)
    by_password(other, grid_leader)
    client.post("/password/", {"password": GOOD, "again": GOOD})
    assert client.get("/cases/").status_code == 200
    assert other.get("/cases/").status_code == 302


def test_demonstration_people_see_their_code_in_demo_mode_only(client, secretary, settings):
    by_password(client, secretary)
    assert code() not in client.get("/sign-in/second-factor/").content.decode()
    settings.DEMO = True
    assert code() in client.get("/sign-in/second-factor/").content.decode()
    settings.DEMO = False
    assert code() not in client.get("/sign-in/second-factor/").content.decode()
