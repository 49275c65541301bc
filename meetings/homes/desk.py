"""户册 at the desk: who lives where and who owns what, taken in from a table, ended one by one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.models import Grid, Level
from grids.rights.entry import area, verb
from imports.form_page import form_page
from meetings.desk.area import own_area
from meetings.homes.roster import HOMES, end_tenure
from meetings.models import Tenure
from web.pages import page_of

PAGE = 50


def _own(request: HttpRequest, estate_id: int) -> Grid:
    return get_object_or_404(own_area(request), pk=estate_id, level=Level.ESTATE)


@require_safe
@opens_to(area("dispatch", _own))
def register(request: HttpRequest, estate_id: int) -> HttpResponse:
    estate = _own(request, estate_id)
    rows = Tenure.objects.filter(home__estate=estate, until_at=None).select_related("home__building", "person")
    ordered = rows.order_by("home__building__name", "home__building__unit", "home", "pk")
    page = page_of(ordered, request.GET, PAGE)
    return render(request, "meetings/homes/list.html", {"estate": estate, "page": page})


def _own_tenure(request: HttpRequest, tenure_id: int) -> Tenure:
    tenure: Tenure = get_object_or_404(Tenure.objects.filter(home__estate__in=own_area(request)), pk=tenure_id)
    return tenure


@require_POST
@opens_to(posts=area("dispatch", _own_tenure))
def end(request: HttpRequest, tenure_id: int) -> HttpResponse:
    """迁出、售出. A vote that runs keeps its roll."""
    tenure = _own_tenure(request, tenure_id)
    try:
        end_tenure(tenure=tenure, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, "已结束。正在进行的表决仍按公告那天的名册。")
    return redirect("meetings:homes", estate_id=tenure.home.estate_id)


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def take_in(request: PersonRequest) -> HttpResponse:
    """The 户册 of each estate, and a table of more."""
    estates = own_area(request).current().filter(level=Level.ESTATE).order_by("tree_id", "lft")
    return form_page(request, HOMES.key, template="meetings/homes/import.html", estates=estates)
