"""What was agreed becomes a task of the engine: in the hands of a post, by a day. Resolutions of conferences and what was
settled over tea go this way."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.turns import Given
from cases.limits.clock import Limit, Unit
from cases.models import Case
from cases.task import hand_out
from grids.models import Grid, Post
from web.text import tidy

LONGEST = timedelta(days=366)


def hand_out_agreed(
    *, what: str, why: str, grid: Grid, post: Post, by_date: date, asker: User, by: User, at: datetime
) -> Case:
    """A task for `post`, to be done by the end of `by_date` (moved to the next working day where that is a day off, 民法典
    203). It lies where the post answers, so that somebody below `grid` may have it. `asker` hears how it goes and
    confirms the result; `why` stands in its story.

    Raises ValidationError at `what` (nothing said), `by_date` (past, today, more than a year ahead) or `post` (ended, or
    answers for another place)."""
    if not tidy(what):
        raise ValidationError({"what": "请写明要做什么。"})
    today = localdate(at)
    if by_date <= today:
        raise ValidationError({"by_date": "完成日期最早是明天。"})
    if by_date > today + LONGEST:
        raise ValidationError({"by_date": "完成日期要在一年以内，长的事请分几步。"})
    lies_in = post.grid if post.grid is not None and grid.covers(post.grid) else grid
    return hand_out(
        title=tidy(what),
        grid=lies_in,
        post=post,
        given=Given(tidy(why)),
        by=by,
        asker=asker,
        at=at,
        limit=Limit((by_date - today).days, Unit.DAY),
    )
