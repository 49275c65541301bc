"""Scoring on a phone: one thing at a time, changed as often as one likes until the freezing; what was given before stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from dashboards.assessments.scoring import short
from dashboards.assessments.services.rights import is_own, own_places
from dashboards.models import Assessed, Evidence, Indicator, Review, Score, Scorer
from photos.cleaning import MAX_PHOTOS, Photo
from photos.storing import store
from web.text import tidy


def items_of(scorer: Scorer) -> list[Indicator]:
    """What this scorer scores."""
    hand = scorer.review.of.indicators.filter(source=Indicator.Source.HAND)
    return [indicator for indicator in hand if scorer.role in indicator.scorers]


@dataclass(frozen=True)
class ToScore:
    assessed: Assessed
    is_own: bool
    done: int
    wanted: int

    @property
    def is_done(self) -> bool:
        return self.done >= self.wanted


def to_score(scorer: Scorer, *, at: datetime) -> list[ToScore]:
    """All nodes of the review, their own marked as such."""
    wanted, places = len(items_of(scorer)), own_places(scorer, at=at)
    given = list(scorer.scores.filter(replaced_at=None).values_list("assessed", flat=True))
    nodes = scorer.review.assessed.select_related("grid").order_by("pk")
    return [ToScore(node, is_own(node, places), given.count(node.pk), wanted) for node in nodes]


@dataclass(frozen=True)
class Grounds:
    """What points were given for: what scorers wrote and the photos they took. Not who, and in an order that does not
    say it."""

    words: list[str]
    photos: list[Evidence]


def grounds_of(assessed: Assessed) -> dict[int, Grounds]:
    """By indicator (its id), where there are any."""
    grounds: dict[int, Grounds] = {}
    scores = assessed.scores.filter(replaced_at=None).exclude(words="").order_by("words", "pk")
    for indicator, words in scores.values_list("indicator", "words"):
        grounds.setdefault(indicator, Grounds([], [])).words.append(words)
    for photo in Evidence.objects.filter(assessed=assessed).order_by("sha256"):
        grounds.setdefault(photo.indicator_id, Grounds([], [])).photos.append(photo)
    return grounds


def give(
    *,
    scorer: Scorer,
    assessed: Assessed,
    indicator: Indicator,
    points: Decimal,
    at: datetime,
    words: str = "",
    photos: Sequence[Photo] = (),
) -> Score:
    """One indicator of one node. Given anew, the earlier score stays beside it.

    Raises ValidationError at `points`, `words` or `photos`; or: not being scored, one's own place, or not theirs to score."""
    words = tidy(words)
    if not 0 <= points <= indicator.weight:
        raise ValidationError({"points": f"请打 0 到 {short(indicator.weight)} 分。"})
    if len(words) > 300:
        raise ValidationError({"words": f"最多 300 字，您写了 {len(words)} 字。"})
    with transaction.atomic():
        # Freezing waits, or we wait for it.
        review = Review.objects.select_for_update(no_key=True).get(pk=scorer.review_id)
        if review.state != Review.State.SCORING:
            raise ValidationError(f"这次考核{review.get_state_display()}，不能再打分。")
        if assessed.review_id != review.pk or indicator.of_id != review.of_id:
            raise ValidationError("这次考核里没有这一项。")
        if scorer.role not in indicator.scorers:
            raise ValidationError(f"“{indicator.label}”不由{scorer.get_role_display()}打分。")
        if is_own(assessed, own_places(scorer, at=at)):
            raise ValidationError("不能给自己的地方打分。")
        latest = Score.objects.filter(scorer=scorer, assessed=assessed, indicator=indicator, replaced_at=None)
        _keep(scorer, assessed, indicator, photos, at)
        last = latest.first()
        if last is not None and (last.points, last.words) == (points, words):
            return last
        latest.update(replaced_at=at)
        return Score.objects.create(
            scorer=scorer, assessed=assessed, indicator=indicator, points=points, words=words, at=at
        )


def _keep(scorer: Scorer, assessed: Assessed, indicator: Indicator, photos: Sequence[Photo], at: datetime) -> None:
    of = {"scorer": scorer, "assessed": assessed, "indicator": indicator}
    kept = set(Evidence.objects.filter(**of).values_list("sha256", flat=True))
    new = [photo for photo in photos if photo.sha256 not in kept]
    if len(kept) + len(new) > MAX_PHOTOS:
        raise ValidationError({"photos": f"每项最多 {MAX_PHOTOS} 张照片，已有 {len(kept)} 张。"})
    names = store(photo.as_file() for photo in new)
    Evidence.objects.bulk_create(
        Evidence(**of, sha256=photo.sha256, added_at=at, file=name) for photo, name in zip(new, names, strict=True)
    )
