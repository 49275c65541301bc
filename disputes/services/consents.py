"""Voluntary from beginning to end (人民调解法 3, 17, 23): what each party says to being mediated."""

from collections.abc import Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cases.engine.acts import with_facts
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn
from disputes.facts import facts_of_dispute
from disputes.guards import mediation as guards
from disputes.models import Guidance, Outcome, Party, Reason, Will
from disputes.services.guardians import without_guardian


def own_party(turn: Turn) -> Party:
    """The party who acts; the arrow has made sure that there is one."""
    return cast(Party, guards.own(turn.facts, turn.person))


def party_in(turn: Turn, party: Party) -> Party:
    """This party as the turn knows them. Raises ValidationError at `party`: not of this case."""
    known = next((row for row in facts_of_dispute(turn.case).parties if row.pk == party.pk), None)
    if known is None:
        raise ValidationError({"party": "这位不是本案当事人，请重新选择。"})
    return known


def write_of(party: Party, **columns: Any) -> None:
    """Into the row, and into what the turn knows."""
    for name, value in columns.items():
        setattr(party, name, value)
    party.save(update_fields=columns)


@in_turn
def consent(turn: Turn, given: Given) -> None:
    """同意调解."""
    turn.draw("consent")
    party = own_party(turn)
    if why := without_guardian(party, turn.at):
        raise ArrowRefused(why)
    write_of(party, will=Will.AGREES, will_at=turn.at)


@in_turn
def refuse(turn: Turn, given: Given) -> None:
    """不同意调解: a clear refusal by one party ends it (17), at any time before an agreement is in force."""
    turn.draw("refuse", given)
    _end_refused(turn, own_party(turn))


@in_turn
def record_will(turn: Turn, given: Given, party: Party, will: str) -> None:
    """What a party without an account said, and how it was said, written down by whoever asked them.

    Raises ValidationError at `party`: not of this case, or a minor without a guardian is willing."""
    party = party_in(turn, party)
    if will != Will.REFUSES and (why := without_guardian(party, turn.at)):
        raise ValidationError({"party": why})
    turn.draw("record_will", with_facts(given, party=party.pk, will=will))
    if will == Will.REFUSES:
        _end_refused(turn, party)
    else:
        write_of(party, will=will, will_at=turn.at)


def _end_refused(turn: Turn, party: Party) -> None:
    write_of(party, will=Will.REFUSES, will_at=turn.at)
    turn.draw("end_refused", by_itself=True, outcome=Outcome.REFUSED, finished_at=turn.at)


@in_turn
def decline(turn: Turn, given: Given, ground: Reason, guidance: Sequence[Guidance] | QuerySet[Guidance]) -> None:
    """不予受理, for one of the reasons the law knows; the parties are told where else they can go."""
    facts = {"reason": ground.pk, **told_in_short(guidance)}
    turn.draw(
        "decline",
        Given(f"{ground.name}。{given.words}\n{told(guidance)}", given.photos, facts),
        outcome=Outcome.DECLINED,
        finished_at=turn.at,
        finished_by=turn.by,
    )


def told(guidance: Sequence[Guidance] | QuerySet[Guidance]) -> str:
    """The ways that stay open, as the parties read them (26)."""
    return "\n".join(f"{way.name}：{way.advice}" for way in guidance)


def told_in_short(guidance: Sequence[Guidance] | QuerySet[Guidance]) -> dict[str, list[int]]:
    """Which they were, for the page; the words as given stand in the story."""
    return {"guidance": [way.pk for way in guidance]}


@in_turn
def withdraw(turn: Turn, given: Given) -> None:
    """撤回申请, by an applicant."""
    turn.draw("withdraw", given, outcome=Outcome.WITHDRAWN, finished_at=turn.at, finished_by=turn.by)
