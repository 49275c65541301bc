"""What the pages of volunteering show. Nothing is counted here: places and months are read from what is kept, units and teams
are cuts of the same tallies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import reverse

from dashboards.figures.areas import Area, Monthly, read_area, read_monthly
from dashboards.figures.board import GIVEN
from dashboards.figures.cuts import Cut
from dashboards.figures.periods import Period
from dashboards.figures.splits import TEAMS, UNITS
from dashboards.figures.sums import Number, Sums
from grids.models import Unit
from volunteers.models import Membership, Team, TeamMember
from web.measures import Measure

OVERALL = (
    "stewards", "societies", "reported", "teams", "members", *GIVEN, "doctor_asked", "doctor_signed", "call_outs", "drills",
)  # fmt: skip
BEHIND = "dashboards:volunteering-behind"
DOCTORS = ("doctor_asked", "doctor_signed")
PEOPLE = Measure("在册", "在册成员，一人计一次", unit="名")
"""Of one unit or team; who is in it lies at no place, so it is no figure of a place and is counted here."""


@dataclass(frozen=True)
class Row:
    """One line of a table. Counts services, never people who declined."""

    label: str
    numbers: list[Number]
    path: str = ""
    """Of its own page."""


@dataclass(frozen=True)
class Table:
    code: str
    title: str
    head: str
    words: str
    rows: list[Row]


def overview(area: Area) -> tuple[list[Number], list[Table]]:
    """The figures of an area, and its tables."""
    cut, came = Cut(area, BEHIND), read_area(area)
    communities = area.communities
    by_node = read_monthly(communities)
    by_community = [(node, by_node[node.pk]) for node in communities]
    tables = [
        Table("communities", "各社区", "社区", "", _of_places(cut, GIVEN, by_community)),
        Table("doctors", "家庭医生签约", "社区", "按居住地统计申请数和服务期内的签约数。", _of_places(cut, DOCTORS, by_community)),
        Table("months", "各月", "月份", "服务和时数按服务的月份，需求按解决的月份。", months(cut, came.months)),
        Table("units", "单位", "单位", "用于单位考核，不用于个人排名；一次服务多人参加的，计一次。", _units(area)),
        Table("teams", "队伍", "队伍", "由队伍承接的服务。", _teams(area)),
    ]  # fmt: skip
    numbers = [cut.number(measure, came.of(measure)) for measure in OVERALL]
    return numbers, [table for table in tables if table.rows or table.code not in {"communities", "doctors"}]


def _of_places(cut: Cut, measures: Iterable[str], places: Iterable[tuple[Any, Monthly]]) -> list[Row]:
    measures = list(measures)
    return [
        Row(node.name, [replace(cut, node=node).number(measure, came.of(measure)) for measure in measures])
        for node, came in places
    ]


def months(cut: Cut, by_month: dict[date, Sums]) -> list[Row]:
    """Newest first; months in which nothing was given are left out."""
    given = [month for month in sorted(by_month, reverse=True) if any(by_month[month].of(name) for name in GIVEN)]
    rows = [(replace(cut, period=Period.of("month", month)), by_month[month]) for month in given]
    return [Row(f"{of.period.words}" if of.period else "", _given(of, sums)) for of, sums in rows]


def _given(cut: Cut, sums: Sums) -> list[Number]:
    return [cut.number(measure, sums.of(measure)) for measure in GIVEN]


def people(cut: Cut) -> QuerySet[Any]:
    """Who is in a unit or a team, as its own list says: by where they usually serve, and how many; no names."""
    rows: Any = (
        Membership.objects.filter(unit=cut.value, until_at=None)
        if cut.split is UNITS
        else TeamMember.objects.filter(team=cut.value, until_at=None)
    )
    home = {"name": F("person__volunteer__grid__name"), "place": F("person__volunteer__grid__parent__name")}
    counted: QuerySet[Any] = rows.values(**home).annotate(n=Count("person", distinct=True)).order_by("-n", "name")
    return counted


def people_number(cut: Cut, amount: int) -> Number:
    assert cut.split is not None, "people are of a unit or a team"
    path = reverse(f"dashboards:volunteering-{cut.split.code}-people", args=[cut.value])
    return Number("people", PEOPLE.label, amount, PEOPLE.unit, f"{PEOPLE.means}。", path)


def _people_of(rows: QuerySet[Any], group: str) -> dict[int, int]:
    counted = rows.filter(until_at=None).order_by().values_list(group).annotate(Count("person", distinct=True))
    return dict(counted)


def _units(area: Area) -> list[Row]:
    """Its people, and what they gave. For 考核 of units; never of single volunteers."""
    people, sums = _people_of(Membership.objects.all(), "unit"), UNITS.table(area, GIVEN)
    rows = []
    for unit in Unit.objects.filter(pk__in=people, is_active=True).order_by("name"):
        cut = Cut(area, BEHIND, split=UNITS, value=unit.pk, name=unit.name)
        numbers = [people_number(cut, people[unit.pk]), *_given(cut, sums.get(unit.pk, Sums()))]
        rows.append(Row(unit.name, numbers, reverse("dashboards:volunteering-unit", args=[unit.pk])))
    return rows


def _teams(area: Area) -> list[Row]:
    """Its members, and the services it was asked for; of teams that gave any."""
    people, sums = _people_of(TeamMember.objects.all(), "team"), TEAMS.table(area, GIVEN)
    rows = []
    for team in Team.objects.filter(grid__in=area.nodes, ended_at=None, pk__in=sums).order_by("name"):
        cut = Cut(area, BEHIND, split=TEAMS, value=team.pk, name=team.name)
        numbers = [people_number(cut, people.get(team.pk, 0)), *_given(cut, sums[team.pk])]
        rows.append(Row(team.name, numbers, reverse("dashboards:volunteering-team", args=[team.pk])))
    return rows


def card(cut: Cut, people: int) -> tuple[list[Number], Table]:
    """Of one unit or team: its figures, and month by month."""
    by_month = cut.by_month(*GIVEN)
    total = Sums()
    for sums in by_month.values():
        total.update(sums)
    numbers = [people_number(cut, people), *_given(cut, total)]
    return numbers, Table("months", "各月", "月份", "", months(cut, by_month))
