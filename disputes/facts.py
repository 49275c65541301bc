"""What a turn, a page or a guard knows of a dispute, each fact read once."""

from functools import cached_property
from typing import cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from cases.engine.facts import Facts, facts_of
from cases.engine.statements import Statement
from cases.models import Case
from disputes.models import (
    Agreement,
    Assent,
    Clause,
    Dispute,
    MediatorRequest,
    Party,
    Performance,
    Recusal,
    Session,
)
from disputes.workflow import TALKING

OF_AGREEMENT = ("agreement", "assents", "clauses")
"""What is read again when another agreement stands."""


class DisputeFacts(Facts):
    @property
    def dispute(self) -> Dispute:
        """With its type and building: the same as `case.dispute`."""
        if not Case.dispute.is_cached(self.case):
            rows = Dispute.objects.select_related("type__parent", "plain_kind", "building")
            self.case.dispute = rows.get(pk=self.case.pk)
        return self.case.dispute

    @cached_property
    def parties(self) -> list[Party]:
        """Each with `related`, the people (ids) declared related to them."""
        return _parties(self.case.pk)

    @property
    def barred(self) -> frozenset[int]:
        """The parties themselves, and whoever was declared related to one."""
        parties = {party.person_id for party in self.parties if party.person_id is not None}
        return frozenset(parties.union(*(party.related for party in self.parties)))  # type: ignore[attr-defined]

    @cached_property
    def sessions(self) -> list[Session]:
        """Planned, held and cancelled ones, the first first, each with `was_there`, the parties (ids)."""
        was_there = Session.present.through.objects.filter(session=OuterRef("pk")).values("party")
        sessions = Session.objects.filter(dispute=self.case.pk).annotate(was_there=ArraySubquery(was_there))
        return list(sessions.order_by("number"))

    @property
    def planned(self) -> Session | None:
        return next((session for session in self.sessions if session.state == Session.State.PLANNED), None)

    @property
    def held(self) -> list[Session]:
        return [session for session in self.sessions if session.state == Session.State.HELD]

    @cached_property
    def agreement(self) -> Agreement | None:
        """The one that is being confirmed or in force. None is where it is still being talked of."""
        if self.case.state in TALKING:
            return None
        standing = Agreement.objects.filter(dispute=self.case.pk, withdrawn_at=None)
        return standing.select_related("dispute").first()

    @cached_property
    def assents(self) -> list[Assent]:
        """To this agreement, with their signatures."""
        if self.agreement is None:
            return []
        return list(self.agreement.assents.select_related("signature").order_by("pk"))

    @cached_property
    def clauses(self) -> list[Clause]:
        """Of this agreement, each with `kept`, the last word on it (a degree; None: nobody wrote one down)."""
        if self.agreement is None:
            return []
        last = Performance.objects.filter(clause=OuterRef("pk")).order_by("-pk").values("degree")[:1]
        return list(self.agreement.clauses.annotate(kept=Subquery(last)).order_by("number"))

    @cached_property
    def asked_mediator(self) -> MediatorRequest | None:
        """The wish for another mediator that waits for an answer."""
        return MediatorRequest.objects.filter(dispute=self.case.pk, decided_at=None).first()


def _parties_of(dispute: int) -> "QuerySet[Party]":
    related = Recusal.objects.filter(party=OuterRef("pk")).values("person")
    parties = Party.objects.filter(dispute=dispute).annotate(related=ArraySubquery(related))
    return parties.select_related("person").order_by("side", "pk")


_parties = Statement(_parties_of)


def facts_of_dispute(case: Case) -> DisputeFacts:
    return cast(DisputeFacts, facts_of(case))
