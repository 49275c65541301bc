"""The published year from the demonstration, the zero denominators, and each figure's cases in the admin."""

import re

import pytest
from django.core.management import call_command

from cases.checks import unsound_cases
from cases.models import Case
from disputes import figures
from disputes.demo import seed_disputes
from disputes.models import Dispute
from grids.demo import remove_demo, seed_demo
from grids.models import Post
from tests.cast import MONDAY, signed_in


@pytest.fixture
def year(dispute_defaults) -> None:
    seed_demo(at=MONDAY)
    seed_disputes()


def test_the_demonstration_is_the_published_year(year, capsys):
    found = figures.total(figures.of_year(2026))
    assert (found.taken, found.concluded, found.settled, found.in_hand) == (103, 99, 98, 4)
    assert found.success_rate == "98.99 %"
    assert found.at_group + found.at_branch + found.at_community + found.at_street == 98
    assert list(unsound_cases()) == []
    for rows in (figures.by_type, figures.by_community, figures.by_month):
        lines = rows(figures.of_year(2026))
        for name in ("taken", "concluded", "settled", "at_group"):
            assert sum(getattr(line, name) for line in lines) == getattr(found, name), f"{rows.__name__} {name}"
    assert len(figures.by_community(figures.of_year(2026))) == 12
    call_command("mediation_report", "--year", "2026")
    printed = capsys.readouterr().out
    assert re.search(r"合计 +103 +103 +99 +98 +4 +98\.99 %", printed)

    # each figure opens its cases
    client = signed_in(Post.objects.filter(role="street_cadre").first().person)
    page = client.get("/admin/disputes/dispute/figures/?year=2026").content.decode()
    assert "98.99 %" in page
    for figure, count in (("taken", 103), ("concluded", 99), ("settled", 98), ("in_hand", 4), ("at_group", 71)):
        listed = client.get(f"/admin/disputes/dispute/?year=2026&figure={figure}").context["cl"].result_count
        assert listed == count, figure

    # again adds nothing; the demonstration goes as a whole
    assert seed_disputes() == 0
    remove_demo()
    assert not Dispute.objects.exists()
    assert not Case.objects.filter(kind="dispute").exists()


def test_nothing_divided_by_nothing_is_a_dash(dispute_defaults, capsys):
    found = figures.total(figures.of_year(2026))
    assert (found.success_rate, found.in_building_share) == ("—", "—")
    assert figures.days_to_settle(figures.of_year(2026)) == "—"
    call_command("mediation_report", "--year", "2026")
    assert "0.00 %" not in capsys.readouterr().out


def test_figures_are_of_ones_own_area(dispute, secretary, other_cadre, resident):
    own = signed_in(secretary).get("/admin/disputes/dispute/figures/").content.decode()
    assert "宜和社区" in own
    assert "宜和社区" not in signed_in(other_cadre).get("/admin/disputes/dispute/figures/").content.decode()
    assert signed_in(resident).get("/admin/disputes/dispute/figures/").status_code == 302
