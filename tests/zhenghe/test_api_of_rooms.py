"""What apps read and do beside cases: messages, 我的网格, services and call-outs. The same rights as on the pages."""

from datetime import timedelta

import pytest
import time_machine

from notices.models import Choices, Notice, Subscription, Template
from notices.services import News, notify
from notices.texts import TEXTS, Text
from tests.support.cast import MONDAY, signed_in
from tests.volunteers.cast import VISIT

API = "/api/v1"
JSON = "application/json"


@pytest.fixture
def told(resident):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TEXTS, "test.word", Text("{word}"))
        for number in range(3):
            at = MONDAY + timedelta(minutes=number)
            notify(News("test.word", [resident], "/cases/", f"event:{number}", at, {"word": f"第{number}条"}))
        yield


def test_my_messages_newest_first_and_read(told, resident, neighbour):
    client = signed_in(resident)
    rows = client.get(f"{API}/notices/").json()["results"]
    assert [row["words"] for row in rows] == ["第2条", "第1条", "第0条"]
    assert not any(row["is_read"] for row in rows)
    assert client.post(f"{API}/notices/").status_code == 204
    assert not Notice.objects.filter(read_at=None).exists()
    assert signed_in(neighbour).get(f"{API}/notices/").json()["results"] == []


def test_how_i_am_told(resident):
    client = signed_in(resident)
    assert client.get(f"{API}/notices/choices/").json() == {"ways": ["wechat", "official", "sms"], "digest_hours": []}
    answer = client.post(f"{API}/notices/choices/", {"ways": ["sms"], "digest_hours": [8]}, content_type=JSON)
    assert answer.status_code == 204
    assert Choices.objects.get(person=resident).off == ["wechat", "official"]
    wrong = client.post(f"{API}/notices/choices/", {"ways": ["pigeon"]}, content_type=JSON)
    assert wrong.json()["errors"][0]["pointer"] == "#/ways"


def test_one_yes_in_the_mini_program_is_one_message(resident):
    Template.objects.create(channel="wechat", kinds="case.climb.asker", template_id="T-1")
    Template.objects.create(channel="wechat", kinds="request.sign.asker", template_id="T-2", is_active=False)
    client = signed_in(resident)
    assert client.get(f"{API}/subscriptions/").json() == [{"template_id": "T-1", "left": 0}]
    for _ in range(2):
        client.post(f"{API}/subscriptions/", {"accepted": ["T-1"]}, content_type=JSON)
    assert client.get(f"{API}/subscriptions/").json() == [{"template_id": "T-1", "left": 2}]
    refused = client.post(f"{API}/subscriptions/", {"accepted": ["T-2"]}, content_type=JSON)
    assert refused.status_code == 400
    assert Subscription.objects.count() == 1


def test_who_answers_for_a_door_is_told_to_everybody(client, town, staff):
    answer = client.get(f"{API}/my-grid/", {"place": town.estate.pk, "building": town.building.pk})
    names = [name for post in answer.json()["party"] for name in post["names"]]
    assert staff["grid_leader"].name in names
    assert not any(character.isdigit() and len(character) > 10 for character in str(answer.json()))
    assert client.get(f"{API}/my-grid/", {"place": "x"}).status_code == 400
    assert client.get(f"{API}/my-grid/").status_code == 400


def test_services_are_told_to_who_was_asked(resident, neighbour, db):
    assert signed_in(resident).get(f"{API}/services/").json() == []
    assert signed_in(neighbour).get(f"{API}/services/ZH-2222-2222/").status_code == 404
    assert signed_in(neighbour).get(f"{API}/calls/").json() == []


def test_the_schema_is_whole(client, db):
    schema = client.get("/api/schema/", {"format": "json"}).json()
    assert schema["openapi"] == "3.1.0"
    for path, calls in schema["paths"].items():
        for method, call in calls.items():
            assert call.get("responses"), f"{method} {path}"
    filing = schema["paths"]["/api/v1/requests/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    taken = schema["components"]["schemas"][filing["$ref"].rpartition("/")[2]]
    assert {"words", "place", "key"} <= set(taken["required"])


def test_the_page_to_try_it_loads_nothing_from_elsewhere(client, db):
    page = client.get("/api/").content.decode()
    assert "swagger" in page
    assert "https://" not in page.replace("https://127.0.0.1", "")


@pytest.mark.usefixtures("point_rules")
def test_a_service_from_asked_to_served(visit, ask, helper, neighbour):
    ask(visit, helper)
    client, path = signed_in(helper), f"{API}/services/{visit.number}/"
    [row] = client.get(f"{API}/services/").json()
    assert (row["number"], row["state"]) == (visit.number, "offered")
    assert client.get(path).json()["door"] == ""
    assert signed_in(neighbour).get(path).status_code == 404

    def send(what, body, key):
        return client.post(f"{path}{what}/", body, content_type=JSON, headers={"Idempotency-Key": key})

    taken = send("answer", {"answer": "accept"}, "1").json()
    assert (taken["door"], taken["may_arrive"]) == (visit.service.address_note, True)
    assert send("answer", {"answer": "accept"}, "1").json() == taken
    with time_machine.travel(VISIT, tick=False):
        client = signed_in(helper)
        assert send("check-in", {"code": "000000"}, "2").json()["errors"][0]["pointer"] == "#/code"
        assert send("check-in", {"code": visit.service.door_code}, "3").status_code == 200
    with time_machine.travel(VISIT + timedelta(hours=2), tick=False):
        client = signed_in(helper)
        assert send("check-out", {"words": "取了药，送到家"}, "4").status_code == 200
    visit.refresh_from_db()
    assert visit.state == "awaiting_rating"
