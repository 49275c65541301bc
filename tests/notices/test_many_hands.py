"""Several workers, each sending by several threads, to gateways that are slow and fail: real connections, real locks."""

import random
from collections import Counter
from datetime import timedelta
from threading import Lock
from time import sleep

import pytest

from notices.delivery.outbox import deliver_due
from notices.models import Delivery, Notice
from tests.notices.conftest import agree, tell
from tests.support.at_once import at_once
from tests.support.cast import MONDAY
from tests.support.standins import sms as sms_standins
from tests.support.standins.server import Answer
from tests.support.standins.wechat import error

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, SENDERS = 3, 4
TOKEN = "/cgi-bin/stable_token"


@pytest.fixture
def many_hands(ways, settings, monkeypatch):
    settings.NOTICE_SENDERS = SENDERS
    monkeypatch.setattr("gateways.breaker.SECONDS", 0)
    return ways


def together(at) -> None:
    """All begin at the same moment, as after a bell that rang for each."""
    assert all(at_once([lambda: deliver_due(at=at)] * WORKERS))


@pytest.mark.parametrize("seed", range(2))
def test_workers_that_send_at_once_lose_and_double_nothing(many_hands, resident, aliyun, seed):
    chance, lock = random.Random(seed), Lock()
    faults = [error(-1, "busy"), Answer(b"<html>", status=502), Answer(b"", is_broken_off=True)]
    of_sms = [sms_standins.aliyun_error("Throttling.User"), *faults[1:]]

    def fails(kinds):
        def fault(asked):
            with lock:
                fails_now = chance.random() < 0.5 and asked.path != TOKEN
                return chance.choice(kinds) if fails_now else None

        return fault

    many_hands.server.fault, aliyun.fault = fails(faults), fails(of_sms)
    agree(resident, 1000)
    for number in range(60):
        tell(resident, number)
    at = MONDAY
    for _ in range(4):
        together(at)
        at += timedelta(minutes=2)
        Notice.objects.filter(sent_at=None).update(due_at=at)
    many_hands.server.fault = aliyun.fault = lambda asked: None
    together(at)
    assert Notice.objects.filter(sent_at=None).count() == 0
    taken = Counter(told["data"]["thing1"]["value"] for told in many_hands.told)
    by_sms = Delivery.objects.filter(channel="sms", state="sent").count()
    assert set(taken.values()) == {1}
    assert taken.total() + by_sms == 60
    assert many_hands.server.paths().count(TOKEN) == 1, "fetched once a life, however many ask at once"


def test_a_slow_gateway_is_asked_by_several_at_the_same_time(many_hands, resident, aliyun):
    """One after the other, the last of forty would wait for the answers of all others."""
    many_hands.server.fault = lambda asked: Answer(b"", is_broken_off=True)
    lock, waiting, most = Lock(), [0], [0]

    def slow(asked):
        with lock:
            waiting[0] += 1
            most[0] = max(most[0], waiting[0])
        sleep(0.1)
        with lock:
            waiting[0] -= 1

    aliyun.fault = slow
    for number in range(40):
        tell(resident, number)
    assert deliver_due(at=MONDAY) == 40
    assert len(aliyun.asked) == 40
    assert most[0] == SENDERS
