"""The demonstration to the published figures, each one computed; it is sound, comes once and goes again."""

import re
import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from cases.checks import unsound_cases
from cases.models import Case
from grids.demo import remove_demo, seed_demo
from grids.models import Grid, Post, Unit
from tests.cast import signed_in
from volunteers.defaults import load_defaults
from volunteers.demo import seed_volunteers
from volunteers.figures import Scope, by_community, by_month, by_team, by_unit, overview
from volunteers.models import (
    CertificateOffice,
    HoursEntry,
    Need,
    Offer,
    PointsEntry,
    ServiceOrder,
    Team,
    TeamMember,
    Volunteer,
)

PUBLISHED = {
    "小区管家": 228, "社会组织": 13, "双报到党员": 2162, "支援队": 153, "支援队员": 4332, "服务次数": 532, "解决问题": 135,
    "急难愁盼": 156,
}  # fmt: skip


@pytest.fixture
def demo(defaults) -> None:
    load_defaults()
    at = timezone.now()
    seed_demo(at=at)
    seed_volunteers(at=at)


def figures() -> dict[str, int]:
    return {figure.label: figure.number for figure in overview(Grid.objects.all(), at=timezone.now())}


def test_the_published_figures_come_from_the_rows(demo):
    found = figures()
    assert {label: found[label] for label in PUBLISHED} == PUBLISHED
    assert found["服务时数"] > 532
    assert list(unsound_cases()) == []
    scope = Scope(Grid.objects.all(), timezone.now())
    for table in (by_month, by_community, by_unit):
        assert sum(row.number("services") for row in table(scope)) == 532, table
    for code, number in (("needs", 135), ("urgent-needs", 156)):
        assert sum(row.number(code) for row in by_community(scope)) == number
        assert sum(row.number(code) for row in by_month(scope)) == number
    assert len(by_team(scope)) == Team.objects.count()


COUNTED_BY_ROW = ("/services/", "/needs/", "/urgent-needs/", "/teams/", "/societies/")
LINK = re.compile(r'<a data-figure href="([^"]+)"[^>]*>(?:[^<]*<strong>)?(\d+)<')
HEAD = re.compile(r"<h1>.*?<strong>(-?\d+)</strong></h1>")


def test_every_figure_opens_the_rows_it_counts(demo):
    """All figures of the page, and of one unit's and one team's card: each opens a list that comes to the same number."""
    reader = signed_in(Post.objects.filter(role="street_cadre", person__is_demo=True).first().person)
    page = reader.get("/volunteers/figures/").content.decode()
    cards = [re.search(rf"/volunteers/figures/{kind}/\d+/", page)[0] for kind in ("units", "teams")]
    links = [
        link for path in ("/volunteers/figures/", *cards) for link in LINK.findall(reader.get(path).content.decode())
    ]
    assert {"unit", "team", "community", "month"} <= {name for path, _ in links for name in re.findall(r"(\w+)=", path)}
    assert len(links) > 300
    for path, number in links:
        answer = reader.get(path.replace("&amp;", "&"))
        assert HEAD.search(answer.content.decode())[1] == number, path
        listed = answer.context["page"].paginator
        assert listed.count == int(number) or not path.partition("?")[0].endswith(COUNTED_BY_ROW), path


def test_it_comes_once_quickly_and_goes_again(defaults, capsys):
    load_defaults()
    seed_demo(at=timezone.now())
    began = time.monotonic()
    call_command("seed_volunteers")
    assert time.monotonic() - began < 15
    before = figures()
    call_command("seed_volunteers")
    assert figures() == before
    assert "急难愁盼 156" in capsys.readouterr().out
    remove_demo()
    for model in (
        CertificateOffice,
        Volunteer,
        Team,
        TeamMember,
        ServiceOrder,
        Offer,
        HoursEntry,
        PointsEntry,
        Need,
        Unit,
        Case,
    ):
        assert not model.objects.exists(), model
    assert not User.objects.filter(is_demo=True).exists()


def test_without_a_demonstration_street_nothing_is_made(db):
    seed_volunteers(at=timezone.now())
    assert not Team.objects.exists()
    assert set(figures().values()) == {0}
