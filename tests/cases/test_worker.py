"""Promises about a real worker: nothing acknowledged is lost, whatever is killed, and nothing is done twice."""

import pytest
from kombu.exceptions import OperationalError

from cases.engine.checks import unsound_cases
from cases.models import Case
from notices.models import Notice
from tests.support.cast import submit
from tests.support.machine import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def state_of(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


@pytest.mark.needs_worker
def test_the_bell_routes_within_seconds(worker, defaults, town, staff, resident):
    worker.start()
    case = submit(resident, town)
    wait_until(lambda: state_of(case) == "dispatched")
    wait_until(lambda: not Notice.objects.filter(sent_at=None).exists())


@pytest.mark.needs_worker
def test_a_worker_killed_before_routing_loses_nothing(worker, defaults, town, staff, resident):
    worker.start()
    worker.kill()
    case = submit(resident, town)
    assert state_of(case) == "submitted"
    worker.start()
    # The message may be gone with the worker; the sweep finds the row within its interval.
    wait_until(lambda: state_of(case) == "dispatched", seconds=60)
    assert case.events.filter(verb="dispatch").count() == 1
    assert list(unsound_cases()) == []


@pytest.mark.needs_worker
def test_a_message_lost_altogether_is_found_by_the_sweep(worker, defaults, town, staff, resident, monkeypatch):
    monkeypatch.setattr("cases.engine.opening.ring_to_route", lambda case_ids: None)
    worker.start()
    case = submit(resident, town)
    wait_until(lambda: state_of(case) == "dispatched", seconds=60)


@pytest.mark.needs_worker
def test_what_was_missed_is_looked_for_when_a_worker_begins(worker, defaults, town, staff, resident, monkeypatch):
    """Not only at the next sweep, which here comes in an hour."""
    monkeypatch.setattr("cases.engine.opening.ring_to_route", lambda case_ids: None)
    case = submit(resident, town)
    worker.env["SWEEP_SECONDS"] = "3600"
    worker.start()
    wait_until(lambda: state_of(case) == "dispatched")


@pytest.mark.needs_worker
def test_what_was_missed_is_looked_for_when_the_broker_is_back(worker, defaults, town, staff, resident):
    worker.env["SWEEP_SECONDS"] = "3600"
    worker.start()
    worker.broker.kill()
    case = submit(resident, town)  # the bell is not heard; whoever notices that the broker is gone may look at once
    worker.broker.start()
    wait_until(lambda: state_of(case) == "dispatched")


def test_a_broker_that_is_down_does_not_hold_up_the_answer(defaults, town, staff, resident, monkeypatch):
    def down(*_, **__):
        raise OperationalError("no route to broker")

    monkeypatch.setattr("cases.engine.opening.current_app.send_task", down)
    case = submit(resident, town)
    assert state_of(case) == "submitted"
    assert Case.objects.get(pk=case.pk).wake_for == "route"


@pytest.mark.needs_worker
def test_work_in_hand_when_the_worker_dies_is_done_once(worker, defaults, town, staff, resident):
    worker.start()
    cases = [submit(resident, town, key=f"key-{number}") for number in range(30)]
    worker.kill()
    worker.start()
    wait_until(lambda: not Case.objects.filter(state="submitted").exists())
    for case in cases:
        assert case.events.filter(verb="dispatch").count() == 1
    assert list(unsound_cases()) == []
