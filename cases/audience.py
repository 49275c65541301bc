"""Who hears of which event. Messages hang on the event, in its transaction: two quick moves are two messages."""

from datetime import datetime

from accounts.models import User
from cases import clock
from cases.models import Case, CaseEvent, Seat
from cases.routing import desk, leader_above
from cases.workflow import DISPATCHER, HOLDER, SEATED, SUPERVISOR, Arrow
from grids.models import Post
from notices.services import notify


def tell(*, event: CaseEvent, case: Case, arrow: Arrow, reason: str = "") -> None:
    """Queue the messages that the arrow declares. Who acted is not told what they just did."""
    for told in arrow.tells:
        people = [person for person in _people(told.whom, case, event.at) if person.pk != event.by_id]
        if people:
            notify(
                people=people,
                words=told.words.format(**_words(event, case, reason)),
                path=case.get_absolute_url(),
                key=f"event:{event.pk}:{told.whom}",
                at=event.at,
            )


def _people(whom: str, case: Case, at: datetime) -> list[User]:
    if whom in SEATED:
        seats = Seat.objects.filter(case=case, role=whom, until_at=None).select_related("person", "post__person")
        return [seat.person or _held(seat.post) for seat in seats]
    if whom == DISPATCHER:
        return [desk(case.grid, at=at).person]
    if case.holder is None:
        return []
    if whom == HOLDER:
        return [case.holder.person]
    if whom == SUPERVISOR:
        above = leader_above(case.holder, at=at)
        return [above.person] if above else []
    raise ValueError(f"nobody is called {whom!r}")


def _held(post: Post | None) -> User:
    assert post is not None, "a seat is a person's or a post's"
    return post.person


def _words(event: CaseEvent, case: Case, reason: str) -> dict[str, str]:
    return {
        "number": case.number,
        "title": case.title,
        "holder": case.holder_words,
        "due": clock.at_in_words(case.due_at, event.at) if case.due_at else "",
        "finish": clock.at_in_words(case.finish_by_at, event.at) if case.finish_by_at else "",
        "reason": reason,
        "by": event.by.name if event.by else "系统",
    }
