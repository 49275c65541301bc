"""Opening cases: one, or many in a handful of statements. Each begins as if it had been opened alone after the one before
it: with a holder, its limits, the first event of its story and the seat of who asks."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.numbers import mask_numbers
from cases.engine import routing
from cases.engine.turns import Given, keep_said
from cases.limits import running as limits
from cases.limits.deadlines import begin_promise, start_clock
from cases.models import Case, CaseEvent, Category, Seat, Urgency, Wake
from cases.workflow import ASKER, CONCERNED, DISPATCHER, SYSTEM, WORKFLOWS, Workflow
from grids.models import Grid, Post
from web.text import NUMBER_ALPHABET, shorten, tidy

OPENED = "open"
"""Verb of a case's first event."""


@dataclass(frozen=True)
class Opening:
    """What a new case begins with."""

    kind: str
    grid: Grid
    title: str
    place: str
    asker: User | None = None
    asker_as: str = ASKER
    """The seat of who asks."""
    by: User | None = None
    """Who writes it down, where that is not who asks."""
    category: Category | None = None
    urgency: str = Urgency.NORMAL
    is_private: bool = False
    hides_asker: bool = False
    is_sorted: bool = True
    """Place and category are known; else staff sort it first, where its kind has a state for that."""
    batch: str = ""
    """What came in together has the same."""
    about: Sequence[Post] = ()
    """Whom it is about (被反映人): it is private, begins in their superior's hands, and never comes into theirs."""
    given: Given = Given()

    @property
    def workflow(self) -> Workflow:
        return WORKFLOWS[self.kind]

    @property
    def state(self) -> str:
        return self.workflow.initial if self.is_sorted else self.workflow.unsorted

    @property
    def opener(self) -> User | None:
        return self.by or self.asker

    @property
    def standing(self) -> str:
        """As what the first word was said: staff who write it down for somebody are not that somebody."""
        if self.by is not None and self.by != self.asker:
            return DISPATCHER
        return self.asker_as if self.asker else SYSTEM


def open_case(opening: Opening, *, at: datetime) -> Case:
    """`open_cases` of one."""
    [case] = open_cases([opening], at=at)
    return case


def open_cases(openings: Sequence[Opening], *, at: datetime) -> list[Case]:
    """New cases in their kinds' first states, in the hands of the desks that dispatch for their places; routing follows.
    All of them or none.

    Raises ValidationError: a place was merged away, a category retired, or nobody is in post up to the county."""
    desks = routing.Desks(at=at)
    with limits.read_once():
        cases = [_begun(opening, desks, at) for opening in openings]
    opened = list(zip(cases, openings, strict=True))
    with transaction.atomic():
        Case.objects.bulk_create(cases)
        Seat.objects.bulk_create(seat for case, opening in opened for seat in _seats(case, opening))
        events = CaseEvent.objects.bulk_create(_first_event(case, opening) for case, opening in opened)
        keep_said(list(zip(events, (opening.given for opening in openings), strict=True)))
        if to_route := [case.pk for case in cases if case.wake_for == Wake.ROUTE]:
            transaction.on_commit(lambda: ring_to_route(to_route), robust=True)
    return cases


def _begun(opening: Opening, desks: routing.Desks, at: datetime) -> Case:
    if opening.grid.retired_at is not None:
        raise ValidationError({"grid": f"{opening.grid.name}已撤并，请重新选择地点。"})
    if opening.category is not None and opening.category.retired_at is not None:
        raise ValidationError({"category": f"分类“{opening.category.name}”已停用，请另选一类。"})
    workflow = opening.workflow
    barred = frozenset({opening.asker.pk} if opening.asker and not workflow.is_asked_by_office else ())
    if opening.about:
        barred |= {post.person_id for post in opening.about}
        desk = routing.superior(opening.grid, opening.about, at=at, barred=barred)
    else:
        desk = desks.take(opening.grid, barred=barred)
    case = Case(
        number=new_number(),
        kind=opening.kind,
        state=opening.state,
        title=shorten(mask_numbers(tidy(opening.title)), 80).rstrip("。！？，,.!? ") or "（无标题）",
        place=opening.place[:200],
        category=opening.category,
        urgency=opening.urgency,
        grid=opening.grid,
        is_private=opening.is_private or bool(opening.about),
        hides_asker=opening.hides_asker,
        opened_at=at,
        holder=desk,
        batch=opening.batch,
        event_count=1,
    )
    start_clock(case, workflow.states[opening.state].clock, at)
    begin_promise(case, limits.run_stage(case=case, stage="finish", from_at=at))
    if workflow.routed_by and opening.is_sorted:
        case.wake_for, case.wake_at = Wake.ROUTE, at
    return case


def _seats(case: Case, opening: Opening) -> Iterator[Seat]:
    if opening.asker is not None:
        yield Seat(case=case, person=opening.asker, role=opening.asker_as, from_at=case.opened_at)
    for post in opening.about:
        yield Seat(case=case, post=post, role=CONCERNED, from_at=case.opened_at)


def new_number() -> str:
    """Random, so that numbers say nothing of how many there are: ZH-7K3M-9QXT."""
    signs = [secrets.choice(NUMBER_ALPHABET) for _ in range(8)]
    return f"ZH-{''.join(signs[:4])}-{''.join(signs[4:])}"


def _first_event(case: Case, opening: Opening) -> CaseEvent:
    return CaseEvent(
        case=case,
        number=1,
        verb=OPENED,
        to_state=case.state,
        by=opening.opener,
        standing=opening.standing,
        at=case.opened_at,
        holder=case.holder,
        due_at=case.due_at,
    )


def ring_to_route(case_ids: Sequence[int]) -> None:
    """By name: tasks stand above services."""
    if len(case_ids) == 1:
        current_app.send_task("cases.tasks.route", kwargs={"case_id": case_ids[0]})
    else:
        current_app.send_task("cases.tasks.sweep")
