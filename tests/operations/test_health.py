"""/readyz and 系统状态 know what stands still: each check is red for its reason and for no other."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from notices.models import Notice
from operations import health
from operations.models import Heartbeat
from tests.support.cast import signed_in, submit
from tests.support.machine import wait_until
from zhenghe.celery import app


@pytest.fixture
def alive(db, settings):
    settings.NEEDED_DISK_BYTES = 1
    for part in Heartbeat.Part:
        Heartbeat.objects.create(part=part, host="one", at=timezone.now())


def red() -> list[str]:
    return [check.code for check in health.checks(at=timezone.now()) if not check.is_ok]


def test_all_is_well(alive, client):
    assert red() == []
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert set(answer.json()["checks"]) == {"database", "broker", "disk", "worker", "beat", "routing", "notices"}


@pytest.mark.parametrize("part", list(Heartbeat.Part))
def test_a_part_that_is_silent(alive, client, part):
    Heartbeat.objects.filter(part=part).update(at=timezone.now() - health.SILENT_AFTER - timedelta(seconds=1))
    assert red() == [part]
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][part] == {"ok": False, "words": "已 11 秒没有动静"}


def test_a_part_that_never_ran(alive):
    Heartbeat.objects.filter(part=Heartbeat.Part.BEAT).delete()
    assert red() == ["beat"]


def test_one_machine_of_two_is_enough(alive):
    Heartbeat.objects.create(part=Heartbeat.Part.WORKER, host="two", at=timezone.now() - timedelta(days=1))
    assert red() == []


def test_a_case_left_lying(alive, defaults, town, staff, resident):
    case = submit(resident, town, at=timezone.now())
    assert red() == []
    Case.objects.filter(pk=case.pk).update(wake_at=timezone.now() - health.LATE_AFTER - timedelta(seconds=1))
    assert red() == ["routing"]


def test_a_message_left_lying_but_not_one_given_up(alive, resident):
    Notice.objects.create(
        person=resident,
        kind="account.phone",
        facts={},
        path="/",
        dedupe_key="k",
        told_at=timezone.now(),
        due_at=timezone.now() - timedelta(minutes=5),
    )
    assert red() == ["notices"]
    Notice.objects.update(tries=8)
    assert red() == []


def test_a_disk_that_is_nearly_full(alive, settings):
    settings.NEEDED_DISK_BYTES = 10**18
    assert red() == ["disk"]


def test_a_broker_that_is_away(alive, monkeypatch, tmp_path):
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis+socket://{tmp_path}/nobody")
    assert red() == ["broker"]


def test_a_database_that_is_away(alive, client, monkeypatch):
    def away(*_, **__):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "words": "连不上"}
    assert "worker" not in answer.json()["checks"]  # not asked
    assert client.get("/healthz").status_code == 200


def test_the_page_says_what_to_do(alive, county_admin, secretary):
    Heartbeat.objects.filter(part=Heartbeat.Part.WORKER).update(at=timezone.now() - timedelta(minutes=5))
    page = signed_in(county_admin).get(reverse("operations:status"))
    rows = {check.code: check for check in page.context["checks"]}
    assert not rows["worker"].is_ok
    assert rows["worker"].words == "已 5 分钟没有动静"
    assert "重新启动" in rows["worker"].advice
    assert signed_in(secretary).get(reverse("operations:status")).status_code == 403


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 秒"), (119, "119 秒"), (120, "2 分钟"), (7199, "119 分钟"), (7200, "2 小时"), (200_000, "2 天")],
)
def test_how_long_is_said_in_one_unit(seconds, words):
    assert health.spoken(timedelta(seconds=seconds)) == words


@pytest.mark.needs_worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_and_its_beat_say_that_they_are_alive(worker):
    worker.start()
    wait_until(lambda: Heartbeat.objects.count() == 2, seconds=20)
    first = dict(Heartbeat.objects.values_list("part", "at"))
    wait_until(lambda: all(at > first[part] for part, at in Heartbeat.objects.values_list("part", "at")), seconds=20)
