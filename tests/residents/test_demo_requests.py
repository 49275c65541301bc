"""The demonstration's requests: through the services, in every way a request can go, and gone with the demonstration."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import demonstration
from cases.engine.checks import unsound_cases
from cases.models import Case
from residents.demo import REQUESTS, seed_requests
from tests.support.machine import seeded_once


def _seed() -> None:
    demonstration.begin(at=timezone.now())
    call_command("load_defaults", verbosity=0)
    call_command("seed_zhenghe", verbosity=0)
    seed_requests(at=timezone.localtime())


seeded = seeded_once(_seed)


@pytest.mark.usefixtures("seeded")
def test_requests_went_every_way(db):
    cases = Case.objects.filter(kind="request")
    assert cases.count() == REQUESTS
    outcomes = Counter(cases.values_list("outcome", flat=True))
    assert outcomes["rated"] > 100
    assert outcomes["unrated"] > 15
    assert outcomes["declined"] > 2
    assert cases.open().count() == 8
    assert cases.filter(was_late=True).count() > 10
    assert cases.filter(events__verb="redo").exists()
    assert cases.filter(events__verb="send_back").exists()
    assert list(unsound_cases()) == []


@pytest.mark.usefixtures("seeded")
def test_twice_is_once(db):
    assert seed_requests(at=timezone.localtime() + timedelta(hours=1)) == 0
