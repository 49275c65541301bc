"""What a turn, a page or a guard knows of a consultation, each fact read once."""

from functools import cached_property
from typing import cast

from accounts.models import User
from cases.engine.facts import Facts, facts_of
from cases.models import Case
from cases.workflow import ASKER
from disputes.experts.workflow import LIVE
from disputes.models import Booking, Proposal


class ConsultationFacts(Facts):
    @cached_property
    def booking(self) -> Booking | None:
        """The one that waits or is agreed."""
        live = Booking.objects.filter(consultation=self.case.pk, state__in=LIVE)
        return live.select_related("slot").first()

    @cached_property
    def proposal(self) -> Proposal | None:
        """Of mediation, not answered yet."""
        waiting = Proposal.objects.filter(consultation=self.case.pk, answered_at=None)
        return waiting.select_related("type__parent", "consultation__expert__person").first()

    @property
    def asker(self) -> User | None:
        seats = self.seats(ASKER)
        return seats[0].person if seats else None


def facts_of_consultation(case: Case) -> ConsultationFacts:
    return cast(ConsultationFacts, facts_of(case))
