"""What every door calls to move a case, and what the system does with one."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.engine import routing
from cases.engine.turns import ArrowRefused, CaseMovedOn, Given, Turn, enter, keep_said, next_event, turn_on
from cases.limits import running as limits
from cases.models import Case, CaseEvent, Wake
from cases.workflow import CO_HOLDER


def act(
    *, case: Case, verb: str, by: User | None, at: datetime, version: int | None, given: Given, **more: Any
) -> None:
    """What every door calls: a turn in which the kind's own service for this arrow works, or the arrow is just drawn.

    Whose arrow it is and from where, is asked before the kind's own service begins, and all of it by the arrow it draws."""
    service = case.workflow.acts.get(verb)
    with turn_on(case, by=by, at=at, version=version) as turn:
        if service is None:
            turn.draw(verb, given)
        else:
            turn.arrow_from_here(verb, by)
            service(turn, given, **more)


def move(
    *,
    case: Case,
    verb: str,
    by: User | None,
    at: datetime,
    version: int | None = None,
    given: Given | None = None,
    **decided: Any,
) -> None:
    """A turn of one arrow: `decided` is what `Turn.draw` takes. Raises as it does."""
    with turn_on(case, by=by, at=at, version=version) as turn:
        turn.draw(verb, given, **decided)


def move_together(
    *, cases: Sequence[Case], verb: str, by: User, at: datetime, given: Given, changes: dict[str, Any]
) -> None:
    """Draw one arrow into a final state on many cases, all of them or none, in a handful of statements. Whoever calls
    tells of it.

    Raises ArrowRefused at the first that refuses it, named."""
    with transaction.atomic(), limits.read_once():
        rows = Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[case.pk for case in cases])
        locked = list(rows.select_related("grid", "category", "holder__person", "holder__grid").order_by("pk"))
        events = []
        for case in locked:
            try:
                arrow, standing = Turn(case, by=by, at=at, version=None).check(verb, by)
            except ArrowRefused as refusal:
                raise ArrowRefused(f"{case.number}：{' '.join(refusal.messages)}") from refusal
            before = case.state
            enter(case, arrow.leads_to(None), by, at, None)
            for name, value in changes.items():
                setattr(case, name, value)
            case.version += 1
            events.append(next_event(case, verb, before, by, standing, at, given))
        written = ["state", "closed_at", "due_at", "wake_at", "wake_for", "version", "event_count", *changes]
        Case.objects.bulk_update(locked, written, batch_size=500)
        keep_said([(event, given) for event in CaseEvent.objects.bulk_create(events)])


def route(*, case_id: int, at: datetime) -> bool:
    """Find the holder and hand the case over. Twice is once: False when it is routed already, or gone."""
    with suppress(CaseMovedOn), turn_on(Case(pk=case_id), by=None, at=at) as turn:
        case = turn.case
        if not case.is_open or case.wake_for != Wake.ROUTE:
            return False
        chosen = routing.find_route(case=case, at=at)
        if chosen.co_post:
            turn.seat(CO_HOLDER, post=chosen.co_post)
        facts = {"why": chosen.why, "post": chosen.post.pk}
        turn.draw(case.workflow.routed_by, Given(facts=facts), holder=chosen.post)
        return True
    return False
