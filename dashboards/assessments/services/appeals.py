"""申诉: whoever leads a node doubts one of its points; the street says why it stands, or puts it right. What was frozen
stays readable beside what counts now."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from dashboards.assessments.scoring import short
from dashboards.assessments.services.reviews import lock, rescore
from dashboards.assessments.services.rights import leads
from dashboards.models import Appeal, Outcome, Review
from grids.models import Post
from grids.roles import roles_with
from notices.services import News, notify
from web.text import tidy


def appeal(*, outcome: Outcome, words: str, by: User, at: datetime) -> Appeal:
    """Raises ValidationError at `words`; or: not its leader, not frozen, too late, appealed before."""
    if not tidy(words):
        raise ValidationError({"words": "请写明哪里不对、依据是什么。"})
    with transaction.atomic():
        review = Review.objects.select_for_update(no_key=True).get(pk=outcome.assessed.review_id)
        if not leads(by, outcome.assessed, at=at):
            raise ValidationError("只有负责人可以申诉。")
        if review.state != Review.State.FROZEN or review.appeals_until is None or at > review.appeals_until:
            raise ValidationError("申诉期已经过了。")
        try:
            with transaction.atomic():
                made = Appeal.objects.create(outcome=outcome, by=by, words=tidy(words)[:500], at=at)
        except IntegrityError:
            raise ValidationError("这一项已经申诉过了。") from None
        _tell_street(made, review, at)
    return made


def _tell_street(made: Appeal, review: Review, at: datetime) -> None:
    cadres = Post.objects.held_at(at).filter(grid=review.street_id, role__in=roles_with("supervise"))
    told = News(
        kind="appeal.made",
        people=[post.person for post in cadres.select_related("person")],
        path=f"/assessment/{review.key}/appeals/{made.pk}/",
        cause=f"appeal:{made.pk}",
        at=at,
        facts={"name": made.outcome.assessed.name, "label": made.outcome.label},
    )
    notify(told)


def decide(
    *, appeal: Appeal, is_accepted: bool, reason: str, by: User, at: datetime, points: Decimal | None = None
) -> None:
    """采纳 with the points that count from now on, or 不采纳; with a reason either way.

    Raises ValidationError at `reason` or `points`; or: not one's own, one's own appeal, decided before, or published."""
    if not tidy(reason):
        raise ValidationError({"reason": "请写明理由。"})
    with transaction.atomic():
        review = lock(appeal.outcome.assessed.review, by, at, Review.State.FROZEN)
        locked = Appeal.objects.select_for_update(no_key=True, of=("self",)).select_related("outcome").get(pk=appeal.pk)
        if locked.decided_at is not None:
            raise ValidationError("这件申诉已经答复了。")
        if locked.by_id == by.pk:
            raise ValidationError("您就是申诉人，请由另一位答复。")
        weight = locked.outcome.weight
        if is_accepted and (points is None or not 0 <= points <= weight):
            raise ValidationError({"points": f"请填写更正后的得分，0 到 {short(weight)}。"})
        locked.is_accepted, locked.reason = is_accepted, tidy(reason)[:500]
        locked.points = points if is_accepted else None
        locked.decided_by, locked.decided_at = by, at
        locked.save()
        if is_accepted:
            Outcome.objects.filter(pk=locked.outcome_id).update(corrected=points)
            rescore(review)
        told = News(
            kind="appeal.accepted" if is_accepted else "appeal.refused",
            people=[locked.by],
            cause=f"appeal:{locked.pk}",
            path=f"/assessment/{review.key}/nodes/{locked.outcome.assessed_id}/",
            at=at,
            facts={"label": locked.outcome.label},
        )
        notify(told)
