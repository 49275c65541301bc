"""What one party says to the mediators alone, and what they answer: it stays there (人民调解法 15)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from cases.engine.access import standing_of
from cases.models import Case
from cases.workflow import MEDIATOR, PARTY
from disputes.models import Party, PrivateNote
from disputes.workflow import MEDIATES
from notices.services import News, notify
from web.text import tidy

MAX_WORDS = 2000


def talks_of(case: Case, reader: User, *, at: datetime) -> QuerySet[Party]:
    """The parties whose private talk this reader may see: their own, or each of them for who mediates."""
    parties = Party.objects.filter(dispute=case.pk).order_by("side", "pk")
    standing = standing_of(reader, case, at=at)
    if PARTY in standing:
        return parties.filter(person=reader)
    return parties if standing & MEDIATES else parties.none()


def say_privately(*, case: Case, party: Party, by: User, at: datetime, words: str) -> PrivateNote:
    """Between `party` and the mediators. The caller has taken the party from `talks_of`.

    Raises ValidationError at `words`: none, too long, or the case is closed."""
    words = tidy(words)
    if not case.is_open:
        raise ValidationError({"words": "这件纠纷已经归档，不能再留言。"})
    if not words:
        raise ValidationError({"words": "请写下想说的话。"})
    if len(words) > MAX_WORDS:
        raise ValidationError({"words": f"最多 {MAX_WORDS} 字，您写了 {len(words)} 字，请精简一些。"})
    note = PrivateNote.objects.create(party=party, by=by, words=words, at=at)
    is_party = party.person_id == by.pk
    told = News(
        kind="dispute.word_to_mediators" if is_party else "dispute.word_to_party",
        path=case.get_absolute_url(),
        people=_mediators(case) if is_party else [party.person] if party.person else [],
        cause=f"word:{note.pk}",
        at=at,
        facts={"number": case.number, "title": case.title, **({"by": by.name} if is_party else {})},
    )
    notify(told)
    return note


def _mediators(case: Case) -> list[User]:
    seats = case.seats.filter(role=MEDIATOR, until_at=None).select_related("post__person")
    mediators = {seat.post.person_id: seat.post.person for seat in seats if seat.post}
    if case.holder is not None:
        mediators[case.holder.person_id] = case.holder.person
    return list(mediators.values())
