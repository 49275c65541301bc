"""The answers that the tests of miniprogram/ work with are the real API's, and what its schema says.

UPDATE_ANSWERS=1 records them anew."""

import json
import os
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator

from cases.models import Case
from cases.services import route
from notices.models import Template
from tests.accounts.test_api_sign_in import NEW, App
from tests.cases.test_api import picture
from tests.support.cast import MONDAY, draw, signed_in
from tests.volunteers.callouts.test_call_out import called, plan  # noqa: F401 - fixtures
from tests.volunteers.cast import VISIT

ANSWERS = settings.BASE_DIR / "miniprogram/tests/fixtures/answers.json"
API = "/api/v1"
JSON = "application/json"
KEY = "9b2f4b1e-8f55-4a4e-9d4e-0a7a3f1b2c3d"


class Recorder:
    """Asks as a person and keeps each answer under its name, with the call as the schema writes it. Tokens stay out."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def get(self, name: str, client: Client, call: str, **about: Any) -> Any:
        return self.keep(name, f"GET {call}", client.get(API + call.format(**about)))

    def post(self, name: str, client: Client, call: str, body: dict[str, Any], **about: Any) -> Any:
        return self.keep(name, f"POST {call}", client.post(API + call.format(**about), body, content_type=JSON))

    def keep(self, name: str, call: str, answer: HttpResponse) -> Any:
        body = json.loads(answer.content) if answer.content else None
        if isinstance(body, dict) and "token" in body:
            body["token"] = "of-a-session-long-gone"
        self.kept[name] = {"call": call, "status": answer.status_code, "body": body}
        return body


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def signing_in(recorder, wechat, resident, staff, db):
    app = App()
    recorder.keep("wechat_unknown", "POST /sign-in/wechat/", app.post("/sign-in/wechat/", {"code": "code-o-1"}))
    recorder.keep("phone", "POST /sign-in/phone/", app.post("/sign-in/phone/", {"phone": resident.phone}))
    recorder.keep("code_wrong", "POST /sign-in/code/", app.post("/sign-in/code/", {"code": "000000"}))
    code = recorder.kept["phone"]["body"]["shown_code"]
    recorder.keep("signed_in", "POST /sign-in/code/", app.post("/sign-in/code/", {"code": code}))
    newcomer = App()
    told = newcomer.post("/sign-in/phone/", {"phone": NEW}).json()
    new = newcomer.post("/sign-in/code/", {"code": told["shown_code"]})
    recorder.keep("newcomer", "POST /sign-in/code/", new)
    refused = newcomer.post("/sign-in/newcomer/", {"name": "小林"})
    recorder.keep("newcomer_refused", "POST /sign-in/newcomer/", refused)
    child = {"name": "小林", "is_child": True, "birth_date": "2018-05-01"}
    recorder.keep("child", "POST /sign-in/newcomer/", newcomer.post("/sign-in/newcomer/", child))
    guardian = {"guardian_name": "林大", "guardian_phone": "13850990078"}
    sent = newcomer.post("/sign-in/guardian-phone/", guardian)
    recorder.keep("guardian_phone", "POST /sign-in/guardian-phone/", sent)
    agreed = {**guardian, "code": sent.json()["shown_code"], "has_agreed": True}
    recorder.keep("child_signed_in", "POST /sign-in/guardian/", newcomer.post("/sign-in/guardian/", agreed))
    cadre = App()
    sent = cadre.post("/sign-in/phone/", {"phone": staff["street_cadre"].phone}).json()
    half = cadre.post("/sign-in/code/", {"code": sent["shown_code"]})
    recorder.keep("second_factor", "POST /sign-in/code/", half)
    stranger = App()
    stranger.token = "none-any-more"
    recorder.keep("dead_token", "GET /notices/", stranger.get("/notices/"))
    app.get("/me/")
    recorder.keep("devices", "GET /devices/", app.get("/devices/"))


@pytest.fixture
def asking(recorder, defaults, town, staff, resident):
    own = signed_in(resident)
    Template.objects.create(channel="wechat", kinds="request.*.asker", template_id="T-1")
    recorder.get("places", own, "/places/")
    recorder.keep("buildings", "GET /places/", own.get(f"{API}/places/?place={town.estate.pk}"))
    door = f"{API}/my-grid/?place={town.estate.pk}&building={town.building.pk}"
    recorder.keep("my_grid", "GET /my-grid/", own.get(door))
    recorder.post("refused", own, "/requests/", {"place": town.estate.pk, "key": KEY, "words": ""})
    filed = {"place": town.estate.pk, "building": town.building.pk, "words": "楼道灯坏了三天", "key": KEY}
    number = recorder.post("filed", own, "/requests/", filed)["number"]
    case = Case.objects.get(number=number)
    route(case_id=case.pk, at=MONDAY)
    posted = {"version": Case.objects.get(pk=case.pk).version, "words": "还有这里", "photos": picture()}
    url = f"{API}/cases/{number}/acts/note/"
    recorder.keep("noted", "POST /cases/{number}/acts/{verb}/", own.post(url, posted))
    stale = own.post(url, {"version": 0, "words": "又来"})
    recorder.keep("stale", "POST /cases/{number}/acts/{verb}/", stale)
    recorder.get("matter", own, "/cases/{number}/", number=number)
    Case.objects.filter(pk=case.pk).update(due_at=MONDAY)
    recorder.keep("matters", "GET /cases/", own.get(f"{API}/cases/?list=mine"))
    leader = staff["grid_leader"]
    draw(case, "sign", leader)
    draw(case, "finish", leader, "换了灯泡")
    to_rate = recorder.get("matter_to_rate", own, "/cases/{number}/", number=number)
    rating = {"version": to_rate["version"], "score": 5, "is_solved": True}
    recorder.post("rated", own, "/cases/{number}/acts/{verb}/", rating, number=number, verb="rate")
    recorder.get("messages", own, "/notices/")
    recorder.get("choices", own, "/notices/choices/")
    recorder.post("chosen", own, "/notices/choices/", {"ways": ["wechat"], "digest_hours": [8]})
    recorder.get("templates", own, "/subscriptions/")
    recorder.post("subscribed", own, "/subscriptions/", {"accepted": ["T-1"]})
    recorder.post("ticket", own, "/tickets/", {"path": "/experts/"})


@pytest.fixture
def helping(recorder, visit, ask, helper, called):  # noqa: F811 - the fixture
    own = signed_in(helper)
    recorder.get("calls", own, "/calls/")
    key = str(called.key)
    recorder.post("call_answered", own, "/calls/{key}/answer/", {"answer": "yes"}, key=key)
    ask(visit, helper)
    recorder.get("services", own, "/services/")
    recorder.get("service_offered", own, "/services/{number}/", number=visit.number)
    accept = {"answer": "accept"}
    recorder.post("service_accepted", own, "/services/{number}/answer/", accept, number=visit.number)
    with time_machine.travel(VISIT):
        own = signed_in(helper)
        arriving = "/services/{number}/check-in/"
        recorder.get("service_today", own, "/services/{number}/", number=visit.number)
        recorder.post("check_in_wrong", own, arriving, {"code": "0"}, number=visit.number)
        code = {"code": visit.service.door_code}
        recorder.post("checked_in", own, arriving, code, number=visit.number)
    with time_machine.travel(VISIT.replace(hour=11)):
        own, words = signed_in(helper), {"words": "陪着去了医院"}
        recorder.post("checked_out", own, "/services/{number}/check-out/", words, number=visit.number)


def test_the_answers_are_those_of_the_real_api(recorder, signing_in, asking, helping):
    """Alike in their make: numbers, keys and moments differ from day to day."""
    if os.environ.get("UPDATE_ANSWERS"):
        ANSWERS.write_text(json.dumps(recorder.kept, ensure_ascii=False, indent=1) + "\n")
    kept = json.loads(ANSWERS.read_text())
    assert kept.keys() == recorder.kept.keys()
    for name, answer in recorder.kept.items():
        assert (kept[name]["call"], kept[name]["status"]) == (answer["call"], answer["status"]), name
        assert make_of(kept[name]["body"]) == make_of(answer["body"]), name


def make_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: make_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [make_of(inner) for inner in value]
    return type(value).__name__


@pytest.fixture(scope="module")
def schema(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    with django_db_blocker.unblock():
        answer: dict[str, Any] = Client().get("/api/schema/", {"format": "json"}).json()
    return answer


def test_every_answer_is_what_the_schema_says(schema):
    for name, answer in json.loads(ANSWERS.read_text()).items():
        method, call = answer["call"].split(" ")
        declared = schema["paths"][API + call][method.lower()]["responses"]
        status = str(answer["status"])
        assert status in declared, f"{name}: {call} does not declare {status}"
        for content in declared[status].get("content", {}).values():
            told = {**content["schema"], "components": schema["components"]}
            problems = [error.message for error in Draft202012Validator(told).iter_errors(answer["body"])]
            assert problems == [], name
