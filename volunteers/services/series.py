"""Services that come again: each date becomes an order of its own, offered first to those who always come, then to
whoever else fits — that is how somebody is replaced for one date without the series knowing."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.models import Case
from grids.rights.jurisdiction import may
from volunteers.dispatch import candidates, safety
from volunteers.models import Series, ServiceOrder, Volunteer
from volunteers.services import orders

log = logging.getLogger(__name__)

AHEAD = timedelta(days=3)
"""An order is made so long before its date: time to ask, and to find somebody else."""
RESERVES = 5


def begin(*, at: datetime, helpers: Sequence[User] = (), **fields: object) -> Series:
    """Raises ValidationError: too few people for whom it serves, a first date that is over, or an end before it."""
    series = Series(**fields)
    safety.check_wanted(serves=series.serves, wanted=series.wanted)
    if series.next_at <= at:
        raise ValidationError({"next_at": "第一次要在现在之后。"})
    if series.until_at is not None and series.until_at <= series.next_at:
        raise ValidationError({"until": "结束日期要在第一次之后。"})
    with transaction.atomic():
        series.save(force_insert=True)
        series.helpers.set(helpers)
    return series


def choose_helpers(*, series: Series, people: Sequence[User], by: User, at: datetime) -> None:
    """固定志愿者: asked first for each date; each date they may decline as ever.

    Raises ValidationError: not one's area, or at `people` somebody who may not serve there."""
    if not may(by, "dispatch", series.grid, at=at):
        raise ValidationError("这项服务不在您的辖区。")
    volunteers = {
        volunteer.pk: volunteer for volunteer in Volunteer.objects.filter(person__in=people).select_related("person")
    }
    begins_at = series.next_at
    refused = [
        f"{person.name}{why}"
        for person in people
        if (why := safety.why_not(volunteers.get(person.pk), series, begins_at))
    ]
    if refused:
        raise ValidationError({"people": refused})
    series.helpers.set(people)


def end(*, series: Series, at: datetime) -> None:
    """No further dates; orders made already are cancelled one by one. Raises ValidationError if it ended before."""
    with transaction.atomic():
        running = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
        if running.until_at is not None and running.until_at <= at:
            raise ValidationError("这项定期服务已经结束。")
        running.until_at = at
        running.save(update_fields=["until_at"])


def open_due(*, at: datetime) -> int:
    """Make the orders of all dates that are near; returns how many. Safe to run in many workers at once, and again.

    Each series is taken in a transaction of its own (SKIP LOCKED); a fault does not stop the others."""
    made, failed = 0, set[int]()
    while (done := _open_next(at, failed)) is not None:
        made += done
    return made


def _open_next(at: datetime, failed: set[int]) -> int | None:
    due = Series.objects.filter(next_at__lte=at + AHEAD).exclude(pk__in=failed).order_by("next_at", "pk")
    due = due.exclude(until_at__lte=at)
    with transaction.atomic():
        series = (
            due.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("grid", "category")
            .first()
        )
        if series is None:
            return None
        if series.until_at is not None and series.next_at > series.until_at:
            failed.add(series.pk)  # its last date is over
            return 0
        try:
            with transaction.atomic():
                made = _open(series, at) is not None
        except Exception:
            log.exception("series %s: no order for %s", series.pk, series.next_at)
            failed.add(series.pk)
            return 0
        series.next_at += timedelta(days=series.every_days)
        series.save(update_fields=["next_at"])
        return int(made)


def _open(series: Series, at: datetime) -> Case | None:
    """None for a date that was made already, or is over (nothing ran for days)."""
    if series.next_at <= at or ServiceOrder.objects.filter(series=series, begins_at=series.next_at).exists():
        return None
    case = orders.open_order(
        title=series.title,
        grid=series.grid,
        place=series.place,
        category=series.category,
        begins_at=series.next_at,
        ends_at=series.next_at + timedelta(minutes=series.minutes),
        by=series.opened_by,
        at=at,
        wanted=series.wanted,
        serves=series.serves,
        asker=series.asker,
        words=series.words,
        address_note=series.address_note,
        team_id=series.team_id,
        series=series,
    )
    _ask(case, series, at)
    return case


def _ask(case: Case, series: Series, at: datetime) -> None:
    """The regular ones who may still serve, then the best others as reserves. With nobody at all it waits at the desk."""
    proposals = candidates.for_order(case.service)
    regular = set(series.helpers.values_list("pk", flat=True))
    keys = [proposal.candidate.key for proposal in proposals if proposal.candidate.key in regular]
    keys += [proposal.candidate.key for proposal in proposals if proposal.candidate.key not in regular][:RESERVES]
    if keys:
        people = User.objects.in_bulk(keys)
        orders.offer(
            case=case,
            people=[people[key] for key in keys],
            by=None,
            at=at,
            whys={proposal.candidate.key: proposal.why for proposal in proposals},
        )
