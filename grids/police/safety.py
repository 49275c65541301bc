"""安全提示: what the police of a community tell the people who live there."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from grids.models import Grid, Level, Post, SafetyNotice
from grids.models.querysets import subtree
from grids.rights.jurisdiction import Visitor, allows, area_of, posts_of
from grids.tree.observers import Follower
from notices.services import News, notify


def publishing_post(user: Visitor, grid: Grid, *, at: datetime) -> Post | None:
    """The post by which this person may publish there."""
    return next((post for post in posts_of(user, at=at) if allows(post, "safety", grid)), None)


def publish(
    *, grid: Grid, title: str, words: str, from_at: datetime, until_at: datetime, by: User, at: datetime
) -> SafetyNotice:
    """Tell everybody who lives in `grid`: it stands on their 我的网格 from–until, and its grid leaders are told now.

    Raises ValidationError at the field: not theirs to tell, merged away, nothing said, or over before it begins."""
    post = publishing_post(by, grid, at=at)
    if post is None:
        raise ValidationError({"grid": "安全提示由这个社区的民警、辅警发布。"})
    if grid.retired_at is not None:
        raise ValidationError({"grid": f"{grid.name}已撤并，请另选范围。"})
    if not title.strip() or not words.strip():
        raise ValidationError({"words" if title.strip() else "title": "请写明标题和内容。"})
    if until_at <= max(from_at, at):
        raise ValidationError({"until_at": "结束时间应晚于开始时间，并且还没有过。"})
    with transaction.atomic():
        notice = SafetyNotice.objects.create(
            grid=grid, post=post, title=title.strip(), words=words.strip(), from_at=from_at, until_at=until_at
        )
        leading = Post.objects.held_at(at).filter(subtree(grid, prefix="grid__"), role="grid_leader")
        told = News(
            kind="safety.published",
            people={post.person_id: post.person for post in leading.select_related("person")}.values(),
            path=f"/my-grid/?place={grid.pk}" if grid.level in {Level.COMMUNITY, Level.ESTATE} else "/my-grid/",
            cause=f"safety:{notice.pk}",
            at=at,
            facts={"title": notice.title},
        )
        notify(told)
        return notice


def withdraw(*, notice: SafetyNotice, at: datetime) -> None:
    if not SafetyNotice.objects.filter(pk=notice.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise ValidationError("这条提示已经撤下。")


def notices_for(grid: Grid, *, at: datetime) -> list[SafetyNotice]:
    """What holds now for whoever lives at `grid`: of its own node and those above it, newest first."""
    running = SafetyNotice.objects.filter(from_at__lte=at, until_at__gt=at, withdrawn_at=None)
    notices = running.filter(grid__in=Grid.objects.upward_from(grid).order_by())
    return list(notices.select_related("grid", "post__grid").order_by("-from_at", "-pk"))


def notices_of(user: Visitor) -> QuerySet[SafetyNotice]:
    """Those in the area where this person publishes, newest first."""
    notices: QuerySet[SafetyNotice] = SafetyNotice.objects.filter(grid__in=area_of(user, "safety"))
    return notices.select_related("grid", "post__grid").order_by("-from_at", "-pk")


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    """What was said to the people of the old node is said to those of the new one."""
    SafetyNotice.objects.filter(grid=old, until_at__gt=at, withdrawn_at=None).update(grid=new)


FOLLOWER = Follower(
    label="安全提示",
    count=lambda ids: SafetyNotice.objects.filter(grid__in=ids, withdrawn_at=None).count(),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
