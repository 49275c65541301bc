"""Activities follow when grids merge. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from grids.followers import Follower
from grids.models import Grid
from meetings.models import Activity


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    Activity.objects.filter(grid=old).update(grid=new)


FOLLOWER = Follower(
    label="活动",
    count=lambda ids: Activity.objects.filter(grid__in=ids).count(),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
