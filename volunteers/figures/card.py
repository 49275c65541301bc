"""Figures of volunteering, each computed from the rows behind it, with its definition in words.

Every figure is of a scope: an area and, where said, one unit, team, community or month of it. What is counted is defined
once, as the rows of a scope; tables count them by group, volunteers/figures/lists.py lists them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from cases.limits.clock import ZONE
from cases.models import Urgency
from grids.models import Grid, Level, Unit
from grids.models.querysets import subtree
from volunteers.figures.measures import MEASURES, OF_THE_PAGE
from volunteers.figures.tallies import Tally, month_of, read
from volunteers.models import (
    CallOut,
    DutyReport,
    HoursEntry,
    Membership,
    Need,
    Offer,
    Project,
    ServiceOrder,
    Team,
    TeamMember,
)
from volunteers.services import doctors
from web.measures import Measure, joined

DONE = "done"
Counts = Mapping[Any, int]
Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True)
class Scope:
    area: QuerySet[Grid]
    at: datetime
    unit: Unit | None = None
    team: Team | None = None
    community: Grid | None = None
    month: date | None = None
    """The first day of it."""

    @property
    def places(self) -> QuerySet[Grid]:
        return self.area.filter(subtree(self.community)) if self.community else self.area

    @property
    def days(self) -> tuple[datetime, datetime] | None:
        """From the month's first moment to the next one's."""
        if self.month is None:
            return None
        after = date(self.month.year + self.month.month // 12, self.month.month % 12 + 1, 1)
        return datetime.combine(self.month, time(0), ZONE), datetime.combine(after, time(0), ZONE)

    @property
    def query(self) -> str:
        """As it stands in an address: what narrows the area."""
        params = {
            "unit": str(self.unit.pk) if self.unit else "",
            "team": str(self.team.pk) if self.team else "",
            "community": str(self.community.pk) if self.community else "",
            "month": f"{self.month:%Y-%m}" if self.month else "",
        }
        return urlencode({name: value for name, value in params.items() if value})

    @property
    def words(self) -> str:
        names = [str(part) for part in (self.unit, self.team, self.community) if part is not None]
        return " · ".join([*names, f"{self.month:%Y年%-m月}"] if self.month else names)


def services_done(scope: Scope) -> QuerySet[ServiceOrder]:
    """Closed ones; tasks of a drill are none. Of a unit: its people came and signed out. Of a month: when they were served."""
    orders = ServiceOrder.objects.filter(case__grid__in=scope.places, case__state=DONE).exclude(call_out__is_drill=True)
    if scope.unit:
        orders = orders.filter(pk__in=_served_by(scope.unit).values("order"))
    if scope.team:
        orders = orders.filter(team=scope.team)
    return _within(orders, scope, "begins_at")


def _members_of(unit: Unit) -> QuerySet[Membership]:
    return Membership.objects.filter(unit=unit, until_at=None)


def _served_by(unit: Unit) -> QuerySet[Offer]:
    return Offer.objects.filter(left_at__isnull=False, person__in=_members_of(unit).values("person"))


def _within(rows: Rows, scope: Scope, column: str) -> Rows:
    return rows.filter(**{f"{column}__gte": scope.days[0], f"{column}__lt": scope.days[1]}) if scope.days else rows


def needs_solved(scope: Scope, *, urgent: bool) -> QuerySet[Need]:
    """急难愁盼 are those noted as 紧急 or 特急; the others are 问题. Of a unit or team: it took them on as a project, or a
    service of theirs met them. Of a month: when they ended."""
    needs = Need.objects.filter(grid__in=scope.places, state=Need.State.SOLVED)
    needs = needs.exclude(urgency=Urgency.NORMAL) if urgent else needs.filter(urgency=Urgency.NORMAL)
    for adopter in ({"unit": scope.unit}, {"team": scope.team}):
        if any(adopter.values()):
            met = services_done(replace(scope, community=None, month=None))
            adopted = Project.objects.taken_on().filter(**adopter)
            needs = needs.filter(Q(pk__in=adopted.values("needs")) | Q(pk__in=met.values("need")))
    return _within(needs, scope, "ended_at")


def hours_counted(scope: Scope) -> QuerySet[HoursEntry]:
    """Published long enough, corrections included, drills not. Of a unit: of its people. Of a month: of the services of it."""
    entries = HoursEntry.objects.filter(case__grid__in=scope.places, counts_at__lte=scope.at)
    entries = entries.exclude(case__service__call_out__is_drill=True)
    if scope.unit:
        entries = entries.filter(person__in=_members_of(scope.unit).values("person"))
    if scope.team:
        entries = entries.filter(case__service__team=scope.team)
    return _within(entries, scope, "case__service__begins_at")


def called_out(scope: Scope, *, is_drill: bool) -> QuerySet[CallOut]:
    """Call-outs by plans of the area; drills apart."""
    return CallOut.objects.filter(plan__grid__in=scope.places, is_drill=is_drill)


@dataclass(frozen=True)
class Figure:
    code: str
    """Names what is behind it (volunteers/figures/lists.py)."""
    label: str
    number: int
    means: str
    """How it is counted, shown beside it."""


WORDS = joined((MEASURES, OF_THE_PAGE))


def words_of(code: str) -> Measure:
    """Of a figure of this page. Raises KeyError for none."""
    return WORDS[{"services": "served"}.get(code, code.replace("-", "_"))]


OF_EVERY_SCOPE = ("services", "needs", "urgent-needs", "hours")
"""Counted for every scope."""
SOLVED = {"needs": False, "urgent-needs": True}
"""Whether they are urgent."""


def _figure(code: str, number: int) -> Figure:
    words = words_of(code)
    return Figure(code, words.label, number, words.means)


def _tallies(scope: Scope) -> dict[str, Tally]:
    """Of OF_EVERY_SCOPE."""
    return {
        "services": Tally(services_done(scope)),
        "needs": Tally(needs_solved(scope, urgent=False)),
        "urgent-needs": Tally(needs_solved(scope, urgent=True)),
        "hours": Tally(hours_counted(scope), number=Sum("hours")),
    }


def _doctors(scope: Scope) -> dict[str, Tally]:
    asked, signed = doctors.counted(scope.places, on=timezone.localdate(scope.at))
    return {"doctor-asked": Tally(asked), "doctor-signed": Tally(signed)}


def _by(tallies: dict[str, Tally], groups: dict[str, Any]) -> dict[str, Tally]:
    return {code: replace(tallies[code], by=group) for code, group in groups.items()}


def _figures(tallies: dict[str, Tally]) -> list[Figure]:
    return [_figure(code, sum(number for _, number in counts)) for code, counts in read(tallies).items()]


def measures(scope: Scope) -> list[Figure]:
    return _figures(_tallies(scope))


def overview(area: QuerySet[Grid], *, at: datetime) -> list[Figure]:
    """The figures of an area."""
    scope = Scope(area, at)
    support = Team.objects.filter(grid__in=area, ended_at=None, kind=Team.Kind.SUPPORT)
    reported = DutyReport.objects.filter(grid__in=area, state=DutyReport.State.APPROVED)
    return _figures(
        {
            "stewards": Tally(_members(area, Team.Kind.STEWARD)),
            "societies": Tally(Team.objects.of_societies().filter(grid__in=area)),
            "reported": Tally(reported),
            "teams": Tally(support),
            "members": Tally(_members(area, Team.Kind.SUPPORT)),
            **_tallies(scope),
            **_doctors(scope),
            "call-outs": Tally(called_out(scope, is_drill=False)),
            "drills": Tally(called_out(scope, is_drill=True)),
        }
    )


def _members(area: QuerySet[Grid], kind: str) -> QuerySet[TeamMember]:
    members: QuerySet[TeamMember] = TeamMember.objects.counted_in(kind).filter(team__grid__in=area)
    return members


@dataclass(frozen=True)
class Row:
    """One line of a table. Counts services, never people who declined."""

    scope: Scope
    label: str
    figures: list[Figure]

    def number(self, code: str) -> int:
        return next(figure.number for figure in self.figures if figure.code == code)


def by_unit(scope: Scope) -> list[Row]:
    """Per unit: its people, and what they gave. For 考核 of units; never of single volunteers."""
    path = "person__memberships__unit"
    members = Membership.objects.filter(until_at=None)
    served = Offer.objects.filter(left_at__isnull=False, person__memberships__until_at=None)
    met = served.filter(order__case__grid__in=scope.area, order__case__state=DONE)
    hours = hours_counted(scope).filter(person__memberships__until_at=None)
    counts = _given(
        {
            "people": Tally(members, "unit", Count("person", distinct=True)),
            "services": Tally(served.filter(order__in=services_done(scope)), path, Count("order", distinct=True)),
            "hours": Tally(hours, path, Sum("hours")),
        },
        scope, adopter="unit", met=Tally(met, path, "order__need"),
    )  # fmt: skip
    units = Unit.objects.filter(pk__in=counts["people"], is_active=True).order_by("name")
    return [_row(replace(scope, unit=unit), unit.name, unit.pk, counts) for unit in units]


def by_team(scope: Scope) -> list[Row]:
    """Per team: its members, orders it was asked for that were done, needs met, hours on those orders."""
    teams = Team.objects.filter(grid__in=scope.area, ended_at=None).order_by("name")
    members = TeamMember.objects.filter(team__in=teams, until_at=None)
    counts = _given(
        {
            "people": Tally(members, "team", Count("person", distinct=True)),
            "services": Tally(services_done(scope), "team"),
            "hours": Tally(hours_counted(scope), "case__service__team", Sum("hours")),
        },
        scope, adopter="team", met=Tally(services_done(scope), "team", "need"),
    )  # fmt: skip
    return [_row(replace(scope, team=team), team.name, team.pk, counts) for team in teams]


def _given(tallies: dict[str, Tally], scope: Scope, *, adopter: str, met: Tally) -> dict[str, Counts]:
    """These, and the needs by who took them on or met them; each once for each of them."""
    pairs = read(
        {
            **tallies,
            "taken on": Tally(Project.objects.taken_on(), adopter, "needs"),
            "met": met,
            **{code: Tally(needs_solved(scope, urgent=urgent), "pk", "pk") for code, urgent in SOLVED.items()},
        }
    )
    counts: dict[str, Counts] = {code: dict(pairs[code]) for code in tallies}
    for code in SOLVED:
        solved = {need for need, _ in pairs[code]}
        counts[code] = Counter(key for key, need in {*pairs["taken on"], *pairs["met"]} if need in solved)
    return counts


def by_community(scope: Scope) -> list[Row]:
    """Per community: of it and all below."""
    groups = {"services": "case__grid", "needs": "grid", "urgent-needs": "grid", "hours": "case__grid"}
    return _by_community(scope, _by(_tallies(scope), groups))


def doctors_by_community(scope: Scope) -> list[Row]:
    """家庭医生签约: how many have signed, of how many who asked."""
    return _by_community(scope, _by(_doctors(scope), dict.fromkeys(("doctor-asked", "doctor-signed"), "need__grid")))


def _by_community(scope: Scope, tallies: dict[str, Tally]) -> list[Row]:
    """Counted by node, summed up to the communities."""
    counts = {code: dict(numbers) for code, numbers in read(tallies).items()}
    nodes = list(Grid.objects.filter(pk__in={key for numbers in counts.values() for key in numbers}))
    rows = []
    for place in scope.area.filter(level=Level.COMMUNITY, retired_at=None).order_by("tree_id", "lft"):
        below = [node.pk for node in nodes if place.covers(node)]
        figures = [_figure(code, sum(numbers.get(pk, 0) for pk in below)) for code, numbers in counts.items()]
        rows.append(Row(replace(scope, community=place), place.name, figures))
    return rows


def by_month(scope: Scope) -> list[Row]:
    """Newest first."""
    ended = month_of("ended_at")
    begun = {"services": month_of("begins_at"), "hours": month_of("case__service__begins_at")}
    pairs = read(_by(_tallies(scope), {"needs": ended, "urgent-needs": ended, **begun}))
    counts: dict[str, Counts] = {
        code: {date(month // 12, month % 12 + 1, 1): number for month, number in pairs[code]} for code in pairs
    }
    months = sorted({month for numbers in counts.values() for month in numbers}, reverse=True)
    return [_row(replace(scope, month=month), f"{month:%Y年%-m月}", month, counts) for month in months]


def _row(scope: Scope, label: str, key: Any, counts: dict[str, Counts]) -> Row:
    return Row(scope, label, [_figure(code, numbers.get(key) or 0) for code, numbers in _in_order(counts)])


def _in_order(counts: dict[str, Counts]) -> Iterable[tuple[str, Counts]]:
    return ((code, counts[code]) for code in ("people", *OF_EVERY_SCOPE) if code in counts)
