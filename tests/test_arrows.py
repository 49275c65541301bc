"""Every kind of case × state × arrow × role × its place, at the page and the API: who may not see the case finds
nothing (whatever the arrow: one is tried), who may see it and not act is offered nothing, and neither moves anything
with a form that is filled in right. Page and API end in the same services, so those of one standing take turns at the
two doors."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from accounts import limiter
from cases.access import standing_of
from cases.forms import ArrowForm
from cases.models import Case
from cases.task import hand_out
from cases.turns import Said
from cases.workflow import ASKER, DISPATCHER, HELPER, HOLDER, PARTY, SUPERVISOR, WORKFLOWS, Arrow
from disputes.defaults import load_defaults
from disputes.models import Expert
from tests.disputes.doors import dispute_doors
from tests.disputes.panel import expert_doors, slot_of
from tests.everybody import Somebody
from tests.meetings.topic_doors import topic_doors
from tests.test_permissions import case as case  # the request of the walk over doors
from tests.volunteers.doors import service_doors
from tests.walk import nothing_written
from volunteers.services import orders

KINDS = ("request", "dispute", "consultation", "service", "task", "topic")


def test_every_kind_is_walked(db):
    assert set(WORKFLOWS) == set(KINDS)


@pytest.fixture
def cases(case, town, staff, resident, neighbour) -> dict[str, Case]:
    """One of each kind, all at the same grid, with everything on them that an arrow may choose from."""
    load_defaults()
    numbers = {
        "dispute": dispute_doors(town, staff, resident, neighbour)["disputes:papers"]["number"],
        "consultation": expert_doors(town, resident)["disputes:consultation-thread"]["number"],
        "service": service_doors(case, town, resident, staff)["volunteers:order"]["number"],
    }
    found = {kind: Case.objects.get(number=number) for kind, number in numbers.items()}
    slot_of(Expert.objects.get(), timezone.now() + timedelta(days=5), at=timezone.now())
    orders.accept(case=found["service"], by=resident, at=timezone.now())
    found["task"] = hand_out(
        title="修坡道", grid=case.grid, post=case.holder, said=Said("太陡"), by=resident, at=timezone.now()
    )
    found["topic"] = topic_doors(town, resident, staff["community_worker"])["topic"].case
    return {"request": case, **found}


def standing(somebody: Somebody, case: Case) -> set[str]:
    """As the role table and the seats of the cast say, without asking the code under test."""
    found = set()
    seats = {
        ("request", "asker"): ASKER, ("consultation", "asker"): ASKER, ("service", "asker"): HELPER, ("task", "asker"): ASKER,
        ("topic", "asker"): ASKER,
        ("dispute", "asker"): PARTY, ("dispute", "neighbour"): PARTY,
    }  # fmt: skip
    if seat := seats.get((case.kind, somebody.name)):
        return {seat}
    leads = {
        "request": "grid_leader",
        "dispute": "group_leader",
        "service": "community_worker",
        "task": "grid_leader",
        "topic": "community_worker",
    }.get(case.kind)
    if somebody.role and somebody.role == leads and somebody.node == case.holder.grid:
        found.add(HOLDER)
    if somebody.may("dispatch", case.grid):
        found.add(DISPATCHER)
    holder = case.holder.grid
    if somebody.may("supervise", case.grid) and (somebody.node is None or somebody.node.level < holder.level):
        found.add(SUPERVISOR)
    return found


def sees(somebody: Somebody, case: Case) -> bool:
    if standing(somebody, case) & {ASKER, PARTY, HELPER, HOLDER}:
        return True
    return not case.is_private and somebody.person is not None and somebody.may("see", case.grid)


@pytest.mark.parametrize("kind", KINDS)
def test_standings_are_as_the_table_says(cases, everybody, kind):
    for somebody in everybody:
        if somebody.person is not None:
            found = standing_of(somebody.person, cases[kind], at=timezone.now())
            assert found == standing(somebody, cases[kind]), somebody.name


@pytest.mark.parametrize("kind", KINDS)
def test_arrows_are_drawn_by_whom_they_declare(cases, everybody, kind, unpainted, monkeypatch):
    monkeypatch.setitem(limiter.LIMITS, "act", {})  # or the second half would only meet the limit
    case, wrong = cases[kind], []
    doors = _turns(everybody, case)
    blind = [somebody for somebody in everybody if not sees(somebody, case)]
    wrong += [
        said for somebody in blind for said in _tried(somebody, case, WORKFLOWS[kind].arrows[:1], doors[somebody.name])
    ]
    for state, declared in WORKFLOWS[kind].states.items():
        closed_at = timezone.now() if declared.final else None
        Case.objects.filter(pk=case.pk).update(state=state, closed_at=closed_at)
        case.refresh_from_db()
        arrows = list(WORKFLOWS[kind].arrows_from(state))
        with nothing_written(f"{kind} in {state}"):
            for somebody in everybody:
                if somebody not in blind:
                    wrong += _tried(somebody, case, arrows, doors[somebody.name])
    assert not wrong, "\n".join(wrong)


PAGE, API = "/cases/{}/{}/", "/api/cases/{}/acts/{}/"


def _turns(everybody: list[Somebody], case: Case) -> dict[str, Sequence[str]]:
    """At which doors each is tried: both, where nobody else stands to the case as they do, as whoever is not signed in."""
    alike: dict[Any, list[str]] = {}
    for somebody in everybody:
        alike.setdefault(
            (somebody.person is None, sees(somebody, case), frozenset(standing(somebody, case))), []
        ).append(somebody.name)
    return {
        name: (PAGE, API) if len(names) == 1 else ((PAGE, API)[turn % 2],)
        for names in alike.values()
        for turn, name in enumerate(names)
    }


def _tried(somebody: Somebody, case: Case, arrows: Sequence[Arrow], doors: Sequence[str]) -> list[str]:
    """What went otherwise than declared."""
    wrong, may_see = [], sees(somebody, case)
    mine = {arrow.verb for arrow in arrows if arrow.who & standing(somebody, case)} if may_see else set()
    answer = somebody.client.get(f"/api/cases/{case.number}/")
    if (answer.status_code == 200) != may_see:
        wrong.append(f"the API answers {somebody.name} with {answer.status_code}")
    elif may_see and not {arrow["verb"] for arrow in answer.json()["arrows"]} <= mine:
        wrong.append(f"the API offers {somebody.name} more than {mine}")
    for arrow in arrows:
        if arrow.verb in mine:
            continue
        said = filled(case, arrow)
        for door in doors:
            path = door.format(case.number, arrow.verb)
            answer = somebody.client.post(path, said)
            refused = {400, 409} if path.startswith("/api/") else {200, 302}
            hidden = {404} if somebody.person else {302, 403}
            if answer.status_code not in (refused if may_see else hidden):
                wrong.append(f"{path} in {case.state} answers {somebody.name} with {answer.status_code}")
    return wrong


def filled(case: Case, arrow: Arrow) -> dict[str, Any]:
    """A form of this arrow in which nothing but the standing is in the way."""
    if arrow.door:
        return {"version": case.version}  # its page is a door of its own, in tests/permissions.csv
    by = case.holder.person
    blank = ArrowForm(arrow=arrow, case=case, by=by)
    said = {name: _whatever(field) for name, field in blank.fields.items() if field.required} | {
        "version": case.version
    }
    form = ArrowForm(said, arrow=arrow, case=case, by=by)
    assert form.is_valid(), f"{case.kind} {arrow.verb}: {form.errors.as_text()}"
    return said


def _whatever(field: forms.Field) -> Any:
    """Something this field takes."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [field.queryset.first().pk]
    if isinstance(field, forms.ModelChoiceField):
        assert field.queryset.exists(), field.label
        return field.queryset.first().pk
    if isinstance(field, forms.ChoiceField):
        return next(value for value, _ in field.choices if value not in ("", None))
    if isinstance(field, forms.DateTimeField):
        return "2026-12-24T09:00"
    if isinstance(field, forms.DateField):
        return "2026-12-24"
    if isinstance(field, forms.IntegerField):
        return field.min_value or 1
    return "说明"
