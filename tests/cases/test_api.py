"""The API says what the pages say, to the same people."""

import io
import uuid
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from accounts.limiter import LIMITS, Rate
from accounts.models import AuditLine, KeptAnswer
from cases.models import Case
from tests.support.calls import App, refused
from tests.support.cast import draw, signed_in


def picture(name: str = "a.jpg") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "green").save(out, "JPEG")
    out.seek(0)
    out.name = name
    return out


def test_a_list_by_time_left_in_pages(request_case, grid_leader):
    answer = signed_in(grid_leader).get("/api/v1/cases/?list=todo").json()
    (card,) = answer["results"]
    assert card["number"] == request_case.number
    assert card["state_label"] == "已派单"
    assert card["holder"] == "宜和佳苑1号网格长 李强"
    assert answer["next"] is None


def test_an_unknown_list_is_not_found(request_case, grid_leader):
    assert signed_in(grid_leader).get("/api/v1/cases/?list=all").status_code == 404


def test_one_case_with_its_story_and_what_may_be_done(request_case, grid_leader):
    answer = signed_in(grid_leader).get(f"/api/v1/cases/{request_case.number}/").json()
    assert [line["title"] for line in answer["story"]] == ["已派单", "已提交"]
    sign = next(arrow for arrow in answer["arrows"] if arrow["verb"] == "sign")
    assert (sign["label"], sign["needs"], sign["is_main"]) == ("签收", [], True)


def test_an_act(request_case, grid_leader):
    client, url = signed_in(grid_leader), f"/api/v1/cases/{request_case.number}/acts"
    answer = client.post(f"{url}/sign/", {"version": request_case.version}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    posted = {"version": answer.json()["version"], "words": "修好了", "photos": picture()}
    answer = client.post(f"{url}/finish/", posted)
    assert answer.json()["state"] == "awaiting_rating"
    assert Case.objects.get(pk=request_case.pk).attachments.count() == 1


def test_a_stale_version_is_a_conflict(request_case, grid_leader):
    stale = request_case.version
    draw(request_case, "sign", grid_leader)
    answer = signed_in(grid_leader).post(
        f"/api/v1/cases/{request_case.number}/acts/finish/", {"version": stale, "words": "x"}
    )
    assert answer.status_code == 409
    assert "已被他人处理" in str(answer.json())


@pytest.mark.parametrize(
    ("verb", "posted", "field"),
    [("finish", {"words": ""}, "words"), ("finish", {"words": "长" * 2001}, "words"), ("send_up", {}, "words")],
)
def test_what_is_missing_or_too_long_is_said_at_its_field(request_case, grid_leader, verb, posted, field):
    draw(request_case, "sign", grid_leader)
    url = f"/api/v1/cases/{request_case.number}/acts/{verb}/"
    answer = signed_in(grid_leader).post(url, {"version": request_case.version, **posted})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]


def test_a_refusal_names_the_reason(request_case, grid_leader):
    answer = signed_in(grid_leader).post(
        f"/api/v1/cases/{request_case.number}/acts/finish/", {"version": request_case.version, "words": "好了"}
    )
    assert answer.status_code == 400
    assert answer.json()["detail"] == "现在是“已派单”，不能做这一步。"


def test_an_unknown_verb_is_not_found(request_case, grid_leader):
    url = f"/api/v1/cases/{request_case.number}/acts/explode/"
    assert signed_in(grid_leader).post(url, {"version": 1}).status_code == 404


def test_filing_a_request_and_again_with_the_same_key(defaults, town, staff, resident, neighbour):
    posted = {"key": str(uuid.uuid4()), "place": town.estate.pk, "building": town.building.pk, "words": "井盖松了"}
    client = signed_in(resident)
    first = client.post("/api/v1/requests/", {**posted, "photos": picture()})
    assert first.status_code == 201
    assert client.post("/api/v1/requests/", posted).json()["number"] == first.json()["number"]
    assert signed_in(neighbour).post("/api/v1/requests/", posted).json()["number"] != first.json()["number"]
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"words": " \u200b"}, "words"),
        ({"place": "999999"}, "place"),
        ({"place": "１2"}, "place"),
        ({"building": "999999"}, "building"),
        ({"key": "1"}, "key"),
        ({"category": "999999"}, "category"),
    ],
)
def test_a_bad_request_is_refused_at_its_field(defaults, town, staff, resident, spoil, field):
    posted = {"key": str(uuid.uuid4()), "place": town.estate.pk, "words": "井盖松了", **spoil}
    answer = signed_in(resident).post("/api/v1/requests/", posted)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]
    assert not Case.objects.exists()


def test_where_a_request_may_be_filed(defaults, town, resident):
    client = signed_in(resident)
    names = [place["name"] for place in client.get("/api/v1/places/").json()]
    assert "宜和佳苑" in names
    assert "熊山街道" not in names
    assert client.get(f"/api/v1/places/?place={town.estate.pk}").json() == [
        {"id": town.building.pk, "name": "3幢1单元"}
    ]


def test_a_photo_is_for_whoever_sees_the_case(request_case, grid_leader, resident, neighbour):
    draw(request_case, "sign", grid_leader)
    version = Case.objects.get(pk=request_case.pk).version
    own = signed_in(resident)
    posted = {"version": version, "words": "还有这里", "photos": picture()}
    assert own.post(f"/api/v1/cases/{request_case.number}/acts/note/", posted).status_code == 200
    (photo,) = own.get(f"/api/v1/cases/{request_case.number}/").json()["story"][0]["photos"]
    for address in (photo["url"], photo["thumbnail_url"]):
        answer = own.get(f"/api/v1{address}", headers={"accept": "image/*"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert Image.open(io.BytesIO(answer.getvalue())).size == (20, 10)
        assert signed_in(grid_leader).get(f"/api/v1{address}").status_code == 200
        assert signed_in(neighbour).get(f"/api/v1{address}").status_code == 404
    assert own.get(f"/api/v1/cases/{request_case.number}/photos/other/").status_code == 404


def test_what_has_passed_the_holders_limit_is_late(request_case, resident):
    """What waits for the asker's own word is not."""
    own, url = signed_in(resident), f"/api/v1/cases/{request_case.number}/"
    with time_machine.travel(request_case.due_at - timedelta(minutes=1)):
        assert own.get(url).json()["is_late"] is False
    with time_machine.travel(request_case.due_at + timedelta(minutes=1)):
        assert own.get(url).json()["is_late"] is True
    Case.objects.filter(pk=request_case.pk).update(state="awaiting_rating")
    with time_machine.travel(request_case.due_at + timedelta(minutes=1)):
        assert own.get(url).json()["is_late"] is False


def test_the_asker_s_phone_for_a_reason_that_is_logged_and_kept_nowhere(
    request_case, grid_leader, resident, other_cadre
):
    app, path = App(grid_leader), f"cases/{request_case.number}/asker-phone/"
    assert refused(app.post(path, {"reason": " "})) == ["reason"]
    assert app.post(path, {"reason": "约上门时间"}).json()["phone"] == resident.phone
    assert AuditLine.objects.filter(by=grid_leader.pk, about=resident.pk).count() == 1
    assert not KeptAnswer.objects.exists()
    for stranger in (resident, other_cadre):
        assert App(stranger).post(path, {"reason": "想知道"}).status_code == 404


def test_reading_too_often_is_told_to_wait(request_case, grid_leader, client, monkeypatch):
    monkeypatch.setitem(LIMITS, "read", {"person": Rate(2, 60), "address": Rate(1, 60)})
    app = App(grid_leader)
    answers = [app.get("cases/"), app.get(f"cases/{request_case.number}/"), app.get("me/")]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert app.post(f"cases/{request_case.number}/acts/sign/", {"version": request_case.version}).status_code == 200
    assert [client.get("/api/v1/topics/").status_code for _ in range(2)] == [200, 429]


def test_categories_by_kind(request_case, resident):
    rows = App(resident).get("categories/", kind="request").json()
    assert rows
    assert App(resident).get("categories/", kind="x").json() == []
