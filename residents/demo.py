"""What residents left behind in the demonstration goes with it. Registered with grids.demo when the app is ready."""

from django.db.models import Q

from residents import drafts
from residents.models import Draft, Resident


def remove_demo_residents() -> None:
    """Drafts of demonstration people, and every remembered place that is a demonstration node."""
    drafts.forget(Draft.objects.filter(Q(person__is_demo=True) | Q(grid__is_demo=True)))
    Resident.objects.filter(Q(person__is_demo=True) | Q(grid__is_demo=True)).delete()
