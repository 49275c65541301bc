"""Signing in from an app: a token is the key of a session, seen and ended like a browser's."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Device, KeptAnswer, Ticket, User, WeChatAccount
from cases.models import Case
from tests.support.cast import SECOND_FACTOR, signed_in
from tests.support.standins.wechat import OFFICIAL_APP, error

API = "/api/v1"
NEW = "13850990077"


class App:
    """Keeps no cookies, and shows the token that it was given last."""

    def __init__(self) -> None:
        self.token = ""
        self.client = Client(enforce_csrf_checks=True)

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        self.client.cookies.clear()
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | more

    def post(self, path: str, body: dict | None = None, **headers: str):
        more = self.headers({name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.client.post(f"{API}{path}", body or {}, content_type="application/json", headers=more)
        assert "sessionid" not in answer.cookies
        if answer.status_code == 200 and "token" in (told := answer.json()):
            self.token = told["token"]
        return answer

    def get(self, path: str):
        return self.client.get(f"{API}{path}", headers=self.headers({}))

    def sign_in(self, phone: str) -> dict:
        sent = self.post("/sign-in/phone/", {"phone": phone}).json()
        assert sent["next"] == "code"
        return self.post("/sign-in/code/", {"code": sent["shown_code"]}).json()


@pytest.fixture
def app(db):
    return App()


@pytest.fixture
def signed(app, resident):
    assert app.sign_in(resident.phone)["next"] == ""
    return app


def test_a_resident_signs_in_with_a_code(signed, resident):
    assert signed.get("/me/").json() == {"name": resident.name, "phone": resident.masked_phone, "is_staff": False}


def test_without_a_token_nothing_is_told(app):
    assert app.get("/me/").status_code == 403
    app.token = "guessed"
    answer = app.get("/me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_opens_no_page(signed):
    signed.client.cookies.clear()
    page = signed.client.get("/notices/", headers={"Authorization": f"Bearer {signed.token}"})
    assert page.status_code == 302


def test_a_wrong_code_is_said_at_the_code(app, resident):
    app.post("/sign-in/phone/", {"phone": resident.phone})
    answer = app.post("/sign-in/code/", {"code": "000000"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "#/code"


def test_a_step_out_of_order_is_refused(app):
    for path, body in (
        ("/sign-in/code/", {"code": "123456"}), ("/sign-in/newcomer/", {"name": "王", "has_agreed": "true"}),
        ("/sign-in/second-factor/", {"code": "123456"}), ("/sign-in/guardian/", {}),
    ):  # fmt: skip
        assert app.post(path, body).status_code == 403, path
    assert not User.objects.exists()


def test_somebody_new_agrees_and_is_there(app):
    assert app.sign_in(NEW)["next"] == "newcomer"
    assert app.get("/me/").status_code == 401
    refused = app.post("/sign-in/newcomer/", {"name": "林女士"})
    assert refused.json()["errors"][0]["pointer"] == "#/has_agreed"
    assert app.post("/sign-in/newcomer/", {"name": "林女士", "has_agreed": True}).json()["next"] == ""
    assert app.get("/me/").json()["name"] == "林女士"


def test_for_a_child_the_guardian_agrees(app):
    app.sign_in(NEW)
    child = {"name": "小林", "is_child": True, "birth_date": "2018-05-01"}
    assert app.post("/sign-in/newcomer/", child).json()["next"] == "guardian"
    guardian = {"guardian_name": "林大", "guardian_phone": "13850990078"}
    sent = app.post("/sign-in/guardian-phone/", guardian).json()
    told = app.post("/sign-in/guardian/", {**guardian, "code": sent["shown_code"], "has_agreed": True}).json()
    assert told["person"]["name"] == "小林"
    assert app.post("/sign-in/guardian-phone/", guardian).status_code == 403


def test_staff_need_their_second_factor(app, staff):
    cadre = staff["street_cadre"]
    assert app.sign_in(cadre.phone)["next"] == "second_factor"
    assert app.get("/me/").status_code == 401
    code = pyotp.TOTP(SECOND_FACTOR).at(timezone.now())
    assert app.post("/sign-in/second-factor/", {"code": code}).json()["person"]["is_staff"] is True
    assert app.get("/cases/").status_code == 200


def test_the_owner_sees_each_device_and_ends_it(signed, resident):
    other = App()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.sign_in.codes.SECONDS_BETWEEN_CODES", 0)
        other.sign_in(resident.phone)
    rows = signed.get("/devices/").json()
    assert [row["is_this"] for row in rows].count(True) == 1
    theirs = next(row for row in rows if not row["is_this"])
    assert signed.post(f"/devices/{theirs['id']}/sign-out/").status_code == 204
    assert other.get("/me/").status_code == 401
    assert signed.get("/me/").status_code == 200


def test_nobody_ends_anothers_device(signed, neighbour):
    device = Device.objects.create(person=neighbour, session_key="theirs", signed_in_at=timezone.now())
    assert signed.post(f"/devices/{device.pk}/sign-out/").status_code == 204
    assert Device.objects.filter(pk=device.pk).exists()


# Into a page


def test_a_ticket_opens_a_page_signed_in_once(signed, resident):
    url = urlsplit(signed.post("/tickets/", {"path": "/notices/"}).json()["url"])
    browser = Client()
    assert browser.get(f"{url.path}?{url.query}").headers["Location"] == "/notices/"
    assert browser.get("/notices/").context["user"] == resident
    assert "location" not in Client().get(f"{url.path}?{url.query}").headers


def test_a_ticket_is_good_for_a_minute(signed):
    url = urlsplit(signed.post("/tickets/", {"path": "/notices/"}).json()["url"])
    Ticket.objects.update(good_until=timezone.now() - timedelta(seconds=1))
    assert "location" not in Client().get(f"{url.path}?{url.query}").headers


def test_a_ticket_of_an_app_that_has_signed_out_opens_nothing(signed, resident):
    url = urlsplit(signed.post("/tickets/", {"path": "/notices/"}).json()["url"])
    [device] = signed.get("/devices/").json()
    signed.post(f"/devices/{device['id']}/sign-out/")
    assert "location" not in Client().get(f"{url.path}?{url.query}").headers


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere", "notices/", ""])
def test_a_ticket_leads_to_no_foreign_site(signed, path):
    assert signed.post("/tickets/", {"path": path}).status_code == 400


# By WeChat


def test_who_comes_by_wechat_for_the_first_time_shows_their_phone(app, wechat, resident):
    assert app.post("/sign-in/wechat/", {"code": "code-o-1"}).json()["next"] == "phone"
    wechat.phones["p"] = (resident.phone, "86")
    assert app.post("/sign-in/wechat-phone/", {"code": "p"}).json()["person"]["name"] == resident.name
    again = App()
    wechat._spent.clear()
    assert again.post("/sign-in/wechat/", {"code": "code-o-1"}).json()["next"] == ""
    assert WeChatAccount.objects.get().person == resident


def test_somebody_new_by_wechat_waits_for_no_code(app, wechat):
    app.post("/sign-in/wechat/", {"code": "code-o-2"})
    wechat.phones["p"] = (NEW, 86)
    assert app.post("/sign-in/wechat-phone/", {"code": "p"}).json()["next"] == "newcomer"
    app.post("/sign-in/newcomer/", {"name": "林女士", "has_agreed": True})
    assert WeChatAccount.objects.get().person.phone == NEW


def test_an_account_of_the_same_person_elsewhere_is_known_by_its_union(app, wechat, resident):
    wechat.unions["o-1"] = wechat.unions["o-9"] = "u-1"
    app.post("/sign-in/wechat/", {"code": "code-o-1"})
    wechat.phones["p"] = (resident.phone, 86)
    app.post("/sign-in/wechat-phone/", {"code": "p"})
    assert App().post("/sign-in/wechat/", {"code": "code-o-9"}).json()["next"] == ""
    assert WeChatAccount.objects.filter(person=resident).count() == 2


@pytest.mark.parametrize("code", [40029, 45011, -1, 40226])
def test_what_wechat_refuses_is_said_at_the_code(app, wechat, code):
    wechat.server.fault = lambda asked: error(code, "no")
    answer = app.post("/sign-in/wechat/", {"code": "code-o-1"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "#/code"


def test_a_phone_of_elsewhere_is_refused_in_words(app, wechat):
    app.post("/sign-in/wechat/", {"code": "code-o-1"})
    wechat.phones["p"] = ("5551234", 852)
    answer = app.post("/sign-in/wechat-phone/", {"code": "p"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "#/code"


def test_staff_by_wechat_still_need_their_second_factor(app, wechat, staff):
    app.post("/sign-in/wechat/", {"code": "code-o-1"})
    wechat.phones["p"] = (staff["street_cadre"].phone, 86)
    assert app.post("/sign-in/wechat-phone/", {"code": "p"}).json()["next"] == "second_factor"
    assert app.get("/me/").status_code == 401


def test_without_a_mini_program_it_is_said(app):
    assert app.post("/sign-in/wechat/", {"code": "x"}).status_code == 400


# By the 公众号


@pytest.fixture
def at_wechat(wechat, resident):
    """Sent out to WeChat from the page of choices; what it has to bring back."""
    client = signed_in(resident)
    page = client.get("/notices/choices/", headers={"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"})
    assert page.context["may_follow"]
    target = urlsplit(client.get("/wechat/follow/").headers["Location"])
    return client, dict(parse_qsl(target.query))["state"]


def test_a_follower_is_joined_with_the_official_account(at_wechat, resident):
    client, state = at_wechat
    client.get("/wechat/back/", {"code": "code-o-7", "state": state})
    linked = WeChatAccount.objects.get()
    assert (linked.person, linked.app_id, linked.openid) == (resident, OFFICIAL_APP, "o-7")
    client.get("/wechat/back/", {"code": "code-o-8", "state": state})  # once
    assert WeChatAccount.objects.count() == 1


@pytest.mark.parametrize(
    "brought", [{"code": "code-o-7", "state": "theirs"}, {"code": "code-snapshot-1"}, {"code": "x"}, {}]
)
def test_what_comes_back_otherwise_joins_nobody(at_wechat, brought):
    client, state = at_wechat
    client.get("/wechat/back/", {"state": state, **brought})
    assert not WeChatAccount.objects.exists()


def test_elsewhere_than_in_wechat_nobody_is_asked_to_follow(wechat, resident, settings):
    assert not signed_in(resident).get("/notices/choices/").context["may_follow"]
    settings.WECHAT_OFFICIAL_ID = ""
    assert signed_in(resident).get("/wechat/follow/").headers["Location"] == "/"


# Once


@pytest.fixture
def filing(town, staff, defaults):
    return {"place": town.estate.pk, "words": "楼道灯坏了两天", "key": "9b2f4b1e-8f55-4a4e-9d4e-0a7a3f1b2c3d"}


def test_the_same_call_twice_is_done_once_and_answered_alike(signed, filing):
    first = signed.post("/requests/", filing, Idempotency_Key="a-1")
    again = signed.post("/requests/", filing, Idempotency_Key="a-1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Case.objects.count() == 1
    assert "楼道灯" not in "".join(KeptAnswer.objects.values_list("key", "digest", "kept_at")[0][:2])


def test_the_same_key_for_something_else_is_refused(signed, filing):
    signed.post("/requests/", filing, Idempotency_Key="a-1")
    other = signed.post("/requests/", {**filing, "words": "别的事情"}, Idempotency_Key="a-1")
    assert other.status_code == 422
    assert Case.objects.count() == 1


def test_values_that_run_into_each_other_are_not_the_same_call(signed, filing):
    signed.post("/requests/", {**filing, "words": "灯坏了", "address_note": "x"}, Idempotency_Key="a-1")
    other = {**filing, "words": "灯坏了\naddress_note=x"}
    assert signed.post("/requests/", other, Idempotency_Key="a-1").status_code == 422


def test_a_refused_call_may_be_corrected_with_the_same_key(signed, filing):
    assert signed.post("/requests/", {**filing, "words": ""}, Idempotency_Key="a-1").status_code == 400
    assert signed.post("/requests/", filing, Idempotency_Key="a-1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "键", "a\x07"])
def test_a_key_that_is_none_is_refused(signed, filing, key):
    assert signed.post("/requests/", filing, Idempotency_Key=key).status_code == 400
    assert not Case.objects.exists()


def test_a_key_is_good_for_a_day_and_of_one_person(signed, filing, neighbour):
    first = signed.post("/requests/", filing, Idempotency_Key="a-1").json()["number"]
    other = App()
    other.sign_in(neighbour.phone)
    assert other.post("/requests/", filing, Idempotency_Key="a-1").json()["number"] != first
    KeptAnswer.objects.update(kept_at=timezone.now() - timedelta(hours=25))
    assert (
        signed.post("/requests/", {**filing, "words": "过了一天的另一件事"}, Idempotency_Key="a-1").status_code == 201
    )
