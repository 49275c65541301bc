"""Points: an incentive by published rules. A balance is a sum of entries and stands nowhere."""

import secrets
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from cases.engine.turns import Turn, in_turn
from cases.models import Case, Category, Rating
from grids.rights.jurisdiction import may
from volunteers.facts import service_facts
from volunteers.models import HoursEntry, PointRule, PointsEntry, Redemption, Reward
from web.text import tidy

What = PointRule.What
VERY_GOOD = 5


def rules_for(category: Category | None, *, on: date) -> dict[str, PointRule]:
    """The rules of that day, by what they reward: of the deepest category that fits, its newest version."""
    rules = PointRule.objects.filter(from_date__lte=on).select_related("category")
    fitting = [
        rule for rule in rules if rule.category is None or (category is not None and category.is_within(rule.category))
    ]
    fitting.sort(key=lambda rule: (len(rule.category.path) if rule.category else 0, rule.from_date))
    return {rule.what: rule for rule in fitting}


@in_turn
def award(turn: Turn, score: int | None = None) -> None:
    """Points for everybody who served; once an order, person and kind of rule, however often this runs.

    By the rules of the day of the service, so that a new version changes nothing that was done before."""
    case = turn.case
    served = [offer.person_id for offer in service_facts(case).present if offer.left_at is not None]
    entries = [
        PointsEntry(
            person_id=person,
            points=number,
            words=f"{rule.get_what_display()}：{case.title}"[:100],
            rule=rule,
            case=case,
            noted_at=turn.at,
            key=_key(case, person, what),
        )
        for person in served
        for what, (rule, number) in _due(case, person, score).items()
    ]
    PointsEntry.objects.bulk_create(entries, ignore_conflicts=True)


def _key(case: Case, person: int, what: str) -> str:
    return f"order:{case.pk}:{person}:{what}"


def _due(case: Case, person: int, score: int | None) -> dict[str, tuple[PointRule, int]]:
    """What one person's service is worth, kind by kind, by the rules of its day and the hours as they stand; only what is
    worth something."""
    minutes, hours = _served(case, person)
    order = service_facts(case).order
    agreed = int((order.ends_at - order.begins_at).total_seconds() // 60)
    rules = rules_for(case.category, on=timezone.localdate(order.begins_at))
    times = {What.SERVICE: 1, What.HOUR: hours, What.PRAISE: int(score == VERY_GOOD)}
    due = {}
    for what, count in times.items():
        rule = rules.get(what)
        if rule is not None and count * rule.points and minutes >= min(rule.least_minutes, agreed):
            due[what.value] = (rule, rule.points * count)
    return due


def _served(case: Case, person: int) -> tuple[int, int]:
    """(minutes, whole hours); where staff put the hours right, their word is what counts."""
    entries = HoursEntry.objects.filter(case=case, person=person)
    hours = sum(entry.hours for entry in entries)
    if any(entry.corrects_id for entry in entries):
        return hours * 60, hours
    return sum(entry.minutes or 0 for entry in entries), hours


def follow(*, correction: HoursEntry, at: datetime) -> None:
    """Hours of a service were put right after its points were awarded: the difference is an entry of its own. What was
    countered by hand stays so."""
    case = correction.case
    if case.state != "done":  # not awarded yet: it will be by the hours as they are then
        return
    score = Rating.objects.filter(case=case).values_list("score", flat=True).first()
    due = _due(case, correction.person_id, score)
    for what in What:
        first = PointsEntry.objects.filter(key=_key(case, correction.person_id, what)).first()
        if first is not None and PointsEntry.objects.filter(corrects=first).exists():
            continue
        rule, number = due.get(what.value, (first.rule if first else None, 0))
        difference = number - (first.points if first else 0)
        if difference:
            PointsEntry.objects.create(
                person=correction.person,
                points=difference,
                words=f"时数更正：{what.label}：{case.title}"[:100],
                rule=rule,
                case=case,
                noted_at=at,
                noted_by=correction.noted_by,
                key=f"hours:{correction.pk}:{what}",
            )


def balance(person: User) -> int:
    total: int = PointsEntry.objects.filter(person=person).aggregate(total=Sum("points"))["total"] or 0
    return total


def correct(*, entry: PointsEntry, reason: str, by: User, at: datetime) -> PointsEntry:
    """A counter-entry. Raises ValidationError: no reason, not one's area, one's own, not an award, or corrected before."""
    reason = tidy(reason)
    if not reason:
        raise ValidationError({"reason": "请写明冲正的原因，本人会看到。"})
    if entry.case is None or entry.corrects_id is not None:
        raise ValidationError("只有服务得来的积分可以冲正。")
    if not may(by, "dispatch", entry.case.grid, at=at) or entry.person_id == by.pk:
        raise ValidationError("这条积分不由您冲正。")
    made, is_new = PointsEntry.objects.get_or_create(
        key=f"correct:{entry.pk}",
        defaults={
            "person": entry.person,
            "points": -entry.points,
            "words": f"冲正：{reason}"[:100],
            "case": entry.case,
            "corrects": entry,
            "noted_at": at,
            "noted_by": by,
        },
    )
    if not is_new:
        raise ValidationError("这条积分已经冲正过。")
    return made


def on_offer() -> QuerySet[Reward]:
    """What points are exchanged for, each with `left` as `left_of` has it."""
    taken = Count("redemptions", filter=~Q(redemptions__state=Redemption.State.CANCELLED))
    rewards: QuerySet[Reward] = Reward.objects.filter(is_active=True).annotate(left=F("stocked") - taken)
    return rewards.order_by("points", "pk")


def left_of(reward: Reward) -> int:
    """How many are still there: what was stocked less what was redeemed and not given back."""
    taken = Redemption.objects.filter(reward=reward).exclude(state=Redemption.State.CANCELLED).count()
    return reward.stocked - taken


def redeem(*, reward: Reward, person: User, at: datetime) -> Redemption:
    """Exchange points. Raises ValidationError: not on offer, none left, or not enough points.

    1. Lock the reward: the last one is taken once. 2. Lock the person: two rewards at once cannot spend the same points.
    Always in this order, so that nobody waits in a ring."""
    with transaction.atomic():
        locked = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
        if not locked.is_active:
            raise ValidationError(f"{locked.name}已下架。")
        if left_of(locked) <= 0:
            raise ValidationError(f"{locked.name}已经换完了。")
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        have = balance(person)
        if have < locked.points:
            raise ValidationError(f"您有 {have} 分，换{locked.name}要 {locked.points} 分。")
        made = Redemption.objects.create(
            reward=locked, person=person, code=f"{secrets.randbelow(10**6):06d}", redeemed_at=at
        )
        PointsEntry.objects.create(
            person=person,
            points=-locked.points,
            words=f"兑换：{locked.name}",
            redemption=made,
            noted_at=at,
            key=f"redeem:{made.pk}",
        )
    return made


def hand_over(*, redemption: Redemption, code: str, by: User, at: datetime) -> None:
    """领取, against the code. Raises ValidationError at `code`, or when it was handed over or cancelled before."""
    if not may(by, "dispatch", redemption.reward.grid, at=at):
        raise ValidationError("这个兑换点不在您的辖区。")
    if not secrets.compare_digest(code.strip().encode(), redemption.code.encode()):
        raise ValidationError({"code": "领取码不对，请再核对。"})
    _end(redemption, Redemption.State.HANDED, by, at)


def cancel(*, redemption: Redemption, by: User, at: datetime) -> None:
    """Not handed over: the points come back by a counter-entry, the thing is there again. By the person or the desk.

    Raises ValidationError when it was handed over or cancelled before, or is neither theirs nor of their area."""
    if redemption.person_id != by.pk and not may(by, "dispatch", redemption.reward.grid, at=at):
        raise ValidationError("这次兑换不由您取消。")
    with transaction.atomic():
        _end(redemption, Redemption.State.CANCELLED, by, at)
        spent = PointsEntry.objects.get(key=f"redeem:{redemption.pk}")
        PointsEntry.objects.create(
            person=redemption.person,
            points=-spent.points,
            words=f"取消兑换：{redemption.reward.name}",
            redemption=redemption,
            corrects=spent,
            noted_at=at,
            noted_by=by,
            key=f"return:{redemption.pk}",
        )


def _end(redemption: Redemption, state: str, by: User, at: datetime) -> None:
    waiting = Redemption.objects.filter(pk=redemption.pk, state=Redemption.State.WAITING)
    if not waiting.update(state=state, ended_at=at, ended_by=by):
        raise ValidationError("这次兑换已经领取或取消。")
