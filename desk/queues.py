"""What waits for whoever works at a desk: the queues of 今天要办, and how much stands in each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localtime

from accounts.models import User
from cases.models import Case, Extension
from cases.models.querysets import CaseQuerySet
from cases.models.rules import Stage
from cases.workflow import WORKFLOWS

MINE = "mine"


@dataclass(frozen=True)
class Queue:
    label: str
    empty_words: str
    waits: Callable[[datetime], Q]
    """Of what is owed in the area of this person: what stands in it at this moment."""


def _in_states(states: Iterable[tuple[str, str]]) -> Q:
    """(kind, state): the same code may mean another thing in another kind."""
    return reduce(or_, (Q(kind=kind, state=state) for kind, state in states), Q(pk=None))


def _unsorted(at: datetime) -> Q:
    return _in_states((kind, workflow.unsorted) for kind, workflow in WORKFLOWS.items() if workflow.unsorted)


def _whose_clock(stage: str) -> Callable[[datetime], Q]:
    """Where the limit of this stage runs."""

    def waits(at: datetime) -> Q:
        return _in_states(
            (kind, code)
            for kind, workflow in WORKFLOWS.items()
            for code, state in workflow.states.items()
            if state.clock == stage and code != workflow.unsorted
        )

    return waits


_to_dispatch = _whose_clock(Stage.DISPATCH)


def _today(at: datetime) -> Q:
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Q(due_at__gte=at, due_at__lt=midnight)


def _asks_for_time(at: datetime) -> Q:
    return Q(Exists(Extension.objects.filter(case=OuterRef("pk"), decided_at=None)))


QUEUES: dict[str, Queue] = {
    "late": Queue("已超时", "没有超时的，很好。", lambda at: Q(due_at__lt=at)),
    "today": Queue("今天到期", "今天没有到期的。", _today),
    "unsorted": Queue("待分拣", "没有等着分拣的。", _unsorted),
    "undispatched": Queue("待派单", "没有等着派单的，退回的也会列在这里。", _to_dispatch),
    "unsigned": Queue("待签收", "派出去的都签收了。", _whose_clock(Stage.SIGN)),
    "objections": Queue("异议复核", "没有人对不受理提出异议。", lambda at: _to_dispatch(at) & Q(was_objected=True)),
    "extensions": Queue("延期待批", "没有等着批的延期。", _asks_for_time),
    "open": Queue("全部在办", "辖区里没有在办的事项。", lambda at: Q()),
}


def waiting(person: User, *, at: datetime) -> dict[str, int]:
    """How much stands in each queue, and in one's own hands (`MINE`): two statements, however many queues."""
    counted = {name: Count("pk", filter=queue.waits(at) or None) for name, queue in QUEUES.items()}
    counts: dict[str, int] = _owed(person).aggregate(**counted)
    return {MINE: Case.objects.held_by(person).count(), **counts}


def cases_in(name: str, person: User, *, at: datetime) -> CaseQuerySet:
    if name == MINE:
        return Case.objects.held_by(person)
    return _owed(person).filter(QUEUES[name].waits(at))


def _owed(person: User) -> CaseQuerySet:
    owed: CaseQuerySet = Case.objects.in_area_of(person).owed()
    return owed
