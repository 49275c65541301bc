"""Activities, homes and covenants follow when grids merge. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from grids.followers import Follower
from grids.models import Grid
from meetings.models import Activity, Covenant, Home


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    Activity.objects.filter(grid=old).update(grid=new)
    Home.objects.filter(estate=old).update(estate=new)
    if not Covenant.objects.filter(
        grid=new
    ).exists():  # else the new neighbours' own goes on, and the old one stays to be read
        Covenant.objects.filter(grid=old).update(grid=new)


FOLLOWER = Follower(
    label="活动、户册、公约",
    count=lambda ids: sum(
        found.count()
        for found in (
            Activity.objects.filter(grid__in=ids),
            Home.objects.filter(estate__in=ids),
            Covenant.objects.filter(grid__in=ids),
        )
    ),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
