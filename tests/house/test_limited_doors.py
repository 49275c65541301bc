"""Every place that limits how often is felt: with a limit of nothing, the first who comes there by a door is told to wait,
and nothing is written. The list of places is read from the code, and each has its entry."""

import traceback
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.limiter import LIMITS, Rate, TooOften
from accounts.models import KeptForm, User
from disputes.models import Expert
from grids.posts.services import appoint
from tests.disputes.experts.panel import slot_of
from tests.house.test_permissions import case as case  # the request of the walk over doors
from tests.support.addresses import arguments
from tests.support.cast import MONDAY, signed_in
from tests.support.limited_doors import TRIES, Try, World, hidden_limits, limits
from tests.support.walk import writes

NEVER = Rate(0, 3600)
TOLD = "操作太频繁了"
KEPT = {KeptForm._meta.db_table}
"""What was typed is kept for whoever is told to wait."""


def test_every_limit_has_a_try():
    tried: dict[str, set[str]] = {}
    for name, attempt in TRIES.items():
        tried.setdefault(" ".join(name.split()[:3]), set()).update(attempt.by)
    assert {name: tuple(sorted(by)) for name, by in tried.items()} == limits()
    assert hidden_limits() == []


def test_every_kind_of_limit_is_used():
    assert {name.split()[2] for name in limits()} == set(LIMITS)


@pytest.fixture
def world(case, town, staff, resident, neighbour) -> World:
    somebody = User.objects.create_user(phone="13700000000", name="无名")
    appoint(person=somebody, role="mediator", grid=town.community, from_at=MONDAY)  # the trail has a line
    args = arguments(case, town, resident, neighbour, staff)
    at, expert = timezone.now(), Expert.objects.get()
    slot_of(expert, at + timedelta(days=5), at=at)
    people = {**staff, "asker": resident, "neighbour": neighbour, "expert": expert.person}
    return World(
        {**args, "place": town.community.pk},
        {name: signed_in(person) for name, person in people.items()} | {"stranger": Client()},
    )


def test_every_limit_is_felt(world, monkeypatch, settings):
    settings.EMAIL_HOST = "mail.example.cn"
    wrong = []
    for name, attempt in TRIES.items():
        for kind in attempt.by:
            with monkeypatch.context() as limited, transaction.atomic():
                limited.setitem(LIMITS, name.split()[2], {kind: NEVER})
                fault = _felt(name, attempt, world, limited)
                wrong += [f"{name}: by {kind} {fault}"] if fault else []
                transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def _felt(name: str, attempt: Try, world: World, limited: pytest.MonkeyPatch) -> str:
    """What is amiss when somebody comes to this limit; "" when they are told."""
    refused, answers = _places_of_refusal(limited), []
    written = writes(lambda: answers.append(attempt(world.anew())))
    if written - KEPT and not attempt.is_taken_back:
        return f"{sorted(written - KEPT)} are written: {answers[0].status_code}"
    if not any(" ".join(name.split()[:2]) in places for places in refused):
        return f"nobody is refused there: {answers[0].status_code}"
    is_told = answers[0].status_code == 429 or TOLD in answers[0].content.decode()
    return "" if is_told or attempt.is_silent else f"nobody is told: {answers[0].status_code}"


def _places_of_refusal(limited: pytest.MonkeyPatch) -> list[set[str]]:
    """Fills with the functions of the rooms through which each TooOften was raised from now on."""
    places: list[set[str]] = []
    made = TooOften.__init__

    def note(self: TooOften, wait: int) -> None:
        frames = [frame.f_code for frame, _ in traceback.walk_stack(None)]
        places.append(
            {
                f"{path.relative_to(project.BASE_DIR)} {code.co_name}"
                for code in frames
                if (path := Path(code.co_filename)).is_relative_to(project.BASE_DIR)
            }
        )
        made(self, wait)

    limited.setattr(TooOften, "__init__", note)
    return places
