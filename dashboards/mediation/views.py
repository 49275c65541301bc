"""Figures of mediation at the desk. What is said in mediation is secret even to the levels above: a list tells number and words
of a case to those who may see it, to others its kind, place and state."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.entry import opens_to
from dashboards.figures.areas import area_of
from dashboards.figures.cuts import cut_of, listed
from dashboards.figures.periods import Period
from dashboards.mediation import table
from grids.rights.entry import verb
from grids.rights.jurisdiction import posts_in
from web.params import whole_number

FIRST_YEAR, LAST_YEAR = 2001, 2100


def _year(request: HttpRequest) -> Period:
    """?year=2026; this year without, or where it is none."""
    year = whole_number(request.GET.get("year"))
    is_year = year is not None and FIRST_YEAR <= year <= LAST_YEAR
    return Period.of("year", date(year, 1, 1) if year is not None and is_year else localdate())


@require_safe
@opens_to(verb("dispatch"))
def overview(request: HttpRequest) -> HttpResponse:
    """The table of one year for this person's area; each number opens its list."""
    shown = table.table(area_of(posts_in(request)), _year(request))
    return render(request, "dashboards/mediation/table.html", {"table": shown})


@require_safe
@opens_to(verb("dispatch"))
def behind(request: HttpRequest, measure: str) -> HttpResponse:
    """What is behind one figure, cut as the address says."""
    cut = cut_of(request, area_of(posts_in(request)), table.BEHIND, table.SPLITS)
    context = listed(request, cut, measure, table.OF_TABLE)
    return render(
        request, "dashboards/behind_own.html", context | {"back": (reverse("dashboards:mediation"), "调解统计")}
    )
