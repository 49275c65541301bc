"""个人报到: a party member reports where they live; whoever leads the branch there confirms it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from grids.models import Grid, Level, Unit
from grids.rights.jurisdiction import area_of, may
from notices.services import News, notify
from volunteers.models import DutyEntry, DutyReport
from web.text import tidy

State = DutyReport.State


def report(*, person: User, grid: Grid, at: datetime, unit: Unit | None = None) -> DutyReport:
    """Report to a community or 小区. Raises ValidationError at `grid`: another level, merged away, or a report runs."""
    if grid.level not in {Level.COMMUNITY, Level.ESTATE} or grid.retired_at is not None:
        raise ValidationError({"grid": "请向居住地的社区或小区报到。"})
    try:
        with transaction.atomic():
            return DutyReport.objects.create(person=person, unit=unit, grid=grid, reported_at=at)
    except IntegrityError:
        raise ValidationError({"grid": "您已经报到过。要换地方，请先转出。"}) from None


def waiting_for(user: User) -> QuerySet[DutyReport]:
    """Reports this person may decide on."""
    waiting = DutyReport.objects.filter(state=State.WAITING, grid__in=area_of(user, "supervise"))
    return waiting.select_related("person", "unit", "grid").order_by("reported_at", "pk")


def approve(*, reports: Sequence[DutyReport], by: User, at: datetime) -> int:
    """Confirm those of `reports` that still wait and lie in one's own area; returns how many did."""
    with transaction.atomic():
        ids = [report.pk for report in reports]
        waiting = DutyReport.objects.select_for_update(no_key=True).filter(pk__in=ids, state=State.WAITING)
        mine = list(waiting.filter(grid__in=area_of(by, "supervise")).exclude(person=by).values_list("pk", flat=True))
        DutyReport.objects.filter(pk__in=mine).update(state=State.APPROVED, decided_at=at, decided_by=by)
        for report in DutyReport.objects.filter(pk__in=mine).select_related("person", "grid"):
            told = News(
                kind="duty.approved",
                people=[report.person],
                path="/volunteers/me/",
                cause=f"duty:{report.pk}",
                at=at,
                facts={"grid": report.grid.name},
            )
            notify(told)
    return len(mine)


def running_for(user: User) -> QuerySet[DutyReport]:
    """Confirmed reports of whose duty this person keeps the book."""
    running = DutyReport.objects.filter(state=State.APPROVED, grid__in=area_of(user, "supervise"))
    return running.select_related("person", "unit", "grid").order_by("grid__tree_id", "grid__lft", "pk")


def refuse(*, report: DutyReport, by: User, at: datetime, reason: str) -> None:
    """退回, with the reason. Raises ValidationError at `reason`, or when it waits no more or lies elsewhere."""
    reason = tidy(reason)
    if not reason:
        raise ValidationError({"reason": "请写明退回的原因，本人会看到。"})
    if not may(by, "supervise", report.grid, at=at) or report.person_id == by.pk:
        raise ValidationError("这条报到不由您审核。")
    with transaction.atomic():
        waiting = DutyReport.objects.filter(pk=report.pk, state=State.WAITING)
        if not waiting.update(state=State.REFUSED, decided_at=at, decided_by=by, reason=reason[:200]):
            raise ValidationError("这条报到已经审核过了。")
        told = News(
            kind="duty.refused",
            people=[report.person],
            path="/volunteers/me/",
            cause=f"duty:{report.pk}",
            at=at,
            facts={"grid": report.grid.name, "reason": reason},
        )
        notify(told)


def end(*, person: User, at: datetime) -> None:
    """转出: the member's own act. Raises ValidationError when no report runs."""
    running = DutyReport.objects.filter(person=person, state__in=(State.WAITING, State.APPROVED))
    if not running.update(state=State.ENDED, ended_at=at):
        raise ValidationError("您现在没有报到。")


def note(*, report: DutyReport, date: date, words: str, by: User, at: datetime) -> DutyEntry:
    """Write down what a member did on duty. Raises ValidationError: not confirmed, not of one's area, no words."""
    if report.state != State.APPROVED:
        raise ValidationError("还没有确认报到，不能记录。")
    if not may(by, "supervise", report.grid, at=at):
        raise ValidationError("这位党员不在您的辖区报到。")
    if date > timezone.localdate(at):
        raise ValidationError({"date": "日期不能在今天之后。"})
    if not tidy(words):
        raise ValidationError({"words": "请写做了什么。"})
    return DutyEntry.objects.create(report=report, date=date, words=tidy(words)[:200], noted_by=by, noted_at=at)
