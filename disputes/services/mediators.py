"""Who mediates: named by the level that holds the dispute, barred when related to a party, changed when a party asks for
it with reason (人民调解法 19, 23); and the police at once where it may turn violent (25)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases import limits, routing
from cases.facts import facts_of
from cases.models import Case, Seat
from cases.services import Said, end_seats, give_seat, lock, move
from cases.workflow import MEDIATOR, POLICE
from disputes.guards import STREET
from disputes.models import Dispute, MediatorRequest, Party, Recusal
from disputes.services.wills import check_of, own_party
from grids.jurisdiction import candidates_for
from grids.models import Grid, Level, Post
from grids.querysets import PostQuerySet

MEDIATING_ROLES = ("mediator", "expert", "group_leader", "branch_secretary", "community_secretary", "street_cadre")


def mediators_for(case: Case, *, at: datetime) -> PostQuerySet:
    """Posts that may mediate this dispute: in its community and on the line above, nobody who is barred."""
    line = Grid.objects.upward_from(case.grid)
    community = next((node for node in line if node.level == Level.COMMUNITY), case.grid)
    near = Grid.objects.in_area([community]).standing() | line
    posts: PostQuerySet = Post.objects.held_at(at).filter(role__in=MEDIATING_ROLES, grid__in=near.order_by())
    return posts.exclude(person__in=facts_of(case).kept_out)


def _name(verb: str, case: Case, by: User, at: datetime, version: int, said: Said, mediators: Iterable[Post]) -> None:
    """Seat those named in place of those who sat. Told after they sit, so the move comes last."""
    named = list(mediators)
    if not named:
        raise ValidationError({"mediators": "请至少选一位调解员。"})
    with transaction.atomic():
        lock(case)
        ids = [post.pk for post in named]
        fit = set(mediators_for(case, at=at).filter(pk__in=ids).values_list("pk", flat=True))
        if unfit := [post.words for post in named if post.pk not in fit]:
            raise ValidationError(
                {"mediators": f"{'、'.join(unfit)}不能调解这件纠纷（已离任、不在本社区或应当回避）。"}
            )
        end_seats(case=case, role=MEDIATOR, at=at)
        for post in named:
            give_seat(case=case, post=post, role=MEDIATOR, at=at)
        move(case=case, verb=verb, by=by, at=at, version=version, said=Said(said.words, (), {"posts": ids}))


def name_mediators(*, case: Case, by: User, at: datetime, version: int, said: Said, mediators: Iterable[Post]) -> None:
    """确定调解员: one or more (19)."""
    _name("name_mediators", case, by, at, version, said, mediators)


def change_mediators(
    *, case: Case, by: User, at: datetime, version: int, said: Said, mediators: Iterable[Post]
) -> None:
    """调整调解员."""
    _name("change_mediators", case, by, at, version, said, mediators)


def ask_mediator(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """A party asks for another mediator, with the reason, which the other side does not read."""
    with transaction.atomic():
        move(case=case, verb="ask_mediator", by=by, at=at, version=version, said=said)
        MediatorRequest.objects.create(dispute=case.dispute, party=own_party(case, by), reason=said.words, asked_at=at)


def grant_mediator(*, case: Case, by: User, at: datetime, version: int, said: Said, mediators: Iterable[Post]) -> None:
    with transaction.atomic():
        _name("grant_mediator", case, by, at, version, said, mediators)
        _decide(case, by, at, is_granted=True)


def refuse_mediator(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """Once; asked again, the holder changes the mediator or hands the dispute to the level above."""
    with transaction.atomic():
        move(case=case, verb="refuse_mediator", by=by, at=at, version=version, said=said)
        _decide(case, by, at, is_granted=False)


def _decide(case: Case, by: User, at: datetime, *, is_granted: bool) -> None:
    waiting = MediatorRequest.objects.filter(dispute=case.pk, decided_at=None)
    waiting.update(decided_by=by, decided_at=at, is_granted=is_granted)


def recuse(
    *, case: Case, by: User, at: datetime, version: int, said: Said, party: Party, mediator: Post | None = None
) -> None:
    """回避: `by`, or the mediator they name, is related to a party and keeps out of it from now on. When that is who holds
    the dispute, the nearest who is free takes over, with the limit of that level."""
    with transaction.atomic():
        locked = lock(case)
        check_of(case, party)
        person = mediator.person if mediator else by
        holder = locked.holder
        assert holder is not None, "open cases have a holder"
        more: dict[str, Any] = {}
        if person.pk == holder.person_id:
            more = hand_over(locked, free_holder(locked, at, besides=person))
        facts = {"party": party.pk, "person": person.pk}
        move(case=case, verb="recuse", by=by, at=at, version=version, said=Said(said.words, (), facts), **more)
        # Afterwards: who declares it stands to the dispute until then.
        Recusal.objects.get_or_create(
            dispute=case.dispute, person=person, defaults={
                "party": party, "why": said.words[:200], "declared_by": by, "declared_at": at,
            },
        )  # fmt: skip
        barred_posts = person.posts.values("pk")
        Seat.objects.filter(case=case, role=MEDIATOR, until_at=None, post__in=barred_posts).update(until_at=at)


def free_holder(case: Case, at: datetime, *, besides: User | None = None) -> Post:
    """Who holds the same role at the same node and is free to, else the nearest leader above who is; not `besides`."""
    assert case.holder is not None, "open cases have a holder"
    return routing.nearest(
        case.holder.grid or case.grid, roles=frozenset({case.holder.role}), at=at, or_leader=True,
        barred=facts_of(case).kept_out | ({besides.pk} if besides else set()),
    )  # fmt: skip


def hand_over(case: Case, post: Post) -> dict[str, Any]:
    """What `move` takes when a dispute comes into other hands: the new holder with the limit of their level. Parties,
    sessions, notes and agreements hang on the case and stay with it."""
    level = post.grid.level if post.grid else STREET
    limit = limits.limit_for(kind=case.kind, stage=f"level_{level}", category=case.category, urgency=case.urgency)
    return {"holder": post, "limit": limit}


def report_police(*, case: Case, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    """有激化或暴力风险: the community's police officer gets a seat and a message at once; where nobody is in post, whoever
    holds the dispute is told to ring 110."""
    with transaction.atomic():
        locked = lock(case)
        officers = candidates_for(locked.grid, roles=frozenset({"police_officer"}), at=at)
        free = [post for post in officers if post.person_id not in facts_of(locked).kept_out]
        if free:
            give_seat(case=locked, post=free[0], role=POLICE, at=at)
        facts = {"post": free[0].pk} if free else {}
        move(
            case=case, verb="report_police", by=by, at=at, version=version,
            said=Said(said.words, said.photos, facts),
        )  # fmt: skip
        Dispute.objects.filter(pk=case.pk).update(has_violence_risk=True)
