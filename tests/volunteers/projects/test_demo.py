"""Renovations, surprises and brands of the demonstration: sound, once."""

from django.utils import timezone

from cases.engine.checks import unsound_cases
from grids.demo import seed_demo
from grids.models import Unit
from tests.volunteers.test_demo import figures
from volunteers.demo.people import seed_volunteers
from volunteers.demo.projects import seed_projects
from volunteers.models import Brand, Finding, Project, Team


def test_without_a_demonstration_street_no_volunteers_are_made(db):
    seed_volunteers(at=timezone.now())
    assert not Team.objects.exists()
    assert set(figures().values()) == {0}


def test_projects_stand_at_every_stage(defaults):
    at = timezone.now()
    seed_demo(at=at)
    Unit.objects.create(name="县住建局（演示）", kind="office")
    assert seed_projects(at=at) == 6
    assert seed_projects(at=at) == 0
    states = set(Project.objects.values_list("state", flat=True))
    assert states == {"finished", "inspecting", "running"}
    assert Brand.objects.count() == 12 + 25
    assert not Finding.objects.filter(task__closed_at=None, is_fine=False).exists()
    assert list(unsound_cases()) == []
