"""The demonstration to the published figures, each one computed; it is sound, comes once and goes again."""

import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from cases.checks import unsound_cases
from cases.models import Case
from grids.demo import remove_demo, seed_demo
from grids.models import Grid, Unit
from volunteers.defaults import load_defaults
from volunteers.demo import seed_volunteers
from volunteers.figures import by_month, by_team, by_unit, overview
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
    at, everywhere = timezone.now(), Grid.objects.all()
    assert sum(count for _, count in by_month(everywhere)) == 532
    assert sum(score.services for score in by_unit(everywhere, at=at)) == 532
    assert len(by_team(everywhere, at=at)) == Team.objects.count()


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
