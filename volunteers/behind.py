"""What is behind each figure of volunteering: its rows, so that nobody has to believe a number. People are shown by team
and place and not by name: whose name stands in a list of members is not what a figure is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils import timezone

from grids.models import Grid, Unit, UnitKind
from volunteers import figures
from volunteers.models import DutyReport, HoursEntry, Need, Offer, ServiceOrder, Team, TeamMember


@dataclass(frozen=True)
class Line:
    words: str
    more: str
    path: str = ""


@dataclass(frozen=True)
class Behind:
    rows: Callable[[QuerySet[Grid], datetime], QuerySet[Any]]
    line: Callable[[Any], Line]


def _members(area: QuerySet[Grid], kind: str) -> QuerySet[Any]:
    members = TeamMember.objects.filter(team__grid__in=area, team__ended_at=None, team__kind=kind, until_at=None)
    return (
        members.values(name=F("team__name"), place=F("team__grid__name")).annotate(n=Count("pk")).order_by("-n", "name")
    )


def _counted(row: dict[str, Any]) -> Line:
    return Line(row["name"], f"{row['place']} · {row['n']} 人" if row["place"] else f"{row['n']} 人")


def _reported(area: QuerySet[Grid], at: datetime) -> QuerySet[Any]:
    reports = DutyReport.objects.filter(grid__in=area, state=DutyReport.State.APPROVED)
    return (
        reports.values(name=F("grid__name"), place=F("grid__parent__name"))
        .annotate(n=Count("pk"))
        .order_by("-n", "name")
    )


def _teams(area: QuerySet[Grid], at: datetime) -> QuerySet[Team]:
    teams = Team.objects.filter(grid__in=area, ended_at=None, kind=Team.Kind.SUPPORT)
    return teams.select_related("grid").order_by("name")


def _societies(area: QuerySet[Grid], at: datetime) -> QuerySet[Unit]:
    teams = Team.objects.filter(grid__in=area, ended_at=None)
    return Unit.objects.filter(kind=UnitKind.SOCIETY, is_active=True, teams__in=teams).distinct().order_by("name")


def _services(area: QuerySet[Grid], at: datetime) -> QuerySet[ServiceOrder]:
    return figures.services_done(area).select_related("case__grid").order_by("-begins_at", "pk")


def _needs(urgent: bool) -> Callable[[QuerySet[Grid], datetime], QuerySet[Need]]:
    return lambda area, at: (
        figures.needs_solved(area, urgent=urgent).select_related("grid", "category").order_by("-ended_at", "pk")
    )


def _hours(area: QuerySet[Grid], at: datetime) -> QuerySet[HoursEntry]:
    entries = HoursEntry.objects.filter(case__grid__in=area, counts_at__lte=at).exclude(hours=0)
    return entries.select_related("case__grid").order_by("-noted_at", "-pk")


def service_line(order: ServiceOrder) -> Line:
    return Line(order.case.title, f"{_day(order.begins_at)} · {order.case.grid.name}", order.case.get_absolute_url())


def _need_line(need: Need) -> Line:
    more = f"{_day(need.ended_at)}解决 · {need.grid.name} · {need.category.path}"
    return Line(need.title, more, reverse("volunteers:need", args=[need.key]))


def _hours_line(entry: HoursEntry) -> Line:
    more = f"{_day(entry.noted_at)} · {entry.case.grid.name}{f' · 更正：{entry.reason}' if entry.reason else ''}"
    return Line(f"{entry.case.title}：{entry.hours} 小时", more, entry.case.get_absolute_url())


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


BEHIND = {
    "stewards": Behind(lambda area, at: _members(area, Team.Kind.STEWARD), _counted),
    "societies": Behind(_societies, lambda unit: Line(unit.name, unit.get_kind_display())),
    "reported": Behind(_reported, _counted),
    "teams": Behind(_teams, lambda team: Line(team.name, team.grid.name)),
    "members": Behind(lambda area, at: _members(area, Team.Kind.SUPPORT), _counted),
    "services": Behind(_services, service_line),
    "needs": Behind(_needs(urgent=False), _need_line),
    "urgent-needs": Behind(_needs(urgent=True), _need_line),
    "hours": Behind(_hours, _hours_line),
}


def of_unit(area: QuerySet[Grid], unit: Unit) -> QuerySet[ServiceOrder]:
    """The services people of a unit gave; each once, however many of them served."""
    served = Offer.objects.filter(
        order__case__grid__in=area, order__case__state=figures.DONE, left_at__isnull=False,
        person__memberships__unit=unit, person__memberships__until_at=None,
    )  # fmt: skip
    found = ServiceOrder.objects.filter(pk__in=served.values("order"))
    return found.select_related("case__grid").order_by("-begins_at", "pk")


def of_team(area: QuerySet[Grid], team: Team) -> QuerySet[ServiceOrder]:
    return figures.services_done(area).filter(team=team).select_related("case__grid").order_by("-begins_at", "pk")
