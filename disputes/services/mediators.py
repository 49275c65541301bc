"""Who mediates: named by the level that holds the dispute, barred when related to a party, changed when a party asks for
it with reason (人民调解法 19, 23); and the police at once where it may turn violent (25)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from cases.engine import routing
from cases.engine.acts import with_facts
from cases.engine.facts import facts_of
from cases.engine.referrals import police_of
from cases.engine.turns import Given, Turn, in_turn
from cases.limits import running as limits
from cases.models import Case
from cases.workflow import MEDIATOR, POLICE
from disputes.guards.mediation import STREET
from disputes.models import MediatorRequest, Party, Recusal
from disputes.services.consents import own_party, party_in
from grids.models import Grid, Level, Post
from grids.models.querysets import PostQuerySet

MEDIATING_ROLES = ("mediator", "expert", "group_leader", "branch_secretary", "community_secretary", "street_cadre")


def mediators_for(case: Case, *, at: datetime) -> PostQuerySet:
    """Posts that may mediate this dispute: in its community and on the line above, nobody who is barred."""
    line = Grid.objects.upward_from(case.grid)
    community = next((node for node in line if node.level == Level.COMMUNITY), case.grid)
    near = Grid.objects.in_area([community]).current() | line
    posts: PostQuerySet = Post.objects.held_at(at).filter(role__in=MEDIATING_ROLES, grid__in=near.order_by())
    return posts.exclude(person__in=facts_of(case).kept_out)


def _name(turn: Turn, verb: str, given: Given, mediators: Iterable[Post]) -> None:
    """Seat those named in place of those who sat."""
    named = list(mediators)
    if not named:
        raise ValidationError({"mediators": "请至少选一位调解员。"})
    ids = [post.pk for post in named]
    fit = set(mediators_for(turn.case, at=turn.at).filter(pk__in=ids).values_list("pk", flat=True))
    if unfit := [post.words for post in named if post.pk not in fit]:
        raise ValidationError({"mediators": f"{'、'.join(unfit)}不能调解这件纠纷（已离任、不在本社区或应当回避）。"})
    turn.unseat(MEDIATOR)
    for post in named:
        turn.seat(MEDIATOR, post=post)
    turn.draw(verb, with_facts(given, posts=ids))


@in_turn
def name_mediators(turn: Turn, given: Given, mediators: Iterable[Post]) -> None:
    """确定调解员: one or more (19)."""
    _name(turn, "name_mediators", given, mediators)


@in_turn
def change_mediators(turn: Turn, given: Given, mediators: Iterable[Post]) -> None:
    """调整调解员."""
    _name(turn, "change_mediators", given, mediators)


@in_turn
def ask_mediator(turn: Turn, given: Given) -> None:
    """A party asks for another mediator, with the reason, which the other side does not read."""
    turn.draw("ask_mediator", given)
    MediatorRequest.objects.create(dispute_id=turn.case.pk, party=own_party(turn), reason=given.words, asked_at=turn.at)
    turn.facts.forget("asked_mediator")


@in_turn
def grant_mediator(turn: Turn, given: Given, mediators: Iterable[Post]) -> None:
    """同意换调解员."""
    _name(turn, "grant_mediator", given, mediators)
    _decide(turn, is_granted=True)


@in_turn
def refuse_mediator(turn: Turn, given: Given) -> None:
    """Once; asked again, the holder changes the mediator or hands the dispute to the level above."""
    turn.draw("refuse_mediator", given)
    _decide(turn, is_granted=False)


def _decide(turn: Turn, *, is_granted: bool) -> None:
    waiting = MediatorRequest.objects.filter(dispute=turn.case.pk, decided_at=None)
    waiting.update(decided_by=turn.person, decided_at=turn.at, is_granted=is_granted)
    turn.facts.forget("asked_mediator")


@in_turn
def recuse(turn: Turn, given: Given, party: Party, mediator: Post | None = None) -> None:
    """回避: who acts, or the mediator they name, is related to a party and keeps out of it from now on. When that is who
    holds the dispute, the nearest who is free takes over, with the limit of that level."""
    party, person, case = party_in(turn, party), mediator.person if mediator else turn.person, turn.case
    assert case.holder is not None, "open cases have a holder"
    Recusal.objects.get_or_create(
        dispute_id=case.pk,
        person=person,
        defaults={
            "party": party,
            "why": given.words[:200],
            "declared_by": turn.person,
            "declared_at": turn.at,
        },
    )
    turn.facts.forget("parties")
    turn.unseat(MEDIATOR, lambda seat: seat.post is not None and seat.post.person_id == person.pk)
    is_holder = person.pk == case.holder.person_id
    turn.draw(
        "recuse",
        with_facts(given, party=party.pk, person=person.pk),
        **(hand_over(case, free_holder(turn)) if is_holder else {}),
    )


def free_holder(turn: Turn) -> Post:
    """Who holds the same role at the same node and is free to, else the nearest leader above who is."""
    holder = turn.case.holder
    assert holder is not None, "open cases have a holder"
    return routing.nearest(
        holder.grid or turn.case.grid,
        roles=frozenset({holder.role}),
        at=turn.at,
        or_leader=True,
        barred=turn.facts.kept_out,
    )


def hand_over(case: Case, post: Post) -> dict[str, Any]:
    """What `Turn.draw` takes when a dispute comes into other hands: the new holder with the limit of their level. Parties,
    sessions, notes and agreements hang on the case and stay with it."""
    level = post.grid.level if post.grid else STREET
    limit = limits.limit_for(kind=case.kind, stage=f"level_{level}", category=case.category, urgency=case.urgency)
    return {"holder": post, "limit": limit}


@in_turn
def report_police(turn: Turn, given: Given) -> None:
    """有激化或暴力风险: the community's police officer gets a seat and a message at once; where nobody is in post, whoever
    holds the dispute is told to ring 110."""
    officer = police_of(turn.case, at=turn.at)
    if officer is not None:
        turn.seat(POLICE, post=officer)
        given = with_facts(given, post=officer.pk)
    turn.draw("report_police", given)
    turn.case.dispute.has_violence_risk = True
    turn.also(turn.case.dispute)
