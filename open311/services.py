"""Filing a request for another system, and relaying what it says afterwards: once, however often it is sent."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction

from cases.engine.turns import Given
from cases.models import Case, CaseEvent, Category
from cases.services import move
from open311.location import Spot
from open311.models import ApiKey, Relayed, Report
from residents.models import OTHER_SYSTEM
from residents.services import Filing, submit_requests
from residents.workflow import RELAY


@dataclass(frozen=True)
class Filed:
    """A request as a system hands it in."""

    category: Category
    spot: Spot
    words: str
    note: str = ""
    """For who handles it: the exact place, whom to call."""
    reference: str = ""
    """The system's own number of it; "" where it gives none: then sent twice is two."""


def file_request(filed: Filed, *, key: ApiKey, at: datetime) -> tuple[Case, bool]:
    """The case, and whether it is new. Nobody sits on it as asker: the system is told, and staff close it.

    Raises ValidationError as `submit_requests`."""
    filing = Filing(
        asker=None,
        place=filed.spot.place,
        words=filed.words,
        submit_key=_key(key, "request", filed.reference or str(uuid4())),
        category=filed.category,
        address_note=filed.note,
        source=f"{OTHER_SYSTEM}{key.system}",
        has_place=filed.spot.is_sure,
        is_sorted=filed.spot.is_sure,
    )
    with transaction.atomic():
        [(case, is_new)] = submit_requests([filing], at=at)
        if is_new:
            Report.objects.create(case=case, api_key=key)
    return case, is_new


def relay(*, case: Case, words: str, reference: str, key: ApiKey, at: datetime) -> tuple[CaseEvent, bool]:
    """What the system says of its request becomes part of the story, and the holder is told; and whether it is new.

    Raises ArrowRefused: the request is closed for good."""
    submit_key = _key(key, f"update {case.pk}", reference or str(uuid4()))
    earlier = CaseEvent.objects.filter(relayed__submit_key=submit_key).select_related("case")
    if (event := earlier.first()) is not None:
        return event, False
    try:
        with transaction.atomic():
            move(case=case, verb=RELAY, by=None, at=at, given=Given(words))
            event = CaseEvent.objects.select_related("case").get(case=case, number=case.event_count)
            Relayed.objects.create(event=event, submit_key=submit_key)
    except IntegrityError:  # sent twice in the same moment
        return earlier.get(), False
    return event, True


def _key(key: ApiKey, what: str, reference: str) -> str:
    """Of one system, whichever of its keys it uses; no other system's reference leads here."""
    digest = hashlib.sha256("\n".join((key.system, what, reference)).encode())
    return f"open311:{digest.hexdigest()}"
