"""A database is the demonstration's or a real one: each refuses to be used as the other, in words."""

from importlib import import_module, reload

import pytest
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import demonstration
from accounts.models import Demonstration, User
from cases.models import Case

pytestmark = pytest.mark.django_db
SEEDS = (
    "seed_requests", "seed_disputes", "seed_experts", "seed_volunteers", "seed_places", "seed_meetings", "seed_assessment",
)  # fmt: skip


def _serve() -> None:
    reload(import_module("zhenghe.wsgi"))


def _work() -> None:
    import_module("zhenghe.celery").begin_to_work()


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


def test_a_database_with_people_never_becomes_one(real):
    with pytest.raises(ImproperlyConfigured, match="正式数据"):
        demonstration.begin(at=timezone.now())
    with pytest.raises(ImproperlyConfigured, match="正式数据"):
        call_command("prepare", demo=True, verbosity=0)
    assert not Demonstration.objects.exists()


@pytest.mark.parametrize("begin", [_serve, _work], ids=["web", "worker"])
@pytest.mark.parametrize(("is_planted", "is_demo"), [(False, True), (True, False)], ids=["real", "demonstration"])
def test_neither_is_served_as_the_other(begin, is_planted, is_demo, settings, db):
    settings.DEMO = is_demo
    if is_planted:
        demonstration.begin(at=timezone.now())
    with pytest.raises(ImproperlyConfigured, match="演示数据库"):
        begin()
    settings.DEMO = not is_demo
    demonstration.check_database()


def test_the_worker_asks_when_it_begins():
    receivers = {receiver().__name__ for _, receiver in worker_init.receivers if receiver()}
    assert "begin_to_work" in receivers


@pytest.mark.parametrize("command", SEEDS)
def test_no_seed_is_planted_among_real_people(real, defaults, command):
    with pytest.raises(CommandError, match="演示数据库"):
        call_command(command)
    assert not Case.objects.exists()
