"""How whoever asked can be reached: for who handles the case, and each look is logged."""

from datetime import datetime
from typing import NamedTuple

from django.http import Http404

from accounts.models import User
from accounts.services import reveal_phone
from cases.engine.access import access_case, may_reach_asker, standing_of
from cases.engine.facts import facts_of
from cases.models import Case
from cases.workflow import ASKER
from grids.rights.jurisdiction import Visitor


class Contact(NamedTuple):
    phone: str
    """ "" of who has no account."""
    more: dict[str, str]
    """What stands beside it, by its heading: a door, a number that somebody left."""


def asker_of(case: Case) -> User | None:
    return next((seat.person for seat in facts_of(case).seats(ASKER)), None)


def has_contact(case: Case) -> bool:
    """Who called without having an account may have left a number or a door all the same."""
    return asker_of(case) is not None or bool(_beside(case))


def reachable(reader: Visitor, number: str) -> Case:
    """A case whose asker can be reached, for who may. Raises Http404."""
    case = access_case(reader, number)
    if not has_contact(case) or not may_reach_asker(reader, case, standing_of(reader, case)):
        raise Http404
    return case


def reveal(*, case: Case, by: User, reason: str, at: datetime, address: str | None) -> Contact:
    """The caller has the case from `reachable`. Raises ValidationError at `reason` when none is given."""
    more = _beside(case)
    phone = reveal_phone(person=asker_of(case), by=by, reason=reason, thing=case.number, at=at, address=address)
    return Contact(phone, more)


def _beside(case: Case) -> dict[str, str]:
    revealed = case.workflow.reveals(case) if case.workflow.reveals else {}
    return {head: value for head, value in revealed.items() if value}
