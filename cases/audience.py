"""Who hears of which event. Messages hang on the event, in its transaction: two quick moves are two messages."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from cases import limits
from cases.clock import Calendar
from cases.models import Case, CaseEvent, Seat
from cases.routing import barred_from, desk_of, leader_above
from cases.workflow import ASKER, DISPATCHER, HOLDER, PARTY, SEATED, SUPERVISOR, Arrow, Tell
from grids.models import Post
from notices.services import Digest, News, notify
from notices.texts import TEXTS, Facts

FIELDS = frozenset({"number", "title", "holder", "due", "finish", "reason", "answer_by", "by"})
"""What texts of arrows may say."""


def tell(*, event: CaseEvent, case: Case, arrow: Arrow, reason: str = "", seated: Sequence[Seat] = ()) -> None:
    """Queue the messages that the arrow declares; `seated` got their seat by this act. Who acted is not told what they
    just did."""
    if arrow.tells:
        known = _facts(event, case, reason)
        notify(*(_news(told, event, case, known, seated) for told in arrow.tells))


def kind_of(case_kind: str, verb: str, whom: str) -> str:
    """Whose text it is: the kind's own, or the engine's for any case."""
    own = f"{case_kind}.{verb}.{whom}"
    return own if own in TEXTS else f"case.{verb}.{whom}"


def _news(told: Tell, event: CaseEvent, case: Case, known: Facts, seated: Sequence[Seat]) -> News:
    kind = kind_of(case.kind, event.verb, told.whom)
    found = _seated(told, case, event.at, seated) if told.whom in SEATED else _people(told.whom, case, event.at)
    said = TEXTS[kind].fields | {"number"}
    return News(
        kind=kind,
        people=[person for person in found if person.pk != event.by_id],
        path=case.get_absolute_url(),
        cause=f"event:{event.pk}",
        at=event.at,
        facts={name: fact for name, fact in known.items() if name.removesuffix("_at") in said},
        digest=_digest(kind, event, case),
    )


def _digest(kind: str, event: CaseEvent, case: Case) -> Digest | None:
    """What the system does with cases that came in together is one message to each."""
    if not (TEXTS[kind].many and case.batch and event.by_id is None):
        return None
    return Digest(key=case.batch, path=reverse("cases:list"))


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


def _facts(event: CaseEvent, case: Case, reason: str) -> Facts:
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


def _moment(name: str, moment: datetime | None, at: datetime, calendar: Calendar) -> Facts:
    """In words as of `at`, and in ISO 8601."""
    if moment is None:
        return {name: ""}
    return {name: limits.in_words(calendar, moment, at), f"{name}_at": moment.isoformat()}
