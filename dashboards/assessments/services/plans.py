"""整顿提升: confirmed by the street, its items handed out as tasks, at its end when they are, compared before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from cases.models import Case
from cases.reading.story import Card, cards
from dashboards.assessments.services.inputs import Input, points_of, read_inputs, value_of
from dashboards.assessments.services.rights import may_run
from dashboards.figures.periods import Period
from dashboards.models import Indicator, Plan, PlanItem
from grids.models import Grid, Level, Post
from grids.roles import roles_with
from meetings.topics.agreed import hand_out_agreed
from notices.services import News, notify
from web.text import tidy


def _lock(plan: Plan, by: User, at: datetime) -> Plan:
    locked: Plan = (
        Plan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("assessed__review__street", "assessed__grid")
        .get(pk=plan.pk)
    )
    if not may_run(by, locked.assessed.review.street, at=at):
        raise ValidationError("您不负责这个街道的考核。")
    return locked


def decide(*, plan: Plan, is_confirmed: bool, reason: str, by: User, at: datetime) -> None:
    """Raises ValidationError at `reason` (none for leaving it out); or: not one's own, decided before."""
    if not is_confirmed and not tidy(reason):
        raise ValidationError({"reason": "请写明为什么移出。"})
    with transaction.atomic():
        locked = _lock(plan, by, at)
        if locked.decided_at is not None:
            raise ValidationError("已经决定过了。")
        locked.is_confirmed, locked.decided_by, locked.decided_at = is_confirmed, by, at
        locked.reason = tidy(reason)[:300]
        locked.save()
        if is_confirmed:
            posts = Post.objects.held_at(at).filter(grid=locked.assessed.grid_id, role="branch_secretary")
            told = News(
                kind="plan.confirmed",
                people=[post.person for post in posts.select_related("person")],
                path=f"/assessment/plans/{locked.pk}/",
                cause=f"plan:{locked.pk}",
                at=at,
                facts={"name": locked.assessed.grid.name},
            )
            notify(told)


def may_be_given(plan: Plan, *, at: datetime) -> QuerySet[Post]:
    """Who may have an item in hand: posts at the 小区, in it, and above it up to the street."""
    line = Grid.objects.upward_from(plan.assessed.grid)
    nodes = Grid.objects.in_area([plan.assessed.grid]).current().filter(level__lte=Level.HOUSEHOLD)
    grids = list(nodes.order_by().values_list("pk", flat=True)) + list(line.values_list("pk", flat=True))
    posts: QuerySet[Post] = Post.objects.held_at(at).filter(grid__in=grids, role__in=roles_with("see"))
    return posts.select_related("person", "grid").order_by("grid__lft", "pk")


def add_item(*, plan: Plan, what: str, post: Post, by_date: date, by: User, at: datetime) -> PlanItem:
    """Raises ValidationError at `what`, `post` or `by_date`; or: not one's own, not confirmed, at its end."""
    with transaction.atomic():
        locked = _lock(plan, by, at)
        if not locked.is_confirmed:
            raise ValidationError("先确定整顿提升，再定措施。")
        if ended_on(locked) is not None:
            raise ValidationError("措施都办结了，整顿已经结束。")
        node = locked.assessed.grid
        case = hand_out_agreed(
            what=what,
            why=f"整顿提升（{locked.assessed.review}）：{tidy(what)}",
            grid=node,
            post=post,
            by_date=by_date,
            asker=by,
            by=by,
            at=at,
        )
        number = (locked.items.aggregate(last=Max("number"))["last"] or 0) + 1
        return PlanItem.objects.create(plan=locked, number=number, what=tidy(what)[:200], case=case)


def ended_on(plan: Plan) -> date | None:
    """The day the last task was filed; None while one is open or there is none."""
    moments = list(plan.items.values_list("case__closed_at", flat=True))
    closed = [moment for moment in moments if moment is not None]
    return localdate(max(closed)) if closed and len(closed) == len(moments) else None


@dataclass(frozen=True)
class Progress:
    item: PlanItem
    card: Card


def progress_of(plan: Plan, *, at: datetime) -> list[Progress]:
    items = list(plan.items.all())
    cases = {case.pk: case for case in Case.objects.filter(pk__in=[item.case_id for item in items]).with_cards()}
    shown = cards([cases[item.case_id] for item in items], at=at)
    return [Progress(item, card) for item, card in zip(items, shown, strict=True)]


@dataclass(frozen=True)
class Compared:
    indicator: Indicator
    before: Input
    after: Input

    def value(self, of: Input) -> Decimal | None:
        return value_of(self.indicator, of)

    @property
    def values(self) -> tuple[Decimal | None, Decimal | None]:
        return self.value(self.before), self.value(self.after)

    @property
    def points(self) -> tuple[Decimal | None, Decimal | None]:
        return points_of(self.indicator, self.before), points_of(self.indicator, self.after)

    @property
    def words(self) -> str:
        before, after = self.points
        if before is None or after is None:
            return "样本少，不好比"
        return "好转" if after > before else "变差" if after < before else "持平"


@dataclass(frozen=True)
class Comparison:
    before: Period
    after: Period
    is_running: bool
    """Whether the period after is not over yet."""
    rows: Sequence[Compared]


def compare(plan: Plan, *, at: datetime) -> Comparison | None:
    """The computed indicators in the period that was assessed and in the first whole one after the plan's end; while that
    has not begun, in the one that runs. None before the end."""
    ended = ended_on(plan)
    if ended is None:
        return None
    review = plan.assessed.review
    before = review.period
    running = Period.of(before.code, localdate(at))
    after = min(Period.of(before.code, ended).after, running, key=lambda period: period.first)
    indicators = [indicator for indicator in review.of.indicators.all() if not indicator.is_by_hand]
    node = plan.assessed.grid
    then, now = (read_inputs(indicators, [node], period)[node.pk] for period in (before, after))
    rows = [Compared(indicator, then[indicator.pk], now[indicator.pk]) for indicator in indicators]
    return Comparison(before, after, after == running, rows)
