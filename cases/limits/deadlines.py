"""The limits that run on a case: that of its stage, and the promise to the asker. Written on a locked case; whoever calls
saves it, with its event. Which limit applies is in cases/limits/running.py, the counting in cases/limits/clock.py."""

from dataclasses import replace
from datetime import datetime

from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.models import Case, Wake
from cases.workflow import State


def start_clock(case: Case, stage: str, at: datetime) -> None:
    if stage == "finish" and case.finish_by_at is not None:
        restart_clock(case, replace(_promise(case), until_at=case.finish_by_at), at=at)
    else:
        restart_clock(case, limits.run_stage(case=case, stage=stage, from_at=at))


def start_clock_late(case: Case, left: State, at: datetime) -> None:
    """The promise has passed. It stays as it was told, but is no limit any more: whoever signs now has the limit of who
    takes over by climbing, counted from when they got the case. Whoever was at work already wins nothing by going on:
    their limit, and what the sweep does at its end, stay."""
    case.was_late = True
    if left.clock == "finish":
        return
    got_at = at if not left.is_holders or case.due_from_at is None else case.due_from_at
    running = limits.run_stage(case=case, stage="climb", from_at=got_at)
    if running.until_at <= at:
        running = limits.run_stage(case=case, stage="climb", from_at=at)
    restart_clock(case, running, at=at)


def restart_clock(case: Case, running: limits.Running, *, at: datetime | None = None) -> None:
    """The stage's limit from now on, and when the sweep looks: at half time, or at the end where others' clock runs."""
    case.due_from_at, case.due_at = running.from_at, running.until_at
    case.due_amount, case.due_unit = running.limit.amount, running.limit.unit
    half = limits.half_time(running)
    if not case.state_now.is_holders or (at is not None and half <= at):
        case.wake_for, case.wake_at = Wake.DUE, running.until_at
    else:
        case.wake_for, case.wake_at = Wake.REMIND, half


def begin_promise(case: Case, running: limits.Running) -> None:
    case.finish_from_at, case.finish_by_at = running.from_at, running.until_at
    case.finish_amount, case.finish_unit = running.limit.amount, running.limit.unit
    case.extended_amount, case.extended_unit = None, ""


def _promise(case: Case) -> limits.Running:
    """The promise to the asker on today's calendar; where it was extended, the extension, which runs from its end."""
    assert case.finish_from_at is not None
    assert case.finish_amount is not None
    promised = limits.run(limit=Limit(case.finish_amount, Unit(case.finish_unit)), from_at=case.finish_from_at)
    if case.extended_amount is None:
        return promised
    return limits.run(limit=Limit(case.extended_amount, Unit(case.extended_unit)), from_at=promised.until_at)


def set_finish(*, case: Case, limit: Limit, from_at: datetime) -> None:
    """A new promise to the asker on a locked case (other category, resumed). The caller saves, with its event."""
    before = case.finish_by_at
    running = limits.run(limit=limit, from_at=from_at)
    begin_promise(case, running)
    _follow_promise(case, running, before)


def extend_finish(*, case: Case, limit: Limit, at: datetime) -> None:
    """More time for the promise of a locked case, counted from its end. One that had passed by then was missed, and stays
    so in all figures. The caller saves, with its event."""
    before = case.finish_by_at
    if before is not None and before <= at:
        case.was_late, case.missed_at = True, case.missed_at or before
    case.extended_amount, case.extended_unit = limit.amount, limit.unit
    running = _promise(case)
    case.finish_by_at = running.until_at
    _follow_promise(case, running, before)


def _follow_promise(case: Case, running: limits.Running, before: datetime | None) -> None:
    """The stage's limit is the promise where it was, or where it ends sooner: a limit of one's own, which whoever takes
    over late has, is not cut short."""
    if not case.is_open or case.state_now.clock != "finish":
        return
    if case.due_at is None or case.due_at == before or case.due_at < running.until_at:
        restart_clock(case, running)


def restart_limits(case: Case) -> bool:
    """Count the limits of a locked case anew on today's calendar; whether any moved. The caller saves, with its event."""
    before = (case.due_at, case.finish_by_at)
    if case.finish_from_at and case.finish_amount:
        case.finish_by_at = _promise(case).until_at
    if case.due_from_at and case.due_amount:
        is_promise = case.state_now.clock == "finish" and before[0] == before[1]
        limit = Limit(case.due_amount, Unit(case.due_unit))
        running = _promise(case) if is_promise else limits.run(limit=limit, from_at=case.due_from_at)
        woken = (case.wake_for, case.wake_at)
        restart_clock(case, running)
        if woken[0] not in {Wake.REMIND, Wake.DUE}:
            case.wake_for, case.wake_at = woken  # to be routed, or late already: that comes first
    return before != (case.due_at, case.finish_by_at)
