"""定期服务 at the desk: begun once, asked for by itself before each date, ended when it is needed no more."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import opens_to
from accounts.models import User
from accounts.requests import PersonRequest
from cases.limits.clock import ZONE
from grids.rights.entry import area, verb
from volunteers.desk.area import own_area
from volunteers.desk.orders import SHOWN
from volunteers.dispatch import candidates
from volunteers.forms.orders import PeopleForm, SeriesForm
from volunteers.models import Need, Series
from volunteers.reading.needs import asked_need, asker_of, place_of, said_by
from volunteers.services import series as service
from web.posted import posted


@require_safe
@opens_to(verb("dispatch"))
def running(request: HttpRequest) -> HttpResponse:
    rows = Series.objects.filter(Q(until_at=None) | Q(until_at__gt=timezone.now()), grid__in=own_area(request))
    rows = (
        rows.select_related("grid", "category")
        .prefetch_related(Prefetch("helpers", User.objects.order_by("pk")))
        .order_by("next_at", "pk")
    )
    return render(request, "volunteers/orders/series.html", {"running": rows})


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def new(request: HttpRequest) -> HttpResponse:
    area = own_area(request)
    need = asked_need(request.GET.get("need"), area)
    form = SeriesForm(posted(request), within=area, initial=said_by(need))
    if form.is_valid():
        try:
            made = _begin(request, need, dict(form.cleaned_data))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:series-helpers", series_id=made.pk)
    context = {"form": form, "need": need, "title": "安排定期服务", "button": "下一步：固定请谁"}
    return render(request, "volunteers/form.html", context)


def _begin(request: HttpRequest, need: Need | None, cleaned: dict[str, Any]) -> Series:
    asker, last = cleaned.pop("phone") or asker_of(need), cleaned.pop("until")
    return service.begin(
        **cleaned,
        place=place_of(need, cleaned["grid"]),
        asker=asker,
        opened_by=request.user,
        until_at=datetime.combine(last + timedelta(days=1), time(0), ZONE) if last else None,
        at=timezone.now(),
    )


def _mine(request: HttpRequest, series_id: int) -> Series:
    in_area = Series.objects.filter(grid__in=own_area(request)).select_related("grid", "category")
    return get_object_or_404(in_area, pk=series_id)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _mine))
def helpers(request: PersonRequest, series_id: int) -> HttpResponse:
    """固定志愿者: whoever comes every time; the others that fit stand by for a date on which one cannot."""
    series = _mine(request, series_id)
    proposals = candidates.for_series(series)[:SHOWN]
    chosen = [str(key) for key in series.helpers.values_list("pk", flat=True)]
    form = PeopleForm(posted(request), proposals=proposals, initial={"people": chosen})
    if form.is_valid():
        people = User.objects.in_bulk(form.cleaned_data["people"])
        try:
            service.choose_helpers(series=series, people=list(people.values()), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "安排好了。每次提前三天去问，来不了的由别人顶上。")
            return redirect("volunteers:series")
    context = {"form": form, "series": series, "proposals": proposals}
    return render(request, "volunteers/orders/series_helpers.html", context)


@require_POST
@opens_to(posts=area("dispatch", _mine))
def end(request: HttpRequest, series_id: int) -> HttpResponse:
    try:
        service.end(series=_mine(request, series_id), at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, "不再安排以后的。已经约好的，请逐个取消。")
    return redirect("volunteers:series")
