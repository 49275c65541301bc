"""Every kind of case × state × arrow × role × its place, at the page and the API, held against one table: tests/frozen/arrows.csv
says who draws what from where. Who may not see the case finds nothing (whatever the arrow: one is tried), who may see it
is offered what the table says and no more, and nobody moves anything with a form of another's arrow, or of their own from
a wrong state, that is filled in right. Page and API end in the same services, so those of one standing take turns at the
two doors."""

from collections.abc import Sequence
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from accounts import limiter
from cases.engine.access import standing_of
from cases.forms import ArrowForm
from cases.models import Case
from cases.workflow import ASKER, DISPATCHER, HELPER, HOLDER, PARTY, SUPERVISOR, WORKFLOWS
from tests.house.test_permissions import case as case  # the request of the walk over doors
from tests.support import frozen
from tests.support.arrows import ROWS, Row, declared, limits, states
from tests.support.everybody import Somebody
from tests.support.kinds import KINDS, Scene
from tests.support.walk import nothing_written


def test_every_kind_is_walked():
    assert set(WORKFLOWS) == set(KINDS)


def test_arrows_are_declared_as_the_table_says():
    assert frozen.differences("arrows", declared()) == []


def test_states_are_declared_as_the_table_says():
    assert frozen.differences("states", states()) == []


def test_limits_are_declared_as_the_table_says():
    assert frozen.differences("limits", limits()) == []


@pytest.fixture
def cases(case, town, staff, resident, neighbour) -> dict[str, Case]:
    """One of each kind, all at the same grid."""
    scene = Scene(case, town, staff, resident, neighbour)
    return {kind: walked.make(scene) for kind, walked in KINDS.items()}


def standing(somebody: Somebody, case: Case) -> set[str]:
    """As the role table and the seats of the cast say, without asking the code under test."""
    standings = set()
    if seat := KINDS[case.kind].seats.get(somebody.name):
        return {seat}
    leads = KINDS[case.kind].led_by
    if somebody.role and somebody.role == leads and somebody.node == case.holder.grid:
        standings.add(HOLDER)
    if somebody.may("dispatch", case.grid):
        standings.add(DISPATCHER)
    holder = case.holder.grid
    if somebody.may("supervise", case.grid) and (somebody.node is None or somebody.node.level < holder.level):
        standings.add(SUPERVISOR)
    return standings


def sees(somebody: Somebody, case: Case) -> bool:
    if standing(somebody, case) & {ASKER, PARTY, HELPER, HOLDER}:
        return True
    return not case.is_private and somebody.person is not None and somebody.may("see", case.grid)


@pytest.mark.parametrize("kind", KINDS)
def test_standings_are_as_the_table_says(cases, everybody, kind):
    for somebody in everybody:
        if somebody.person is not None:
            standings = standing_of(somebody.person, cases[kind], at=timezone.now())
            assert standings == standing(somebody, cases[kind]), somebody.name


@pytest.mark.parametrize("kind", KINDS)
def test_arrows_are_drawn_by_whom_the_table_names(cases, everybody, kind, unpainted, monkeypatch):
    monkeypatch.setitem(limiter.LIMITS, "act", {})  # or the second half would only meet the limit
    case, wrong = cases[kind], []
    doors = _turns(everybody, case)
    blind = [somebody for somebody in everybody if not sees(somebody, case)]
    rows = [row for row in ROWS if row.kind == kind]
    wrong += [fault for somebody in blind for fault in _tried(somebody, case, rows[:1], doors[somebody.name])]
    for state, entered in WORKFLOWS[kind].states.items():
        closed_at = timezone.now() if entered.final else None
        Case.objects.filter(pk=case.pk).update(state=state, closed_at=closed_at)
        case.refresh_from_db()
        from_here = [row for row in rows if row.is_from(state)]
        with nothing_written(f"{kind} in {state}"):
            for somebody in everybody:
                if somebody not in blind:
                    wrong += _offered(somebody, case, from_here)
                    wrong += _tried(somebody, case, from_here, doors[somebody.name])
            for row in rows:
                if row not in from_here:
                    wrong += _tried_in_vain(row, case, everybody)
    assert not wrong, "\n".join(wrong)


PAGE, API = "/cases/{}/{}/", "/api/v1/cases/{}/acts/{}/"


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


def _offered(somebody: Somebody, case: Case, rows: Sequence[Row]) -> list[str]:
    """What is offered otherwise than the table says of this state. What a guard may refuse may be missing."""
    mine = [row for row in rows if row.is_for(standing(somebody, case))]
    answer = somebody.client.get(f"/api/v1/cases/{case.number}/").json()
    offered = {arrow["verb"] for arrow in answer["arrows"]}
    more, less = offered - {row.verb for row in mine}, {row.verb for row in mine if not row.guards} - offered
    return [f"{case.state} offers {somebody.name} {sorted(more)} and lacks {sorted(less)}"] if more or less else []


def _tried(somebody: Somebody, case: Case, rows: Sequence[Row], doors: Sequence[str]) -> list[str]:
    """Each row that is not for this person, at these doors: what is answered otherwise than by a refusal."""
    wrong, may_see = [], sees(somebody, case)
    if (somebody.client.get(f"/api/v1/cases/{case.number}/").status_code == 200) != may_see:
        wrong.append(f"the API is {'closed' if may_see else 'open'} to {somebody.name}")
    for row in rows:
        if may_see and row.is_for(standing(somebody, case)):
            continue
        for door in doors:
            path = door.format(case.number, row.verb)
            answer = somebody.client.post(path, filled(case, row.verb))
            refused = {400, 409} if path.startswith("/api/") else {200, 302}
            hidden = {404} if somebody.person else {302, 403}
            if answer.status_code not in (refused if may_see else hidden):
                wrong.append(f"{path} in {case.state} answers {somebody.name} with {answer.status_code}")
    return wrong


def _tried_in_vain(row: Row, case: Case, everybody: Sequence[Somebody]) -> list[str]:
    """A row that is not from this state, by one of those whom it is for elsewhere."""
    somebody = next(
        (candidate for candidate in everybody if sees(candidate, case) and row.is_for(standing(candidate, case))), None
    )
    if somebody is None:
        return []
    answer = somebody.client.post(API.format(case.number, row.verb), filled(case, row.verb))
    if answer.status_code == 400:
        return []
    return [f"{row.verb} in {case.state} answers {somebody.name} with {answer.status_code}"]


def filled(case: Case, verb: str) -> dict[str, Any]:
    """A form of this arrow in which nothing but standing and state is in the way."""
    arrow = case.workflow.arrow(verb)
    assert arrow, verb
    if arrow.door:
        return {"version": case.version}  # its page is a door of its own, in tests/frozen/permissions.csv
    by = case.holder.person
    blank = ArrowForm(arrow=arrow, case=case, by=by)
    posted = {name: _whatever(field) for name, field in blank.fields.items() if field.required} | {
        "version": case.version
    }
    form = ArrowForm(posted, arrow=arrow, case=case, by=by)
    assert form.is_valid(), f"{case.kind} {arrow.verb}: {form.errors.as_text()}"
    return posted


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
