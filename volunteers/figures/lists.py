"""What is behind each figure of volunteering: its rows, so that nobody has to believe a number. People are shown by team
and place and not by name: whose name stands in a list of members is not what a figure is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from grids.models import Unit
from volunteers.figures import card as figures
from volunteers.figures.card import Scope
from volunteers.models import CallOut, DutyReport, HoursEntry, Membership, Need, ServiceOrder, Team, TeamMember
from volunteers.services import doctors


@dataclass(frozen=True)
class Line:
    words: str
    more: str
    path: str = ""


@dataclass(frozen=True)
class Behind:
    rows: Callable[[Scope], QuerySet[Any]]
    line: Callable[[Any], Line]
    total: Callable[[QuerySet[Any]], int] = lambda rows: rows.count()
    """What its rows come to: the figure."""


def _summed(column: str) -> Callable[[QuerySet[Any]], int]:
    return lambda rows: sum(rows.order_by().values_list(column, flat=True))


def _members(kind: str) -> Callable[[Scope], QuerySet[Any]]:
    """Whoever is in several teams is listed with the one where they count."""
    return lambda scope: _headed(TeamMember.objects.counted_in(kind).filter(team__grid__in=scope.places), "team")


def _headed(rows: Any, of: str) -> QuerySet[Any]:
    """How many by name and place."""
    place = F("grid__parent__name") if of == "grid" else F(f"{of}__grid__name")
    counted: QuerySet[Any] = rows.values(name=F(f"{of}__name"), place=place).annotate(n=Count("pk"))
    return counted.order_by("-n", "name")


def _counted(row: dict[str, Any]) -> Line:
    return Line(row["name"] or "没写常在哪里", f"{row['place']} · {row['n']} 人" if row["place"] else f"{row['n']} 人")


def _reported(scope: Scope) -> QuerySet[Any]:
    return _headed(DutyReport.objects.filter(grid__in=scope.places, state=DutyReport.State.APPROVED), "grid")


def _people(scope: Scope) -> QuerySet[Any]:
    """Of a unit or a team, by where they usually serve."""
    of_unit = Membership.objects.filter(unit=scope.unit, until_at=None)
    of_team = TeamMember.objects.filter(team=scope.team, until_at=None)
    rows: Any = of_unit if scope.unit else of_team
    home = {"name": F("person__volunteer__grid__name"), "place": F("person__volunteer__grid__parent__name")}
    counted: QuerySet[Any] = rows.values(**home).annotate(n=Count("person", distinct=True)).order_by("-n", "name")
    return counted


def _teams(scope: Scope) -> QuerySet[Team]:
    teams = Team.objects.filter(grid__in=scope.places, ended_at=None, kind=Team.Kind.SUPPORT)
    return teams.select_related("grid").order_by("name")


def _societies(scope: Scope) -> QuerySet[Unit]:
    teams = Team.objects.of_societies().filter(grid__in=scope.places)
    return Unit.objects.filter(pk__in=teams.values("unit")).order_by("name")


def _services(scope: Scope) -> QuerySet[ServiceOrder]:
    return figures.services_done(scope).select_related("case__grid").order_by("-begins_at", "pk")


def _needs(urgent: bool) -> Callable[[Scope], QuerySet[Need]]:
    return lambda scope: (
        figures.needs_solved(scope, urgent=urgent).select_related("grid", "category").order_by("-ended_at", "pk")
    )


def _hours(scope: Scope) -> QuerySet[HoursEntry]:
    return (
        figures.hours_counted(scope)
        .exclude(hours=0)
        .select_related("case__grid", "case__service")
        .order_by("-case__service__begins_at", "-pk")
    )


def _calls(is_drill: bool) -> Callable[[Scope], QuerySet[CallOut]]:
    return lambda scope: (
        figures.called_out(scope, is_drill=is_drill).select_related("plan__grid").order_by("-called_at", "pk")
    )


def _doctors(which: int) -> Callable[[Scope], QuerySet[Any]]:
    """By place: who has which doctor is nobody else's business. `which`: 0 asked, 1 signed."""

    def rows(scope: Scope) -> QuerySet[Any]:
        signings = doctors.counted(scope.places, on=timezone.localdate(scope.at))[which]
        return _headed(Need.objects.filter(doctor_signing__in=signings), "grid")

    return rows


def _call_line(made: CallOut) -> Line:
    return Line(f"{made.label}{made.plan.name}", f"{_day(made.called_at)} · {made.plan.grid.name}")


def _service_line(order: ServiceOrder) -> Line:
    return Line(order.case.title, f"{_day(order.begins_at)} · {order.case.grid.name}", order.case.get_absolute_url())


def _need_line(need: Need) -> Line:
    more = f"{_day(need.ended_at)}解决 · {need.grid.name} · {need.category.path}"
    return Line(need.title, more, reverse("volunteers:need", args=[need.key]))


def _hours_line(entry: HoursEntry) -> Line:
    more = f"{_day(entry.case.service.begins_at)} · {entry.case.grid.name}{f' · 更正：{entry.reason}' if entry.reason else ''}"
    return Line(f"{entry.case.title}：{entry.hours} 小时", more, entry.case.get_absolute_url())


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


BEHIND = {
    "stewards": Behind(_members(Team.Kind.STEWARD), _counted, _summed("n")),
    "societies": Behind(_societies, lambda unit: Line(unit.name, unit.get_kind_display())),
    "reported": Behind(_reported, _counted, _summed("n")),
    "teams": Behind(_teams, lambda team: Line(team.name, team.grid.name)),
    "members": Behind(_members(Team.Kind.SUPPORT), _counted, _summed("n")),
    "people": Behind(_people, _counted, _summed("n")),
    "services": Behind(_services, _service_line),
    "needs": Behind(_needs(urgent=False), _need_line),
    "urgent-needs": Behind(_needs(urgent=True), _need_line),
    "doctor-asked": Behind(_doctors(0), _counted, _summed("n")),
    "doctor-signed": Behind(_doctors(1), _counted, _summed("n")),
    "call-outs": Behind(_calls(is_drill=False), _call_line),
    "drills": Behind(_calls(is_drill=True), _call_line),
    "hours": Behind(_hours, _hours_line, lambda rows: rows.aggregate(total=Sum("hours"))["total"] or 0),
}
