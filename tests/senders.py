"""A sender of the tests' own: it shows the code of any phone on the page, as the demonstration does of its people's."""

import re

from django.test import Client


class ShowingSender:
    def send(self, *, phone: str, code: str) -> str | None:
        return code


def shown_code(client: Client) -> str:
    """The code that this browser was just sent, read from the next page."""
    page = client.get("/sign-in/code/").content.decode()
    found = re.search(r"验证码是 (\d{6})", page)
    assert found, page
    return found.group(1)
