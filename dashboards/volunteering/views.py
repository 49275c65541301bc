"""Figures of volunteering: each says how it is counted and leads to what is behind it."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.entry import opens_to
from dashboards.figures.areas import area_of
from dashboards.figures.cuts import Cut, cut_of, listed
from dashboards.figures.splits import TEAMS, UNITS
from dashboards.figures.sums import number
from dashboards.volunteering import tables
from grids.models import Pairing, Unit
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import posts_in
from volunteers.models import Membership, Team
from web.pages import page_of


@require_safe
@opens_to(verb("figures"))
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of my area, by community, unit, team and month."""
    numbers, shown = tables.overview(area_of(posts_in(request)))
    return render(request, "dashboards/volunteering/overview.html", {"numbers": numbers, "tables": shown})


@require_safe
@opens_to(verb("figures"))
def behind(request: HttpRequest, measure: str) -> HttpResponse:
    """What is behind one figure, cut as the address says."""
    cut = cut_of(request, area_of(posts_in(request)), tables.BEHIND, (UNITS, TEAMS))
    context = listed(request, cut, measure, tables.OVERALL)
    back = reverse("dashboards:volunteering"), "志愿服务数据"
    return render(request, "dashboards/behind_own.html", context | {"back": back})


@require_safe
@opens_to(verb("figures"))
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit's card, for 考核: its people, where it reported, what they gave, month by month."""
    unit = get_object_or_404(Unit, pk=unit_id)
    members = Membership.objects.filter(unit=unit, until_at=None)
    by_employment = dict.fromkeys(Membership.Employment.labels, 0)
    for membership in members:
        by_employment[membership.get_employment_display()] += 1
    paired = Pairing.objects.filter(Q(until_at=None) | Q(until_at__gt=timezone.now()), unit=unit).select_related("grid")
    facts = [
        ("类型", unit.get_kind_display()),
        ("报到社区", "、".join(pairing.grid.name for pairing in paired.order_by("grid__name")) or "未报到"),
        ("在册", "，".join(f"{label} {count} 人" for label, count in by_employment.items() if count) or "暂无名单"),
    ]
    return _card(request, _of_unit(request, unit), facts, len({membership.person_id for membership in members}))


def _of_unit(request: HttpRequest, unit: Unit) -> Cut:
    return Cut(area_of(posts_in(request)), tables.BEHIND, split=UNITS, value=unit.pk, name=unit.name)


@require_safe
@opens_to(verb("figures"))
def unit_people(request: HttpRequest, unit_id: int) -> HttpResponse:
    return _people(request, _of_unit(request, get_object_or_404(Unit, pk=unit_id)))


def _team(request: HttpRequest, team_id: int) -> Team:
    teams = Team.objects.filter(grid__in=area_of(posts_in(request)).nodes)
    team: Team = get_object_or_404(teams.select_related("grid", "unit"), pk=team_id)
    return team


@require_safe
@opens_to(area("figures", _team))
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    team = _team(request, team_id)
    facts = [("类型", team.get_kind_display()), ("所在网格", team.grid.name)]
    facts += [("所属单位", team.unit.name)] if team.unit else []
    return _card(
        request, _of_team(request, team), facts, team.members.filter(until_at=None).values("person").distinct().count()
    )


def _of_team(request: HttpRequest, team: Team) -> Cut:
    return Cut(area_of(posts_in(request)), tables.BEHIND, split=TEAMS, value=team.pk, name=team.name)


@require_safe
@opens_to(area("figures", _team))
def team_people(request: HttpRequest, team_id: int) -> HttpResponse:
    return _people(request, _of_team(request, _team(request, team_id)))


def _people(request: HttpRequest, cut: Cut) -> HttpResponse:
    """Who is in a unit or a team, by place."""
    rows = tables.people(cut)
    total = sum(rows.order_by().values_list("n", flat=True))
    page = page_of(rows, request.GET)
    context = {"cut": cut, "page": page, "total": total, "total_words": number(total), "measure": tables.PEOPLE}
    return render(request, "dashboards/volunteering/people.html", context)


def _card(request: HttpRequest, cut: Cut, facts: list[tuple[str, Any]], people: int) -> HttpResponse:
    numbers, months = tables.card(cut, people)
    context = {"title": cut.name, "facts": facts, "numbers": numbers, "table": months}
    return render(request, "dashboards/volunteering/card.html", context)
