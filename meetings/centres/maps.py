"""What the map draws (static/js/map.js). The page beside it says the same in a list."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import JsonResponse

from grids.county import shapes as county
from grids.county.nearby import Point


def map_of(url: str) -> dict[str, str]:
    """Context of `parts/map.html`: `url` answers with the points."""
    return {"url": url, "tiles": settings.MAP_TILES, "credit": settings.MAP_CREDIT}


def point(
    at: Point, title: str, look: str, *, url: str = "", reach: float = 0, is_near: bool = False
) -> dict[str, Any]:
    """`look`: centre, door, out (left out) or spot (suggested). The map opens on what `is_near`, where something is."""
    return {
        "latitude": at[0],
        "longitude": at[1],
        "title": title,
        "look": look,
        "url": url,
        "reach": reach,
        "is_near": is_near,
    }


def answer(points: Iterable[dict[str, Any]]) -> JsonResponse:
    return JsonResponse({"shapes": county.shapes(), "points": list(points)})
