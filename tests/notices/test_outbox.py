"""A message is a row first; delivery works it off, whatever breaks on the way."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.privacy.holdings import HOLDINGS
from notices import services
from notices.channels import CHANNELS, LONGEST
from notices.channels.mail import SENDERS
from notices.delivery import outbox
from notices.delivery.outbox import LEASE, MAX_TRIES, deliver_due
from notices.delivery.push import Ways
from notices.models import Notice
from notices.services import Digest, News, mark_read, notify
from notices.texts import MAIL, SITE, TEXTS, Text
from tests.support.cast import MONDAY, signed_in
from tests.support.heard import heard_once


@pytest.fixture(autouse=True)
def texts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TEXTS, "test.word", Text("{word}", many="{count} 件"))
        patch.setitem(TEXTS, "test.both", Text("{word}", channels=(SITE, MAIL)))
        patch.setitem(TEXTS, "test.mail", Text("{word}", channels=(MAIL,)))
        patch.setitem(SENDERS, "test.both", lambda notice: None)
        patch.setitem(SENDERS, "test.mail", lambda notice: None)
        yield


def word(person, text, cause, *, at=MONDAY, kind="test.word", **more) -> News:
    return News(kind=kind, people=[person], facts={"word": text}, path="/cases/", cause=cause, at=at, **more)


@pytest.fixture
def told(resident) -> Notice:
    notify(word(resident, "您的事有进展", "event:1"))
    return Notice.objects.get()


def test_the_same_key_twice_is_one_message(told, resident):
    notify(word(resident, "再说一次", "event:1"))
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_bell_rings_for_all_messages_of_a_transaction(resident, monkeypatch):
    rung = []
    monkeypatch.setattr(services.current_app, "send_task", rung.append)
    with transaction.atomic():
        notify(word(resident, "一条", "one"))
        with contextlib.suppress(RuntimeError), transaction.atomic():
            notify(word(resident, "没有发生", "none"))
            raise RuntimeError
        notify(word(resident, "两条", "two"))
    with transaction.atomic():
        with contextlib.suppress(RuntimeError), transaction.atomic():
            notify(word(resident, "没有发生", "none"))
            raise RuntimeError
        notify(word(resident, "三条", "three"))
    assert rung == ["notices.tasks.deliver_due"] * 2
    assert Notice.objects.count() == 3


def test_delivered_once(told):
    assert deliver_due(at=MONDAY) == 1
    assert deliver_due(at=MONDAY) == 0
    told.refresh_from_db()
    assert told.sent_at == MONDAY


def test_nothing_is_delivered_before_its_time(resident):
    digest = Digest(key="several", path="/")
    notify(word(resident, "一件", "one", digest=digest))
    assert deliver_due(at=MONDAY + services.GATHERING - timedelta(seconds=1)) == 0
    assert deliver_due(at=MONDAY + services.GATHERING) == 1


AN_HOUR_AHEAD = MONDAY + timedelta(hours=1)


def test_what_a_clock_that_ran_ahead_wrote_does_not_wait_for_it(told, resident, monkeypatch):
    digest = Digest(key="several", path="/")
    notify(word(resident, "现在", "ahead", at=AN_HOUR_AHEAD))
    notify(word(resident, "一件", "gathered", at=AN_HOUR_AHEAD, digest=digest))
    held = outbox._lease(at=AN_HOUR_AHEAD)
    assert held == [told.pk, heard_once("现在").pk]
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
        notify(word(resident, "没有发生", "undone"))
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_fault_pushes_one_message_back_and_does_not_stop_the_others(told, neighbour, monkeypatch):
    notify(word(neighbour, "另一条", "event:2"))
    sent = []

    def fail_for_one(notice):
        if notice.pk == told.pk:
            raise OSError("network gone")
        sent.append(notice.pk)
        return True

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
    (notice,) = Notice.objects.filter(pk__in=outbox._lease(at=MONDAY))
    if was_in_hand:
        outbox._take(notice, Ways.now(), at=MONDAY)
    # and the worker is gone
    assert deliver_due(at=MONDAY + timedelta(seconds=5)) == 0
    assert deliver_due(at=MONDAY + timedelta(seconds=20)) == 1


def test_what_a_killed_worker_was_sending_by_mail_waits_until_it_cannot_be_under_way(resident):
    notify(word(resident, "一条", "event:1", kind="test.mail"))
    (notice,) = Notice.objects.filter(pk__in=outbox._lease(at=MONDAY))
    outbox._take(notice, Ways.now(), at=MONDAY)
    assert deliver_due(at=MONDAY + LONGEST["mail"] - timedelta(seconds=1)) == 0
    assert deliver_due(at=MONDAY + LONGEST["mail"] + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_each_message_once(resident, monkeypatch):
    sent = []
    monkeypatch.setitem(CHANNELS, "site", lambda notice: sent.append(notice.pk) is None)
    for number in range(300):
        notify(word(resident, "一条", f"event:{number}"))

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
    notify(word(neighbour, "邻居的", "other"))
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
            return True

    channel = Slow()
    channel.sent = []
    monkeypatch.setattr(outbox, "monotonic", lambda: channel.seconds)
    monkeypatch.setitem(CHANNELS, "site", channel.deliver)
    monkeypatch.setitem(LONGEST, "site", timedelta(minutes=2))
    return channel


def test_a_slow_channel_sends_each_message_once(resident, slow):
    """Ten minutes for one batch; another worker comes by all the time."""
    for number in range(10):
        notify(word(resident, "一条", f"event:{number}"))
    taken = []

    def another_worker():
        taken.extend(outbox._lease(at=MONDAY + timedelta(seconds=slow.seconds)))

    slow.meanwhile = another_worker
    deliver_due(at=MONDAY)
    assert len(slow.sent) == len(set(slow.sent))
    assert not set(slow.sent) & set(taken)


def test_eight_workers_that_die_leave_a_reason_that_is_found(told, capsys):
    at = MONDAY
    for _ in range(MAX_TRIES):
        (notice,) = Notice.objects.filter(pk__in=outbox._lease(at=at))
        outbox._take(notice, Ways.now(), at=at)  # and the worker is gone
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
        notify(word(person, "一条", "event:1"))
    first, second = Notice.objects.filter(pk__in=outbox._lease(at=MONDAY)).order_by("pk")
    outbox._take(first, Ways.now(), at=MONDAY)
    second.refresh_from_db()
    assert (second.tries, second.failed) == (0, "")


def test_nothing_given_up_is_said_too(told, capsys):
    deliver_due(at=MONDAY)
    call_command("check_notices")
    assert "没有放弃的通知" in capsys.readouterr().out
    told.refresh_from_db()
    assert told.failed == ""


def test_messages_told_together_are_one_statement(resident, neighbour, django_assert_num_queries):
    with django_assert_num_queries(1):
        notify(
            word(resident, "一条", "event:1"), word(neighbour, "另一条", "event:1"), word(resident, "再一条", "event:2")
        )
    assert {notice.cause for notice in Notice.objects.all()} == {"event:1", "event:2"}


def test_messages_with_a_digest_are_one_that_says_how_many(resident, neighbour):
    digest = Digest(key="several", path="/several/")
    notify(word(resident, "第一件", "event:0", digest=digest))
    notify(*(word(resident, "又一件", f"event:{number}", digest=digest) for number in (1, 2)))
    notify(word(neighbour, "只有一件", "event:1", digest=digest))
    several, alone = Notice.objects.get(person=resident), Notice.objects.get(person=neighbour)
    assert (several.words, several.path, several.facts) == ("3 件", "/several/", {})
    assert (alone.words, alone.path) == ("只有一件", "/cases/")


def test_what_is_told_together_goes_into_one_digest_too(resident):
    notify(*(word(resident, "一件", f"event:{number}", digest=Digest("several", "/several/")) for number in range(4)))
    assert Notice.objects.get().words == "4 件"


def test_a_message_without_its_facts_or_its_text_is_not_queued(resident):
    with pytest.raises(KeyError, match="word"):
        notify(News(kind="test.word", people=[resident], path="/", cause="event:1", at=MONDAY))
    with pytest.raises(KeyError, match="test.nothing"):
        notify(word(resident, "一条", "event:1", kind="test.nothing"))


def test_channels_are_chosen_when_it_is_sent(resident, monkeypatch):
    notify(word(resident, "一条", "event:1", kind="test.both"))
    monkeypatch.setitem(CHANNELS, MAIL, lambda notice: True)  # an address was left meanwhile
    deliver_due(at=MONDAY)
    assert Notice.objects.get().sent_over == [SITE, MAIL]


def test_a_channel_that_fails_is_tried_again_alone(resident, monkeypatch):
    sent = []

    def fail(notice):
        raise OSError("network gone")

    notify(word(resident, "一条", "event:1", kind="test.both"))
    monkeypatch.setitem(CHANNELS, SITE, fail)
    monkeypatch.setitem(CHANNELS, MAIL, lambda notice: sent.append(notice.pk) is None)
    deliver_due(at=MONDAY)
    notice = Notice.objects.get()
    assert (notice.sent_over, notice.failed, notice.sent_at) == ([MAIL], "site: OSError: network gone", None)
    monkeypatch.setitem(CHANNELS, SITE, lambda notice: True)
    deliver_due(at=notice.due_at)
    assert Notice.objects.get().sent_over == [MAIL, SITE]
    assert sent == [notice.pk]


def test_what_goes_by_mail_alone_does_not_stand_on_the_site(resident):
    notify(word(resident, "请确认邮箱", "event:1", kind="test.mail"))
    page = signed_in(resident).get("/notices/").content.decode()
    assert "请确认邮箱" not in page


def test_a_message_that_this_worker_has_no_text_for_waits_for_a_newer_one(told, monkeypatch):
    Notice.objects.update(kind="test.of_tomorrow")
    assert deliver_due(at=MONDAY) == 0
    told.refresh_from_db()
    assert "test.of_tomorrow" in told.failed
    assert told.words == "（内容已删除）"


def test_what_is_held_about_me_says_what_i_was_told_and_by_which_way(told, resident):
    deliver_due(at=MONDAY)
    held = next(holding for holding in HOLDINGS if holding.label == "通知")
    assert [(row["内容"], row["渠道"]) for row in held.rows(resident)] == [("您的事有进展", "站内消息")]
