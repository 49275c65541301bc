"""Who hears of which event. Messages hang on the event, in its transaction: two quick moves are two messages."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from cases import clock, limits
from cases.models import Case, CaseEvent, Seat
from cases.routing import barred_from, desk_of, leader_above
from cases.workflow import ASKER, DISPATCHER, HOLDER, PARTY, SEATED, SUPERVISOR, Arrow, Tell
from grids.models import Post
from notices.services import Digest, notify


def tell(*, event: CaseEvent, case: Case, arrow: Arrow, reason: str = "", seated: Sequence[Seat] = ()) -> None:
    """Queue the messages that the arrow declares; `seated` got their seat by this act. Who acted is not told what they
    just did."""
    words = _words(event, case, reason) if arrow.tells else {}
    for told in arrow.tells:
        found = _seated(told, case, event.at, seated) if told.whom in SEATED else _people(told.whom, case, event.at)
        people = [person for person in found if person.pk != event.by_id]
        if people:
            notify(
                people=people,
                words=told.words.format(**words),
                path=case.get_absolute_url(),
                key=f"event:{event.pk}:{told.whom}",
                at=event.at,
                digest=_digest(told, event, case),
            )


def _digest(told: Tell, event: CaseEvent, case: Case) -> Digest | None:
    """What the system does with cases that came in together is one message to each."""
    if not (told.many and case.batch and event.by_id is None):
        return None
    return Digest(key=f"{case.batch}:{event.verb}:{told.whom}", words=told.many, path=reverse("cases:list"))


def _seated(told: Tell, case: Case, at: datetime, seated: Sequence[Seat]) -> list[User]:
    """People and posts in force; a post that ended has nobody to tell."""
    seats = Seat.objects.filter(case=case, role=told.whom, until_at=None)
    if told.is_for_new:
        seats = seats.filter(pk__in=[seat.pk for seat in seated])
    seats = seats.filter(Q(post=None) | Q(post__in=Post.objects.held_at(at)))
    return [seat.person or _held(seat.post) for seat in seats.select_related("person", "post__person")]


def _people(whom: str, case: Case, at: datetime) -> list[User]:
    if whom == DISPATCHER:
        return [desk_of(case, at=at).person]
    if case.holder is None:
        return []
    if whom == HOLDER:
        return [case.holder.person]
    if whom == SUPERVISOR:
        above = leader_above(case.holder, at=at, barred=barred_from(case))
        return [above.person] if above else []
    raise ValueError(f"nobody is called {whom!r}")


def _held(post: Post | None) -> User:
    assert post is not None, "a seat is a person's or a post's"
    return post.person


def named(event: CaseEvent, case: Case) -> str:
    """Who acted, as a message may name them: residents masked, and not at all where they wished to stay anonymous."""
    if event.by is None:
        return "系统"
    if event.standing not in {ASKER, PARTY}:
        return event.by.name
    return "居民" if case.hides_asker else f"居民 {event.by.masked_name}"


def _words(event: CaseEvent, case: Case, reason: str) -> dict[str, str]:
    calendar = limits.calendar_around(event.at)
    return {
        "number": case.number,
        "title": case.title,
        "holder": case.holder_words,
        "due": limits.in_words(calendar, case.due_at, event.at) if case.due_at else "",
        "finish": limits.in_words(calendar, case.finish_by_at, event.at) if case.finish_by_at else "",
        "reason": reason.rstrip("。．."),  # a sentence goes on behind it
        "answer_by": _answer_by(event, calendar),
        "by": named(event, case),
    }


def _answer_by(event: CaseEvent, calendar: clock.Calendar) -> str:
    """Until when the police have to answer what was referred by this event."""
    said = event.said.get("answer_by")
    return limits.in_words(calendar, datetime.fromisoformat(said), event.at) if said else ""
