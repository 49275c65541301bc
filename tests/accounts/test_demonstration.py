"""A database is the demonstration's or a real one: each refuses to be used as the other, in words."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from accounts import demonstration
from accounts.models import Demonstration, User
from cases.models import Case
from tests.support.machine import own_database_url
from zhenghe.checks import refuse_without_sender
from zhenghe.settings import TRIAL_SENDER

pytestmark = pytest.mark.django_db
SEEDS = (
    "seed_requests", "seed_disputes", "seed_experts", "seed_volunteers", "seed_places", "seed_meetings", "seed_assessment",
)  # fmt: skip


@pytest.fixture
def real(resident):
    return resident


@pytest.fixture
def planted(db):
    demonstration.begin(at=timezone.now())


def test_an_empty_database_becomes_the_demonstrations_once(db):
    for _ in range(2):
        demonstration.begin(at=timezone.now())
    assert Demonstration.objects.count() == 1


def test_people_may_come_to_a_demonstration(planted):
    User.objects.create_user(phone="19907260003", name="林秀")
    demonstration.begin(at=timezone.now())


def test_a_database_with_people_never_becomes_one(real, settings):
    settings.DEMO = True
    with pytest.raises(ImproperlyConfigured, match="正式数据"):
        demonstration.begin(at=timezone.now())
    with pytest.raises(CommandError, match="正式数据"):
        call_command("prepare", demo=True, verbosity=0)
    assert not Demonstration.objects.exists()


STARTS = {
    "web": ("-c", "import zhenghe.wsgi"),
    "worker": ("-m", "celery", "--quiet", "-A", "zhenghe", "worker", "--pool", "solo"),
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("is_planted", [False, True], ids=["real", "demonstration"])
@pytest.mark.django_db(transaction=True)
def test_neither_is_served_as_the_other(start, is_planted):
    """In processes of their own, as they are started."""
    if is_planted:
        demonstration.begin(at=timezone.now())
    env = os.environ | {"DATABASE_URL": own_database_url(), "DEMO": "0" if is_planted else "1"}
    env |= {"CODE_SENDER": TRIAL_SENDER, "SMS_GATEWAY": "trial"}
    done = subprocess.run([sys.executable, *start], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "演示数据库" in done.stderr


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize(
    "outside", [{"SMS_GATEWAY": ""}, {"SMS_GATEWAY": "trial", "HTTPS": "1"}], ids=["none", "trial"]
)
@pytest.mark.django_db(transaction=True)
def test_a_portal_that_can_tell_nobody_does_not_start(start, outside):
    env = os.environ | {"DATABASE_URL": own_database_url(), "DEMO": "0", "CODE_SENDER": TRIAL_SENDER} | outside
    done = subprocess.run([sys.executable, *start], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "没有设置短信通道" in done.stderr


def test_a_gateway_that_is_not_installed_is_said(settings):
    settings.SMS_GATEWAY = "nothing.of.the.kind"
    with pytest.raises(ImproperlyConfigured, match=r"requirements-sms\.txt"):
        refuse_without_sender()


def test_a_database_that_is_away_stops_nobody(monkeypatch, settings, caplog):
    def away(*_: object) -> bool:
        raise OperationalError("connection refused")

    monkeypatch.setattr(QuerySet, "exists", away)
    settings.DEMO = True
    demonstration.check_database()
    assert "没有核对" in caplog.text


def test_a_database_is_never_made_a_demonstrations_by_mistake(db):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("prepare", demo=True, verbosity=0)
    assert not Demonstration.objects.exists()


@pytest.mark.parametrize("command", SEEDS)
def test_no_seed_is_planted_among_real_people(real, defaults, command):
    with pytest.raises(CommandError, match="演示数据库"):
        call_command(command)
    assert not Case.objects.exists()
