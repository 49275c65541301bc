"""Where a point, an address or a door's number lies in the grid."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, FloatField, QuerySet
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.utils.timezone import localdate

from grids.county.nearby import Ground, Point
from grids.county.shapes import check_inside
from grids.models import Building, Grid, Level
from grids.models import Place as Centre
from residents.imports.places import Places
from residents.services import Place

NEAR = 200
"""Metres within which a building or a centre says where a point is. Farther off it only says in which community somebody is
who can find out."""


@dataclass(frozen=True)
class Spot:
    place: Place
    is_sure: bool
    """Else staff say where it is (待分拣)."""


def spot_at(point: Point) -> Spot:
    """At a point, in degrees of WGS-84.

    Raises ValidationError at `lat`: outside the county, or no building of it has a point yet."""
    try:
        check_inside(point)
    except ValidationError as refusal:
        raise ValidationError({"lat": refusal.messages}) from refusal
    buildings = Building.objects.filter(estate__retired_at=None).exclude(latitude=None)
    building = _nearest(buildings.select_related("estate", "grid"), point)
    centres = Centre.objects.running_on(localdate()).filter(grid__retired_at=None)
    centre = _nearest(centres.select_related("grid"), point)
    ground = Ground(point[0])
    ways: list[tuple[float, Place]] = []
    if building is not None:
        ways.append((ground.metres(point, (building.latitude, building.longitude)), Place(building.estate, building)))
    if centre is not None:
        ways.append((ground.metres(point, centre.point), Place(centre.grid)))
    if not ways:
        raise ValidationError({"lat": "本县的楼栋还没有登记坐标，请改传 address_string。"})
    metres, place = min(ways, key=lambda way: way[0])
    return Spot(place, True) if metres <= NEAR else Spot(Place(_community(place.grid)), False)


def _nearest(rows: QuerySet[Any], point: Point) -> Any:
    """On the flat ground of a county; None where there are none."""
    latitude, longitude = point
    north = F("latitude") - latitude
    east: Combinable = (F("longitude") - longitude) * cos(radians(latitude))
    return rows.order_by(ExpressionWrapper(north * north + east * east, output_field=FloatField()), "pk").first()


def _community(node: Grid) -> Grid:
    """Above this node, or the node where it lies in none."""
    over: Grid | None = Grid.objects.upward_from(node).filter(level=Level.COMMUNITY).first()
    return over or node


def spot_of_door(number: int) -> Spot:
    """Of a building by its number in our own table (楼栋). Raises ValidationError at `address_id`: no such."""
    building = Building.objects.filter(pk=number, estate__retired_at=None).select_related("estate", "grid").first()
    if building is None:
        raise ValidationError({"address_id": "没有这个编号的楼栋。"})
    return Spot(Place(building.estate, building), True)


def spot_named(address: str) -> Spot:
    """Of an address in words. Raises ValidationError at `address_string`: it names no place of ours, or several."""
    places = Places(Grid.objects.all()).meant_by(address)
    if len(places) != 1:
        words = "请写明是哪个社区的" if places else "没有认出小区或社区，请写明小区名称，或传经纬度"
        raise ValidationError({"address_string": f"{words}。"})
    return Spot(places[0], True)
