"""What 我的网格 shows of this room: the centres one can walk to from a door."""

from datetime import datetime

from grids.my_grid import Door, Section
from grids.service_circle import nearest_centres


def centres_near(door: Door, at: datetime) -> Section | None:
    found = nearest_centres(door.building, at=at) if door.building else []
    return Section("meetings/_my_grid_centres.html", {"centres": found}) if found else None
