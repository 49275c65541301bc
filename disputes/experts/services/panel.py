"""Keeping the panel: taking experts on for a term, their photo, their hours."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from disputes.models import Expert, ExpertField, Slot
from disputes.models.expert_querysets import FREED
from grids.models import Grid, Post
from photos.cleaning import Photo
from photos.storing import store

FURTHEST = timedelta(days=92)
MAX_SLOT = timedelta(hours=4)


def enlist(*, post: Post, kind: str, fields: Iterable[ExpertField], communities: Iterable[Grid], **more: Any) -> Expert:
    """聘任: on the panel for a term, which is the post. Who was on it before is taken on anew with what is said now."""
    assert post.role == "expert", "the term of an expert is a post of an expert"
    with transaction.atomic():
        expert, _ = Expert.objects.update_or_create(
            person=post.person, defaults={"kind": kind, "is_listed": True, **more}
        )
        expert.fields.set(fields)
        expert.communities.set(communities)
    return expert


def set_photo(*, expert: Expert, photo: Photo) -> None:
    """A cleaned photo in place of the former one, whose file goes. Raises ValidationError at `photo` when it cannot be
    stored."""
    former = expert.photo.name if expert.photo else ""
    (expert.photo,) = store([photo.thumbnail_as_file()], at="photo", needed=True)
    expert.save(update_fields=["photo"])
    if former:
        transaction.on_commit(lambda: expert.photo.storage.delete(former), robust=True)


def open_slot(*, expert: Expert, from_at: datetime, until_at: datetime, place: str, at: datetime) -> Slot:
    """开放时段. Raises ValidationError at `from_at` or `until_at`: past, far off, upside down, too long, beyond the term, or
    across another slot of this expert."""
    if from_at <= at:
        raise ValidationError({"from_at": "这个时间已经过去，请另选一个。"})
    if from_at > at + FURTHEST:
        raise ValidationError({"from_at": "排得太远了，请在三个月以内。"})
    if until_at <= from_at:
        raise ValidationError({"until_at": "结束时间应晚于开始时间。"})
    if until_at - from_at > MAX_SLOT:
        raise ValidationError({"until_at": "一个时段最多四小时，请分成几段。"})
    held = Post.objects.filter(person=expert.person_id, role="expert", from_at__lte=from_at)
    if not held.filter(Q(until_at=None) | Q(until_at__gte=until_at)).exists():
        raise ValidationError({"from_at": "这个时间不在聘期内，请先续聘。"})
    try:
        with transaction.atomic():
            # Of two slots that overlap and are opened at the same moment, each would wait for the other at the constraint.
            Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
            return Slot.objects.create(expert=expert, from_at=from_at, until_at=until_at, place=place.strip()[:60])
    except IntegrityError as fault:
        if "slots_of_an_expert_apart" not in str(fault):
            raise
        raise ValidationError({"from_at": "和这位专家已有的时段重叠，请错开。"}) from None


def open_week(
    *,
    expert: Expert,
    weekdays: Iterable[int],
    begins: time,
    ends: time,
    minutes: int,
    weeks: int,
    place: str,
    at: datetime,
) -> int:
    """每周固定时段, cut into slots of so many minutes, from tomorrow for so many weeks. What is there already, or lies
    beyond the term, is passed over; returns how many were made.

    Raises ValidationError at `ends`: no slot fits in."""
    if datetime.combine(date.min, begins) + timedelta(minutes=minutes) > datetime.combine(date.min, ends):
        raise ValidationError({"ends": f"从开始到结束放不下一个 {minutes} 分钟的时段。"})
    made = 0
    for day in _days(set(weekdays), weeks, at):
        for from_at in _cuts(day, begins, ends, timedelta(minutes=minutes)):
            try:
                open_slot(
                    expert=expert, from_at=from_at, until_at=from_at + timedelta(minutes=minutes), place=place, at=at
                )
            except ValidationError:
                continue
            made += 1
    return made


def _days(weekdays: set[int], weeks: int, at: datetime) -> Iterator[date]:
    today = timezone.localdate(at)
    days = (today + timedelta(days=number) for number in range(1, weeks * 7 + 1))
    return (day for day in days if day.weekday() in weekdays)


def _cuts(day: date, begins: time, ends: time, length: timedelta) -> Iterator[datetime]:
    from_at = timezone.make_aware(datetime.combine(day, begins))
    until_at = timezone.make_aware(datetime.combine(day, ends))
    while from_at + length <= until_at:
        yield from_at
        from_at += length


def withdraw_slot(*, slot: Slot, at: datetime) -> None:
    """撤下时段, while nobody has booked it. Raises ValidationError."""
    with transaction.atomic():
        locked = Slot.objects.select_for_update(no_key=True).get(pk=slot.pk)
        if locked.bookings.exclude(state__in=FREED).exists():
            raise ValidationError("这个时段已经有人约了，请专家在预约里换时间或取消。")
        Slot.objects.filter(pk=slot.pk, withdrawn_at=None).update(withdrawn_at=at)
