"""The demonstration of topics, votes and covenants: what was decided is followed up."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import demonstration
from grids.models import Grid, Level
from meetings.models import Covenant, Topic, Vote
from meetings.votes import counts
from tests.support.cast import readable_in_a_dump


@pytest.fixture
def demo(defaults, capsys):
    call_command("load_meeting_defaults", verbosity=0)
    demonstration.begin(at=timezone.now())
    call_command("seed_zhenghe", verbosity=0)
    call_command("seed_meetings", verbosity=0)


def test_what_was_decided_is_followed_up_and_all_of_it_goes_again(demo):
    communities = Grid.objects.current().filter(level=Level.COMMUNITY, parent__code="350725001")
    for community in communities:
        assert Topic.objects.filter(case__grid__in=Grid.objects.in_area([community])).exists(), community.name
    decided = Topic.objects.filter(case__state__in=("decided", "carrying", "done"))
    assert decided.count() >= 5
    for topic in decided:
        assert topic.agreed
        tasks = [task.case for task in topic.tasks.select_related("case")]
        assert tasks, topic.case.title
        assert all(not case.is_open or (case.holder_id and case.due_at) for case in tasks)
    call_command("check_cases", verbosity=0)
    passed = Vote.objects.get(topic__case__title="动用维修资金修屋面")
    assert counts.result(passed).passed == 1
    short = Vote.objects.get(is_secret=True)
    assert not counts.result(short).is_quorate
    assert short.ballots.count() == short.voices.filter(is_cast=True).count() > 0
    covenant = Covenant.objects.get()
    assert [version.is_in_force for version in covenant.versions.order_by("number")] == [True, False]
    assert readable_in_a_dump() == []
    before = Topic.objects.count()
    call_command("seed_meetings", verbosity=0)
    assert Topic.objects.count() == before
