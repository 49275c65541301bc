"""The demonstration to the published figures, each one computed; it is sound, comes once and goes again."""

import re
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from accounts import demonstration
from accounts.models import User
from cases.engine.calendar import load_days
from cases.engine.checks import unsound_cases
from cases.limits.holidays import known_years
from cases.models import Case, CaseEvent
from dashboards.figures.measures import MEASURES
from dashboards.figures.proof import differences
from grids.demo import seed_demo
from grids.models import Post
from notices.models import Notice
from residents.defaults import load_defaults as load_request_defaults
from tests.dashboards.cuts import overview
from tests.dashboards.published import on_the_net
from tests.support.cast import MONDAY, readable_in_a_dump, signed_in
from tests.support.machine import seeded_once
from tests.support.pages import every_page
from volunteers.defaults import load_defaults
from volunteers.models import (
    HoursEntry,
    Team,
)

PUBLISHED = {
    "小区管家": 228, "社会组织": 13, "双报到党员": 2162, "支援队": 153, "支援队员": 4332, "志愿服务": 532, "解决问题": 135,
    "急难愁盼": 156,
}  # fmt: skip


pytestmark = pytest.mark.django_db


def _demo() -> None:
    demonstration.begin(at=timezone.now())
    load_request_defaults()
    load_days(days=known_years(since=2025), at=MONDAY)
    load_defaults()
    seed_demo(at=timezone.now())
    call_command("seed_volunteers")


demo = seeded_once(_demo)


def figures() -> dict[str, int]:
    numbers, _ = overview(timezone.now())
    return {MEASURES[measure].label: number for measure, number in numbers.items()}


def test_the_published_figures_come_from_the_rows(demo):
    numbers = figures()
    assert {label: numbers[label] for label in PUBLISHED} == PUBLISHED
    assert numbers["服务时数"] > 532
    assert list(unsound_cases()) == []
    _, shown = overview(timezone.now())
    for table in ("months", "communities", "units"):
        assert sum(row["served"] for row in shown[table].values()) == 532, table
    for measure, number in (("needs", 135), ("urgent_needs", 156)):
        for table in ("months", "communities"):
            assert sum(row[measure] for row in shown[table].values()) == number
    assert 0 < len(shown["teams"]) <= Team.objects.count()


def test_the_net_shows_the_published_figures(demo):
    wanted = {
        "stewards": 228, "societies": 13, "reported": 2162, "teams": 153, "members": 4332, "served": 532, "needs": 135,
        "urgent_needs": 156,
    }  # fmt: skip
    assert on_the_net(*wanted) == wanted
    assert differences(at=timezone.now()) == []


SUMMED = ("/hours/", "/people/")
"""Each line of these lists is of more than one; of all others there are as many lines as the figure says."""
LINK = re.compile(r'<a data-figure data-number="(\d+)" href="([^"]+)"')
HEAD = re.compile(r'<h1>.*?<strong data-total="(-?\d+)">', re.S)


def test_every_figure_opens_the_rows_it_counts(demo):
    """All figures of the page, and of one unit's and one team's card: each opens a list that comes to the same number."""
    overview(timezone.now())
    reader = signed_in(Post.objects.filter(role="street_cadre").first().person)
    page = reader.get("/volunteers/figures/").content.decode()
    cards = [re.search(rf"/volunteers/figures/{kind}/\d+/", page)[0] for kind in ("units", "teams")]
    links = [
        link for path in ("/volunteers/figures/", *cards) for link in LINK.findall(reader.get(path).content.decode())
    ]
    assert {"unit", "team", "node", "period"} <= {name for _, path in links for name in re.findall(r"(\w+)=", path)}
    assert len(links) > 300
    for number, path in links:
        answer = reader.get(path.replace("&amp;", "&"))
        assert HEAD.search(answer.content.decode())[1] == number, path
        if not path.partition("?")[0].endswith(SUMMED):
            pages = every_page(reader, path.replace("&amp;", "&"))
            assert sum(len(page.context["page"].object_list) for page in pages) == int(number), path


def test_it_comes_once(demo):
    before = figures()
    call_command("seed_volunteers")
    assert figures() == before


def test_each_service_went_through_the_whole_loop(demo):
    """By the services: each step has its event, told somebody, noted hours and points."""
    done = Case.objects.filter(kind="service", outcome="rated")
    assert done.count() == 532
    steps = Counter(CaseEvent.objects.filter(case__in=done.values("pk")).values_list("verb", "to_state"))
    loop = (
        ("open", "planned"), ("offer", "offered"), ("accept", "staffed"), ("arrive", "serving"),
        ("depart", "awaiting_rating"), ("rate", "done"),
    )  # fmt: skip
    assert steps == dict.fromkeys(loop, 532)
    assert HoursEntry.objects.count() == 532
    asked = Notice.objects.filter(path__startswith="/volunteers/orders/").values("path").distinct()
    assert asked.count() >= 532  # whoever was asked was told
    new = Notice.objects.filter(read_at=None).values("person").annotate(n=Count("pk")).order_by("-n").first()
    assert new is None or new["n"] < 10  # and what is long past has been read


def test_no_volunteer_stands_in_clear_in_a_dump(demo):
    assert User.objects.count() > 4000
    assert readable_in_a_dump() == []
