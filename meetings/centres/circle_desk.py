"""The ten-minute circle, over one's own area."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.entry import opens_to
from grids.models import Building, Grid, Level, PlaceFunction
from grids.models.querysets import GridQuerySet
from grids.places import circle as service_circle
from grids.rights.entry import verb
from meetings.centres import maps
from meetings.desk.area import figures_area
from web.params import row_of


def _asked_area(request: HttpRequest) -> tuple[GridQuerySet, Grid | None]:
    """One's own area, or of it the community that is named."""
    area = figures_area(request)
    community = row_of(area.filter(level=Level.COMMUNITY), request.GET.get("community"))
    return (area.in_area([community]) if community else area), community


def _function(request: HttpRequest) -> PlaceFunction | None:
    return row_of(PlaceFunction.objects.all(), request.GET.get("function"))


@require_safe
@opens_to(verb("figures"))
def circle(request: HttpRequest) -> HttpResponse:
    """Shares by community and function; of the chosen function, where one more centre would help most."""
    area, today, function = figures_area(request), localdate(), _function(request)
    functions = list(PlaceFunction.objects.filter(is_active=True).order_by("order", "pk"))
    circle = service_circle.circle(area, on=today, function=function)
    best = circle.best_spot()
    near = _buildings([door.key for door in best.doors]) if best else []
    return render(
        request,
        "meetings/centres/circle.html",
        {
            "rows": service_circle.by_community(area, on=today, functions=functions),
            "functions": functions,
            "function": function,
            "share": circle.share,
            "unplaced": circle.unplaced,
            "out_count": len(circle.out),
            "best": best,
            "near": near,
            "walk": service_circle.walk(),
            "map": maps.map_of(reverse("meetings:circle-map") + (f"?function={function.pk}" if function else "")),
        },
    )


def _buildings(keys: list[int]) -> list[Building]:
    return list(
        Building.objects.filter(pk__in=keys).select_related("estate").order_by("estate__tree_id", "estate__lft", "pk")
    )


@require_safe
@opens_to(verb("figures"))
def left_out(request: HttpRequest) -> HttpResponse:
    """The buildings that no centre reaches, of a community and a function where they are named; and those that nobody
    has placed on the map yet."""
    area, community = _asked_area(request)
    function = _function(request)
    circle = service_circle.circle(area, on=localdate(), function=function)
    unplaced = (
        Building.objects.filter(estate__in=area.order_by(), latitude=None).select_related("estate").order_by("pk")
    )
    return render(
        request,
        "meetings/centres/left_out.html",
        {
            "community": community,
            "function": function,
            "buildings": _buildings([door.key for door in circle.out]),
            "unplaced": unplaced,
        },
    )


@require_safe
@opens_to(verb("figures"))
def circle_points(request: HttpRequest) -> JsonResponse:
    """Centres, who is left out, and the suggested place with whom it would reach."""
    circle = service_circle.circle(figures_area(request), on=localdate(), function=_function(request))
    labels = {
        building.pk: f"{building.estate.name} {building.label}"
        for building in _buildings([door.key for door in circle.out])
    }
    points = [
        maps.point(place.point, place.name, "centre", url=reverse("meetings:centre", args=[place.pk]))
        for place in service_circle.centres_on(localdate(), _function(request)).order_by("pk")
    ]
    points += [maps.point(door.point, labels[door.key], "out") for door in circle.out]
    if best := circle.best_spot():
        words = f"在这附近再设一个，多服务 {best.households} 户"
        points.append(maps.point(best.point, words, "spot", reach=service_circle.walk().reach))
    return maps.answer(points)
