"""Demonstration reviews of 熊山街道: last quarter's 小区, closed, the weakest proposed and one of them with a plan; last quarter's
tour of 片区, frozen, appeals open. Points are made up and drawn by a fixed seed; what is computed comes from the demonstration's
own cases."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from cases.engine.turns import Given
from cases.limits.clock import ZONE
from cases.services import act
from dashboards.assessments.defaults import ESTATES, TOUR, load_defaults
from dashboards.assessments.services import plans, reviews, scores
from dashboards.figures.periods import Period
from dashboards.models import IndicatorSet, PlanItem, Review, Score
from grids.county.divisions import XIONGSHAN
from grids.models import Grid, Level, Post

PEERS, RESIDENTS = 3, 3
ITEMS = (("公共楼道堆放物清空、补齐灭火器", "branch_secretary", 30), ("每周巡查两次，记台账", "grid_leader", 45))
"""What, whose post, days until it is to be done."""


def seed_assessment(*, at: datetime) -> int:
    """Returns how many reviews were made: none when they are there already."""
    street = Grid.objects.filter(code=XIONGSHAN, level=Level.STREET).first()
    if street is None or Review.objects.exists():
        return 0
    cadre = Post.objects.held_at(at).filter(role="street_cadre", grid=street).first()
    if cadre is None:
        return 0
    load_defaults(at=at)
    period = Period.of("quarter", localdate(at)).before
    with transaction.atomic():
        estates = _frozen(ESTATES, street, period, cadre.person, _tour_day(period, at))
        _frozen(TOUR, street, period, cadre.person, at)
        if estates.appeals_until is not None and estates.appeals_until <= at:
            reviews.close(review=estates, by=cadre.person, at=at)
            _plan(estates, cadre.person, at)
    return 2


def _tour_day(period: Period, at: datetime) -> datetime:
    """Long enough ago that appeals are over, where the period was over then."""
    begin = datetime.combine(period.after.first, time(9), ZONE)
    return max(begin, at - timedelta(days=settings.ASSESSMENT_APPEAL_DAYS + 1))


def _frozen(name: str, street: Grid, period: Period, by: User, at: datetime) -> Review:
    of = IndicatorSet.objects.get(name=name, street=None, version=1)
    review = reviews.make_review(of=of, street=street, period=period, by=by, at=at)
    homes = list(Grid.objects.in_area([street]).current().filter(level=Level.ESTATE).order_by("lft"))
    secretaries = Post.objects.held_at(at).filter(role="community_secretary", grid__parent=street)
    people = User.objects.filter(posts=None, phone_index__gt="").order_by("pk")
    for post in secretaries.select_related("person").order_by("grid__lft")[:PEERS]:
        reviews.invite(review=review, person=post.person, role="peer", home=None, by=by, at=at)
    for number, person in enumerate(people[: RESIDENTS + 1]):
        role = "owners" if number == RESIDENTS else "resident"
        reviews.invite(review=review, person=person, role=role, home=homes[number * 5 % len(homes)], by=by, at=at)
    reviews.open_scoring(review=review, by=by, at=at)
    _score(review, at)
    reviews.freeze(review=review, by=by, at=at)
    review.refresh_from_db()
    return review


def _score(review: Review, at: datetime) -> None:
    """In bulk, as the service would have written it: each scorer near what the place is worth."""
    draw = random.Random(f"{review.of.name}:{review.first}")
    worth: dict[int, float] = {}
    made = []
    for scorer in review.scorers.select_related("review__of", "person", "home").order_by("pk"):
        items = scores.items_of(scorer)
        for row in scores.to_score(scorer, at=at):
            level = worth.setdefault(row.assessed.pk, draw.uniform(0.55, 0.95))
            if row.is_own:
                continue
            for indicator in items:
                points = Decimal(round(float(indicator.weight) * min(1.0, level + draw.uniform(-0.1, 0.1))))
                words = _remark(float(points / indicator.weight))
                made.append(
                    Score(scorer=scorer, assessed=row.assessed, indicator=indicator, at=at, points=points, words=words)
                )
    Score.objects.bulk_create(made)


def _remark(share: float) -> str:
    """Those who are pleased, or are not, say why."""
    if share >= 0.95:
        return "现场问了几位居民，都说得上来。"
    return "公示栏过期了，台账不全。" if share < 0.6 else ""


def _plan(review: Review, by: User, at: datetime) -> None:
    """Of the last of all: confirmed, two items, the first one signed for."""
    last = review.assessed.filter(plan__isnull=False).select_related("plan", "grid").order_by("total").first()
    if last is None:
        return
    plans.decide(plan=last.plan, is_confirmed=True, reason="", by=by, at=at)
    for what, role, days in ITEMS:
        post = plans.may_be_given(last.plan, at=at).filter(role=role).first()
        if post is not None:
            by_date: date = localdate(at + timedelta(days=days))
            plans.add_item(plan=last.plan, what=what, post=post, by_date=by_date, by=by, at=at)
    items = PlanItem.objects.filter(plan=last.plan).order_by("number")
    if (first := items.select_related("case__holder__person").first()) is not None:
        holder = first.case.holder
        assert holder is not None, "open cases have a holder"
        act(case=first.case, verb="sign", by=holder.person, at=at, version=first.case.version, given=Given())
