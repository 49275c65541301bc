"""From a consultation to mediation: the expert proposes it, the resident decides, and says what the mediators may know."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from cases.engine.turns import Given, Turn, in_turn
from cases.models import Case
from disputes.experts.facts import facts_of_consultation
from disputes.models import DisputeType, ExpertKind, Proposal, Source
from disputes.services.opening import PartySaid, Spot, open_dispute


@in_turn
def propose(turn: Turn, given: Given, type: DisputeType) -> None:
    """建议转调解, asked of the resident in the thread."""
    turn.draw("propose", Given(facts={"type": type.pk}))
    turn.also(Proposal(consultation_id=turn.case.pk, type=type, proposed_at=turn.at))


def waiting_proposal(case: Case) -> Proposal | None:
    return facts_of_consultation(case).proposal


def text_to_copy(proposal: Proposal) -> str:
    """What the resident first asked, offered to be copied as far as they agree. What was brought to a psychologist is
    never offered: it stays apart from the file of a dispute."""
    consultation = proposal.consultation
    return "" if consultation.expert.kind == ExpertKind.PSYCHOLOGIST else consultation.matter


@in_turn
def agree(turn: Turn, /, summary: str, parties: Sequence[PartySaid], spot: Spot, **more: Any) -> Case:
    """The resident agrees: a dispute of theirs, with the words they give for it. The thread names the dispute; the dispute
    does not name the thread, so that no mediator learns that there was one. Twice is one dispute.

    Raises ValidationError as `open_dispute` does, or ArrowRefused when nothing was proposed."""
    proposal = waiting_proposal(turn.case)
    if proposal is None:
        raise ValidationError("这项建议已经答复过了，请看最新进展。")
    turn.draw("agree_mediation")
    dispute = open_dispute(
        spot=spot,
        type=proposal.type,
        summary=summary,
        parties=parties,
        source=Source.PARTY,
        applicant=turn.person,
        submit_key=f"consultation:{proposal.pk}",
        at=turn.at,
        **more,
    )
    _answer(turn, proposal, dispute)
    return dispute


@in_turn
def refuse(turn: Turn, given: Given) -> None:
    """不转调解; the conversation goes on."""
    proposal = waiting_proposal(turn.case)
    turn.draw("refuse_mediation")
    assert proposal is not None, "the arrow has seen that one waits"
    _answer(turn, proposal)


def _answer(turn: Turn, proposal: Proposal, dispute: Case | None = None) -> None:
    proposal.answered_at, proposal.dispute = turn.at, dispute
    proposal.save(update_fields=["answered_at", "dispute"])
    turn.facts.forget("proposal")
