"""Activities, conferences and tea talks follow when grids merge. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from grids.followers import Follower
from grids.models import Grid
from meetings.models import Activity, Conference, TeaTalk

FOLLOWING = (Activity, Conference, TeaTalk)


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    for model in FOLLOWING:
        model.objects.filter(grid=old).update(grid=new)


FOLLOWER = Follower(
    label="活动、会议和茶话",
    count=lambda ids: sum(model.objects.filter(grid__in=ids).count() for model in FOLLOWING),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
