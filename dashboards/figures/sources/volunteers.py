"""Volunteering: teams and who is in them, units' people who reported, needs that were met, hours that count, call-outs,
family doctors.

Members are counted by person: who is in several teams counts once, in the team they joined first."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from cases.models import Case, Urgency
from dashboards.figures.sources.base import Count, Facts, Line, Source, beginning_of, next_of
from grids.models import Unit, UnitKind
from volunteers.models import (
    CallOut,
    DoctorSigning,
    DoctorTerm,
    DutyReport,
    HoursEntry,
    Need,
    Plan,
    ServiceOrder,
    Team,
    TeamMember,
)


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


def _call_out_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    facts = {}
    for call_out in CallOut.objects.filter(pk__in=ids).select_related("plan"):
        measure = "drills" if call_out.is_drill else "call_outs"
        facts[call_out.pk] = Facts(call_out.plan.grid_id, (Count(measure, localdate(call_out.called_at)),))
    return facts


def _call_out_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    return {
        call_out.pk: Line(
            f"{call_out.label}{call_out.plan.name}",
            f"{localdate(call_out.called_at):%Y-%m-%d} · {call_out.plan.grid.name}",
        )
        for call_out in CallOut.objects.filter(pk__in=ids).select_related("plan__grid")
    }


def _doctor_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    """Whoever asked counts until it is ended, as signed on the days of a term."""
    terms: dict[int, list[DoctorTerm]] = defaultdict(list)
    for term in DoctorTerm.objects.filter(signing__in=ids):
        terms[term.signing_id].append(term)
    today, facts = localdate(at), {}
    for signing in DoctorSigning.objects.filter(pk__in=ids, ended_at=None).select_related("need"):
        own = terms[signing.pk]
        counts = [Count("doctor_asked")]
        if any(term.from_date <= today <= term.until_date for term in own):
            counts.append(Count("doctor_signed"))
        days = [day for term in own for day in (term.from_date, term.until_date + timedelta(days=1))]
        change = next_of(at, *map(beginning_of, days))
        facts[signing.pk] = Facts(signing.need.grid_id, tuple(counts), look_again_at=change)
    return facts


def _doctor_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    """By place: who has which doctor is nobody else's business."""
    signings = DoctorSigning.objects.filter(pk__in=ids).select_related("need__grid__parent")
    return {signing.pk: Line(f"{signing.need.grid.name} 1 件", _parent(signing.need.grid)) for signing in signings}


OF_TEAMS = "kind grid ended_at"
OF_MEMBERS = {TeamMember: "person team from_at until_at", Team: OF_TEAMS}
TEAMS = Source(
    "team", "支援队", _team_facts, _team_lines, lambda: Team.objects.values_list("pk", flat=True), {Team: OF_TEAMS}
)
MEMBERS = Source(
    "member",
    "支援队员",
    _member_facts("support", "members"),
    _member_lines("support"),
    _members_of("support"),
    OF_MEMBERS,
)
STEWARDS = Source(
    "steward",
    "小区管家",
    _member_facts("steward", "stewards"),
    _member_lines("steward"),
    _members_of("steward"),
    OF_MEMBERS,
)
SOCIETIES = Source(
    "society",
    "社会组织",
    _society_facts,
    _society_lines,
    lambda: Team.objects.filter(unit__kind=UnitKind.SOCIETY).order_by().values_list("unit", flat=True).distinct(),
    {Team: "unit grid ended_at", Unit: "kind is_active"},
)
REPORTS = Source(
    "report",
    "双报到",
    _report_facts,
    _report_lines,
    lambda: DutyReport.objects.values_list("pk", flat=True),
    {DutyReport: "grid state"},
)
NEEDS = Source(
    "need",
    "需求",
    _need_facts,
    _need_lines,
    lambda: Need.objects.values_list("pk", flat=True),
    {Need: "grid urgency state ended_at"},
)
HOURS = Source(
    "hours",
    "服务时数",
    _hours_facts,
    _hours_lines,
    lambda: HoursEntry.objects.values_list("pk", flat=True),
    {HoursEntry: "case hours counts_at", Case: "grid", ServiceOrder: "begins_at call_out"},
)
CALL_OUTS = Source(
    "call_out",
    "应急动员",
    _call_out_facts,
    _call_out_lines,
    lambda: CallOut.objects.values_list("pk", flat=True),
    {CallOut: "plan is_drill called_at", Plan: "grid"},
)
DOCTORS = Source(
    "doctor",
    "家庭医生签约",
    _doctor_facts,
    _doctor_lines,
    lambda: DoctorSigning.objects.values_list("pk", flat=True),
    {DoctorSigning: "ended_at", DoctorTerm: "signing from_date until_date", Need: "grid"},
)
