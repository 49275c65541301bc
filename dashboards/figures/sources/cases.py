"""What a case counts for: when it was finished and closed, by its own time; when it first came to a stage, by its story.
The engine's stamps say which stage is which, so that a new kind of case is counted without a word here; what only
mediation or service has stands at the end.

Not every kind is finished by entering a state that stamps it: a consultation, or a mediation that ends without an
agreement, says so in the act itself. So what is finished is asked of the case."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from accounts.models import User
from cases.limits.clock import Calendar, working_time_between
from cases.limits.running import calendar_around
from cases.models import Case, CaseEvent, Rating
from cases.models.case import TAKEN_BACK
from cases.workflow import WORKFLOWS
from dashboards.figures.measures import CATEGORY, length_class, length_measure
from dashboards.figures.sources.base import Count, Facts, Line, Source, next_of
from disputes.models import Dispute
from disputes.models.querysets import SETTLED
from grids.models import Level
from volunteers.models import ServiceOrder

LATE = frozenset({"overdue", "climb"})
HOUR = timedelta(hours=1)


@dataclass
class Story:
    """When which stage of a case was reached first; None for not yet, or where no state says so."""

    dispatched_at: datetime | None = None
    answered_at: datetime | None = None
    finished_at: datetime | None = None
    late_at: datetime | None = None
    """When it was first late before anybody had answered."""
    verbs: set[str] = field(default_factory=set)


STAGES = {"dispatched_at": "dispatched_at", "signed_at": "answered_at", "finished_at": "finished_at"}
"""Stamp of the state that is entered -> the stage."""


def _facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    cases = list(Case.objects.filter(pk__in=ids))
    stories = _stories(cases)
    ratings = Rating.objects.in_bulk([case.pk for case in cases])
    levels = dict(Dispute.objects.filter(pk__in=ids).values_list("pk", "settled_level"))
    served = dict(
        ServiceOrder.objects.filter(pk__in=ids).exclude(call_out__is_drill=True).values_list("pk", "begins_at")
    )
    calendar = calendar_around(min((case.opened_at for case in cases), default=at))
    facts = {}
    for case in cases:
        if case.outcome == TAKEN_BACK:
            facts[case.pk] = Facts(case.grid_id, (), case.kind, None)
            continue
        story = stories[case.pk]
        counts = [
            *_from_stamps(case, story),
            *_of_response(story),
            *_of_finish(case, story, at),
            *_of_rating(case, ratings.get(case.pk)),
            *_lengths(case, story, calendar),
            *_of_mediation(case, levels.get(case.pk)),
            *_of_service(case, served.get(case.pk)),
        ]
        if case.is_late(at):
            counts.append(Count("late"))
        facts[case.pk] = Facts(case.grid_id, tuple(counts), case.kind, _next_change(case, at))
    return facts


def _stories(cases: Iterable[Case]) -> dict[int, Story]:
    kinds = {case.pk: case.workflow for case in cases}
    stories: dict[int, Story] = defaultdict(Story)
    events = CaseEvent.objects.filter(case__in=list(kinds)).order_by("case", "number")
    for case, verb, to_state, at in events.values_list("case", "verb", "to_state", "at"):
        story = stories[case]
        story.verbs.add(verb)
        stage = STAGES.get(kinds[case].states[to_state].stamps)
        if stage and getattr(story, stage) is None:
            setattr(story, stage, at)
        if verb in LATE and story.answered_at is None and story.late_at is None:
            story.late_at = at
    return stories


def first_finish() -> Coalesce:
    """When a case was finished first, in a query over cases."""
    stamped = Q(pk__in=())
    for kind, workflow in WORKFLOWS.items():
        states = [code for code, state in workflow.states.items() if state.stamps == "finished_at"]
        stamped |= Q(case__kind=kind, to_state__in=states)
    entered = CaseEvent.objects.filter(stamped, case=OuterRef("pk")).order_by("number").values("at")
    return Coalesce(Subquery(entered[:1]), F("finished_at"))


def _from_stamps(case: Case, story: Story) -> Iterable[Count]:
    yield Count("opened", localdate(case.opened_at))
    if case.category_id:
        yield Count(f"{CATEGORY}{case.category_id}", localdate(case.opened_at))
    if case.closed_at:
        yield Count("closed", localdate(case.closed_at))
    else:
        yield Count("open")
    if story.dispatched_at:
        yield Count("dispatched", localdate(story.dispatched_at))
        if "send_back" in story.verbs:
            yield Count("sent_back", localdate(story.dispatched_at))
    if case.finished_at:
        yield Count("finished", localdate(case.finished_at))
        if "redo" in story.verbs:
            yield Count("redone", localdate(case.finished_at))


def _of_response(story: Story) -> Iterable[Count]:
    if story.late_at:
        yield Count("due_response", localdate(story.late_at))
    elif story.answered_at:
        yield Count("due_response", localdate(story.answered_at))
        yield Count("responded", localdate(story.answered_at))


def _of_finish(case: Case, story: Story, at: datetime) -> Iterable[Count]:
    """By the first time it was finished: what is done anew afterwards has a limit of its own."""
    due, done = case.missed_at or case.finish_by_at, story.finished_at or case.finished_at
    if due is None:
        return
    if done is not None and done <= due:
        yield Count("due_finish", localdate(done))
        yield Count("in_time", localdate(done))
    elif done is not None or (_is_owed(case) and due <= at):
        yield Count("due_finish", localdate(due))


def _is_owed(case: Case) -> bool:
    """Whether somebody still has to finish it: not where the asker is heard first, for instance on 不受理."""
    return case.is_open and case.state_now.is_holders


def _next_change(case: Case, at: datetime) -> datetime | None:
    return next_of(at, case.due_at, case.finish_by_at) if _is_owed(case) else None


def _of_rating(case: Case, rating: Rating | None) -> Iterable[Count]:
    if case.closed_at is None or not (rating or case.outcome == "unrated"):
        return
    day = localdate(case.closed_at)
    yield Count("asked", day)
    if rating is None:
        yield Count("unrated", day)
        return
    yield Count("rated", day)
    if rating.is_solved:
        yield Count("solved", day)
    if rating.score >= 3:
        yield Count("satisfied", day)


def _lengths(case: Case, story: Story, calendar: Calendar) -> Iterable[Count]:
    for name, until in (("answer", story.answered_at), ("finish", case.finished_at)):
        if until is not None:
            worked = working_time_between(calendar, case.opened_at, until)
            yield _length(name, until - case.opened_at, localdate(until))
            yield _length(f"{name}_work", worked, localdate(until))


def _length(name: str, length: timedelta, day: date) -> Count:
    return Count(length_measure(name, length_class(length / HOUR)), day)


SETTLED_AT = {
    Level.GROUP: "in_building",
    Level.ESTATE: "in_estate",
    Level.COMMUNITY: "in_community",
    Level.STREET: "in_street",
}


def _of_mediation(case: Case, level: int | None) -> Iterable[Count]:
    """Of those taken on: 在调 until they end, 调解成功 once an agreement is in force."""
    if case.kind != "dispute" or case.signed_at is None:
        return
    yield Count("taken_on", localdate(case.opened_at))
    if not case.outcome:
        yield Count("mediating")
        return
    ended_at = case.finished_at or case.closed_at
    if ended_at is None:
        return
    day = localdate(ended_at)
    yield Count("concluded", day)
    if case.outcome in SETTLED:
        yield Count("settled", day)
        if level is not None:
            yield Count(SETTLED_AT[Level(level)], day)


def _of_service(case: Case, begins_at: datetime | None) -> Iterable[Count]:
    if case.state == "done" and begins_at is not None:
        yield Count("served", localdate(begins_at))


def _lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    """Who may see a case reads its title; others read that there is one, of which kind and how it stands."""
    cases: Any = Case.objects.filter(pk__in=ids).select_related("grid")
    seen = set(Case.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True)) if reader else set()
    lines = {}
    for case in cases:
        more = f"{localdate(case.opened_at):%Y-%m-%d} · {case.grid.name} · {case.state_label}"
        if case.pk in seen:
            lines[case.pk] = Line(case.title, more, case.get_absolute_url())
        else:
            lines[case.pk] = Line(f"一件{case.kind_label}（内容不公开）", more)
    return lines


CASES = Source(
    "case",
    "事项",
    _facts,
    _lines,
    lambda: Case.objects.values_list("pk", flat=True).iterator(),
    {
        Case: "grid kind state outcome category opened_at signed_at finished_at closed_at due_at finish_by_at missed_at",
        Rating: "case is_solved score",
        Dispute: "settled_level",
        ServiceOrder: "begins_at",
    },
)
"""Its story (CaseEvent) grows with the case's own row, in one transaction."""
