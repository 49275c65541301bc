"""A worker that turns its rounds and takes nothing while tasks wait ends itself."""

from collections import Counter
from unittest.mock import Mock

import pytest
from celery.worker import state

from operations.heartbeats import MOST_DEAF_LOOKS, WorkerAlive, look_for_what_was_missed, tasks_waiting
from zhenghe.celery import app

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs_worker]


@pytest.fixture
def step(worker, monkeypatch) -> WorkerAlive:
    """In a worker's main process, so to speak: its broker is there, the worker is not."""
    monkeypatch.setattr(state, "should_terminate", None)
    monkeypatch.setattr(state, "total_count", Counter())
    monkeypatch.setattr(state, "active_requests", set())
    monkeypatch.setattr("operations.heartbeats.look_for_what_was_missed", lambda **_: None)  # fills the queue
    made = WorkerAlive(Mock())
    made.start(Mock())
    made.look()
    return made


def look_often(step: WorkerAlive) -> bool:
    """Whether it ends then."""
    for _ in range(MOST_DEAF_LOOKS):
        step.look()
    return bool(state.should_terminate)


def test_tasks_wait_and_none_is_taken(step):
    app.send_task("cases.tasks.sweep")
    assert tasks_waiting() == 1
    for _ in range(MOST_DEAF_LOOKS - 1):
        step.look()
    assert not state.should_terminate
    step.look()
    assert state.should_terminate


def test_nothing_waits(step):
    assert tasks_waiting() == 0
    assert not look_often(step)


def test_it_has_its_hands_full(step):
    app.send_task("cases.tasks.sweep")
    state.active_requests.add("a long export")
    assert not look_often(step)


def test_it_takes_one_now_and_then(step):
    app.send_task("cases.tasks.sweep")
    for _ in range(2):
        step.look()
        step.look()
        state.total_count["cases.tasks.sweep"] += 1
    assert not state.should_terminate


def test_the_broker_is_away(step, worker):
    app.send_task("cases.tasks.sweep")
    worker.broker.kill()
    assert tasks_waiting() == 0
    assert not look_often(step)


def test_all_hands_look_for_what_was_missed_requests_first(monkeypatch):
    sent = []
    monkeypatch.setattr(app, "send_task", sent.append)
    look_for_what_was_missed(hands=3)
    assert sent == ["cases.tasks.sweep"] * 3 + ["notices.tasks.deliver_due"] * 3
    app.loader.import_default_modules()
    assert set(sent) <= app.tasks.keys()
