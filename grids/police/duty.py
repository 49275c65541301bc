"""联勤值班: who of grid and police is on duty together and when, as pages and as a calendar feed (RFC 5545)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from grids.models import DutyFeed, Grid, Level, Post, Shift
from grids.models.querysets import subtree
from grids.rights.jurisdiction import Visitor, may, posts_of
from grids.tree.observers import Follower
from notices.services import News, notify
from web.ical import Entry, calendar
from web.period_ends import end_in_words, last_day

FEED_REACHES_BACK = timedelta(days=31)
"""How much of the past a calendar feed shows."""


def may_plan(user: Visitor, community: Grid) -> bool:
    """The community's desk and those above it, and its police."""
    return may(user, "dispatch", community) or may(user, "safety", community)


def may_read(user: Visitor, community: Grid) -> bool:
    """Whoever plans the duty, and whoever works in the community."""
    is_in_it = any(post.grid is not None and community.covers(post.grid) for post in posts_of(user))
    return is_in_it or may_plan(user, community)


def posts_for_duty(community: Grid, *, at: datetime) -> QuerySet[Post]:
    """Who can be put on duty: everybody in post in the community, at any level below it."""
    held: QuerySet[Post] = Post.objects.held_at(at).filter(subtree(community, prefix="grid__"))
    return held.select_related("person", "grid")


def plan_shift(
    *,
    community: Grid,
    posts: Sequence[Post],
    begins_at: datetime,
    ends_at: datetime,
    note: str = "",
    by: User,
    at: datetime,
) -> Shift:
    """A new shift; its people are told.

    Raises ValidationError: no community, it ends before it begins, nobody is named, somebody is not in post there all
    the time, or on another shift meanwhile."""
    if community.level != Level.COMMUNITY or community.retired_at is not None:
        raise ValidationError({"grid": f"值班按社区安排，{community.name}不是现有社区。"})
    if ends_at <= begins_at:
        raise ValidationError({"ends_at": "值班结束时间应晚于开始时间。"})
    if not posts:
        raise ValidationError({"posts": "请至少选一位值班人员。"})
    with transaction.atomic():
        people = sorted({post.person_id for post in posts})
        # Two plans for one person wait.
        list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
        for post in posts:
            _check_free(post, community, begins_at, ends_at)
        shift = Shift.objects.create(
            grid=community, begins_at=begins_at, ends_at=ends_at, note=note.strip(), planned_by=by
        )
        shift.posts.set(posts)
        _tell("shift.planned", shift, at)
        return shift


def _when(shift: Shift) -> str:
    """ "12月1日 18:00–22:00"; the end's day too where it is another."""
    begins = timezone.localtime(shift.begins_at)
    form = "H:i" if begins.date() == last_day(shift.ends_at) else "n月j日 H:i"
    return f"{begins.month}月{begins.day}日 {begins:%H:%M}–{end_in_words(shift.ends_at, form)}"


def _tell(kind: str, shift: Shift, at: datetime) -> None:
    told = News(
        kind=kind,
        people=User.objects.filter(posts__shifts=shift).distinct(),
        cause=f"shift:{shift.pk}",
        at=at,
        path=reverse("grids:duty", args=[shift.grid_id]),
        facts={"when": _when(shift), "when_at": shift.begins_at.isoformat(), "community": shift.grid.name},
    )
    notify(told)


def _check_free(post: Post, community: Grid, begins_at: datetime, ends_at: datetime) -> None:
    is_in_post = post.from_at <= begins_at and (post.until_at is None or post.until_at >= ends_at)
    if post.grid is None or not community.covers(post.grid) or not is_in_post:
        raise ValidationError({"posts": f"{post.words}在这段时间不在{community.name}任职，请另选一位。"})
    busy = Shift.objects.filter(posts__person=post.person_id, begins_at__lt=ends_at, ends_at__gt=begins_at)
    if busy.exists():
        raise ValidationError({"posts": f"{post.person.name}在这段时间已有值班，请另选一位或换个时间。"})


def call_off(*, shift: Shift, at: datetime) -> None:
    """Take back a shift that has not begun; its people are told. Raises ValidationError if it has, or is gone."""
    with transaction.atomic():
        locked = Shift.objects.select_for_update(of=("self",)).filter(pk=shift.pk, begins_at__gt=at)
        running = locked.select_related("grid").first()
        if running is None:
            raise ValidationError("这班已经开始或已撤销，不能再撤。")
        _tell("shift.called_off", running, at)
        running.delete()


def shifts_of(community: Grid, *, since: datetime) -> QuerySet[Shift]:
    """Shifts that end after `since`, soonest first, with their people."""
    shifts: QuerySet[Shift] = Shift.objects.filter(grid=community, ends_at__gt=since)
    people = Prefetch("posts", Post.objects.select_related("person", "grid").order_by("pk"))
    return shifts.prefetch_related(people).order_by("begins_at", "pk")


def own_feed(*, person: User, community: Grid) -> DutyFeed | None:
    return DutyFeed.objects.filter(person=person, grid=community, revoked_at=None).first()


def new_feed(*, person: User, community: Grid, at: datetime) -> DutyFeed:
    """A new link of this person's; the one before opens nothing any more."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        revoke_feed(person=person, community=community, at=at)
        return DutyFeed.objects.create(grid=community, person=person, token=secrets.token_urlsafe(32), made_at=at)


def revoke_feed(*, person: User, community: Grid, at: datetime) -> None:
    DutyFeed.objects.filter(person=person, grid=community, revoked_at=None).update(revoked_at=at)


def feed_for(token: str) -> DutyFeed | None:
    """The feed behind a link, as long as its person has not taken it back and may read that calendar."""
    feed = DutyFeed.objects.filter(token=token, revoked_at=None).select_related("grid", "person").first()
    return feed if feed is not None and may_read(feed.person, feed.grid) else None


def as_ical(community: Grid, *, at: datetime) -> bytes:
    """The calendar of a community from a month ago on, for any calendar program."""
    entries = [
        Entry(
            uid=f"shift-{shift.pk}@zhenghe",
            title=f"{community.name}值班：{'、'.join(post.person.name for post in shift.posts.all())}",
            where=shift.note,
            words="\n".join(post.words for post in shift.posts.all()),
            from_at=shift.begins_at,
            until_at=shift.ends_at,
            stamp_at=at,
        )
        for shift in shifts_of(community, since=at - FEED_REACHES_BACK)
    ]
    return calendar(f"{community.name}联勤值班", entries)


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    """Two communities became one: what was planned for the old one is planned for the new one; links are made anew."""
    Shift.objects.filter(grid=old, ends_at__gt=at).update(grid=new)
    DutyFeed.objects.filter(grid=old, revoked_at=None).update(revoked_at=at)


def _leave(post: Post, at: datetime, by: User | None) -> None:
    """Whoever left their post is on no shift that begins later; a shift nobody is left for goes."""
    coming = Shift.objects.filter(posts=post, begins_at__gt=at)
    for shift in coming:
        shift.posts.remove(post)
    Shift.objects.filter(begins_at__gt=at, posts=None).delete()


FOLLOWER = Follower(
    label="联勤值班",
    count=lambda ids: Shift.objects.filter(grid__in=ids).count(),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=_leave,
)
