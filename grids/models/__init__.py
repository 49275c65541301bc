from grids.models.building import Building
from grids.models.grid import Grid, Level
from grids.models.post import Post
from grids.models.unit import Pairing, Unit, UnitKind

__all__ = ["Building", "Grid", "Level", "Pairing", "Post", "Unit", "UnitKind"]
