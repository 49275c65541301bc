"""Figures of volunteering, each computed from the rows behind it, with its definition in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from cases.models import Urgency
from grids.models import Grid, Level, Unit, UnitKind
from volunteers.models import DutyReport, HoursEntry, Membership, Need, Offer, ServiceOrder, Team, TeamMember

DONE = "done"


@dataclass(frozen=True)
class Figure:
    code: str
    """Names what is behind it (volunteers/behind.py)."""
    label: str
    number: int
    means: str
    """How it is counted, shown beside it."""


def services_done(area: QuerySet[Grid]) -> QuerySet[ServiceOrder]:
    return ServiceOrder.objects.filter(case__grid__in=area, case__state=DONE)


def needs_solved(area: QuerySet[Grid], *, urgent: bool) -> QuerySet[Need]:
    """急难愁盼 are those noted as 紧急 or 特急; the others are 问题."""
    solved = Need.objects.filter(grid__in=area, state=Need.State.SOLVED)
    return solved.exclude(urgency=Urgency.NORMAL) if urgent else solved.filter(urgency=Urgency.NORMAL)


def overview(area: QuerySet[Grid], *, at: datetime) -> list[Figure]:
    """The figures of an area. Each is one count over its own index."""
    teams = Team.objects.filter(grid__in=area, ended_at=None)
    support = teams.filter(kind=Team.Kind.SUPPORT)
    stewards = TeamMember.objects.filter(team__in=teams.filter(kind=Team.Kind.STEWARD), until_at=None)
    societies = Unit.objects.filter(kind=UnitKind.SOCIETY, is_active=True, teams__in=teams)
    reported = DutyReport.objects.filter(grid__in=area, state=DutyReport.State.APPROVED)
    hours = HoursEntry.objects.filter(case__grid__in=area, counts_at__lte=at).aggregate(total=Sum("hours"))["total"]
    return [
        Figure(
            "stewards", "小区管家", stewards.values("person").distinct().count(), "在小区管家队里的单位在职、退休人员"
        ),
        Figure("societies", "社会组织", societies.distinct().count(), "有队伍在本辖区的社会组织"),
        Figure("reported", "双报到党员", reported.count(), "支部已确认、没有转出的个人报到"),
        Figure("teams", "支援队", support.count(), "没有解散的支援队"),
        Figure("members", "支援队员", _members(support), "支援队里的在队队员，一人只算一次"),
        Figure("services", "服务次数", services_done(area).count(), "已结单的服务；取消的、还在办的不算"),
        Figure("needs", "解决问题", needs_solved(area, urgent=False).count(), "需求清单里“已解决”的一般需求"),
        Figure(
            "urgent-needs", "急难愁盼", needs_solved(area, urgent=True).count(), "需求清单里“已解决”的紧急、特急需求"
        ),
        Figure("hours", "服务时数", int(hours or 0), "公示期满的小时数，更正已计入"),
    ]


def _members(teams: QuerySet[Team]) -> int:
    return TeamMember.objects.filter(team__in=teams, until_at=None).values("person").distinct().count()


@dataclass(frozen=True)
class Score:
    """One line of a unit's or team's card. Counts services, never people who declined."""

    pk: int
    label: str
    people: int
    services: int
    hours: int


@dataclass(frozen=True)
class Place:
    label: str
    services: int
    solved: int
    hours: int


def by_unit(area: QuerySet[Grid], *, at: datetime) -> list[Score]:
    """Per unit: its people, services they gave, hours that count. For 考核 of units; never of single volunteers."""
    members = Membership.objects.filter(until_at=None)
    people = dict(members.values_list("unit").annotate(n=Count("person", distinct=True)).order_by())
    served = Offer.objects.filter(order__case__grid__in=area, order__case__state=DONE, left_at__isnull=False)
    services = _counted(served.filter(person__memberships__until_at=None), "person__memberships__unit")
    entries = HoursEntry.objects.filter(case__grid__in=area, counts_at__lte=at, person__memberships__until_at=None)
    hours = dict(entries.values_list("person__memberships__unit").annotate(n=Sum("hours")).order_by())
    units = Unit.objects.filter(Q(pk__in=people) & Q(is_active=True)).order_by("name")
    return [Score(u.pk, u.name, people[u.pk], services.get(u.pk, 0), hours.get(u.pk, 0)) for u in units]


def by_team(area: QuerySet[Grid], *, at: datetime) -> list[Score]:
    """Per team: its members, orders it was asked for that were done, hours of its members on those."""
    teams = Team.objects.filter(grid__in=area, ended_at=None).order_by("name")
    members = TeamMember.objects.filter(team__in=teams, until_at=None)
    people = dict(members.values_list("team").annotate(n=Count("person", distinct=True)).order_by())
    services = _counted(services_done(area), "team")
    entries = HoursEntry.objects.filter(case__service__team__in=teams, counts_at__lte=at)
    hours = dict(entries.values_list("case__service__team").annotate(n=Sum("hours")).order_by())
    return [Score(t.pk, t.name, people.get(t.pk, 0), services.get(t.pk, 0), hours.get(t.pk, 0)) for t in teams]


def by_community(area: QuerySet[Grid], *, at: datetime) -> list[Place]:
    """Per community: services, needs solved and hours of it and all below."""
    services = _counted(services_done(area), "case__grid")
    solved = _counted(Need.objects.filter(grid__in=area, state=Need.State.SOLVED), "grid")
    entries = HoursEntry.objects.filter(case__grid__in=area, counts_at__lte=at)
    hours = dict(entries.values_list("case__grid").annotate(n=Sum("hours")).order_by())
    nodes = list(Grid.objects.filter(pk__in={*services, *solved, *hours}))
    found = []
    for place in Grid.objects.filter(pk__in=area, level=Level.COMMUNITY, retired_at=None).order_by("tree_id", "lft"):
        below = [node.pk for node in nodes if node.tree_id == place.tree_id and place.lft <= node.lft <= place.rght]
        sums = [sum(counts.get(pk, 0) for pk in below) for counts in (services, solved, hours)]
        found.append(Place(place.name, *sums))
    return found


def by_month(area: QuerySet[Grid]) -> list[tuple[datetime, int]]:
    """Services done, by the month they were served in."""
    months = services_done(area).annotate(month=TruncMonth("begins_at")).values_list("month")
    return [(month, count) for month, count in months.annotate(n=Count("pk")).order_by("month")]


def _counted(rows: QuerySet, by: str) -> dict[int, int]:  # type: ignore[type-arg]
    found: Iterable[tuple[int, int]] = rows.values_list(by).annotate(n=Count("pk")).order_by()
    return dict(found)
