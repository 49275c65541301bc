"""The demonstration is the published year, and every figure of it opens exactly its cases. Seeded once for the module."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from cases.engine.calendar import load_days
from cases.engine.checks import unsound_cases
from cases.limits.holidays import known_years
from dashboards.figures.proof import differences
from disputes.defaults.loading import load_defaults
from disputes.demo import seed_disputes
from disputes.figures import COLUMNS, KEPT, of_year, parts, percent, total
from disputes.models import Dispute, Party
from grids.demo import seed_demo
from grids.models import Post
from residents.defaults import load_defaults as load_request_defaults
from tests.dashboards.published import on_the_net
from tests.support.cast import MONDAY, readable_in_a_dump, signed_in
from tests.support.machine import seeded_once

pytestmark = pytest.mark.django_db


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


class Figures(HTMLParser):
    """The page as a reader sees it: lines of the table, and what each number is linked to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.lines: list[str] = []
        self._href = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._href = dict(attributes).get("href") or "" if tag == "a" else ""
        if tag == "tr":
            self.lines.append("")

    def handle_data(self, words: str) -> None:
        if "figure=" in self._href:
            self.links.append((words, self._href))
        if self.lines:
            self.lines[-1] += "".join(words.split())

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = ""


def opened(person: User, href: str) -> int:
    """How many cases the admin's list shows there: its own change list, without painting it some four hundred times."""
    request = RequestFactory().get(href)
    request.user = person
    return admin.site.get_model_admin(Dispute).get_changelist_instance(request).result_count


def test_it_is_the_published_year(year):
    whole = total(of_year(2026))
    counts = whole.counts
    assert [counts[name] for name in ("taken", "concluded", "settled", "in_hand")] == [103, 99, 98, 4]
    assert whole.words("success_rate") == "98.99 %"
    assert sum(counts[f"at_{level}"] for level in ("group", "branch", "community", "street")) == 98
    assert list(unsound_cases()) == []
    for label, rows in parts(of_year(2026)):
        for name, count in counts.items():
            assert sum(row.counts[name] for row in rows) == count, f"{label} {name}"
    assert [len(rows) for _, rows in parts(of_year(2026))][2] == 12, "communities"


def test_the_net_shows_the_published_year_and_the_grid(year, client):
    wanted = {
        "communities": 12, "estates": 25, "groups": 78, "grids": 382, "grid_leaders": 382, "areas": 20, "officers": 12,
        "auxiliaries": 24, "patrols": 48, "disputes": 103, "concluded": 99, "settled": 98,
    }  # fmt: skip
    assert on_the_net(*wanted) == wanted
    assert "98.99 %" in client.get("/net/").content.decode()
    assert differences(at=timezone.now()) == []


def test_every_figure_opens_exactly_its_cases(county_desk):
    client = signed_in(county_desk)
    page = Figures(client.get("/admin/disputes/dispute/figures/?year=2026").content.decode())
    rows = [row for _, some in parts(of_year(2026)) for row in some]
    assert len(page.links) == len(rows) * len(COLUMNS) + 1 + len(KEPT), "every number is a link"
    counts = {href: opened(county_desk, href) for href in {href for _, href in page.links}}
    wrong = [
        (words, href, counts[href])
        for words, href in page.links
        if words.isdecimal() and int(words) != counts[href]
    ]  # fmt: skip
    assert not wrong
    for words, href in page.links:
        if words.endswith("%"):  # a rate opens the concluded it is a share of
            shares = {
                percent(counts[href.replace("concluded", part)], counts[href]) for part in ("settled", "at_group")
            }
            assert words in shares
    # The list itself, painted: what the link promises is what the desk reads.
    assert client.get(page.links[3][1]).context["cl"].result_count == 98


def test_the_command_prints_the_page(county_desk, capsys):
    call_command("mediation_report", "--year", "2026")
    printed = capsys.readouterr().out
    assert re.search(r"合计 +103 +103 +99 +98 +4 +98\.99 %", printed)
    lines = {"".join(line.split()) for line in printed.splitlines()}
    page = Figures(signed_in(county_desk).get("/admin/disputes/dispute/figures/?year=2026").content.decode())
    assert len(page.lines) > 30
    # The last line of the page's table is followed by what stands below it.
    assert not [line for line in page.lines[:-1] if line not in lines and line.split("按")[0] not in lines]


def test_again_adds_nothing(year):
    assert seed_disputes() == 0


def test_no_party_stands_in_clear_in_a_dump(year):
    assert any(Party.objects.values_list("phone", flat=True))
    assert readable_in_a_dump() == []
