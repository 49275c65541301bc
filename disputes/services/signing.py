"""Signing a written agreement (人民调解法 29): by hand on a phone, or on paper with a scan of it."""

from django.core.exceptions import ValidationError

from cases.engine.turns import ArrowRefused, Turn, in_turn
from disputes.guards.agreements import assent_of
from disputes.models import Assent
from disputes.papers.text import checksum
from disputes.services import agreements
from disputes.services.consents import own_party
from disputes.services.guardians import without_guardian
from photos.cleaning import Photo


@in_turn
def sign(turn: Turn, picture: Photo, how: str, text_sha256: str) -> None:
    """签名确认, by a party. `text_sha256`: of the text they had before them. Whoever said yes without signing signs later.

    Raises ValidationError when that text is no longer the one that stands, at `scan` when the signature cannot be stored."""
    turn.draw("sign")
    agreement, party = agreements.current_agreement(turn.case), own_party(turn)
    assert agreement is not None, "there is an agreement where it can be signed"
    if checksum(agreement) != text_sha256:
        raise ValidationError("协议文本刚刚有改动，请重新看过再签名。")
    if why := without_guardian(party, turn.at):
        raise ArrowRefused(why)
    assent = assent_of(turn.facts, turn.person) or agreements.write_assent(turn, party, Assent.How.ONLINE)
    agreements.keep_signature(assent, picture, how)
