"""From a consultation to mediation: the expert proposes it, the resident decides, and says what the mediators may know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.models import Case
from cases.services import Said, lock, move
from disputes.models import DisputeType, ExpertKind, Proposal, Source
from disputes.services.opening import PartySaid, Spot, open_dispute


def propose(*, case: Case, by: User, at: datetime, version: int, said: Said, type: DisputeType) -> None:
    """建议转调解, asked of the resident in the thread."""
    with transaction.atomic():
        move(case=case, verb="propose", by=by, at=at, version=version, said=Said(facts={"type": type.pk}))
        Proposal.objects.create(consultation=case.consultation, type=type, proposed_at=at)


def waiting_proposal(case: Case) -> Proposal | None:
    waiting = Proposal.objects.filter(consultation=case.pk, answered_at=None)
    return waiting.select_related("type__parent", "consultation__expert__person").first()


def text_to_copy(proposal: Proposal) -> str:
    """What the resident first asked, offered to be copied as far as they agree. What was brought to a psychologist is
    never offered: it stays apart from the file of a dispute."""
    consultation = proposal.consultation
    return "" if consultation.expert.kind == ExpertKind.PSYCHOLOGIST else consultation.matter


def agree(
    *, case: Case, by: User, at: datetime, summary: str, parties: Sequence[PartySaid], spot: Spot, **more: Any
) -> Case:
    """The resident agrees: a dispute of theirs, with the words they give for it. The thread names the dispute; the dispute
    does not name the thread, so that no mediator learns that there was one. Twice is one dispute.

    Raises ValidationError as `open_dispute` does, or ArrowRefused when nothing was proposed."""
    with transaction.atomic():
        locked = lock(case)
        proposal = waiting_proposal(locked)
        if proposal is None:
            raise ValidationError("这项建议已经答复过了，请看最新进展。")
        move(case=case, verb="agree_mediation", by=by, at=at)
        dispute = open_dispute(
            spot=spot, type=proposal.type, summary=summary, parties=parties,
            source=Source.PARTY, applicant=by, submit_key=f"consultation:{proposal.pk}", at=at, **more,
        )  # fmt: skip
        Proposal.objects.filter(pk=proposal.pk).update(answered_at=at, dispute=dispute)
    return dispute


def refuse(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """不转调解; the conversation goes on."""
    with transaction.atomic():
        move(case=case, verb="refuse_mediation", by=by, at=at, version=version)
        Proposal.objects.filter(consultation=case.pk, answered_at=None).update(answered_at=at)
