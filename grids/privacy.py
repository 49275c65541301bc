"""What this room holds about people: their posts, and when they were on duty. Registered when the app is ready."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.privacy.holdings import Holding
from accounts.privacy.rows import deleted, rows_of
from grids.models import DutyFeed, Post, Shift, TerritoryPost


def _shifts(person: User) -> QuerySet[Shift]:
    return Shift.objects.filter(posts__person=person).distinct()


def _until_ended_by(whom: str, posts: type[Post] | type[TerritoryPost]) -> Callable[[User], str]:
    """Nobody in post leaves before the post."""

    def blocks(person: User) -> str:
        titles = "、".join(post.title for post in posts.objects.held_at(timezone.now()).filter(person=person))
        return f"您现任{titles}，请先由{whom}结束任职。" if titles else ""

    return blocks


# That a post was held stays, as the post's own history; the name goes with the account.
HOLDINGS = (
    Holding(
        "任职",
        rows_of(Post, "person", ("职务", "title"), "from_at", "until_at", order="from_at", joins=("grid",)),
        blocks=_until_ended_by("上级", Post),
        about="those in post",
        why="who answers for what, when",
        erased="stays, without the name; nobody in post can be erased",
    ),
    Holding(
        "五长任职",
        rows_of(TerritoryPost, "person", ("职务", "title"), "from_at", "until_at", order="from_at", joins=("node",)),
        blocks=_until_ended_by("社区", TerritoryPost),
        about="片区长, 街巷长, 邻里长, 楼栋长, 户组长",
        why="residents are told who looks after their door: name and post, never the phone ([territory.md](rooms/territory.md))",
        erased="stays, without the name; nobody in post can be erased",
    ),
    Holding(
        "联勤值班",
        rows_of(Shift, _shifts, "grid", "begins_at", "ends_at", order="begins_at"),
        deleted(DutyFeed, "person"),
        about="those in post who were on duty",
        why="who is on duty when; the link to a calendar is each person's own and may be taken back",
        erased="stays, without the name",
    ),
)
