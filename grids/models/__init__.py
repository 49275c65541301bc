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
from grids.models.staffing import ROSTER_ROLES, DutyFeed, SafetyNotice, Shift, StaffingNorm
from grids.models.territory import Territory, TerritoryLevel, TerritoryPost
from grids.models.unit import Pairing, Unit, UnitKind

__all__ = [
    "ACCESS",
    "ROSTER_ROLES",
    "Building",
    "DutyFeed",
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
    "SafetyNotice",
    "Shift",
    "StaffingNorm",
    "Territory",
    "TerritoryLevel",
    "TerritoryPost",
    "Unit",
    "UnitKind",
    "VisitCount",
]
