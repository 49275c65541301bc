"""What pages and calls of disputes look up before they ask for anything: where one may take one down, what may become one,
with whom one may speak there."""

from datetime import datetime
from typing import Any

from django.http import Http404

from accounts.models import User
from cases.engine.access import access_case, standing_of
from cases.models import Case
from cases.workflow import DISPATCHER, HOLDER, SUPERVISOR
from disputes.models import Party
from disputes.services.talks import talks_of
from disputes.workflow import KIND
from grids.models import Grid
from grids.rights.jurisdiction import Visitor, area_of


def places_of(person: Visitor) -> Any:
    """Where this person may take a dispute down: their area, and the estate and community it lies in."""
    area = area_of(person)
    lowest = area.order_by("level").first()
    return area | Grid.objects.upward_from(lowest).order_by()


def to_convert(person: Visitor, number: str) -> Case:
    """What may become a dispute, for whoever handles it. Raises Http404."""
    source = access_case(person, number)
    if source.kind == KIND or not source.is_open:
        raise Http404
    if not standing_of(person, source) & {HOLDER, DISPATCHER, SUPERVISOR}:
        raise Http404
    return source


def talks_in(person: User, number: str, at: datetime) -> tuple[Case, list[Party]]:
    """With whom this person may speak there. Raises Http404: with nobody."""
    case = access_case(person, number)
    if case.kind != KIND:
        raise Http404
    parties = list(talks_of(case, person, at=at).prefetch_related("private_notes__by"))
    if not parties:
        raise Http404
    return case, parties
