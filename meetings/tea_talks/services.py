"""一杯茶: a talk written down, and at once the tasks that were agreed in it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from accounts.numbers import mask_numbers
from cases.engine.turns import Given
from cases.models import Case
from cases.task import raise_task
from grids.models import Grid, Level, Place, PlaceKind, Post
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import Visitor, area_of, may, posts_of
from grids.roles import ROLES
from meetings.models import Agreed, TeaTalk, Topic
from meetings.topics.agreed import hand_out_agreed
from web.text import tidy

Outcome = TeaTalk.Outcome
VERB = "see"
"""Whoever may see a place writes down what was talked about there; who dispatches sees it too."""
OLDEST = timedelta(days=30)
MOST_PEOPLE = 500
MOST_AGREED = 3


@dataclass(frozen=True)
class Agreement:
    """One thing agreed: what, who has it in hand, by when."""

    what: str
    post: Post
    by_date: date


def own_grids(person: Visitor) -> GridQuerySet:
    """What to choose from: the nodes of one's posts and those right below, from the community down."""
    posts = [post for post in posts_of(person) if VERB in ROLES[post.role].verbs]
    own = [post.grid_id for post in posts]
    near = Q(pk__in=own) | Q(parent__in=own)
    if any(post.grid is None for post in posts):
        near = Q(level=Level.COMMUNITY)
    nodes: GridQuerySet = Grid.objects.current().filter(near, level__gte=Level.COMMUNITY)
    return nodes


def tea_tables(grids: GridQuerySet, *, on: date) -> QuerySet[Place]:
    """议事点 in use that day in the communities where these nodes lie."""
    communities = Grid.objects.get_queryset_ancestors(grids.order_by(), include_self=True).filter(level=Level.COMMUNITY)
    area = Grid.objects.in_area(communities).order_by()
    tables: QuerySet[Place] = Place.objects.running_on(on).filter(kind=PlaceKind.TEA_TABLE, grid__in=area)
    return tables.order_by("name")


def record(
    *,
    key: uuid.UUID,
    grid: Grid,
    held_at: datetime,
    people_count: int,
    subject: str,
    outcome: str,
    by: User,
    at: datetime,
    host: User | None = None,
    place: Place | None = None,
    where: str = "",
    present: str = "",
    discussion: str = "",
    is_public: bool = True,
    agreed: Sequence[Agreement] = (),
    topic: Topic | None = None,
) -> TeaTalk:
    """A talk, with a task for each thing agreed; what is handed up is a task at the desk above. The same `key` twice is one
    talk. `host` (`by` without) hears how the tasks go and confirms them.

    Raises ValidationError at the field (those of the n-th thing agreed as `what_n`, `post_n`, `by_date_n`): not one's area,
    in the future or older than 30 days, nowhere, no subject, fewer than two people."""
    if earlier := TeaTalk.objects.filter(key=key, recorded_by=by).first():
        return earlier
    host = host or by
    _check_where(grid, place, where, host, by, held_at, at)
    _check_what(people_count, subject, outcome, agreed)
    if topic is not None and not topic.case.grid.covers(grid):
        raise ValidationError({"topic": "这个议题是别处的，请回到议题页再记。"})
    subject = mask_numbers(tidy(subject))[:60]
    try:
        with transaction.atomic():
            handed_up = None
            if outcome == Outcome.HANDED_UP:
                handed_up = _hand_up(grid, subject, tidy(discussion), host, by, at)
            talk = TeaTalk.objects.create(
                key=key,
                grid=grid,
                place=place,
                where=tidy(where)[:60],
                held_at=held_at,
                host=host,
                people_count=people_count,
                present=tidy(present),
                subject=subject,
                discussion=tidy(discussion),
                outcome=outcome,
                topic=topic,
                handed_up=handed_up,
                is_public=is_public,
                recorded_at=at,
                recorded_by=by,
            )
            for number, agreement in enumerate(agreed, 1):
                Agreed.objects.create(
                    talk=talk,
                    number=number,
                    what=mask_numbers(tidy(agreement.what))[:80],
                    case=_task(talk, number, agreement, at),
                )
    except IntegrityError:
        if earlier := TeaTalk.objects.filter(key=key, recorded_by=by).first():  # sent twice: the other one was faster
            return earlier
        raise
    return talk


def _check_where(
    grid: Grid, place: Place | None, where: str, host: User, by: User, held_at: datetime, at: datetime
) -> None:
    if not may(by, VERB, grid, at=at) or grid.retired_at is not None:
        raise ValidationError({"grid": f"您不负责{grid.name}。"})
    if grid.level < Level.COMMUNITY:
        raise ValidationError({"grid": "请选这件事所在的社区、小区或网格。"})
    if not may(host, VERB, grid, at=at):
        raise ValidationError({"host": f"{host.name}不负责{grid.name}，请另选主持人。"})
    if held_at > at:
        raise ValidationError({"held_at": "还没有谈过的不能记，时间要在现在以前。"})
    if held_at < at - OLDEST:
        raise ValidationError({"held_at": f"只能补记 {OLDEST.days} 天以内的。"})
    if place is None and not tidy(where):
        raise ValidationError({"where": "请选议事点，或写明在哪里谈的。"})
    there = tea_tables(Grid.objects.filter(pk=grid.pk), on=localdate(held_at))
    if place is not None and not there.filter(pk=place.pk).exists():
        raise ValidationError({"place": f"{place.name}不是{grid.name}所在社区的议事点，请另选，或写在具体地点里。"})


def _check_what(people_count: int, subject: str, outcome: str, agreed: Sequence[Agreement]) -> None:
    if not 2 <= people_count <= MOST_PEOPLE:
        raise ValidationError({"people_count": f"请填写 2 到 {MOST_PEOPLE} 之间的人数。"})
    if not tidy(subject):
        raise ValidationError({"subject": "请写几个字，谈的什么事。"})
    if outcome not in Outcome.values:
        raise ValidationError({"outcome": "请选谈得怎么样。"})
    if len(agreed) > MOST_AGREED:
        raise ValidationError(f"一次最多记 {MOST_AGREED} 件商定的事。")


def _task(talk: TeaTalk, number: int, agreement: Agreement, at: datetime) -> Case:
    why = f"一杯茶“{talk.subject}”（{talk.when}）商定：{tidy(agreement.what)}"
    try:
        return hand_out_agreed(
            what=agreement.what,
            why=why,
            grid=talk.grid,
            post=agreement.post,
            by_date=agreement.by_date,
            asker=talk.host,
            by=talk.recorded_by,
            at=at,
        )
    except ValidationError as refusal:
        raise ValidationError({f"{name}_{number}": errors for name, errors in _at_fields(refusal)}) from refusal


def _at_fields(refusal: ValidationError) -> list[tuple[str, list[ValidationError]]]:
    if hasattr(refusal, "error_dict"):
        return list(refusal.error_dict.items())
    return [("what", refusal.error_list)]


def _hand_up(grid: Grid, subject: str, discussion: str, host: User, by: User, at: datetime) -> Case:
    assert grid.parent is not None, "talks belong to a community or below"
    words = f"一杯茶上报：{subject}" + (f"。{discussion}" if discussion else "")
    return raise_task(
        title=f"一杯茶上报：{subject}", grid=grid.parent, place=grid.name, given=Given(words), asker=host, by=by, at=at
    )


def with_tasks(talks: QuerySet[TeaTalk]) -> QuerySet[TeaTalk]:
    """Newest first, each with what was agreed and how far that is: three queries for the whole list."""
    agreed = Agreed.objects.select_related("case__holder__person", "case__holder__grid").order_by("number")
    related = talks.select_related("place", "grid", "host", "handed_up__holder__person", "handed_up__holder__grid")
    return related.prefetch_related(Prefetch("agreed", agreed)).order_by("-held_at", "-pk")


def in_area_of(reader: Visitor) -> QuerySet[TeaTalk]:
    """What was talked about where this reader sees, `with_tasks`."""
    return with_tasks(TeaTalk.objects.filter(grid__in=area_of(reader, VERB).order_by()))
