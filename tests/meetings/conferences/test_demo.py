"""The demonstration: 12 议事点 with their talks, 凤嘴社区's joint conferences; every task of it sound."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import demonstration
from cases.engine.checks import unsound_cases
from cases.escalation import sweep
from cases.models import Case
from grids.demo import seed_demo
from grids.models import Place, PlaceKind
from grids.places.demo import seed_places
from meetings.conferences.demo import seed_councils
from meetings.defaults import load_defaults
from meetings.models import Agreed, Conference, Invitation, TeaTalk


@pytest.fixture
def seeded(defaults) -> None:
    load_defaults()
    at = timezone.now()
    demonstration.begin(at=at)
    seed_demo(at=at)
    seed_places(at=at)
    assert seed_councils(at=at) > 36


def test_the_demonstration_is_sound(seeded):
    tables = Place.objects.filter(kind=PlaceKind.TEA_TABLE)
    talks = Counter(TeaTalk.objects.values_list("place", flat=True))
    assert talks.keys() == set(tables.values_list("pk", flat=True))
    assert len(talks) == 12
    assert set(talks.values()) == {3, 4}
    states = Counter(Agreed.objects.values_list("case__state", flat=True))
    assert states.keys() == {"assigned", "handling", "checking", "archived"}
    assert set(TeaTalk.objects.values_list("outcome", flat=True)) == set(TeaTalk.Outcome.values)
    flood, second, coming = Conference.objects.order_by("from_at")
    assert {flood.grid.name, second.grid.name, coming.grid.name} == {"凤嘴社区"}
    assert [resolution.case.state for resolution in flood.resolutions.order_by("number")] == [
        "archived",
        "archived",
        "handling",
    ]
    assert second.reviews.count() == 3
    assert set(coming.invitations.values_list("invited_as", flat=True)) == set(Invitation.As.values)
    assert coming.invitations.filter(answer="").exists()
    assert coming.invitations.filter(answer="yes").exists()
    before = list(Case.objects.order_by("pk").values_list("state", flat=True))
    sweep(at=timezone.now())
    assert list(Case.objects.order_by("pk").values_list("state", flat=True)) == before  # nothing lapsed unseen
    open_cases = Case.objects.filter(closed_at=None, kind="task")
    assert not open_cases.filter(holder=None).exists()
    assert not open_cases.filter(due_at=None).exists()
    assert list(unsound_cases()) == []
    assert seed_councils(at=timezone.now()) == 0
    call_command("seed_meetings")
    assert (TeaTalk.objects.count(), Conference.objects.count()) == (sum(talks.values()), 3)
