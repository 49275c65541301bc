from grids.models.building import Building
from grids.models.grid import Grid, Level
from grids.models.post import Post

__all__ = ["Building", "Grid", "Level", "Post"]
