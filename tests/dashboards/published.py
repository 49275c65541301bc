"""The figures the county published, as 政和一张网 shows them: read off the public page, each opened."""

import re

from django.test import Client
from django.utils import timezone

from dashboards.figures.counting import count
from dashboards.figures.public import ENTRIES
from tests.support.pages import every_page

FIGURE = re.compile(r'<a data-figure data-number="(\d+)" href="/net/([^"]+)/"')
TOTAL = re.compile(r'data-total="(\d+)"')


def on_the_net(*codes: str) -> dict[str, int]:
    """Code -> the figure, once all that waits is counted; each opens what comes to the same, line by line."""
    count(at=timezone.now())
    client = Client()
    page = client.get("/net/").content.decode()
    shown = {code: int(number) for number, code in FIGURE.findall(page)}
    assert shown.keys() == ENTRIES.keys()
    for code in codes:
        assert _lines_behind(client, code) == shown[code], code
    return {code: shown[code] for code in codes}


def _lines_behind(client: Client, code: str) -> int:
    answer = client.get(f"/net/{code}/")
    page = answer.content.decode()
    assert TOTAL.search(page)
    if counts := re.findall(r'data-count="(\d+)"', page):
        return sum(map(int, counts))
    return sum(page.content.decode().count("data-line") for page in every_page(client, f"/net/{code}/"))
