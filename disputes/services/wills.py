"""Voluntary from beginning to end (人民调解法 3, 17, 23): what each party says to being mediated."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from cases.models import Case
from cases.services import ArrowRefused, Said, move
from disputes.models import Guidance, Outcome, Party, Reason, Will
from disputes.services.guardians import without_guardian


def own_party(case: Case, person: User) -> Party:
    """The party this person is; the arrow has made sure that there is one."""
    return Party.objects.get(dispute=case.pk, person=person)


def _say(party: Party, will: str, at: datetime) -> None:
    Party.objects.filter(pk=party.pk).update(will=will, will_at=at)


def consent(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """同意调解."""
    with transaction.atomic():
        move(case=case, verb="consent", by=by, at=at, version=version)
        party = own_party(case, by)
        if why := without_guardian(party, at):
            raise ArrowRefused(why)
        _say(party, Will.AGREES, at)


def refuse(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """不同意调解: a clear refusal by one party ends it (17), at any time before an agreement is in force."""
    with transaction.atomic():
        move(case=case, verb="refuse", by=by, at=at, version=version, said=said)
        _end_refused(case, own_party(case, by), at)


def record_will(*, case: Case, by: User, at: datetime, version: int, said: Said, party: Party, will: str) -> None:
    """What a party without an account said, and how it was said, written down by whoever asked them.

    Raises ValidationError at `party`: not of this case, or a minor without a guardian is willing."""
    check_of(case, party)
    if will != Will.REFUSES and (why := without_guardian(party, at)):
        raise ValidationError({"party": why})
    with transaction.atomic():
        facts = {"party": party.pk, "will": will}
        move(case=case, verb="record_will", by=by, at=at, version=version, said=Said(said.words, said.photos, facts))
        if will == Will.REFUSES:
            _end_refused(case, party, at)
        else:
            _say(party, will, at)


def check_of(case: Case, party: Party) -> None:
    if party.dispute_id != case.pk:
        raise ValidationError({"party": "这位不是本案当事人，请重新选择。"})


def _end_refused(case: Case, party: Party, at: datetime) -> None:
    _say(party, Will.REFUSES, at)
    move(case=case, verb="end_refused", by=None, at=at, changes={"outcome": Outcome.REFUSED, "finished_at": at})


def decline(
    *,
    case: Case,
    by: User,
    at: datetime,
    version: int,
    said: Said,
    ground: Reason,
    guidance: Sequence[Guidance] | QuerySet[Guidance],
) -> None:
    """不予受理, for one of the reasons the law knows; the parties are told where else they can go."""
    move(
        case=case, verb="decline", by=by, at=at, version=version,
        said=Said(f"{ground.name}。{said.words}\n{told(guidance)}", said.photos, {"reason": ground.pk, **told_in_short(guidance)}),
        changes={"outcome": Outcome.DECLINED, "finished_at": at, "finished_by": by},
    )  # fmt: skip


def told(guidance: Sequence[Guidance] | QuerySet[Guidance]) -> str:
    """The ways that stay open, as the parties read them (26)."""
    return "\n".join(f"{way.name}：{way.advice}" for way in guidance)


def told_in_short(guidance: Sequence[Guidance] | QuerySet[Guidance]) -> dict[str, list[int]]:
    """Which they were, for the page; the words as given stand in the story."""
    return {"guidance": [way.pk for way in guidance]}


def withdraw(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """撤回申请, by an applicant."""
    move(
        case=case, verb="withdraw", by=by, at=at, version=version, said=said,
        changes={"outcome": Outcome.WITHDRAWN, "finished_at": at, "finished_by": by},
    )  # fmt: skip
