"""What 我的网格 shows of this room: the centres one can walk to from a door."""

from datetime import datetime

from grids.buildings.my_grid import Door, Section
from grids.places.circle import nearest_centres


def centres_near(door: Door, at: datetime) -> Section | None:
    centres = nearest_centres(door.building, at=at) if door.building else []
    return Section("meetings/centres/_my_grid.html", {"centres": centres}) if centres else None
