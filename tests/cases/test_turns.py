"""One act is one turn: the row is locked once, read once, written once, or nothing is written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.engine.facts import facts_of
from cases.engine.turns import CaseMovedOn, Given, turn_on, written_together
from cases.models import Case, CaseEvent, Seat
from cases.services import act, move, route
from cases.workflow import CO_HOLDER
from notices.models import Notice
from tests.support.cast import MONDAY, post_of, submit


def statements(what) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        what()
    captured = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in captured if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def test_what_routing_and_signing_ask(defaults, town, staff, resident, grid_leader):
    first, second = (submit(resident, town, key=key) for key in ("one", "two"))
    route(case_id=first.pk, at=MONDAY)  # fills what a process keeps
    assert len(statements(lambda: route(case_id=second.pk, at=MONDAY))) <= 7
    second.refresh_from_db()
    sign = {"verb": "sign", "by": grid_leader, "at": MONDAY, "version": second.version, "given": Given()}
    asked = statements(lambda: act(case=second, **sign))
    assert len(asked) <= 7
    assert sum("FOR NO KEY UPDATE" in sql for sql in asked) == 1
    assert sum(sql.startswith('UPDATE "cases_case"') for sql in asked) == 1


def test_what_moves_the_same_case_inside_joins_the_turn(request_case, grid_leader):
    begun = CaseEvent.objects.filter(case=request_case).count()

    def twice() -> None:
        with turn_on(request_case, by=grid_leader, at=MONDAY) as turn:
            turn.draw("sign")
            assert CaseEvent.objects.filter(case=request_case).count() == begun  # nothing is written before the end
            with turn_on(Case.objects.get(pk=request_case.pk), by=None, at=MONDAY) as same:
                assert same is turn
                same.draw("remind")

    asked = statements(twice)
    assert sum(sql.startswith('UPDATE "cases_case"') for sql in asked) == 1
    story = CaseEvent.objects.filter(case=request_case).order_by("number").values_list("number", "verb", "by")
    assert list(story)[begun:] == [(begun + 1, "sign", grid_leader.pk), (begun + 2, "remind", None)]
    assert (request_case.state, request_case.event_count) == ("accepted", begun + 2)


def test_whoever_joined_a_turn_knows_afterwards_what_was_written(request_case, next_grid_leader):
    post, other = post_of(next_grid_leader), Case.objects.get(pk=request_case.pk)
    assert not facts_of(other).seats(CO_HOLDER)
    with turn_on(request_case, by=None, at=MONDAY), turn_on(other, by=None, at=MONDAY) as turn:
        turn.seat(CO_HOLDER, post=post)
    assert [[seat.post for seat in facts_of(case).seats(CO_HOLDER)] for case in (request_case, other)] == [[post]] * 2


def test_what_fails_at_the_end_leaves_nothing(request_case, grid_leader, next_grid_leader):
    before = (request_case.state, request_case.version, request_case.event_count)

    def breaks() -> None:
        with turn_on(request_case, by=grid_leader, at=MONDAY) as turn:
            turn.seat(CO_HOLDER, post=post_of(next_grid_leader))
            turn.draw("sign")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        breaks()
    for case in (request_case, Case.objects.get(pk=request_case.pk)):
        assert (case.state, case.version, case.event_count) == before
    assert not Seat.objects.filter(case=request_case, role=CO_HOLDER).exists()


def test_a_stale_page_is_refused(request_case, grid_leader):
    with pytest.raises(CaseMovedOn):
        move(case=request_case, verb="sign", by=grid_leader, at=MONDAY, version=request_case.version - 1)


def test_a_case_that_is_gone_is_refused(defaults):
    with pytest.raises(CaseMovedOn), turn_on(Case(pk=10**9), by=None, at=MONDAY):
        pass


def test_who_gets_up_may_sit_down_again_in_the_same_turn(request_case, next_grid_leader):
    post = post_of(next_grid_leader)
    with turn_on(request_case, by=None, at=MONDAY) as turn:
        assert turn.seat(CO_HOLDER, post=post) is not None
        assert turn.seat(CO_HOLDER, post=post) is None  # there already
    with turn_on(request_case, by=None, at=MONDAY) as turn:
        turn.unseat(CO_HOLDER)
        turn.seat(CO_HOLDER, post=post)
    sat = Seat.objects.filter(case=request_case, role=CO_HOLDER).order_by("pk").values_list("until_at", flat=True)
    assert list(sat) == [MONDAY, None]


def test_what_is_no_column_of_a_case_is_a_fault_and_not_lost(request_case, grid_leader):
    with pytest.raises(TypeError, match="outcom"):
        move(case=request_case, verb="sign", by=grid_leader, at=MONDAY, outcom="rated")
    assert Case.objects.get(pk=request_case.pk).state == "dispatched"


def test_turns_of_several_cases_are_written_together_or_not_at_all(defaults, town, resident, staff):
    cases = [submit(resident, town, key=key) for key in ("one", "two", "three")]
    for case in cases:
        route(case_id=case.pk, at=MONDAY)

    def remind(*, breaks: bool = False) -> None:
        with written_together():
            for case in cases:
                move(case=case, verb="remind", by=None, at=MONDAY)
            if breaks:
                raise InterruptedError

    reminded = CaseEvent.objects.filter(verb="remind")
    with pytest.raises(InterruptedError):
        remind(breaks=True)
    assert not reminded.exists()
    asked = statements(remind)
    assert [
        sum(sql.startswith(f'INSERT INTO "{table}"') for sql in asked)
        for table in ("cases_caseevent", "notices_notice")
    ] == [1, 1]
    assert sorted(reminded.values_list("case", flat=True)) == sorted(case.pk for case in cases)
    assert reminded.count() == Notice.objects.filter(kind__endswith="remind.holder").count()


def test_only_what_changed_is_written(request_case, grid_leader):
    Case.objects.filter(pk=request_case.pk).update(place="elsewhere")
    asked = statements(
        lambda: act(case=request_case, verb="sign", by=grid_leader, at=MONDAY, version=None, given=Given())
    )
    [update] = [sql for sql in asked if sql.startswith('UPDATE "cases_case"')]
    columns = update.partition(" WHERE ")[0]
    assert '"state"' in columns
    assert not [name for name in ('"title"', '"place"', '"grid_id"', '"opened_at"') if name in columns]
