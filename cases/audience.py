"""Who hears of which event. Messages hang on the event, in its transaction: two quick moves are two messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from accounts.models import User
from cases import clock, limits
from cases.facts import Facts
from cases.models import Case, CaseEvent, Seat
from cases.routing import desk_of, leader_above
from cases.workflow import ASKER, DISPATCHER, HOLDER, PARTY, SEATED, SUPERVISOR, Arrow, Tell
from notices.services import Digest, notify


class Telling(NamedTuple):
    """One message of an arrow to the people it is for. Its event is saved by the time it is queued."""

    event: CaseEvent
    told: Tell
    people: list[User]
    words: str


def told(
    *, event: CaseEvent, facts: Facts, arrow: Arrow, reason: str = "", seated: Sequence[Seat] = ()
) -> list[Telling]:
    """The messages that the arrow declares; `seated` got their seat by this act. Who acted is not told what they just
    did."""
    found = []
    words = _words(event, facts.case, reason) if arrow.tells else {}
    for one in arrow.tells:
        if one.to is not None and one.to != event.new_state:
            continue
        all_of_them = (
            _seated(one, facts, event.at, seated) if one.whom in SEATED else _people(one.whom, facts, event.at)
        )
        people = [person for person in all_of_them if person.pk != event.by_id]
        if people:
            found.append(Telling(event, one, people, one.words.format(**words)))
    return found


def tell(tellings: Sequence[Telling]) -> None:
    """Queue these messages, in the transaction of their events."""
    for telling in tellings:
        event = telling.event
        notify(
            people=telling.people,
            words=telling.words,
            path=event.case.get_absolute_url(),
            key=f"event:{event.pk}:{telling.told.whom}",
            at=event.at,
            digest=_digest(telling.told, event, event.case),
        )


def _digest(told: Tell, event: CaseEvent, case: Case) -> Digest | None:
    """What the system does with cases that came in together is one message to each."""
    if not (told.many and case.batch and event.by_id is None):
        return None
    return Digest(key=f"{case.batch}:{event.verb}:{told.whom}", words=told.many, path=reverse("cases:list"))


def _seated(told: Tell, facts: Facts, at: datetime, seated: Sequence[Seat]) -> list[User]:
    """People and posts in force; a post that ended has nobody to tell."""
    seats = [seat for seat in facts.seats(told.whom) if not told.is_for_new or seat in seated]
    posts = [seat.post for seat in seats if seat.post is not None and seat.post.is_held_at(at)]
    return [seat.person for seat in seats if seat.person is not None] + [post.person for post in posts]


def _people(whom: str, facts: Facts, at: datetime) -> list[User]:
    case = facts.case
    if whom == DISPATCHER:
        return [desk_of(case, at=at).person]
    if case.holder is None:
        return []
    if whom == HOLDER:
        return [case.holder.person]
    if whom == SUPERVISOR:
        above = leader_above(case.holder, at=at, barred=facts.kept_out)
        return [above.person] if above else []
    raise ValueError(f"nobody is called {whom!r}")


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
