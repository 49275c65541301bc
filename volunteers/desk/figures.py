"""Figures of volunteering at the desk: each says how it is counted and leads to what is behind it."""

from datetime import date, datetime

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.entry import opens_to
from grids.models import Pairing, Unit
from grids.models.querysets import GridQuerySet
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of
from volunteers.figures import card as figures
from volunteers.figures import lists as behind
from volunteers.figures.card import Scope
from volunteers.models import Membership, Team
from web.pages import page_of

PAGE = 50


def _area(request: HttpRequest) -> GridQuerySet:
    return area_of(request.user, "figures")


@require_safe
@opens_to(verb("figures"))
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of my area, by community, unit, team and month."""
    area, at = _area(request), timezone.now()
    scope = Scope(area, at)
    all_tables = [
        ("communities", "各社区", "社区", "", figures.by_community(scope)),
        ("doctors", "家庭医生签约", "社区", "按居住地统计申请数和服务期内的签约数。", figures.doctors_by_community(scope)),
        ("months", "各月", "月份", "服务和时数按服务的月份，需求按解决的月份。", figures.by_month(scope)),
        ("units", "单位", "单位", "用于单位考核，不用于个人排名；一次服务多人参加的，计一次。", figures.by_unit(scope)),
        ("teams", "队伍", "队伍", "由队伍承接的服务。", [row for row in figures.by_team(scope) if _has_done(row)]),
    ]  # fmt: skip
    tables = [
        table for table in all_tables if table[-1] or table[0] not in {"communities", "doctors"}
    ]  # below a community there are none
    return render(
        request, "volunteers/figures/overview.html", {"figures": figures.overview(area, at=at), "tables": tables}
    )


def _has_done(row: figures.Row) -> bool:
    return any(figure.number for figure in row.figures if figure.code in figures.OF_EVERY_SCOPE)


@require_safe
@opens_to(verb("figures"))
def figure(request: HttpRequest, which: str) -> HttpResponse:
    """What is behind one figure, in the scope that the address names."""
    scope = _scope(request)
    source = behind.BEHIND.get(which)
    if source is None or (which == "people" and not (scope.unit or scope.team)):
        raise Http404
    rows = source.rows(scope)
    words = figures.words_of(which)
    page = page_of(rows, request.GET, PAGE)
    context = {
        "page": page, "lines": [source.line(row) for row in page.object_list], "label": words.label, "means": words.means,
        "total": source.total(rows), "scope": scope,
    }  # fmt: skip
    return render(request, "volunteers/figures/list.html", context)


def _scope(request: HttpRequest) -> Scope:
    """Raises Http404 for what is not there or not of one's area."""
    area, query = _area(request), request.GET
    try:
        return Scope(
            area, timezone.now(),
            unit=get_object_or_404(Unit, pk=int(query["unit"])) if query.get("unit") else None,
            team=get_object_or_404(Team, pk=int(query["team"]), grid__in=area) if query.get("team") else None,
            community=get_object_or_404(area, pk=int(query["community"])) if query.get("community") else None,
            month=_month(query["month"]) if query.get("month") else None,
        )  # fmt: skip
    except ValueError as wrong:
        raise Http404 from wrong


def _month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").date()


@require_safe
@opens_to(verb("figures"))
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit's card, for 考核: its people, where it reported, what they gave, month by month."""
    unit = get_object_or_404(Unit, pk=unit_id)
    scope = Scope(_area(request), timezone.now(), unit=unit)
    members = Membership.objects.filter(unit=unit, until_at=None)
    by_employment = dict.fromkeys(Membership.Employment.labels, 0)
    for membership in members:
        by_employment[membership.get_employment_display()] += 1
    paired = (
        Pairing.objects.filter(Q(until_at=None) | Q(until_at__gt=scope.at), unit=unit)
        .select_related("grid")
        .order_by("grid__name")
    )
    facts = [
        ("类型", unit.get_kind_display()),
        ("报到社区", "、".join(pairing.grid.name for pairing in paired) or "未报到"),
        ("在册", "，".join(f"{label} {count} 人" for label, count in by_employment.items() if count) or "暂无名单"),
    ]
    return _card(request, scope, unit.name, facts, len({membership.person_id for membership in members}))


def _team(request: HttpRequest, team_id: int) -> Team:
    team: Team = get_object_or_404(Team.objects.select_related("grid", "unit"), pk=team_id, grid__in=_area(request))
    return team


@require_safe
@opens_to(area("figures", _team))
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    area, team = _area(request), _team(request, team_id)
    members = team.members.filter(until_at=None).values("person").distinct().count()
    facts = [("类型", team.get_kind_display()), ("所在网格", team.grid.name)]
    facts += [("所属单位", team.unit.name)] if team.unit else []
    return _card(request, Scope(area, timezone.now(), team=team), team.name, facts, members)


def _card(request: HttpRequest, scope: Scope, title: str, facts: list[tuple[str, str]], people: int) -> HttpResponse:
    words = figures.words_of("people")
    numbers = [figures.Figure("people", words.label, people, words.means), *figures.measures(scope)]
    months = ("months", "各月", "月份", "", figures.by_month(scope))
    context = {"title": title, "facts": facts, "row": figures.Row(scope, title, numbers), "tables": [months]}
    return render(request, "volunteers/figures/card.html", context)
