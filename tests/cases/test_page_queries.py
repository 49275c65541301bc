"""The page of a case asks the database few things: for its holder, in the middle of its life."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cases.models import Case
from disputes.defaults.loading import load_defaults
from grids.posts.services import vacate
from grids.rights.jurisdiction import posts_of
from tests.disputes.conftest import apply, draft, fill_in, meet, sign, take_on
from tests.meetings.neighbours import a_person, adopted, announced, settle
from tests.support.cast import MONDAY, draw, post_of, signed_in
from volunteers.services import orders
from web.read_once import once, one_page


def asked(case: Case, person: User) -> list[str]:
    """What the database is asked for the page of a case."""
    client = signed_in(person)
    client.get(case.get_absolute_url())  # the first look warms caches of content types and the like
    with CaptureQueriesContext(connection) as queries:
        assert client.get(case.get_absolute_url()).status_code == 200
    return [query["sql"] for query in queries]


def test_of_a_request(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "note", grid_leader, "看过现场")
    assert len(asked(request_case, grid_leader)) <= 12


def test_of_a_service(visit, ask, helper, worker_at_desk):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY + timedelta(minutes=10))
    statements = asked(visit, worker_at_desk)
    assert len(set(statements)) == len(statements) <= 11


def test_of_a_topic(defaults, town, staff, worker_at_desk):
    settle(town, [a_person(number) for number in range(4)])
    topic = adopted(town, worker_at_desk)
    announced(topic, worker_at_desk)
    statements = asked(topic.case, worker_at_desk)
    assert len(set(statements)) == len(statements) <= 14


def test_of_a_dispute(defaults, town, staff, resident, neighbour):
    load_defaults()
    case = apply(resident, neighbour, town)
    leader = case.holder.person
    take_on(case, leader, neighbour)
    meet(case, leader)
    draft(case, leader, form="written")
    fill_in(case)
    sign(case, resident)
    case.refresh_from_db()
    assert len(asked(case, leader)) <= 18


def test_reading_a_case_locks_nothing(request_case, grid_leader):
    assert not [sql for sql in asked(request_case, grid_leader) if " FOR " in sql]


def test_what_a_page_was_told_is_kept_for_that_page_alone(grid_leader):
    with one_page():
        assert posts_of(grid_leader, at=MONDAY)
        vacate(post=post_of(grid_leader), at=MONDAY)
        assert posts_of(grid_leader, at=MONDAY)
    assert not posts_of(grid_leader, at=MONDAY)
    answers = iter("ab")
    assert [once("question", lambda: next(answers)) for _ in range(2)] == ["a", "b"]
