"""Promises about a real worker: points are awarded once whatever is killed, and no answer to a call-out is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases.engine.checks import unsound_cases
from cases.engine.turns import Given
from cases.models import Case
from notices.models import Notice
from tests.support.machine import wait_until
from volunteers.models import CallOut, Offer, Plan, PointsEntry, Team, TeamMember
from volunteers.services import callouts, orders, points, visits

pytestmark = [pytest.mark.needs_worker, pytest.mark.django_db(transaction=True)]
MEMBERS, TEAMS, HANDS = 4332, 153, 4


@pytest.fixture
def unrated(open_visit, ask, helper) -> Case:
    """Served a month ago and never rated: the next sweep closes it and awards."""
    asked = timezone.now() - timedelta(days=30)
    begins = asked + timedelta(days=1)
    case = ask(open_visit(at=asked, begins_at=begins, ends_at=begins + timedelta(hours=3)), helper, at=asked)
    orders.accept(case=case, by=helper, at=asked)
    visits.check_in(case=case, by=helper, at=begins, code=case.service.door_code)
    visits.check_out(case=case, by=helper, at=begins + timedelta(hours=2), given=Given("陪着去了"))
    return case


def state_of(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def is_writing_points() -> bool:
    """Whether somebody else's award is in the middle of its transaction, held up by ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE "
            "'INSERT INTO \"volunteers_pointsentry\"%' AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_killed_in_the_middle_of_an_award_awards_once(worker, unrated, helper):
    """Our own uncommitted entry under the same key stops the worker after it has closed the order and before its award is
    written; there it is killed."""
    with transaction.atomic():
        key = f"order:{unrated.pk}:{helper.pk}:service"
        PointsEntry.objects.create(person=helper, points=1, words="挡住", noted_at=timezone.now(), key=key)
        worker.start()
        wait_until(is_writing_points)
        worker.kill()
        transaction.set_rollback(True)
    assert state_of(unrated) == "awaiting_rating"
    assert points.balance(helper) == 0
    worker.start()
    wait_until(lambda: state_of(unrated) == "done")
    assert points.balance(helper) == 5 + 2 * 2
    assert PointsEntry.objects.count() == Offer.objects.filter(left_at__isnull=False).count() * 2
    assert unrated.events.filter(verb="close_unrated").count() == 1
    assert list(unsound_cases()) == []


@pytest.fixture
def big_plan(kinds, town, staff) -> Plan:
    people = User.objects.bulk_create(
        User(phone=f"136{n:08d}", phone_index=f"many-{n}", name=f"队员{n}") for n in range(MEMBERS)
    )
    teams = Team.objects.bulk_create(
        Team(name=f"第{n}支援队", kind="support", grid=town.community, founded_at=timezone.now()) for n in range(TEAMS)
    )
    TeamMember.objects.bulk_create(
        TeamMember(team=teams[n % TEAMS], person=person, from_at=timezone.now()) for n, person in enumerate(people)
    )
    plan = Plan.objects.create(name="防汛预案", hazard="flood", grid=town.community, words="河水上涨，到宜和广场集合")
    plan.teams.set(teams)
    return plan


def answer_all(made: CallOut, reply_of: Callable[[int], str]) -> None:
    """Everybody by the link of their own, through the whole web application."""
    links = [
        callouts.answer_path(made, person) for person in made.calls.order_by("pk").values_list("person", flat=True)
    ]

    def answer(share: int) -> None:
        try:
            client = Client()
            for number in range(share, len(links), HANDS):
                assert client.post(links[number], {"answer": reply_of(number)}).status_code == 302
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as crowd:
        list(crowd.map(answer, range(HANDS)))


def test_a_call_out_of_thousands_loses_no_notice_and_no_answer(worker, big_plan, worker_at_desk):
    worker.start()
    made = callouts.call_out(plan=big_plan, by=worker_at_desk, at=timezone.now())
    assert made.calls.count() == MEMBERS
    told = Notice.objects.filter(cause=f"call-out:{made.pk}")
    assert told.count() == MEMBERS
    answer_all(made, lambda number: ("yes", "no", "here")[number % 3])
    total = callouts.board(made)[-1]
    third = MEMBERS // 3
    assert (total.called, total.yes, total.no, total.here, total.silent) == (MEMBERS, third, third, third, 0)
    wait_until(lambda: not told.filter(sent_at=None).exists(), seconds=120)
    assert not told.exclude(tries=1).exists(), "each went out once"
