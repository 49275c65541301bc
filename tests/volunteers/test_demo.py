"""The demonstration to the published figures, each one computed; it is sound, comes once and goes again."""

import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from cases.calendar import load_days
from cases.checks import unsound_cases
from cases.holidays import known_years
from cases.models import Case
from cases.services import Said
from grids.demo import remove_demo, seed_demo
from grids.models import Grid, Post, Unit
from residents.defaults import load_defaults as load_request_defaults
from tests.cast import MONDAY, draw, readable_in_a_dump, signed_in
from tests.machine import seeded_once
from volunteers.defaults import load_defaults
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
from volunteers.services import orders, visits

PUBLISHED = {
    "小区管家": 228, "社会组织": 13, "双报到党员": 2162, "支援队": 153, "支援队员": 4332, "服务次数": 532, "解决问题": 135,
    "急难愁盼": 156,
}  # fmt: skip


pytestmark = pytest.mark.django_db


def _demo() -> None:
    load_request_defaults()
    load_days(days=known_years(since=2025), at=MONDAY)
    load_defaults()
    seed_demo(at=timezone.now())
    call_command("seed_volunteers")


demo = seeded_once(_demo)


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


def test_it_comes_once_and_goes_again(demo, capsys):
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


ASIDE = {"id", "number", "key", "door_code", "case", "order", "is_demo", "why", "version"}


def rows_of(case: Case) -> dict[str, list[dict]]:
    """What stands about one service, without what differs by chance."""

    def plain(row) -> dict:
        fields = [field.attname for field in row._meta.concrete_fields if field.name not in ASIDE]
        return {name: getattr(row, name) for name in fields if name != "case_id"}

    found = {
        "case": [case], "order": [case.service], "offers": case.service.offers.all(), "seats": case.seats.order_by("role"),
        "events": case.events.order_by("number"), "rating": [case.rating], "hours": case.hours_entries.all(),
        "points": case.points_entries.order_by("words"),
    }  # fmt: skip
    return {name: [plain(row) for row in rows] for name, rows in found.items()}


def test_its_rows_are_what_the_services_leave(demo):
    """One of the 532 is gone through again by the services: the same rows but for numbers and codes."""
    written = Case.objects.filter(kind="service", state="done", is_demo=True).order_by("pk").first()
    order, offer = written.service, written.service.offers.get()
    desk, asker = written.holder.person, written.seats.get(role="asker").person
    case = orders.open_order(
        title=written.title, grid=written.grid, place=written.place, category=written.category, by=desk, asker=asker,
        begins_at=order.begins_at, ends_at=order.ends_at, at=written.opened_at, need=order.need, words=order.words,
    )  # fmt: skip
    orders.offer(case=case, people=[offer.person], by=desk, at=written.dispatched_at)
    orders.accept(case=case, by=offer.person, at=written.signed_at)
    case.refresh_from_db()
    visits.check_in(case=case, by=offer.person, at=offer.arrived_at, code=case.service.door_code)
    visits.check_out(case=case, by=offer.person, at=offer.left_at, said=Said("好"))
    draw(case, "rate", asker, "", at=written.closed_at, score=written.rating.score, is_solved=True)
    assert rows_of(Case.objects.get(pk=case.pk)) == rows_of(written)


def test_no_volunteer_stands_in_clear_in_a_dump(demo):
    assert User.objects.count() > 4000
    assert readable_in_a_dump() == []
