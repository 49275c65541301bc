"""Whoever tries phones learns nothing: not who has an account, and not what somebody else may still use."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.support.senders import shown_code

pytestmark = pytest.mark.django_db
UNKNOWN = "13988880001"
KNOWN = {
    "a resident": "resident",
    "a grid leader": "grid_leader",
    "staff": "secretary",
    "switched off": "neighbour",
}
WRONG = "000000"


@pytest.fixture
def known(request: pytest.FixtureRequest) -> str:
    """The phone of somebody who has an account, of each kind in turn."""
    person = request.getfixturevalue(KNOWN[request.param])
    if request.param == "switched off":
        User.objects.filter(pk=person.pk).update(is_active=False)
    phone: str = person.phone
    return phone


def trace(steps: Callable[[Client], list[HttpResponse]], phone: str) -> list[Any]:
    """What a stranger could tell two phones apart by: status, place, cookies, every byte but tokens and the phone itself,
    and which statements the server ran."""
    client = Client(REMOTE_ADDR=f"10.1.1.{int(phone[-2:])}")
    with CaptureQueriesContext(connection) as queries:
        answers = steps(client)
    seen = [
        (answer.status_code, answer.get("Location"), sorted(answer.cookies), _without_tokens(answer, phone))
        for answer in answers
    ]
    return [*seen, [re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"]) for query in queries]]


def _without_tokens(answer: HttpResponse, phone: str) -> str:
    page = answer.content.decode().replace(phone, "PHONE").replace(f"尾号 {phone[-4:]}", "尾号 TAIL")
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "TOKEN", page)
    return re.sub(r"验证码是 \d{6}", "CODE", page)


def by_wrong_code(client: Client, phone: str) -> list[HttpResponse]:
    posted = {"code": WRONG}
    return [
        client.get("/sign-in/"),
        client.post("/sign-in/", {"phone": phone}),
        client.get("/sign-in/code/"),
        client.post("/sign-in/code/", {}),
        *(client.post("/sign-in/code/", posted) for _ in range(6)),
        client.post("/sign-in/", {"phone": phone}),
    ]


def by_guessing_without_asking(client: Client, phone: str) -> list[HttpResponse]:
    return [
        client.post("/sign-in/", {"phone": phone, "has_code": "1"}),
        client.get("/sign-in/code/"),
        *(client.post("/sign-in/code/", {"code": code}) for code in (WRONG, "0000000000")),
    ]


def by_wrong_password(client: Client, phone: str) -> list[HttpResponse]:
    return [client.post("/sign-in/password/", {"phone": phone, "password": "wrong"}) for _ in range(7)]


@pytest.mark.parametrize("known", KNOWN, indirect=True)
@pytest.mark.parametrize("steps", [by_wrong_code, by_guessing_without_asking, by_wrong_password])
def test_a_phone_with_an_account_looks_as_one_without(known, steps):
    assert trace(lambda client: steps(client, known), known) == trace(lambda client: steps(client, UNKNOWN), UNKNOWN)


def test_a_stranger_does_not_burn_a_code(client, resident):
    client.post("/sign-in/", {"phone": resident.phone})
    code = shown_code(client)
    stranger = Client(REMOTE_ADDR="10.0.0.66")
    stranger.post("/sign-in/", {"phone": resident.phone})
    stranger.post("/sign-in/", {"phone": resident.phone, "has_code": "1"})
    for _ in range(12):
        stranger.post("/sign-in/code/", {"code": WRONG if code != WRONG else "111111"})
    assert client.post("/sign-in/code/", {"code": code})["Location"] == "/"


def test_a_code_is_of_no_use_in_another_browser(client, resident):
    client.post("/sign-in/", {"phone": resident.phone})
    code = shown_code(client)
    thief = Client()
    thief.post("/sign-in/", {"phone": resident.phone, "has_code": "1"})
    assert thief.post("/sign-in/code/", {"code": code}).status_code == 200
    assert client.post("/sign-in/code/", {"code": code})["Location"] == "/"
