"""Signing a written agreement (人民调解法 29): by hand on a phone, or on paper with a scan of it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.models import Case
from cases.services import ArrowRefused, move
from disputes.models import Agreement, Assent, Party, Signature
from disputes.services import agreements
from disputes.services.guardians import without_guardian
from disputes.services.wills import own_party
from disputes.text import checksum
from photos.cleaning import Photo


def sign(*, case: Case, by: User, at: datetime, version: int, picture: Photo, how: str, text_sha256: str) -> None:
    """签名确认, by a party. `text_sha256`: of the text they had before them. Whoever said yes without signing signs later.

    Raises ValidationError when that text is no longer the one that stands, at `scan` when the signature cannot be stored."""
    with transaction.atomic():
        move(case=case, verb="sign", by=by, at=at, version=version)
        agreement = agreements.standing(case)
        assert agreement is not None, "there is an agreement where it can be signed"
        if checksum(agreement) != text_sha256:
            raise ValidationError("协议文本刚刚有改动，请重新看过再签名。")
        party = own_party(case, by)
        if why := without_guardian(party, at):
            raise ArrowRefused(why)
        assent = agreement.assents.filter(party=party).first()
        if assent is None:
            assent = agreements.write_assent(case, party, Assent.How.ONLINE, by, at)
        agreements.keep_signature(assent, picture, how)


def is_signed(agreement: Agreement, party: Party) -> bool:
    """Whether this party's hand stands under this very text."""
    return Signature.objects.filter(
        assent__agreement=agreement, assent__party=party, text_sha256=checksum(agreement)
    ).exists()
