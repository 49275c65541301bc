"""Figures: zero denominators, one's own area, what lies above a community, and how agreements are kept."""

import pytest
from django.core.management import call_command

from disputes import figures
from disputes.models import Clause
from tests.cast import draw, signed_in
from tests.disputes.conftest import CLAUSE, apply, draft, meet, take_on


def test_nothing_divided_by_nothing_is_a_dash(dispute_defaults, capsys):
    found = figures.total(figures.of_year(2026))
    assert (found.words("success_rate"), found.words("in_building_share")) == ("—", "—")
    assert figures.days_to_settle(figures.of_year(2026)) == "—"
    call_command("mediation_report", "--year", "2026")
    assert "0.00 %" not in capsys.readouterr().out


def test_figures_are_of_ones_own_area(dispute, secretary, other_cadre, resident):
    own = signed_in(secretary).get("/admin/disputes/dispute/figures/").content.decode()
    assert "宜和社区" in own
    assert "宜和社区" not in signed_in(other_cadre).get("/admin/disputes/dispute/figures/").content.decode()
    assert signed_in(resident).get("/admin/disputes/dispute/figures/").status_code == 302


def test_what_lies_in_no_community_counts_for_the_street_alone(dispute, town, street_cadre, resident, neighbour):
    dispute.grid = town.street
    dispute.save()
    apply(resident, neighbour, town, key="second")
    rows = figures.by_community(figures.of_year(2026))
    assert [(row.label, row.counts["received"]) for row in rows] == [("熊山街道", 1), ("宜和社区", 1)]
    for row in rows:
        page = signed_in(street_cadre).get(f"/admin/disputes/dispute/?year=2026&{row.filters}")
        assert page.context["cl"].result_count == 1, row.label


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([], "unrecorded"),
        ([(1, "done"), (2, "done")], "done"),
        ([(1, "done")], "partly"),
        ([(1, "not_done"), (2, "done")], "partly"),
        ([(1, "not_done")], "not_done"),
        ([(1, "not_done"), (1, "done"), (2, "partly"), (2, "done")], "done"),  # the last word counts
    ],
)
def test_an_agreement_is_kept_as_its_clauses_are(dispute, group_leader, resident, neighbour, said, kept):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader, clauses=[CLAUSE, CLAUSE])
    for person in (resident, neighbour):
        draw(dispute, "assent", person)
    for number, degree in said:
        draw(dispute, "record_performance", group_leader, clause=Clause.objects.get(number=number), degree=degree)
    assert figures.performance(figures.of_year(2026)) == {code: int(code == kept) for code in figures.KEPT}
