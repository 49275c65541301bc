from grids.models.building import Building
from grids.models.grid import Grid, Level
from grids.models.place import (
    ACCESS,
    OpeningException,
    OpeningHours,
    Place,
    PlaceFunction,
    PlaceKind,
    PlacePhoto,
    Room,
    VisitCount,
)
from grids.models.post import Post
from grids.models.unit import Pairing, Unit, UnitKind

__all__ = [
    "ACCESS",
    "Building",
    "Grid",
    "Level",
    "OpeningException",
    "OpeningHours",
    "Pairing",
    "Place",
    "PlaceFunction",
    "PlaceKind",
    "PlacePhoto",
    "Post",
    "Room",
    "Unit",
    "UnitKind",
    "VisitCount",
]
