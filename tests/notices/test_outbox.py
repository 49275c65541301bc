"""A message is a row first; delivery works it off, whatever breaks on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from notices import services
from notices.channels import CHANNELS
from notices.models import Notice
from notices.services import LEASE, MAX_TRIES, deliver_due, mark_read, notify
from tests.cast import MONDAY, signed_in


@pytest.fixture
def told(resident) -> Notice:
    notify(people=[resident], words="您的事有进展", path="/cases/", key="event:1:asker", at=MONDAY)
    return Notice.objects.get()


def test_the_same_key_twice_is_one_message(told, resident):
    notify(people=[resident], words="再说一次", path="/", key="event:1:asker", at=MONDAY)
    assert Notice.objects.count() == 1


def test_delivered_once(told):
    assert deliver_due(at=MONDAY) == 1
    assert deliver_due(at=MONDAY) == 0
    told.refresh_from_db()
    assert told.sent_at == MONDAY


def test_nothing_is_delivered_before_its_time(resident):
    notify(people=[resident], words="明天", path="/", key="later", at=MONDAY + timedelta(days=1))
    assert deliver_due(at=MONDAY) == 0


def test_a_message_of_an_act_that_failed_is_none(resident):
    with transaction.atomic():
        notify(people=[resident], words="没有发生", path="/", key="undone", at=MONDAY)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_fault_pushes_one_message_back_and_does_not_stop_the_others(told, neighbour, monkeypatch):
    notify(people=[neighbour], words="另一条", path="/", key="event:2:asker", at=MONDAY)
    sent = []

    def fail_for_one(notice):
        if notice.pk == told.pk:
            raise OSError("network gone")
        sent.append(notice.pk)

    monkeypatch.setitem(CHANNELS, "site", fail_for_one)
    assert deliver_due(at=MONDAY) == 1
    told.refresh_from_db()
    assert told.sent_at is None
    assert "network gone" in told.failed
    assert MONDAY < told.due_at <= MONDAY + timedelta(minutes=4)
    monkeypatch.undo()
    assert deliver_due(at=told.due_at) == 1


def test_it_gives_up_after_so_many_tries_and_says_why(told, monkeypatch):
    def fail(notice):
        raise OSError("no such number")

    monkeypatch.setitem(CHANNELS, "site", fail)
    at = MONDAY
    for _ in range(MAX_TRIES + 3):
        deliver_due(at=at)
        at += timedelta(days=1)
    told.refresh_from_db()
    assert told.tries == MAX_TRIES
    assert "no such number" in told.failed


def test_what_a_killed_worker_held_is_free_when_the_lease_runs_out(told):
    services._lease(at=MONDAY)  # leased, then the worker dies
    assert deliver_due(at=MONDAY + LEASE / 2) == 0
    assert deliver_due(at=MONDAY + LEASE + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_each_message_once(resident, monkeypatch):
    sent = []
    monkeypatch.setitem(CHANNELS, "site", lambda notice: sent.append(notice.pk))
    for number in range(300):
        notify(people=[resident], words="一条", path="/", key=f"event:{number}", at=MONDAY)

    def work(_):
        try:
            deliver_due(at=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(work, range(8)))
    assert len(sent) == len(set(sent)) == 300


def test_my_messages_and_nobody_elses(told, resident, neighbour):
    assert "您的事有进展" in signed_in(resident).get("/notices/").content.decode()
    assert "您的事有进展" not in signed_in(neighbour).get("/notices/").content.decode()


def test_reading_marks_mine_only(told, resident, neighbour):
    notify(people=[neighbour], words="邻居的", path="/", key="other", at=MONDAY)
    signed_in(resident).post("/notices/")
    assert set(Notice.objects.filter(read_at=None).values_list("person", flat=True)) == {neighbour.pk}
    mark_read(person=neighbour, at=MONDAY)
    assert not Notice.objects.filter(read_at=None).exists()
