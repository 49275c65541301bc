"""What of this room hangs on a node follows it when nodes are merged; what names a category follows that when it is retired.
Registered with grids.tree.observers and cases.categories.tree."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from cases.categories.tree import Referrer
from grids.models import Grid
from grids.tree.observers import Follower
from volunteers.models import (
    DutyReport,
    Need,
    Plan,
    PlanTask,
    PointRule,
    Project,
    Resource,
    Reward,
    Series,
    Team,
    Volunteer,
)

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

REFERRERS = (
    Referrer("志愿者特长", "条", Volunteer.skills.through.objects.all),
    Referrer("资源", "条", Resource.objects.all, lambda resource: str(resource.name)),
    Referrer("需求", "条", lambda: Need.objects.filter(ended_at=None)),
    Referrer("定期服务", "条", lambda: Series.objects.exclude(until_at__lte=timezone.now())),
    Referrer("积分规则", "条", PointRule.objects.all, str),
)
