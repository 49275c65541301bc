"""Figures: zero denominators, one's own area, what lies above a community, which year, and how agreements are kept."""

from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from cases.limits.clock import ZONE
from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.figures.sums import SHARES, read
from disputes import figures
from disputes.models import Clause
from tests.disputes.conftest import apply, clause, draft, meet, take_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import inside


def test_nothing_divided_by_nothing_is_a_dash(dispute_defaults, capsys):
    whole = figures.total(figures.of_year(2026))
    assert (whole.words("success_rate"), whole.words("in_building_share")) == ("—", "—")
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
    ("degrees", "kept"),
    [
        ([], "unrecorded"),
        ([(1, "done"), (2, "done")], "done"),
        ([(1, "done")], "partly"),
        ([(1, "not_done"), (2, "done")], "partly"),
        ([(1, "not_done")], "not_done"),
        ([(1, "not_done"), (1, "done"), (2, "partly"), (2, "done")], "done"),  # the last word counts
    ],
)
def test_an_agreement_is_kept_as_its_clauses_are(dispute, group_leader, resident, neighbour, degrees, kept):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader, clauses=[clause(by=localdate(MONDAY))] * 2)
    for person in (resident, neighbour):
        draw(dispute, "assent", person)
    for number, degree in degrees:
        draw(dispute, "record_performance", group_leader, clause=Clause.objects.get(number=number), degree=degree)
    assert figures.performance(figures.of_year(2026)) == {code: int(code == kept) for code in figures.KEPT}


def test_what_is_settled_in_january_is_of_the_new_year(
    dispute_defaults, town, group_leader, secretary, resident, neighbour
):
    """Taken down and taken on in December, settled in January: on the desk's table as on the pages of figures."""
    december, january = datetime(2026, 12, 30, 9, tzinfo=ZONE), datetime(2027, 1, 4, 9, tzinfo=ZONE)
    case = apply(resident, neighbour, town, at=december)
    for verb, by in (("consent", neighbour), ("accept", group_leader)):
        draw(case, verb, by, at=december)
    draw(case, "name_mediators", group_leader, at=december, mediators=[group_leader.posts.get()])
    meet(case, group_leader, at=january)
    draft(case, group_leader, at=january, clauses=[clause(by=january.date())])
    for person in (resident, neighbour):
        draw(case, "assent", person, at=january)
    count(at=january)
    desk = signed_in(secretary)
    for year, registered, ended in ((2026, 1, 0), (2027, 0, 1)):
        table = figures.total(figures.of_year(year)).counts
        assert [table[name] for name in ("received", "taken", "concluded", "settled", "at_group")] == [
            registered, registered, ended, ended, ended,
        ]  # fmt: skip
        sums = read(None, Period.of("year", date(year, 1, 1))).now
        share = SHARES["mediation"]
        assert (sums.of(share.part, "dispute"), sums.of(share.whole, "dispute")) == (ended, ended)
        for figure, expected in (("received", registered), ("concluded", ended), ("settled", ended)):
            listed = desk.get(f"/admin/disputes/dispute/?year={year}&figure={figure}")
            assert listed.context["cl"].result_count == expected, (year, figure)
    months = {row.label: row.counts for row in figures.by_month(figures.of_year(2027))}
    assert {label: counts["settled"] for label, counts in months.items()} == {"2027年1月": 1}
    listed = desk.get("/admin/disputes/dispute/?year=2027&month=2027-01&figure=settled")
    assert listed.context["cl"].result_count == 1
    assert "100.00 %" in inside(desk.get("/admin/disputes/dispute/figures/?year=2027"), "//table")
