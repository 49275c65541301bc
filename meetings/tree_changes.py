"""Activities, conferences, talks, homes and covenants follow when grids merge. Registered when the app is ready."""

from datetime import datetime

from accounts.models import User
from grids.models import Grid
from grids.tree.observers import Follower
from meetings.models import Activity, Conference, Covenant, Home, TeaTalk

FOLLOWING = (Activity, Conference, TeaTalk)


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    for model in FOLLOWING:
        model.objects.filter(grid=old).update(grid=new)
    Home.objects.filter(estate=old).update(estate=new)
    if not Covenant.objects.filter(
        grid=new
    ).exists():  # else the new neighbours' own goes on, and the old one stays to be read
        Covenant.objects.filter(grid=old).update(grid=new)


FOLLOWER = Follower(
    label="活动、会议、茶话、户册、公约",
    count=lambda ids: sum(
        rows.count()
        for rows in (
            *(model.objects.filter(grid__in=ids) for model in FOLLOWING),
            Home.objects.filter(estate__in=ids),
            Covenant.objects.filter(grid__in=ids),
        )
    ),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
