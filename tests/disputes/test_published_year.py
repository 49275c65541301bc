"""The demonstration is the published year, and every figure of it opens exactly its cases. Seeded once for the module."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts.models import User
from cases.engine.calendar import load_days
from cases.engine.checks import unsound_cases
from cases.limits.holidays import known_years
from dashboards.figures.counting import count
from dashboards.figures.proof import differences
from disputes.defaults.loading import load_defaults
from disputes.demo import seed_disputes
from disputes.models import Party
from grids.demo import seed_demo
from grids.models import Post
from residents.defaults import load_defaults as load_request_defaults
from tests.dashboards.cuts import mediation
from tests.dashboards.published import on_the_net
from tests.support.cast import MONDAY, readable_in_a_dump, signed_in
from tests.support.machine import seeded_once
from tests.support.pages import every_page, words

pytestmark = pytest.mark.django_db
PAGE = "/disputes/figures/"


def _year() -> None:
    load_request_defaults()
    load_days(days=known_years(since=2025), at=MONDAY)
    load_defaults()
    seed_demo(at=MONDAY)
    seed_disputes()


year = seeded_once(_year)


@pytest.fixture
def county_desk(year: None) -> User:
    return Post.objects.filter(role="county_admin").first().person


def test_it_is_the_published_year(year):
    parts = mediation(2026, at=timezone.now())
    (whole,) = parts["合计"].values()
    names = ("taken_on", "concluded", "settled", "mediating", "share:mediation")
    assert [whole[name] for name in names] == [103, 99, 98, 4, "98.99 %"]
    assert sum(whole[name] for name in ("in_building", "in_estate", "in_community", "in_street")) == 98
    assert list(unsound_cases()) == []
    for label, rows in parts.items():
        for name, number in whole.items():
            # How many there are now has no month, a share no sum.
            if name not in {"share:mediation", "share:in_building"} and (label, name) != ("按月份", "mediating"):
                assert sum(row[name] for row in rows.values()) == number, f"{label} {name}"
    assert len(parts["按社区"]) == 12, "communities"


def test_the_net_shows_the_published_year_and_the_grid(year, client):
    wanted = {
        "communities": 12, "estates": 25, "groups": 78, "grids": 382, "grid_leaders": 382, "areas": 20, "officers": 12,
        "auxiliaries": 24, "patrols": 48, "disputes": 103, "concluded": 99, "settled": 98,
    }  # fmt: skip
    assert on_the_net(*wanted) == wanted
    assert "98.99 %" in client.get("/net/").content.decode()
    assert differences(at=timezone.now()) == []


def test_every_figure_opens_exactly_its_cases(county_desk):
    count(at=timezone.now(), wait=True)
    client = signed_in(county_desk)
    page = html.fromstring(client.get(f"{PAGE}?year=2026").content.decode())
    figures = [
        (link.text_content(), link.get("href")) for link in page.xpath(f"//main//a[starts-with(@href, '{PAGE}')]")
    ]
    assert len(figures) > 200
    totals = {href: _total(client, href) for href in {href for _, href in figures}}
    assert [(text, href) for text, href in figures if text.isdecimal() and int(text) != totals[href]] == []
    for text, href in figures:
        if text.endswith("%"):  # a rate opens the concluded it is a share of
            parts = [_total(client, href.replace("concluded", part)) for part in ("settled", "in_building")]
            assert text in [f"{100 * part / totals[href]:.2f} %" for part in parts]
    # The list itself, to its end: what the link promises is what the desk reads.
    settled = next(href for text, href in figures if text == "98")
    assert sum(page.content.decode().count("data-line") for page in every_page(client, settled)) == 98


def _total(client: Client, href: str) -> int:
    return int(re.search(r'data-total="(\d+)"', client.get(href).content.decode())[1])


def test_the_command_prints_the_page(county_desk, capsys):
    count(at=timezone.now(), wait=True)
    call_command("mediation_report", "--year", "2026")
    printed = capsys.readouterr().out
    assert re.search(r"合计 +103 +103 +99 +98 +4 +98\.99 %", printed)
    lines = {"".join(line.split()) for line in printed.splitlines()}
    shown = words(signed_in(county_desk).get(f"{PAGE}?year=2026"), "//main//tr")
    assert len(shown) > 30
    assert [line for line in shown if "".join(line.split()) not in lines] == []


def test_again_adds_nothing(year):
    assert seed_disputes() == 0


def test_no_party_stands_in_clear_in_a_dump(year):
    assert any(Party.objects.values_list("phone", flat=True))
    assert readable_in_a_dump() == []
