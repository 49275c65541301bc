"""The county on the map: what lies inside it, and the shapes that the county supplies (GeoJSON), if it does.

Without shapes the county is the rectangle of COUNTY_BOUNDS; with them (COUNTY_SHAPES) it is what they cover."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from grids.county.nearby import Point

Ring = list[list[float]]
"""Longitude, latitude, … in GeoJSON's order."""
EMPTY: dict[str, Any] = {"type": "FeatureCollection", "features": []}


def shapes() -> dict[str, Any]:
    """The county's GeoJSON, or an empty one."""
    return _read(settings.COUNTY_SHAPES) if settings.COUNTY_SHAPES else EMPTY


@lru_cache(maxsize=2)
def _read(path: str) -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads(Path(path).read_text())
    return shapes


def check_inside(point: Point) -> None:
    """Raises ValidationError at `latitude`: outside the county, most often because the two numbers were swapped."""
    if contains(point):
        return
    latitude, longitude = point
    swapped = "，经纬度好像填反了" if contains((longitude, latitude)) else ""
    raise ValidationError({"latitude": f"北纬 {latitude:g}、东经 {longitude:g} 不在本县范围内{swapped}，请核对坐标。"})


def contains(point: Point) -> bool:
    south, west, north, east = settings.COUNTY_BOUNDS
    latitude, longitude = point
    polygons = [polygon for shape in shapes()["features"] for polygon in _polygons(shape["geometry"])]
    if not polygons:
        return bool(south <= latitude <= north and west <= longitude <= east)
    return any(_is_in(point, polygon) for polygon in polygons)


def _polygons(geometry: dict[str, Any]) -> list[list[Ring]]:
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry["type"] == "MultiPolygon" else []


def _is_in(point: Point, rings: list[Ring]) -> bool:
    """Inside the outer ring and in no hole."""
    return _crosses(point, rings[0]) and not any(_crosses(point, hole) for hole in rings[1:])


def _crosses(point: Point, ring: Ring) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    latitude, longitude = point
    is_inside = False
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > latitude) != (y2 > latitude) and longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1):
            is_inside = not is_inside
    return is_inside
