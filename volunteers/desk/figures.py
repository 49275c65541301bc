"""Figures of volunteering at the desk: each says how it is counted and leads to what is behind it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grids.jurisdiction import area_of
from grids.models import Unit
from grids.querysets import GridQuerySet
from volunteers import behind, figures
from volunteers.models import Team

PAGE = 50


def _area(request: HttpRequest) -> GridQuerySet:
    """Raises PermissionDenied for who reads no figures."""
    area = area_of(request.user, "figures")
    if not area.exists():
        raise PermissionDenied
    return area


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of my area, the cards of units and teams, communities and months."""
    area, at = _area(request), timezone.now()
    return render(
        request,
        "volunteers/figures.html",
        {
            "figures": figures.overview(area, at=at),
            "units": figures.by_unit(area, at=at),
            "teams": [team for team in figures.by_team(area, at=at) if team.services],
            "communities": figures.by_community(area, at=at),
            "months": figures.by_month(area),
        },
    )


@require_safe
@login_required
def figure(request: HttpRequest, which: str) -> HttpResponse:
    """What is behind one figure."""
    area, at = _area(request), timezone.now()
    if which not in behind.BEHIND:
        raise Http404
    found = next(one for one in figures.overview(area, at=at) if one.code == which)
    source = behind.BEHIND[which]
    return _rows(request, source.rows(area, at), source.line, title=f"{found.label} {found.number}", means=found.means)


@require_safe
@login_required
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The services a unit's people gave in my area."""
    area = _area(request)
    found = get_object_or_404(Unit, pk=unit_id)
    means = "本单位的人到场并签退、已经结单的服务；一次服务去了几位，也只列一次"
    return _rows(request, behind.of_unit(area, found), behind.service_line, title=found.name, means=means)


@require_safe
@login_required
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    area = _area(request)
    found = get_object_or_404(Team, pk=team_id, grid__in=area)
    means = "请这支队伍去、已经结单的服务"
    return _rows(request, behind.of_team(area, found), behind.service_line, title=found.name, means=means)


def _rows(request: HttpRequest, rows: Any, line: Any, *, title: str, means: str) -> HttpResponse:
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [line(row) for row in page.object_list], "title": title, "means": means}
    return render(request, "volunteers/behind.html", context)
