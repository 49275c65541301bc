"""What of this room hangs on a node follows it when nodes are merged. Registered with grids.followers."""

from datetime import datetime

from accounts.models import User
from grids.followers import Follower
from grids.models import Grid
from volunteers.models import DutyReport, Need, Plan, PlanTask, Project, Resource, Reward, Series, Team, Volunteer

FOLLOWING = (Volunteer, DutyReport, Team, Resource, Need, Project, Series, Plan, PlanTask, Reward)


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    for model in FOLLOWING:
        model.objects.filter(grid=old).update(grid=new)
    for plan in Plan.objects.filter(grids=old):
        plan.grids.remove(old)
        plan.grids.add(new)


FOLLOWER = Follower(
    label="志愿者、报到、队伍和清单",
    count=lambda ids: sum(model.objects.filter(grid__in=ids).count() for model in FOLLOWING),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
