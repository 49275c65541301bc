"""三常 over one's own area; every figure opens its list."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.entry import opens_to
from dashboards.centres import months
from dashboards.figures.areas import Area
from dashboards.figures.cuts import Cut, cut_of, listed
from dashboards.figures.periods import Period
from grids.models import Level, Place
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import in_whole_communities, posts_in
from web.params import row_of


def _area(request: HttpRequest) -> Area:
    """Centres are their whole community's, so whoever answers for a part of it reads those of all of it."""
    return Area.of(in_whole_communities(posts_in(request), "figures"))


def _month(request: HttpRequest) -> Period:
    """?month=2026-11; this month without, or where it is no month."""
    try:
        day = datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()
    except ValueError:
        day = localdate()
    return Period.of("month", day if 2000 <= day.year <= 2100 else localdate())


@require_safe
@opens_to(verb("figures"))
def overview(request: HttpRequest) -> HttpResponse:
    area, period, today = _area(request), _month(request), localdate()
    communities = area.nodes.filter(level=Level.COMMUNITY)
    community = row_of(communities, request.GET.get("community"))
    total, rows = months.months(Cut(area, months.BEHIND, community, period), today=today)
    context = {
        "period": period, "has_next": period.after.first <= today, "rows": rows, "total": total, "community": community,
        "communities": area.communities,
    }  # fmt: skip
    return render(request, "dashboards/centres/months.html", context)


@require_safe
@opens_to(verb("figures"))
def behind(request: HttpRequest, measure: str) -> HttpResponse:
    """What is behind one figure, cut as the address says."""
    cut = cut_of(request, _area(request), months.BEHIND, (months.CENTRES,))
    context = listed(request, cut, measure, months.KEPT)
    back = f"{reverse('dashboards:centres')}?month={_shown(cut.period)}", "三常数据"
    return render(request, "dashboards/behind_own.html", context | {"back": back})


def _shown(period: Period | None) -> str:
    return f"{period.first if period else localdate():%Y-%m}"


def _place(request: HttpRequest, place_id: int) -> Place:
    place: Place = get_object_or_404(Place.objects.centres(), pk=place_id, grid__in=_area(request).nodes.order_by())
    return place


@require_safe
@opens_to(area("figures", _place))
def opened(request: HttpRequest, place_id: int) -> HttpResponse:
    """On which days one centre was open."""
    place, period = _place(request, place_id), _month(request)
    days = months.days_of(Cut(_area(request), months.BEHIND, period=period), localdate())
    context = {"place": place, "period": period, "rows": months.opened(place, days)}
    return render(request, "dashboards/centres/open.html", context)
