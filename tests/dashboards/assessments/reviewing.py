"""A review in the small town of the tests: three 小区, a set with one share and one item scored by hand."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from dashboards.assessments.services import reviews, scores
from dashboards.figures.periods import Period
from dashboards.models import Assessed, Indicator, IndicatorSet, Ranked, Review
from grids.models import Grid
from grids.tree import services as tree
from tests.support.cast import MONDAY, ZONE

SUMMER = Period.of("quarter", date(2026, 7, 1))
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=ZONE)
"""A working Monday morning of the period that is assessed."""


def a_set(*, ranked: str = Ranked.ESTATE, street: Grid | None = None, name: str = "拉练") -> IndicatorSet:
    made = IndicatorSet.objects.create(name=name, street=street, ranked=ranked, made_at=JULY)
    Indicator.objects.create(
        of=made, number=1, label="响应率", source="share", code="response", weight=40, floor=0, target=100
    )
    Indicator.objects.create(
        of=made,
        number=2,
        label="规范建设",
        source="hand",
        weight=60,
        words="制度、台账",
        evidence="照片",
        scorers=["peer", "resident", "street"],
    )
    Indicator.objects.create(
        of=made, number=3, label="特色", source="hand", weight=5, is_bonus=True, scorers=["street"], words="推广"
    )
    return made


def by_hand(review: Review, label: str = "规范建设") -> Indicator:
    return review.of.indicators.get(label=label)


def more_estates(community: Grid, many: int) -> list[Grid]:
    return [tree.add(parent=community, name=f"新建小区{number}") for number in range(1, many + 1)]


def a_review(by: User, street: Grid, of: IndicatorSet | None = None, *, at: datetime = MONDAY) -> Review:
    return reviews.make_review(of=of or a_set(), street=street, period=SUMMER, by=by, at=at)


def being_scored(by: User, street: Grid, scorer: User, home: Grid | None, **more: Any) -> Review:
    """Opened, with one residents' representative."""
    made = a_review(by, street, **more)
    role = "resident" if home else "street"
    reviews.invite(review=made, person=scorer, role=role, home=home, by=by, at=MONDAY)
    reviews.open_scoring(review=made, by=by, at=MONDAY)
    made.refresh_from_db()
    return made


def give(review: Review, scorer: User, node: Grid, points: Any, *, label: str = "规范建设", **more: Any) -> Any:
    return scores.give(
        scorer=review.scorers.select_related("review__of", "person", "home").get(person=scorer),
        assessed=of_node(review, node),
        indicator=by_hand(review, label),
        points=Decimal(points),
        at=more.pop("at", MONDAY),
        **more,
    )


def of_node(review: Review, node: Grid) -> Assessed:
    return review.assessed.select_related("grid").get(grid=node)


def frozen(review: Review, by: User, *, at: datetime = MONDAY) -> Review:
    reviews.freeze(review=review, by=by, at=at)
    review.refresh_from_db()
    return review


def closed(review: Review, by: User) -> Review:
    reviews.close(review=review, by=by, at=MONDAY + timedelta(days=6))
    review.refresh_from_db()
    return review


def picture(colour: str = "green") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "JPEG")
    return SimpleUploadedFile("照片.jpg", out.getvalue(), content_type="image/jpeg")
