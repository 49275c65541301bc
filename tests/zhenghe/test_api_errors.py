"""However the API says no, it says it as application/problem+json (RFC 9457), in Chinese, and never as a page."""

import json
import uuid

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.limiter import LIMITS, Rate
from accounts.sign_in.sessions import SIGNED
from cases.api import views as cases_api
from cases.models import Case
from tests.disputes.conftest import dispute, dispute_defaults
from tests.support.cast import draw, post_of, signed_in

__all__ = ["dispute", "dispute_defaults"]
"""The room's own fixtures."""
TOO_LARGE = '{"words": "%s"}' % ("a" * 1024 * 1024)
UNREADABLE = ["[", '{"version": 1', b"\xff\xfe", "[" * 100_000, "[]", '"x"', "1", "null", "true", "NaN", TOO_LARGE]
JSON = "application/json"


def problem(answer, status):
    """What the answer says, once it is sure that it says it in the right form."""
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    members = answer.json()
    assert (members["type"], members["status"]) == ("about:blank", status)
    for words in (members["title"], members["detail"]):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words), words
    return members


def pointers(answer):
    return [error["pointer"] for error in problem(answer, 400)["errors"]]


@pytest.fixture
def act(request_case, grid_leader):
    """Sends a body to an act of the case."""
    client = signed_in(grid_leader)
    client.raise_request_exception = False

    def send(body, *, verb="sign", content_type=JSON, **more):
        return client.post(f"/api/v1/cases/{request_case.number}/acts/{verb}/", body, content_type=content_type, **more)

    return send


@pytest.fixture
def file(defaults, town, staff, resident):
    """Files a request in which these fields are said so, each as it stands in JSON."""
    client = signed_in(resident)
    client.raise_request_exception = False

    def send(**spoilt):
        fields = {"key": f'"{uuid.uuid4()}"', "place": str(town.estate.pk), "words": '"井盖松了"', **spoilt}
        body = ",".join(f'"{name}": {value}' for name, value in fields.items())
        return client.post("/api/v1/requests/", f"{{{body}}}", content_type=JSON)

    return send


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: repr(body[:20]))
def test_a_body_that_is_no_object_is_said(act, resident, body):
    problem(act(body), 400)
    client = signed_in(resident)
    client.raise_request_exception = False
    problem(client.post("/api/v1/requests/", body, content_type=JSON), 400)


@pytest.mark.parametrize("value", ["1e400", "-1e400", "1" * 5000, str(2**63), str(10**30), "-1", "0.5", "true", "{}"])
@pytest.mark.parametrize("field", ["place", "building", "category"])
def test_what_names_none_of_our_rows_is_refused_at_its_field(file, field, value):
    assert pointers(file(**{field: value})) == [f"#/{field}"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("value", ["1e400", "1" * 5000, "null", "[]", '"x"', "1.5"])
def test_a_version_that_is_no_number_is_refused_at_its_field(act, value):
    assert pointers(act(f'{{"version": {value}}}')) == ["#/version"]


@pytest.mark.parametrize("body", ["", "{}"])
def test_nothing_is_as_if_no_field_had_been_said(act, body):
    assert pointers(act(body)) == ["#/version"]


@pytest.mark.parametrize("value", ["{}", '{"a": 1}', "[]", "[1, 2]", '["a", {"b": []}]', "[[]]", "null"])
def test_a_list_or_an_object_where_words_belong_is_refused_there(file, value):
    assert pointers(file(words=value)) == ["#/words"]


@pytest.mark.parametrize("value", [r'"a\ud800b"', r'"\udfff"', r'["\ud800"]'])
def test_half_a_character_is_refused_at_its_field(file, value):
    assert pointers(file(words=value, address_note=value)) == ["#/words", "#/address_note"]


def test_a_sign_that_no_database_keeps_is_refused_at_its_field(file):
    assert pointers(file(address_note=r'"a\u0000b"')) == ["#/address_note"]


def test_a_name_said_twice_is_refused(act, request_case):
    assert pointers(act('{"version": 1, "version": 2, "a/b": 1, "a/b": 2}')) == ["#/version", "#/a~1b"]
    version = request_case.version
    answer = act(f"version={version}&version={version}", content_type="application/x-www-form-urlencoded")
    assert pointers(answer) == ["#/version"]


def test_what_is_refused_of_the_whole_stands_above(act, request_case):
    members = problem(act({"version": request_case.version, "words": "好了"}, verb="finish"), 400)
    assert members["detail"] == "现在是“已派单”，不能做这一步。"
    assert "errors" not in members


def test_several_values_where_several_belong(dispute, staff, neighbour):
    """A list of JSON is as a name said several times in a form."""
    leader, url = staff["group_leader"], f"/api/v1/cases/{dispute.number}/acts/name_mediators/"
    draw(dispute, "consent", neighbour)
    draw(dispute, "accept", leader)
    dispute.refresh_from_db()
    body = {"version": dispute.version, "mediators": [post_of(leader).pk]}
    assert signed_in(leader).post(url, body, content_type=JSON).json()["state"] == "mediating"


def test_a_case_moved_on_is_a_conflict(act, request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    assert problem(act({"version": 1}), 409)["title"] == "已被他人处理"


@pytest.mark.parametrize("path", ["/api/v1/", "/api/nowhere/", "/api/v1/cases/x/", "/api/v1/cases/ZH-2222-2222/"])
def test_an_unknown_address_is_no_page(resident, path):
    problem(signed_in(resident).get(path), 404)
    if path != "/api/v1/cases/ZH-2222-2222/":
        problem(Client().get(path), 404)


def test_a_wrong_method_and_a_wrong_format(act, resident):
    client = signed_in(resident)
    answer = client.delete("/api/v1/cases/")
    problem(answer, 405)
    assert "GET" in answer["Allow"]
    problem(client.get("/api/v1/cases/", headers={"Accept": "text/html"}), 406)
    problem(act("<version/>", content_type="text/xml"), 415)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_broken_form_is_said(act, content_type):
    problem(act(b"--x\r\nContent-Disposition: form-data", content_type=content_type), 400)


def test_a_form_larger_than_any_of_ours_is_not_read(act):
    problem(act("version=1&words=" + "a" * 1024 * 1024, content_type="application/x-www-form-urlencoded"), 400)


def test_nobody_who_is_not_signed_in(db):
    problem(Client().get("/api/v1/cases/"), 403)


def test_without_the_token(resident):
    client = APIClient(enforce_csrf_checks=True)
    client.cookies = signed_in(resident).cookies
    assert "X-CSRFToken" in problem(client.post("/api/v1/requests/", {}), 403)["detail"]


def test_whoever_has_a_duty_on_the_pages_first(resident):
    client = signed_in(resident)
    session = client.session
    session[SIGNED] = 0
    session.save()
    assert problem(client.get("/api/v1/cases/"), 403)["detail"] == "请先在网页上完成登录。"


def test_too_often(act, request_case, monkeypatch):
    monkeypatch.setitem(LIMITS, "act", {"person": Rate(0, 60)})
    answer = act({"version": request_case.version})
    assert 0 < int(answer["Retry-After"]) <= 60
    problem(answer, 429)


def test_a_host_that_is_not_ours(db):
    problem(Client().get("/api/v1/cases/", headers={"Host": "elsewhere.example"}), 400)


def test_a_fault_of_our_own_says_nothing_of_it(act, request_case, monkeypatch):
    def fail(*args, **more):
        raise RuntimeError("secret")

    monkeypatch.setattr(cases_api.services, "act", fail)
    answer = act({"version": request_case.version})
    problem(answer, 500)
    assert "secret" not in json.dumps(answer.json())


def test_pages_are_refused_as_pages(db):
    for answer, status in ((Client().get("/nowhere/"), 404), (Client(enforce_csrf_checks=True).post("/sign-in/"), 403)):
        assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
