"""What this room holds about people: their posts, and when they were on duty. Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.privacy.holdings import Holding
from grids.models import DutyFeed, Post, Shift, TerritoryPost


def _rows(person: User) -> Iterator[dict[str, Any]]:
    for post in Post.objects.filter(person=person).select_related("grid").order_by("from_at"):
        yield {"职务": post.title, "任职起": post.from_at, "任职止": post.until_at}


def _territory_rows(person: User) -> Iterator[dict[str, Any]]:
    for post in TerritoryPost.objects.filter(person=person).select_related("node").order_by("from_at"):
        yield {"职务": post.title, "任职起": post.from_at, "任职止": post.until_at}


def _shifts(person: User) -> Iterator[dict[str, Any]]:
    for shift in Shift.objects.filter(posts__person=person).select_related("grid").distinct().order_by("begins_at"):
        yield {"社区": shift.grid.name, "开始": shift.begins_at, "结束": shift.ends_at}


def _drop_feeds(person: User, at: datetime) -> None:
    DutyFeed.objects.filter(person=person).delete()


def _in_territory(person: User) -> str:
    held = TerritoryPost.objects.held_at(timezone.now()).filter(person=person).select_related("node")
    titles = "、".join(post.title for post in held)
    return f"您现任{titles}，请先由社区结束任职。" if titles else ""


def _in_post(person: User) -> str:
    held = Post.objects.held_at(timezone.now()).filter(person=person).select_related("grid")
    titles = "、".join(post.title for post in held)
    return f"您现任{titles}，请先由上级结束任职。" if titles else ""


# That a post was held stays, as the post's own history; the name goes with the account.
HOLDINGS = (
    Holding(
        "任职",
        _rows,
        blocks=_in_post,
        about="those in post",
        why="who answers for what, when",
        erased="stays, without the name; nobody in post can be erased",
    ),
    Holding(
        "五长任职",
        _territory_rows,
        blocks=_in_territory,
        about="片区长, 街巷长, 邻里长, 楼栋长, 户组长",
        why="residents are told who looks after their door: name and post, never the phone ([territory.md](rooms/territory.md))",
        erased="stays, without the name; nobody in post can be erased",
    ),
    Holding(
        "联勤值班",
        _shifts,
        _drop_feeds,
        about="those in post who were on duty",
        why="who is on duty when; the link to a calendar is each person's own and may be taken back",
        erased="stays, without the name",
    ),
)
