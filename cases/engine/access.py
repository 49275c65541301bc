"""The one way to get a case on behalf of a person, and as what that person stands to it."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from accounts.models import User
from cases.engine.facts import Facts, facts_of
from cases.models import Case, Seat
from cases.workflow import ASKER, CONCERNED, DISPATCHER, HOLDER, OWN_MATTER, PARTY, POLICE, SUPERVISOR, Arrow
from grids.models import Post
from grids.rights.jurisdiction import Visitor, allows, has_stand_ins, posts_of


def access_case(user: Visitor, number: str, *, lock: bool = False) -> Case:
    """The case with this number, if `user` may see it. "Not there" and "not yours" are the same Http404."""
    cases = Case.objects.visible_to(user).with_referral()
    if lock:
        cases = cases.select_for_update(no_key=True, of=("self",))
    case: Case | None = (
        cases.select_related("grid", "category", "holder__person", "holder__grid").filter(number=number).first()
    )
    if case is None or _is_kept_out(user, facts_of(case)):
        raise Http404("没有这件事项，或它不在您的职责范围内。")
    return case


def _is_kept_out(user: Visitor, facts: Facts) -> bool:
    """回避: whoever must keep out of a case does not come in by a post either; a party comes in by their own seat."""
    return user.pk in facts.barred and not any(seat.person_id == user.pk for seat in facts.seats(*OWN_MATTER))


def standing_of(user: Visitor, case: Case, *, at: datetime | None = None) -> frozenset[str]:
    """As what this person stands to the case: several at once are usual, none for a stranger. Whose matter it is is
    nothing else, and whom it is about is nothing: nobody acts in their own cause by their post."""
    if not user.is_authenticated:
        return frozenset()
    return Standings(at=at or timezone.now()).of(user, facts_of(case))


class Standings:
    """`standing_of` the people of one turn, each asked for once: as what they stood to the case when they began to act."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self._found: dict[int, frozenset[str]] = {}
        self._posts: dict[int, list[Post]] = {}

    def of(self, user: User, facts: Facts) -> frozenset[str]:
        if user.pk not in self._found:
            if user.pk not in self._posts:
                self._posts[user.pk] = posts_of(user, at=self.at)
            self._found[user.pk] = standing_by(self._posts[user.pk], user, facts, self.at)
        return self._found[user.pk]

    def forget(self, user: User) -> None:
        """They sit otherwise now."""
        self._found.pop(user.pk, None)


def standing_by(posts: Sequence[Post], user: User, facts: Facts, at: datetime) -> frozenset[str]:
    """`standing_of` who holds these posts. Pure."""
    case, held = facts.case, {post.pk for post in posts}
    seats = [seat for seat in facts.every_seat if seat.from_at <= at and (seat.until_at is None or seat.until_at > at)]
    standings = {seat.role for seat in seats if seat.person_id == user.pk or seat.post_id in held}
    own = standings & OWN_MATTER
    if own and not case.workflow.is_asked_by_office:
        return frozenset(own)
    if _is_about(user, seats) or _is_kept_out(user, facts):
        return frozenset()
    holder = case.holder
    if holder is not None and any(_stands_in(post, holder) for post in posts):
        standings.add(HOLDER)
    if any(allows(post, "dispatch", case.grid) for post in posts):
        standings.add(DISPATCHER)
    if any(allows(post, "supervise", case.grid) and _is_above(post, holder) for post in posts):
        standings.add(SUPERVISOR)
    return frozenset(standings)


def _is_about(user: User, seats: list[Seat]) -> bool:
    """Also when the post they were complained about in has ended."""
    return any(seat.role == CONCERNED and seat.post and seat.post.person_id == user.pk for seat in seats)


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
        if arrow.who & standing and not arrow.refusal(facts_of(case), user, at)
    ]


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
