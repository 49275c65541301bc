"""Redis goes away in the midst of work and comes back: the worker waits for it and goes on."""

import os
import signal
import threading
import time

import psutil
import pytest
import redis
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombus_own

from cases.models import Case
from tests.support.cast import submit
from tests.support.machine import Broker, wait_until
from zhenghe import redis_transport
from zhenghe.celery import app
from zhenghe.redis_transport import Transport


@pytest.fixture
def broker(tmp_path):
    made = Broker(tmp_path / "redis")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def abandoned(broker):
    """As Celery leaves a channel behind when the broker is lost: its connection is collected, and it is asked again."""
    connection = Connection(broker.url)
    channel = connection.channel()
    connection.transport.client = None
    return connection, channel


def test_kombus_own_channel_breaks_with_what_celery_does_not_wait_out(abandoned):
    """Once this fails, zhenghe/redis_transport.py can go."""
    _, channel = abandoned
    with pytest.raises(AttributeError, match="hostname"):
        kombus_own.Channel._connparams(channel)


def test_ours_says_that_the_connection_is_gone(abandoned):
    connection, channel = abandoned
    with pytest.raises(connection.connection_errors):
        channel._create_client()


@pytest.mark.parametrize(("transport", "is_free"), [(kombus_own, False), (redis_transport, True)], ids=["own", "ours"])
def test_what_could_not_be_acknowledged_is_out_of_hand(broker, transport, is_free, monkeypatch):
    """Kombu's own keeps it in hand for ever. When that is mended, ours can go."""
    monkeypatch.setitem(TRANSPORT_ALIASES, "redis", f"{transport.__name__}:Transport")
    monkeypatch.setattr("kombu.transport._transport_cache", {})
    connection = Connection(broker.url)
    with connection.SimpleQueue("work") as queue:
        queue.put("a task")
        channel = queue.consumer.channel
        channel.qos.prefetch_count, channel.do_restore = 1, False
        message = queue.get(timeout=3)
        assert not channel.qos.can_consume()
        broker.kill()
        with pytest.raises(connection.connection_errors):
            message.ack()
        assert channel.qos.can_consume() == is_free
        broker.start()


def test_addresses_of_redis_mean_our_transport():
    for address in ("redis://127.0.0.1:1/0", "rediss://127.0.0.1:1/0", "redis+socket:///nowhere"):
        assert isinstance(Connection(address).transport, Transport)


def test_a_broker_that_is_away_is_looked_for_every_few_seconds(monkeypatch):
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda seconds: None)
    waits = []
    with app.connection_for_read("redis+socket:///nowhere/valkey.sock") as away, pytest.raises(OperationalError):
        away.ensure_connection(lambda fault, wait: waits.append(wait), max_retries=8)
    assert waits[-3:] == [2, 2, 2]
    assert max(waits) == 2


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_redis_killed_under_load_and_the_worker_goes_on(worker, defaults, town, staff, resident):
    """Three times, at another moment each; what is submitted meanwhile is routed all the same."""
    worker.start()
    ring = threading.Event()

    def bells():
        while not ring.wait(0.01):
            try:
                app.send_task("notices.tasks.deliver_due")
            except OperationalError:
                time.sleep(0.05)

    load = threading.Thread(target=bells)
    load.start()
    try:
        for number in range(3):
            time.sleep(0.4)
            worker.broker.kill()
            submit(resident, town, key=f"while-redis-is-away-{number}")
            time.sleep(1.5)
            worker.broker.start()
            wait_until(lambda: not Case.objects.filter(state="submitted").exists(), why=worker.log.read_text)
            assert worker.is_running()
    finally:
        ring.set()
        load.join()
    assert "Unrecoverable" not in worker.log.read_text()


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_child_of_the_pool_is_replaced(worker, defaults, town, staff, resident):
    """As the OOM killer does, whichever of them it takes."""
    worker.start()
    for number in range(2):
        children = psutil.Process(worker.process.pid).children()
        for child in children:
            os.kill(child.pid, signal.SIGKILL)
        case = submit(resident, town, key=f"after-the-kill-{number}")
        wait_until(lambda case=case: Case.objects.get(pk=case.pk).state == "dispatched", why=worker.log.read_text)


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_a_broker_emptied_at_any_moment_loses_nothing(worker, defaults, town, staff, resident):
    worker.start()
    plain = redis.Redis.from_url(worker.broker.url.replace("redis+socket:", "unix:"))
    cases = []
    for number in range(5):
        cases.append(submit(resident, town, key=f"emptied-{number}"))
        plain.flushall()
    wait_until(lambda: not Case.objects.filter(state="submitted").exists(), why=worker.log.read_text)
    for case in cases:
        assert case.events.filter(verb="dispatch").count() == 1
