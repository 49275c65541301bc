"""Centres for everybody: the nearest to my door, what one offers, and the sign at its door."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import LINK, PUBLIC, opens_to
from accounts.requests import PageRequest
from grids.buildings.form import DoorForm
from grids.models import Building, Level, Place, PlaceKind, PlacePhoto
from grids.models.querysets import PlaceQuerySet
from grids.places.circle import nearest_centres
from grids.places.opening import in_words, weekly_words
from grids.places.services import count_visits, hours_of
from grids.rights.jurisdiction import Visitor, may, posts_of
from meetings.centres import maps
from meetings.models import Activity, TeaTalk
from meetings.tea_talks.services import own_grids, tea_tables, with_tasks
from web.client_address import client_address
from web.params import row_of
from web.stored_files import stored_file

CAME = "came"
AHEAD = timedelta(days=30)
TALKS = 6


@require_safe
@opens_to(PUBLIC)
def near(request: PageRequest) -> HttpResponse:
    """The nearest centres to a door; before one is chosen, and for whoever wants them all, every centre by community.
    Without JavaScript, a chosen 小区 comes back with its buildings on the same page."""
    form = DoorForm(request.GET if "place" in request.GET else None)
    if request.htmx:
        return render(request, "grids/_buildings.html", {"form": form})
    building = form.cleaned_data["building"] if form.is_bound and form.is_valid() else None
    at = timezone.now()
    where = f"?building={building.pk}" if building else ""
    return render(
        request,
        "meetings/centres/list.html",
        {
            "form": form,
            "building": building,
            "centres": nearest_centres(building, at=at) if building else [],
            "communities": _by_community(_running()),
            "map": maps.map_of(reverse("meetings:map") + where),
        },
    )


def _running() -> PlaceQuerySet:
    places = Place.objects.running_on(localdate()).select_related("grid__parent")
    return places.order_by("grid__tree_id", "grid__lft", "pk")


def _by_community(places: PlaceQuerySet) -> list[tuple[str, list[Place]]]:
    groups: dict[str, list[Place]] = {}
    for place in places:
        community = place.grid if place.grid.level == Level.COMMUNITY else place.grid.parent
        groups.setdefault(community.name, []).append(place)
    return list(groups.items())


@require_safe
@opens_to(PUBLIC)
def map_points(request: HttpRequest) -> JsonResponse:
    """Every place in use, and the door that was asked for with the centres nearest to it."""
    door = row_of(Building.objects.exclude(latitude=None), request.GET.get("building"))
    near = {walked.place.pk for walked in nearest_centres(door, at=timezone.now())} if door else set()
    points = [
        maps.point(
            place.point, place.name, "centre", url=reverse("meetings:centre", args=[place.pk]), is_near=place.pk in near
        )
        for place in _running()
    ]
    if door is not None and door.latitude is not None and door.longitude is not None:
        points.append(maps.point((door.latitude, door.longitude), f"您家 {door.label}", "door", is_near=True))
    return maps.answer(points)


@require_safe
@opens_to(PUBLIC)
def centre(request: HttpRequest, place_id: int) -> HttpResponse:
    places = Place.objects.select_related("grid", "unit").prefetch_related("hours", "exceptions")
    place = get_object_or_404(places, pk=place_id)
    at = timezone.now()
    hours = hours_of([place])[place.pk]
    coming = Activity.objects.coming(at).filter(place=place).select_related("kind").with_counts()
    ahead = place.exceptions.filter(date__range=(localdate(at), localdate(at) + AHEAD)).order_by("date")
    return render(
        request,
        "meetings/centres/centre.html",
        {
            "place": place,
            "runs": place.runs_on(localdate(at)),
            "is_open": hours.is_open(localtime(at)),
            "now_words": hours.now_words(localtime(at)),
            "weekly": weekly_words(hours),
            "exceptions": [
                (exception.date, in_words(hours.on(exception.date)), exception.words) for exception in ahead
            ],
            "functions": place.functions.order_by("order", "pk"),
            "rooms": place.rooms.order_by("pk"),
            "photos": place.photos.order_by("pk"),
            "activities": coming.order_by("from_at", "pk")[:10],
            "is_desk": may(request.user, "dispatch", place.grid),
            "talks": _talks_at(place) if place.kind == PlaceKind.TEA_TABLE else [],
            "may_record": place.kind == PlaceKind.TEA_TABLE and _is_own(request.user, place, localdate(at)),
        },
    )


def _is_own(user: Visitor, place: Place, today: date) -> bool:
    """Whether this person writes down what is talked about at this 议事点."""
    return bool(posts_of(user)) and tea_tables(own_grids(user), on=today).filter(pk=place.pk).exists()


def _talks_at(place: Place) -> list[TeaTalk]:
    """The latest of them, for everybody: never who was there or what was said."""
    return list(with_tasks(TeaTalk.objects.filter(place=place, is_public=True))[:TALKS])


@require_safe
@opens_to(PUBLIC)
def photo(request: HttpRequest, place_id: int, photo_id: int) -> FileResponse:
    photo = get_object_or_404(PlacePhoto, pk=photo_id, place=place_id)
    return stored_file(photo.file, "image/jpeg")


@require_http_methods(["GET", "POST"])
@opens_to(LINK)
def here(request: HttpRequest, code: str) -> HttpResponse:
    """我来了, by the sign at the door: one more came today. This device remembers that it counted; we remember nothing."""
    place = get_object_or_404(Place, door_code=code)
    at = timezone.now()
    cookie, today = f"{CAME}-{place.pk}", localdate(at).isoformat()
    has_counted = request.COOKIES.get(cookie) == today
    refusal = ""
    if request.method == "POST" and not has_counted:
        limiter.check("visit", address=client_address(request), at=at)
        try:
            count_visits(place=place, on=localdate(at))
        except ValidationError as refused:
            refusal = refused.messages[0]
        else:
            response = redirect("meetings:here", code=code)
            response.set_cookie(cookie, today, max_age=timedelta(days=1), samesite="Lax", httponly=True)
            return response
    return render(
        request, "meetings/centres/here.html", {"place": place, "has_counted": has_counted, "refusal": refusal}
    )
