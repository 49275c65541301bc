"""One sweep finds everything that is due: cases to route, remind, report late, climb, lapse, holders who left,
and what the police have not answered.

Many workers may sweep at once: nobody waits for a case that another has in hand (SKIP LOCKED). A fault pushes that one case
back and does not stop the others."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from cases.engine import acts, referrals
from cases.engine.turns import Given, locked_rows, turn_on, written_together
from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.models import Case, Wake
from cases.services import act, move, route
from grids.models import Post
from locks.moments import CLOCKS_DIFFER

log = logging.getLogger(__name__)

PUSH_BACK = timedelta(minutes=10)
SOON = timedelta(seconds=15)
"""Shorter than from one sweep to the next."""
TOGETHER = 20
"""Cases a transaction."""


def sweep(*, at: datetime) -> int:
    """Handle everything due at `at`; returns how many cases were handled."""
    _wake_early(at)
    handled = 0
    while _replace_next(at):
        handled += 1
    handled += referrals.sweep(at=at)
    failed: set[int] = set()
    while woken := _wake_some(at, failed):
        handled += woken
    return handled


def _wake_early(at: datetime) -> None:
    """Routing is due at once, or again after PUSH_BACK. What is due later was sent in while the clock ran ahead."""
    to_route = Case.objects.open().filter(wake_for=Wake.ROUTE)
    to_route.filter(wake_at__gt=at + PUSH_BACK + CLOCKS_DIFFER).update(wake_at=at)


def _wake_some(at: datetime, failed: set[int]) -> int:
    """Take the cases that wait longest, do with each what it was woken for; how many there were. Some together, because
    the end of a transaction costs as much as a case."""
    due = Case.objects.open().filter(wake_at__lte=at).exclude(pk__in=failed).order_by("wake_at", "pk")
    with transaction.atomic():
        woken = list(locked_rows(due, skip_locked=True)[:TOGETHER])
        told = [case for case in woken if _is_only_told(case)]
        try:
            with written_together():
                for case in told:
                    _wake(case, at)
        except Exception:  # of one of them: each by itself says of which
            log.warning("%s cases could not be written together, each is tried alone", len(told), exc_info=True)
            told = []
            woken = list(locked_rows(due.filter(pk__in=[case.pk for case in woken])))
        for case in woken:
            if case not in told:
                _wake_alone(case, at, failed)
        return len(woken)


def _wake_alone(case: Case, at: datetime, failed: set[int]) -> None:
    wake_for = case.wake_for
    try:
        _wake(case, at)
    except Exception as fault:
        log.exception("case %s: %s failed, tried again later", case.number, wake_for)
        failed.add(case.pk)
        Case.objects.filter(pk=case.pk).update(wake_at=at + _wait_after(fault))


def _is_only_told(case: Case) -> bool:
    """Somebody is told of it, and nothing of it hangs on other cases, as who has the least to do does."""
    return case.wake_for == Wake.REMIND or (case.wake_for == Wake.DUE and not case.state_now.lapses_by)


def _wake(case: Case, at: datetime) -> None:
    with turn_on(case, by=None, at=at, is_locked=True):
        _handle(case, at)


def _wait_after(fault: Exception) -> timedelta:
    """A disk that is full, a table that is locked, a connection that is gone say nothing about this case: the next sweep
    may find it well again. What is wrong with the case itself stays so for a while."""
    return SOON if isinstance(fault, OperationalError) else PUSH_BACK


def _handle(case: Case, at: datetime) -> None:
    if case.wake_for == Wake.ROUTE:
        route(case_id=case.pk, at=at)
    elif case.wake_for == Wake.REMIND:
        move(case=case, verb="remind", by=None, at=at, wake_for=Wake.DUE, wake_at=case.due_at)
    elif case.wake_for == Wake.DUE and case.state_now.lapses_by:
        act(case=case, verb=case.state_now.lapses_by, by=None, at=at, version=None, given=Given())
    elif case.wake_for == Wake.DUE:
        _report_late(case, at)
    else:
        _climb(case, at)


def _report_late(case: Case, at: datetime) -> None:
    """Tell the level above; it takes over after half of the limit again, which begins when they are told where the sweep
    comes so late that it is over."""
    assert case.due_at is not None
    assert case.due_from_at is not None
    assert case.due_amount is not None
    limit = Limit(case.due_amount, Unit(case.due_unit))
    grace = limits.half_time(limits.run(limit=limit, from_at=case.due_at))
    if grace <= at:
        grace = limits.half_time(limits.run(limit=limit, from_at=at))
    move(case=case, verb="overdue", by=None, at=at, was_late=True, wake_for=Wake.CLIMB, wake_at=grace)


def _climb(case: Case, at: datetime) -> None:
    climb = case.workflow.acts.get("climb", acts.climb)
    if climb(case=case, by=None, at=at):
        return
    # Nobody stands above: the top is told again every working day until it acts.
    again = limits.run(limit=limits.UNSET, from_at=at).until_at
    move(case=case, verb="overdue", by=None, at=at, wake_for=Wake.CLIMB, wake_at=again)


def _replace_next(at: datetime) -> bool:
    """Take one case whose holder left and find the heir; posts also end by their date, with nobody acting at that
    moment. False when there is none. Whoever waited for the lock finds the new holder and passes on."""
    left = Post.objects.exclude(pk__in=Post.objects.held_at(at).values("pk"))
    cases = (
        Case.objects.open()
        .filter(holder__in=left.values("pk"))
        .exclude(heir_sought_at__gt=at - PUSH_BACK, heir_sought_at__lte=at + CLOCKS_DIFFER)
    )
    with transaction.atomic():
        locked = cases.order_by("pk").select_for_update(no_key=True, skip_locked=True, of=("self",))
        case = locked.select_related("holder__grid", "grid", "category").first()
        if case is None:
            return False
        try:
            with transaction.atomic():
                acts.succeed(case=case, at=at)
        except Exception as fault:
            log.exception("case %s: no heir for post %s, tried again later", case.number, case.holder_id)
            Case.objects.filter(pk=case.pk).update(heir_sought_at=at - PUSH_BACK + _wait_after(fault))
        return True
