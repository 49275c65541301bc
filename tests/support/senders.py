"""A sender of the tests' own: it shows the code of any phone on the page, as the demonstration does of its people's."""

import re

import pyotp
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.support.cast import PASSWORD, SECOND_FACTOR


class ShowingSender:
    def send(self, *, phone: str, code: str) -> str | None:
        return code


def shown_code(client: Client) -> str:
    """The code that this browser was just sent, read from the next page."""
    page = client.get("/sign-in/code/").content.decode()
    match = re.search(r"验证码是 (\d{6})", page)
    assert match, page
    return match.group(1)


def comes_back(client: Client, person: User) -> None:
    """Signs in again on this browser, by the door of this person."""
    if person.has_usable_password():
        client.post("/sign-in/password/", {"phone": person.phone, "password": PASSWORD})
        client.post("/sign-in/second-factor/", {"code": pyotp.TOTP(SECOND_FACTOR).at(timezone.now())})
        return
    client.post("/sign-in/", {"phone": person.phone})
    assert client.post("/sign-in/code/", {"code": shown_code(client)}).status_code == 302
