"""A review from its draft to its publication. Freezing writes down, in one transaction, everything that the points were
computed from; nothing that happens to cases afterwards changes them."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from dashboards.assessments.scoring import Line, mean_given, ranks, rounded, total, weakest
from dashboards.assessments.services.inputs import Input, Inputs, formula_of, means_of, points_of, read_inputs, value_of
from dashboards.assessments.services.rights import leaders, may_run
from dashboards.assessments.services.sets import check_adds_up
from dashboards.figures import counting
from dashboards.figures.periods import Period
from dashboards.models import (
    Appeal,
    Assessed,
    Indicator,
    IndicatorSet,
    Outcome,
    Plan,
    Ranked,
    Review,
    Score,
    Scorer,
    ScorerRole,
)
from grids.models import Grid, Level, Post, Territory, TerritoryLevel
from notices.services import News, notify

State = Review.State


def make_review(*, of: IndicatorSet, street: Grid, period: Period, by: User, at: datetime) -> Review:
    """Raises ValidationError at `street` (not one's own), `of` (another street's, does not add up, used for this period
    already) or `period` (not begun)."""
    if street.level != Level.STREET or not may_run(by, street, at=at):
        raise ValidationError({"street": "您不负责这个街道的考核。"})
    if of.street_id not in {None, street.pk}:
        raise ValidationError({"of": "这套指标是别的街道的，请另选。"})
    if period.first > localdate(at):
        raise ValidationError({"period": f"{period.words}还没有开始。"})
    try:
        check_adds_up(of)
        with transaction.atomic():
            return Review.objects.create(
                of=of, street=street, span=period.code, first=period.first, made_by=by, made_at=at
            )
    except ValidationError as refusal:
        raise ValidationError({"of": refusal.messages}) from None
    except IntegrityError:
        raise ValidationError({"of": f"{period.words}已经用这套指标考核了。"}) from None


def lock(review: Review, by: User, at: datetime, *states: str) -> Review:
    """To be written by who runs it. Raises ValidationError: not theirs, or in another state."""
    locked: Review = (
        Review.objects.select_for_update(no_key=True, of=("self",)).select_related("of", "street").get(pk=review.pk)
    )
    if not may_run(by, locked.street, at=at):
        raise ValidationError("您不负责这个街道的考核。")
    if locked.state not in states:
        raise ValidationError(f"这次考核{locked.get_state_display()}，不能这样做。")
    return locked


def invite(*, review: Review, person: User, role: str, home: Grid | None, by: User, at: datetime) -> Scorer:
    """Ask somebody to score; they need no post. `home`: the place they belong to, which they do not score.

    Raises ValidationError at `person` (asked already, oneself), `role`, `home` (missing, elsewhere); or: not one's own,
    or frozen."""
    if role not in ScorerRole.values:
        raise ValidationError({"role": "请选身份。"})
    if role in {ScorerRole.RESIDENT, ScorerRole.OWNERS} and home is None:
        raise ValidationError({"home": "请选他住在哪里，他不给那里打分。"})
    with transaction.atomic():
        locked = lock(review, by, at, State.DRAFT, State.SCORING)
        if home is not None and not locked.street.covers(home):
            raise ValidationError({"home": f"{home.name}不在{locked.street.name}。"})
        if locked.scorers.filter(person=person).exists():
            raise ValidationError({"person": f"{person.name}已经是评委了。"})
        scorer = Scorer.objects.create(review=locked, person=person, role=role, home=home, invited_by=by, invited_at=at)
        if locked.state == State.SCORING:
            _ask([scorer], locked, at)
    return scorer


ROLES_OF = {ScorerRole.PEER: "community_secretary", ScorerRole.STREET: "street_cadre"}
"""Whoever is in this post in the street is asked all at once."""


def invite_role(*, review: Review, role: str, by: User, at: datetime) -> int:
    """All community secretaries of the street (互评), or all its cadres; how many were new.

    Raises ValidationError at `role`, or: not one's own, or frozen."""
    if role not in ROLES_OF:
        raise ValidationError({"role": "这种身份请按手机号一位一位邀请。"})
    with transaction.atomic():
        locked = lock(review, by, at, State.DRAFT, State.SCORING)
        nodes = Grid.objects.in_area([locked.street]).current().order_by()
        posts = Post.objects.held_at(at).filter(role=ROLES_OF[ScorerRole(role)], grid__in=nodes)
        asked = locked.scorers.values("person")
        people = User.objects.filter(pk__in=posts.values("person")).exclude(pk__in=asked).order_by("pk")
        made = Scorer.objects.bulk_create(
            Scorer(review=locked, person=person, role=role, invited_by=by, invited_at=at) for person in people
        )
        if locked.state == State.SCORING:
            _ask(made, locked, at)
    return len(made)


def uninvite(*, scorer: Scorer, by: User, at: datetime) -> None:
    """Raises ValidationError: has scored, not one's own, or frozen."""
    with transaction.atomic():
        lock(scorer.review, by, at, State.DRAFT, State.SCORING)
        if scorer.scores.exists():
            raise ValidationError(f"{scorer.person.name}已经打过分，不能移出。")
        scorer.delete()


def note_presence(*, scorer: Scorer, by: User, at: datetime) -> None:
    """到场: who came on the day, scoring or looking on. Noted once more it is taken back.

    Raises ValidationError: not being scored, or not one's own."""
    with transaction.atomic():
        lock(scorer.review, by, at, State.SCORING)
        scorer.present_at = None if scorer.present_at else at
        scorer.save(update_fields=["present_at"])


def scoring_roles(of: IndicatorSet) -> frozenset[str]:
    """Roles that the set gives something to score; all others look on."""
    hand = of.indicators.filter(source=Indicator.Source.HAND)
    return frozenset(role for roles in hand.values_list("scorers", flat=True) for role in roles)


def _ask(scorers: Iterable[Scorer], review: Review, at: datetime) -> None:
    score = scoring_roles(review.of)
    path = f"/assessment/{review.key}/score/"
    _tell("assessment.score", [scorer.person for scorer in scorers if scorer.role in score], review, at, path=path)
    _tell(
        "assessment.observe", [scorer.person for scorer in scorers if scorer.role not in score], review, at, path=path
    )


def _tell(kind: str, people: Iterable[User], review: Review, at: datetime, *, path: str = "", **more: int) -> None:
    told = News(
        kind=kind,
        people=people,
        path=path or f"/assessment/{review.key}/",
        cause=f"review:{review.pk}",
        at=at,
        facts={"review": str(review), **more},
    )
    notify(told)


def open_scoring(*, review: Review, by: User, at: datetime) -> None:
    """The nodes are those that stand today; everybody asked is told.

    Raises ValidationError: no nodes, nobody to score, does not add up, not one's own, or opened before."""
    with transaction.atomic():
        locked = lock(review, by, at, State.DRAFT)
        check_adds_up(locked.of)
        score = scoring_roles(locked.of)
        if score and not locked.scorers.filter(role__in=score).exists():
            raise ValidationError("有现场打分的指标，还没有邀请评委打分。")
        nodes = _nodes(locked)
        if not nodes:
            raise ValidationError(f"{locked.street.name}还没有{locked.of.get_ranked_display()}。")
        Assessed.objects.bulk_create(nodes)
        locked.state, locked.opened_at = State.SCORING, at
        locked.save(update_fields=["state", "opened_at"])
        _ask(list(locked.scorers.select_related("person")), locked, at)


def _nodes(review: Review) -> list[Assessed]:
    ranked = Ranked(review.of.ranked)
    grids = Grid.objects.in_area([review.street]).current().filter(level=ranked.level).select_related("parent")
    if ranked == Ranked.AREA:
        areas = Territory.objects.current().filter(level=TerritoryLevel.AREA, grid__in=grids.order_by())
        areas = areas.select_related("grid").order_by("grid__lft", "tree_id")
        return [
            Assessed(review=review, grid=area.grid, area=area, name=f"{area.name}（{area.grid.name}）")
            for area in areas
        ]
    return [
        Assessed(
            review=review,
            grid=node,
            name=f"{node.name}（{node.parent.name}）" if ranked == Ranked.ESTATE else node.name,
        )
        for node in grids.order_by("lft")
    ]


def freeze(*, review: Review, by: User, at: datetime) -> None:
    """核定得分: every input, score and word as they are now, points, totals and places. What was done until now is counted
    first. Appeals are open from now on.

    Raises ValidationError: the period still runs, not one's own, or not being scored."""
    if review.period.last >= localdate(at):
        raise ValidationError(f"{review.period.words}还没有结束，结束以后才能核定得分。")
    counting.count(at=at)
    with transaction.atomic():
        locked = lock(review, by, at, State.SCORING)
        nodes = list(locked.assessed.select_related("grid").order_by("pk"))
        indicators = list(locked.of.indicators.all())
        inputs = read_inputs(indicators, {node.grid_id: node.grid for node in nodes}.values(), locked.period)
        given = _given(locked)
        Outcome.objects.bulk_create(
            _outcome(node, indicator, locked.of.trim_from, inputs[node.grid_id], given.get((node.pk, indicator.pk), []))
            for node in nodes
            for indicator in indicators
        )
        locked.state, locked.frozen_at = State.FROZEN, at
        locked.appeals_until = at + timedelta(days=settings.ASSESSMENT_APPEAL_DAYS)
        locked.save(update_fields=["state", "frozen_at", "appeals_until"])
        rescore(locked, is_first=True)
        _tell("assessment.frozen", leaders(locked, at=at), locked, at, days=settings.ASSESSMENT_APPEAL_DAYS)


def _given(review: Review) -> dict[tuple[int, int], list[Decimal]]:
    """(node, indicator) -> what scorers gave, lowest first: who gave what does not stand in the order."""
    given: dict[tuple[int, int], list[Decimal]] = {}
    rows = Score.objects.filter(assessed__review=review, replaced_at=None).order_by("points")
    for node, indicator, points in rows.values_list("assessed", "indicator", "points"):
        given.setdefault((node, indicator), []).append(points)
    return given


def _outcome(node: Assessed, indicator: Indicator, trim_from: int, inputs: Inputs, given: list[Decimal]) -> Outcome:
    made = Outcome(
        assessed=node,
        indicator=indicator,
        label=indicator.label,
        means=means_of(indicator),
        formula=formula_of(indicator, trim_from),
        weight=indicator.weight,
        is_bonus=indicator.is_bonus,
    )
    if indicator.is_by_hand:
        mean = mean_given(given, trim_from=trim_from)
        made.given, made.points = given, None if mean is None else rounded(mean)
        made.left_out = "没有人打分，不计分" if mean is None else ""
        return made
    measured: Input = inputs[indicator.pk]
    made.part, made.whole, made.value = measured.part, measured.whole, value_of(indicator, measured)
    made.points, made.left_out = points_of(indicator, measured), measured.left_out
    return made


def rescore(review: Review, *, is_first: bool = False) -> None:
    """Totals and places from the points that stand; called again where an appeal was accepted."""
    nodes = list(review.assessed.prefetch_related("outcomes"))
    totals = {
        node.pk: total(Line(outcome.weight, outcome.stands, outcome.is_bonus) for outcome in node.outcomes.all())
        for node in nodes
    }
    places = ranks(totals)
    for node in nodes:
        node.total, node.rank = totals[node.pk], places[node.pk]
        if is_first:
            node.first_total, node.first_rank = node.total, node.rank
    Assessed.objects.bulk_update(nodes, ["total", "rank", "first_total", "first_rank"])


def close(*, review: Review, by: User, at: datetime) -> None:
    """公布. Of 小区, the weakest tenth is proposed for 整顿提升.

    Raises ValidationError: appeals may still come or wait for an answer, not one's own, or not frozen."""
    with transaction.atomic():
        locked = lock(review, by, at, State.FROZEN)
        assert locked.appeals_until is not None, "set when it was frozen"
        if locked.appeals_until > at:
            raise ValidationError("申诉期还没有过，过了才能公布。")
        if waiting := Appeal.objects.filter(outcome__assessed__review=locked, decided_at=None).count():
            raise ValidationError(f"还有 {waiting} 件申诉没有答复。")
        locked.state, locked.closed_at = State.CLOSED, at
        locked.save(update_fields=["state", "closed_at"])
        if locked.of.ranked == Ranked.ESTATE:
            lowest = weakest(dict(locked.assessed.values_list("pk", "total")))
            Plan.objects.bulk_create(Plan(assessed_id=pk, proposed_at=at) for pk in (lowest.chosen if lowest else []))
        _tell("assessment.closed", leaders(locked, at=at), locked, at)


def differing(review: Review) -> int:
    """How many frozen inputs would be others today: cases change, points do not."""
    outcomes = list(
        Outcome.objects.filter(assessed__review=review, part__isnull=False).select_related(
            "indicator", "assessed__grid"
        )
    )
    indicators = list({outcome.indicator_id: outcome.indicator for outcome in outcomes}.values())
    nodes = {outcome.assessed.grid_id: outcome.assessed.grid for outcome in outcomes}
    now = read_inputs(indicators, nodes.values(), review.period)
    today = [now[outcome.assessed.grid_id][outcome.indicator_id] for outcome in outcomes]
    return sum(
        (outcome.part, outcome.whole) != (new.part, new.whole) for outcome, new in zip(outcomes, today, strict=True)
    )


def find(key: uuid.UUID) -> Review:
    """Raises Review.DoesNotExist."""
    return Review.objects.select_related("of", "street").get(key=key)
