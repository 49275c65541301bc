"""Proofs: at start, that declarations are sound (Django system check); on demand, that the cases are (check_cases)."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from cases.engine.audience import FIELDS, kind_of
from cases.engine.soundness import problems
from cases.limits.clock import Unit
from cases.models import Case, CaseEvent, Referral
from cases.models.rules import Stage
from cases.workflow import WORKFLOWS
from grids.models import Post
from notices.texts import TEXTS


def check_workflows(app_configs: Any, **_: Any) -> list[CheckMessage]:
    return [
        Error(f"{workflow.kind}: {problem}", id="cases.E001")
        for workflow in WORKFLOWS.values()
        for problem in problems(workflow)
    ]


def check_stages(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Staff read of every stage that has a limit what it is called, and a limit is counted in a unit of ours."""
    errors: list[CheckMessage] = []
    for kind, workflow in WORKFLOWS.items():
        named = {*Stage.values, *workflow.stages}
        stages = {limit.stage for limit in workflow.limits}
        if workflow.stage_of is None:  # else a clock need not be the stage itself
            stages |= {state.clock for state in workflow.states.values() if not state.final}
        errors += [Error(f"{kind}: stage {code!r} has no name", id="cases.E004") for code in sorted(stages - named)]
        units = {limit.unit for limit in workflow.limits} - {unit.value for unit in Unit}
        errors += [Error(f"{kind}: no limit is counted in {unit!r}", id="cases.E004") for unit in sorted(units)]
    return errors


def check_messages(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Whoever is told of an arrow is told in words, of what the engine knows."""
    kinds = {
        kind_of(workflow.kind, arrow.verb, told)
        for workflow in WORKFLOWS.values()
        for arrow in workflow.all_arrows
        for told in arrow.tells
    }
    errors: list[CheckMessage] = [
        Error(f"no text for {kind}", id="cases.E002") for kind in sorted(kinds - TEXTS.keys())
    ]
    for kind in sorted(kinds & TEXTS.keys()):
        if unknown := sorted(TEXTS[kind].fields - FIELDS):
            errors.append(Error(f"{kind} says {unknown}, which no case has", id="cases.E003"))
    return errors


def unsound_cases() -> Iterator[str]:
    """One sentence for each case that breaks a promise: no holder, a holder who left, no limit, nothing to wake it, a
    story with gaps, a state its story does not lead to."""
    cases = Case.objects.order_by("pk")
    opened = cases.open()
    yield from _each(opened.filter(holder=None), "没有责任人")
    yield from _each(opened.filter(due_at=None), "没有时限")
    yield from _each(opened.filter(wake_at=None), "没有下次检查时间，超时不会被发现")
    in_post = Post.objects.held_at(timezone.now()).values("pk")
    yield from _each(opened.exclude(holder=None).exclude(holder__in=in_post), "责任人已离任")
    known = Q(pk__in=())
    for kind, workflow in WORKFLOWS.items():
        known |= Q(kind=kind, state__in=list(workflow.states), closed_at=None) & Q(state__in=workflow.open_states())
        finals = [code for code, state in workflow.states.items() if state.final]
        known |= Q(kind=kind, state__in=finals, closed_at__isnull=False)
    yield from _each(cases.exclude(known), "状态与是否归档不符")
    told = cases.annotate(written=Count("events"), last=Max("events__number"))
    yield from _each(told.exclude(written=F("event_count"), last=F("event_count")), "经过有缺号")
    last_state = CaseEvent.objects.filter(case=OuterRef("pk")).order_by("-number").values("to_state")[:1]
    yield from _each(cases.annotate(led_to=Subquery(last_state)).exclude(led_to=F("state")), "状态与经过不符")
    waiting = Referral.objects.filter(ended_at=None)
    closed = cases.filter(closed_at__isnull=False, pk__in=waiting.values("case"))
    yield from _each(closed, "已归档，转警格还没有了结")
    left = waiting.exclude(post__in=in_post)
    yield from _each(cases.filter(pk__in=left.values("case")), "转警格的民警已离任")
    yield from _broken_chains()


def _each(cases: Any, fault: str) -> Iterator[str]:
    for number in cases.values_list("number", flat=True).iterator():
        yield f"{number} {fault}"


def _broken_chains() -> Iterator[str]:
    """Each event must begin in the state the one before led to."""
    before = CaseEvent.objects.filter(case=OuterRef("case"), number=OuterRef("number") - 1).values("to_state")
    events = CaseEvent.objects.filter(number__gt=1).annotate(led_to=Subquery(before[:1]))
    for number in events.exclude(from_state=F("led_to")).values_list("case__number", flat=True).distinct():
        yield f"{number} 经过前后不接"
