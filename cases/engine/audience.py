"""Who hears of which event. Messages hang on the event, in its transaction: two quick moves are two messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from accounts.models import User
from cases.engine.facts import Facts
from cases.engine.routing import desk_of, leader_above
from cases.limits import running as limits
from cases.limits.clock import Calendar
from cases.models import Case, CaseEvent, Seat, Urgency
from cases.workflow import ASKER, DISPATCHER, HOLDER, PARTY, SEATED, SUPERVISOR, Arrow, Tell
from notices import texts
from notices.services import Digest, News, notify

FIELDS = frozenset({"number", "title", "holder", "due", "finish", "reason", "answer_by", "by"})
"""What texts of arrows may say."""


class Telling(NamedTuple):
    """One message of an arrow, as things stood when it was drawn. It is queued when its event is saved."""

    event: CaseEvent
    kind: str
    people: list[User]
    known: texts.Facts


def told(
    *, event: CaseEvent, facts: Facts, arrow: Arrow, reason: str = "", seated: Sequence[Seat] = ()
) -> list[Telling]:
    """The messages that the arrow declares; `seated` got their seat by this act. Who acted is not told what they just
    did."""
    tellings = []
    known = _known(event, facts.case, reason) if arrow.tells else {}
    for tell in arrow.tells:
        if tell.to is not None and tell.to != event.new_state:
            continue
        seats = _seated(tell, facts, event.at, seated) if tell.whom in SEATED else _people(tell.whom, facts, event.at)
        if people := [person for person in seats if person.pk != event.by_id]:
            kind = kind_of(facts.case.kind, event.verb, tell)
            wanted = texts.TEXTS[kind].fields | {"number"}
            facts_told = {name: fact for name, fact in known.items() if name.removesuffix("_at") in wanted}
            tellings.append(Telling(event, kind, people, facts_told))
    return tellings


def tell(tellings: Sequence[Telling]) -> None:
    """Queue these messages, in the transaction of their events."""
    if tellings:
        notify(*map(_news, tellings))


def kind_of(case_kind: str, verb: str, told: Tell) -> str:
    """Whose text it is: the kind's own, or the engine's for any case."""
    what = ".".join(filter(None, [verb, told.to, told.whom]))
    own = f"{case_kind}.{what}"
    return own if own in texts.TEXTS else f"case.{what}"


def _news(telling: Telling) -> News:
    event = telling.event
    return News(
        kind=telling.kind,
        people=telling.people,
        path=event.case.get_absolute_url(),
        cause=f"event:{event.pk}",
        at=event.at,
        facts=telling.known,
        is_urgent=event.case.urgency == Urgency.CRITICAL,
        digest=_digest(telling.kind, event, event.case),
    )


def _digest(kind: str, event: CaseEvent, case: Case) -> Digest | None:
    """What the system does with cases that came in together is one message to each."""
    if not (texts.TEXTS[kind].many and case.batch and event.by_id is None):
        return None
    return Digest(key=case.batch, path=reverse("cases:list"))


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


def _known(event: CaseEvent, case: Case, reason: str) -> texts.Facts:
    """All that a text may say (FIELDS), moments also as such; of each message those are kept that its own text says."""
    calendar = limits.calendar_around(event.at)
    answer_by = event.said.get("answer_by")  # until when the police have to answer what was referred by this event
    return {
        "number": case.number,
        "title": case.title,
        "holder": case.holder_words,
        "reason": reason.rstrip("。．."),  # a sentence goes on behind it
        "by": named(event, case),
        **_moment("due", case.due_at, event.at, calendar),
        **_moment("finish", case.finish_by_at, event.at, calendar),
        **_moment("answer_by", datetime.fromisoformat(answer_by) if answer_by else None, event.at, calendar),
    }


def _moment(name: str, moment: datetime | None, at: datetime, calendar: Calendar) -> texts.Facts:
    """In words as of `at`, and in ISO 8601."""
    if moment is None:
        return {name: ""}
    return {name: limits.in_words(calendar, moment, at), f"{name}_at": moment.isoformat()}
