"""Volunteering: teams and who is in them, units' people who reported, needs that were met, hours that count.

Members are counted by person: who is in several teams counts once, in the team they joined first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from cases.models import Case, Urgency
from dashboards.figures.sources.base import Count, Facts, Line, Source, next_of
from grids.models import UnitKind
from volunteers.models import DutyReport, HoursEntry, Need, Team, TeamMember


def _team_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    teams = Team.objects.filter(pk__in=ids, ended_at=None, kind=Team.Kind.SUPPORT)
    return {team.pk: Facts(team.grid_id, (Count("teams"),)) for team in teams}


def _team_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    teams = Team.objects.filter(pk__in=ids).select_related("grid")
    return {team.pk: Line(team.name, team.grid.name) for team in teams}


def _member_facts(kind: str, measure: str) -> Callable[[Sequence[int], datetime], dict[int, Facts]]:
    def facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
        members = TeamMember.objects.counted_in(kind).filter(person__in=ids)
        return {person: Facts(grid, (Count(measure),)) for person, grid in members.values_list("person", "team__grid")}

    return facts


def _member_lines(kind: str) -> Callable[[Sequence[int], User | None], dict[int, Line]]:
    def lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
        """By team and place: whose name stands in a list of members is not what a figure is about."""
        members = TeamMember.objects.counted_in(kind).filter(person__in=ids)
        rows = members.values_list("person", "team__name", "team__grid__name")
        return {person: Line(f"{team} 1 名", place) for person, team, place in rows}

    return lines


def _members_of(kind: str) -> Callable[[], Any]:
    return lambda: TeamMember.objects.counted_in(kind).values_list("person", flat=True)


def _society_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    teams = Team.objects.of_societies().filter(unit__in=ids)
    return {unit: Facts(grid, (Count("societies"),)) for unit, grid in teams.values_list("unit", "grid")}


def _society_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    teams = Team.objects.of_societies().filter(unit__in=ids)
    return {unit: Line(name, place) for unit, name, place in teams.values_list("unit", "unit__name", "grid__name")}


def _report_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    reports = DutyReport.objects.filter(pk__in=ids, state=DutyReport.State.APPROVED)
    return {report.pk: Facts(report.grid_id, (Count("reported"),)) for report in reports}


def _report_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    reports = DutyReport.objects.filter(pk__in=ids).select_related("grid__parent")
    return {report.pk: Line(f"向{report.grid.name}报到 1 名", _parent(report.grid)) for report in reports}


def _parent(node: Any) -> str:
    return node.parent.name if node.parent else ""


def _need_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    facts = {}
    for need in Need.objects.filter(pk__in=ids, state=Need.State.SOLVED, ended_at__isnull=False):
        measure = "needs" if need.urgency == Urgency.NORMAL else "urgent_needs"
        facts[need.pk] = Facts(need.grid_id, (Count(measure, localdate(need.ended_at)),))
    return facts


def _need_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    """What was needed is read by whoever reads figures of the place; the public reads where and of which kind."""
    lines = {}
    for need in Need.objects.filter(pk__in=ids).select_related("grid", "category"):
        more = f"{localdate(need.ended_at):%Y-%m-%d}解决 · {need.grid.name}" if need.ended_at else need.grid.name
        if reader:
            lines[need.pk] = Line(need.title, more, reverse("volunteers:need", args=[need.key]))
        else:
            lines[need.pk] = Line(need.category.path, more)
    return lines


def _hours_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    """Served in a whole hour or more; corrections count beside what they correct."""
    rows = HoursEntry.objects.filter(pk__in=ids).annotate(grid=F("case__grid"), begins_at=F("case__service__begins_at"))
    facts = {}
    for row in rows.exclude(hours=0).exclude(case__service__call_out__is_drill=True):
        counts = (Count("hours", localdate(row.begins_at), row.hours),) if row.counts_at <= at else ()
        facts[row.pk] = Facts(row.grid, counts, look_again_at=next_of(at, row.counts_at))
    return facts


def _hours_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    """Which service it was is read by who may see it."""
    entries = HoursEntry.objects.filter(pk__in=ids).select_related("case__grid")
    cases = [entry.case_id for entry in entries]
    seen = set(Case.objects.visible_to(reader).filter(pk__in=cases).values_list("pk", flat=True)) if reader else set()
    lines = {}
    for entry in entries:
        is_seen = entry.case_id in seen
        words = f"{entry.case.title if is_seen else '一次服务'}：{entry.hours} 小时"
        more = f"{localdate(entry.noted_at):%Y-%m-%d} · {entry.case.grid.name}{' · 更正' if entry.corrects_id else ''}"
        lines[entry.pk] = Line(words, more, entry.case.get_absolute_url() if is_seen else "")
    return lines


TEAMS = Source("team", "支援队", _team_facts, _team_lines, lambda: Team.objects.values_list("pk", flat=True))
MEMBERS = Source(
    "member", "支援队员", _member_facts("support", "members"), _member_lines("support"), _members_of("support")
)
STEWARDS = Source(
    "steward", "小区管家", _member_facts("steward", "stewards"), _member_lines("steward"), _members_of("steward")
)
SOCIETIES = Source(
    "society", "社会组织", _society_facts, _society_lines,
    lambda: Team.objects.filter(unit__kind=UnitKind.SOCIETY).order_by().values_list("unit", flat=True).distinct(),
)  # fmt: skip
REPORTS = Source(
    "report", "双报到", _report_facts, _report_lines, lambda: DutyReport.objects.values_list("pk", flat=True)
)
NEEDS = Source("need", "需求", _need_facts, _need_lines, lambda: Need.objects.values_list("pk", flat=True))
HOURS = Source("hours", "服务时数", _hours_facts, _hours_lines, lambda: HoursEntry.objects.values_list("pk", flat=True))
