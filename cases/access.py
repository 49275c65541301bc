"""The one way to get a case on behalf of a person, and as what that person stands to it."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone

from accounts.asked_once import once
from cases.models import Case, Seat
from cases.workflow import ASKER, CONCERNED, DISPATCHER, HOLDER, OWN_MATTER, PARTY, POLICE, SUPERVISOR, Arrow
from grids.jurisdiction import Visitor, allows, has_stand_ins, posts_of
from grids.models import Post


def access_case(user: Visitor, number: str, *, lock: bool = False) -> Case:
    """The case with this number, if `user` may see it. "Not there" and "not yours" are the same Http404."""
    cases = Case.objects.visible_to(user).with_referral()
    if lock:
        cases = cases.select_for_update(no_key=True, of=("self",))
    found: Case | None = (
        cases.select_related("grid", "category", "holder__person", "holder__grid").filter(number=number).first()
    )
    if found is None or _is_kept_out(user, found):
        raise Http404("没有这件事项，或它不在您的职责范围内。")
    return found


def _is_kept_out(user: Visitor, case: Case) -> bool:
    """回避: whoever must keep out of a case does not come in by a post either; a party comes in by their own seat."""
    barred = case.workflow.barred
    if barred is None or user.pk not in once(("barred", case.pk), lambda: barred(case)):
        return False
    return not any(seat.person_id == user.pk and seat.role in OWN_MATTER for seat in seats_on(case))


def seats_on(case: Case) -> list[Seat]:
    """Those that have no end, in the order they were given, with who sits on them."""
    return [seat for seat in _seats(case) if seat.until_at is None]


def _seats(case: Case) -> list[Seat]:
    seats = Seat.objects.filter(case=case).select_related("person", "post__person", "post__grid").order_by("pk")
    return once(("seats", case.pk), lambda: list(seats))


def standing_of(user: Visitor, case: Case, *, at: datetime | None = None) -> frozenset[str]:
    """As what this person stands to the case: several at once are usual, none for a stranger. Whose matter it is is
    nothing else, and whom it is about is nothing: nobody acts in their own cause by their post."""
    if not user.is_authenticated:
        return frozenset()
    at = at or timezone.now()
    posts = posts_of(user, at=at)
    seats = _running_seats(case, at)
    found = {seat.role for seat in seats if seat.person_id == user.pk or seat.post in posts}
    own = found & OWN_MATTER
    if own and not case.workflow.is_asked_by_office:
        return frozenset(own)
    if _is_about(user, seats) or _is_kept_out(user, case):
        return frozenset()
    holder = case.holder
    if holder is not None and any(_stands_in(post, holder) for post in posts):
        found.add(HOLDER)
    if any(allows(post, "dispatch", case.grid) for post in posts):
        found.add(DISPATCHER)
    if any(allows(post, "supervise", case.grid) and _is_above(post, holder) for post in posts):
        found.add(SUPERVISOR)
    return frozenset(found)


def _is_about(user: Visitor, seats: list[Seat]) -> bool:
    """Also when the post they were complained about in has ended."""
    return any(seat.role == CONCERNED and seat.post and seat.post.person_id == user.pk for seat in seats)


def _running_seats(case: Case, at: datetime) -> list[Seat]:
    return [seat for seat in _seats(case) if seat.from_at <= at and (seat.until_at is None or seat.until_at > at)]


def _stands_in(post: Post, holder: Post) -> bool:
    """The holder, or somebody in the same role at the same node (代岗 is a post like any other)."""
    return post.pk == holder.pk or (
        has_stand_ins(holder) and post.grid_id == holder.grid_id and post.role == holder.role
    )


def _is_above(post: Post, holder: Post | None) -> bool:
    """At a higher level than the holder: nobody supervises themselves, in whichever post. The county stands above every
    street."""
    if holder is None or post.person_id == holder.person_id:
        return False
    if post.grid is None:
        return True
    return holder.grid is not None and post.grid.level < holder.grid.level


def arrows_for(user: Visitor, case: Case, *, at: datetime) -> list[Arrow]:
    """The arrows this person may draw from here now, guards asked: what the buttons show."""
    standing = standing_of(user, case, at=at)
    return [
        arrow
        for arrow in case.workflow.arrows_from(case.state)
        if arrow.who & standing and not _is_refused(arrow, user, case, at)
    ]


def _is_refused(arrow: Arrow, user: Visitor, case: Case, at: datetime) -> bool:
    """`Arrow.refusal`; a guard that several arrows share is asked once a page."""
    guard, own_guard = arrow.guard, arrow.own_guard
    if guard is not None and once((guard, case.pk, at), lambda: guard(case, at)):
        return True
    return own_guard is not None and bool(own_guard(case, user, at))


def knows_asker(user: Visitor, case: Case) -> bool:
    """Whether this person may know who asks: where the asker wished to stay anonymous to the handler, those who dispatch or
    supervise, and nobody else."""
    return not case.hides_asker or bool(standing_of(user, case) & {ASKER, DISPATCHER, SUPERVISOR})


def may_reach_asker(user: Visitor, case: Case, standing: frozenset[str]) -> bool:
    """Who may have the asker's phone: who handles the case and may know who asks. The police see what was referred to
    them, and no phone with it."""
    return bool(standing - {ASKER, POLICE}) and knows_asker(user, case)


def reads_as_asker(standing: frozenset[str]) -> bool:
    """Whether this is somebody whose matter it is, or the police it was referred to: what is between offices, and what
    a party said, is not theirs to read."""
    return standing in ({ASKER}, {PARTY}, {POLICE})
