"""Figures of mediation: zero denominators, one's own area, what lies above a community, which year, and how agreements are
kept."""

import re
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import localdate

from cases.limits.clock import ZONE
from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.figures.sums import SHARES, read
from disputes.models import Clause
from tests.dashboards.cuts import kept, mediation
from tests.disputes.conftest import apply, clause, draft, meet, take_on
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import inside, links

PAGE = "/disputes/figures/"


def total(client, path: str) -> int:
    """What the list there says it comes to."""
    return int(re.search(r'data-total="(\d+)"', client.get(path).content.decode())[1])


def test_nothing_divided_by_nothing_is_a_dash(dispute_defaults, capsys):
    (whole,) = mediation(2026, at=MONDAY)["合计"].values()
    assert (whole["share:mediation"], whole["concluded"]) == ("—", 0)
    call_command("mediation_report", "--year", "2026")
    printed = capsys.readouterr().out
    assert "0.00 %" not in printed
    assert "（中位数）：—" in printed


def test_figures_are_of_ones_own_area(dispute, secretary, other_cadre, resident, grid_leader):
    count(at=MONDAY)
    assert "宜和社区" in inside(signed_in(secretary).get(PAGE), "//table")
    assert "宜和社区" not in inside(signed_in(other_cadre).get(PAGE), "//table")
    # A grid leader reads figures and is no desk: of types and agreements nothing, as in the admin.
    for stranger in (resident, grid_leader):
        for path in (PAGE, f"{PAGE}opened/?kind=dispute&type=01"):
            assert signed_in(stranger).get(path).status_code == 403
    assert total(signed_in(secretary), f"{PAGE}opened/?kind=dispute") == 1
    assert total(signed_in(other_cadre), f"{PAGE}opened/?kind=dispute") == 0


@pytest.mark.parametrize(
    "query", ["type=nothing", "kept=often", "own=0", "own=x", "node=0", "period=year&on=x", "kept=done"]
)
def test_a_cut_that_is_not_there_is_not_found(dispute, secretary, query):
    assert signed_in(secretary).get(f"{PAGE}opened/?kind=dispute&{query}").status_code == 404


def test_what_lies_in_no_community_counts_for_the_street_alone(dispute, town, street_cadre, resident, neighbour):
    dispute.grid = town.street
    dispute.save()
    apply(resident, neighbour, town, key="second")
    places = mediation(2026, at=MONDAY)["按社区"]
    assert {label: row["opened"] for label, row in places.items()} == {"熊山街道（本级）": 1, "宜和社区": 1}
    desk = signed_in(street_cadre)
    for label in places:
        (path,) = links(desk.get(f"{PAGE}?year=2026"), f"//a[starts-with(@aria-label, '{label}矛盾纠纷登记')]")
        assert total(desk, path) == 1, label


@pytest.mark.parametrize(
    ("degrees", "label"),
    [
        ([], "未登记"),
        ([(1, "done"), (2, "done")], "全部履行"),
        ([(1, "done")], "部分履行"),
        ([(1, "not_done"), (2, "done")], "部分履行"),
        ([(1, "not_done")], "未履行"),
        ([(1, "not_done"), (1, "done"), (2, "partly"), (2, "done")], "全部履行"),  # the last word counts
    ],
)
def test_an_agreement_is_kept_as_its_clauses_are(dispute, group_leader, resident, neighbour, degrees, label, secretary):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader, clauses=[clause(by=localdate(MONDAY))] * 2)
    for person in (resident, neighbour):
        draw(dispute, "assent", person)
    for number, degree in degrees:
        draw(dispute, "record_performance", group_leader, clause=Clause.objects.get(number=number), degree=degree)
    assert kept(2026, at=MONDAY) == {label: "1"}
    desk = signed_in(secretary)
    opened = {path: total(desk, path) for path in links(desk.get(f"{PAGE}?year=2026"), "//a[contains(@href, 'kept=')]")}
    assert sorted(opened.values()) == [0, 0, 0, 1]


def test_what_is_taken_on_is_in_mediation_until_it_ends(dispute, group_leader, resident, neighbour):
    def of(*measures):
        (whole,) = mediation(2026, at=MONDAY)["合计"].values()
        return [whole[measure] for measure in measures]

    assert of("opened", "taken_on", "mediating") == [1, 0, 0]
    take_on(dispute, group_leader, neighbour)
    assert of("opened", "taken_on", "mediating", "concluded") == [1, 1, 1, 0]
    meet(dispute, group_leader)
    draft(dispute, group_leader)
    for person in (resident, neighbour):
        draw(dispute, "assent", person)
    assert of("taken_on", "mediating", "concluded", "settled", "in_building") == [1, 0, 1, 1, 1]
    assert of("in_estate", "in_community", "in_street", "share:mediation") == [0, 0, 0, "100.00 %"]


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
    desk = signed_in(secretary)
    for year, registered, ended in ((2026, 1, 0), (2027, 0, 1)):
        (whole,) = mediation(year, at=january)["合计"].values()
        expected = {
            "opened": registered, "taken_on": registered, "concluded": ended, "settled": ended, "in_building": ended,
        }  # fmt: skip
        assert {name: whole[name] for name in expected} == expected
        sums = read(None, Period.of("year", date(year, 1, 1))).now
        share = SHARES["mediation"]
        assert (sums.of(share.part, "dispute"), sums.of(share.whole, "dispute")) == (ended, ended)
        for measure, number in expected.items():
            behind = reverse("dashboards:mediation-behind", args=[measure])
            listed = f"{behind}?period=year&on={year}-01-01&kind=dispute"
            assert total(desk, listed) == number, (year, measure)
    months = mediation(2027, at=january)["按月份"]
    assert {label: row["settled"] for label, row in months.items()} == {"2027年1月": 1}
    assert total(desk, f"{PAGE}settled/?period=month&on=2027-01-01&kind=dispute") == 1
    assert "100.00 %" in inside(desk.get(f"{PAGE}?year=2027"), "//table")
