"""A message is a row first; delivery works it off, whatever breaks on the way."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from notices import services
from notices.channels import CHANNELS, LONGEST
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


@pytest.mark.django_db(transaction=True)
def test_one_bell_rings_for_all_messages_of_a_transaction(resident, monkeypatch):
    rung = []
    monkeypatch.setattr(services.current_app, "send_task", rung.append)
    with transaction.atomic():
        notify(people=[resident], words="一条", path="/", key="one", at=MONDAY)
        with contextlib.suppress(RuntimeError), transaction.atomic():
            notify(people=[resident], words="没有发生", path="/", key="none", at=MONDAY)
            raise RuntimeError
        notify(people=[resident], words="两条", path="/", key="two", at=MONDAY)
    with transaction.atomic():
        with contextlib.suppress(RuntimeError), transaction.atomic():
            notify(people=[resident], words="没有发生", path="/", key="none", at=MONDAY)
            raise RuntimeError
        notify(people=[resident], words="三条", path="/", key="three", at=MONDAY)
    assert rung == ["notices.tasks.deliver_due"] * 2
    assert Notice.objects.count() == 3


def test_delivered_once(told):
    assert deliver_due(at=MONDAY) == 1
    assert deliver_due(at=MONDAY) == 0
    told.refresh_from_db()
    assert told.sent_at == MONDAY


def test_nothing_is_delivered_before_its_time(resident):
    digest = services.Digest(key="several", words="{count} 件", path="/")
    notify(people=[resident], words="一件", path="/", key="one", at=MONDAY, digest=digest)
    assert deliver_due(at=MONDAY + services.QUIET - timedelta(seconds=1)) == 0
    assert deliver_due(at=MONDAY + services.QUIET) == 1


AN_HOUR_AHEAD = MONDAY + timedelta(hours=1)


def test_what_a_clock_that_ran_ahead_wrote_does_not_wait_for_it(told, resident, monkeypatch):
    digest = services.Digest(key="several", words="{count} 件", path="/")
    notify(people=[resident], words="现在", path="/", key="ahead", at=AN_HOUR_AHEAD)
    notify(people=[resident], words="一件", path="/", key="gathered", at=AN_HOUR_AHEAD, digest=digest)
    held = services._lease(at=AN_HOUR_AHEAD)
    assert held == [told.pk, Notice.objects.get(words="现在").pk]
    assert deliver_due(at=MONDAY) == 3


def test_what_failed_waits_though_its_clock_may_be_a_little_ahead(told, monkeypatch):
    def fail(notice):
        raise OSError("network gone")

    monkeypatch.setitem(CHANNELS, "site", fail)
    deliver_due(at=MONDAY + timedelta(seconds=30))
    monkeypatch.undo()
    assert deliver_due(at=MONDAY) == 0
    Notice.objects.update(due_at=MONDAY + timedelta(minutes=2**MAX_TRIES + 2))
    assert deliver_due(at=MONDAY) == 1


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


@pytest.mark.parametrize("was_in_hand", [False, True])
def test_what_a_killed_worker_held_is_free_within_a_sweep(told, was_in_hand):
    (notice,) = Notice.objects.filter(pk__in=services._lease(at=MONDAY))
    if was_in_hand:
        services._take(notice, at=MONDAY)
    # and the worker is gone
    assert deliver_due(at=MONDAY + timedelta(seconds=5)) == 0
    assert deliver_due(at=MONDAY + timedelta(seconds=20)) == 1


def test_what_a_killed_worker_was_sending_by_mail_waits_until_it_cannot_be_under_way(resident):
    notify(people=[resident], words="一条", path="/", key="event:1", at=MONDAY, channel="mail")
    (notice,) = Notice.objects.filter(pk__in=services._lease(at=MONDAY))
    services._take(notice, at=MONDAY)
    assert deliver_due(at=MONDAY + LONGEST["mail"] - timedelta(seconds=1)) == 0
    assert deliver_due(at=MONDAY + LONGEST["mail"] + timedelta(seconds=1)) == 1


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


@pytest.fixture
def slow(monkeypatch):
    """A channel that takes a minute a message; `sent` are the messages, `meanwhile` is called in the middle of each."""

    class Slow:
        seconds, sent, meanwhile = 0.0, [], staticmethod(lambda: None)

        def deliver(self, notice):
            self.seconds += 60
            self.sent.append(notice.pk)
            self.meanwhile()

    channel = Slow()
    channel.sent = []
    monkeypatch.setattr(services, "monotonic", lambda: channel.seconds)
    monkeypatch.setitem(CHANNELS, "site", channel.deliver)
    monkeypatch.setitem(LONGEST, "site", timedelta(minutes=2))
    return channel


def test_a_slow_channel_sends_each_message_once(resident, slow):
    """Ten minutes for one batch; another worker comes by all the time."""
    for number in range(10):
        notify(people=[resident], words="一条", path="/", key=f"event:{number}", at=MONDAY)
    taken = []

    def another_worker():
        taken.extend(services._lease(at=MONDAY + timedelta(seconds=slow.seconds)))

    slow.meanwhile = another_worker
    deliver_due(at=MONDAY)
    assert len(slow.sent) == len(set(slow.sent))
    assert not set(slow.sent) & set(taken)


def test_eight_workers_that_die_leave_a_reason_that_is_found(told, capsys):
    at = MONDAY
    for _ in range(MAX_TRIES):
        (notice,) = Notice.objects.filter(pk__in=services._lease(at=at))
        services._take(notice, at=at)  # and the worker is gone
        at += LEASE + timedelta(seconds=1)
    assert deliver_due(at=at) == 0
    told.refresh_from_db()
    assert (told.tries, told.sent_at) == (MAX_TRIES, None)
    assert "工作进程没有做完" in told.failed
    with pytest.raises(CommandError, match="1 条通知没有送出"):
        call_command("check_notices")
    assert "工作进程没有做完" in capsys.readouterr().out


def test_a_message_that_kills_workers_takes_no_others_with_it(resident, neighbour):
    for person in (resident, neighbour):
        notify(people=[person], words="一条", path="/", key="event:1", at=MONDAY)
    first, second = Notice.objects.filter(pk__in=services._lease(at=MONDAY)).order_by("pk")
    services._take(first, at=MONDAY)
    second.refresh_from_db()
    assert (second.tries, second.failed) == (0, "")


def test_nothing_given_up_is_said_too(told, capsys):
    deliver_due(at=MONDAY)
    call_command("check_notices")
    assert "没有放弃的通知" in capsys.readouterr().out
    told.refresh_from_db()
    assert told.failed == ""
