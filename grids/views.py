"""Public pages: 我的网格, and the duty calendar for whoever has its link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import limiter
from accounts.entry import LINK, PUBLIC, opens_to
from accounts.requests import PageRequest
from grids.buildings.form import DoorForm
from grids.buildings.my_grid import Door, sections
from grids.police import duty
from web.client_address import client_address


@require_safe
@opens_to(PUBLIC)
def my_grid(request: PageRequest) -> HttpResponse:
    """Who answers for an address. It stands in the link, so that the page can be kept and passed on; without JavaScript
    a chosen 小区 comes back with its buildings and what is known of the 小区 already."""
    form = DoorForm(request.GET if "place" in request.GET else None)
    if request.htmx:
        return render(request, "grids/_buildings.html", {"form": form})
    door, parts = None, []
    if form.is_bound and form.is_valid():
        door = Door(form.cleaned_data["place"], form.cleaned_data["building"])
        parts = sections(door, at=timezone.now())
    return render(request, "grids/my_grid.html", {"form": form, "door": door, "sections": parts})


@require_safe
@opens_to(LINK)
def duty_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the link is the key."""
    at = timezone.now()
    limiter.check("track", address=client_address(request), at=at)
    feed = duty.feed_for(token)
    if feed is None:
        raise Http404
    response = HttpResponse(duty.as_ical(feed.grid, at=at), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="duty.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
