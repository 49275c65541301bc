"""Demonstration cases go when the demonstration goes. Registered with grids.demo when the app is ready."""

from cases.attachments.photos import forget
from cases.models import Attachment, Case, CaseEvent


def remove_demo_cases() -> None:
    """Cases that demonstration people filed, with their story and photos. The database allows it for these alone."""
    cases = Case.objects.filter(is_demo=True)
    forget(Attachment.objects.filter(case__in=cases))
    # The trigger on events asks the case, so the case goes last.
    CaseEvent.objects.filter(case__in=cases).delete()
    cases.delete()
