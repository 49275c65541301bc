"""转警格: referring a case to the community's police, their answer, and what happens when they are late or leave. A kind of
case takes part by `cases.workflow.refer_police` among its arrows and ACTS among its acts.

All acts take the turn and what was said, and raise ArrowRefused, CaseMovedOn or ValidationError at the field
concerned; then nothing has changed."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases.engine.acts import with_facts
from cases.engine.facts import facts_of
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn, turn_on
from cases.limits import running as limits
from cases.models import Case, Referral
from cases.models.rules import Stage
from cases.workflow import ANSWER, CONCERNED, POLICE, REFER
from grids.models import Post
from grids.rights.jurisdiction import candidates_for, covers

log = logging.getLogger(__name__)

OFFICER = "police_officer"


def police_of(case: Case, *, at: datetime) -> Post | None:
    """The police officer who answers for the case's place; nobody who must keep out of it."""
    barred = facts_of(case).kept_out
    officers = candidates_for(case.grid, roles=frozenset({OFFICER}), at=at)
    return next((post for post in officers if post.person_id not in barred), None)


def answered_case(person: User, number: str) -> Case | None:
    """The case with this number, if this person answered for the police in it and it is not about them."""
    cases = Case.objects.filter(number=number, referrals__end=Referral.End.ANSWERED, referrals__post__person=person)
    return cases.exclude(seats__role=CONCERNED, seats__post__person=person).first()


@in_turn
def refer(turn: Turn, given: Given) -> None:
    """转警格: the officer of the place gets a seat, the reason and a limit of their own (stage "police"); who holds the
    case goes on holding it."""
    case, at = turn.case, turn.at
    officer = police_of(case, at=at)
    if officer is None:
        raise ArrowRefused("这里没有在岗的社区民警。紧急情况请拨打 110，其他请与派出所联系。")
    running = limits.run_stage(case=case, stage=Stage.POLICE, from_at=at)
    seat = turn.seat(POLICE, post=officer)
    turn.draw(REFER, with_facts(given, post=officer.pk, answer_by=running.until_at.isoformat()))
    turn.also(
        Referral(
            case=case,
            post=officer,
            seat=seat,
            by=turn.person,
            at=at,
            due_at=running.until_at,
            amount=running.limit.amount,
            unit=running.limit.unit,
        )
    )


@in_turn
def answer(turn: Turn, given: Given) -> None:
    """警格答复: what the police found or did. The case goes back to its holder alone; the seat is taken back."""
    turn.draw(ANSWER, given)
    turn.end_referral(Referral.End.ANSWERED)


@in_turn
def recall(turn: Turn, given: Given) -> None:
    """撤回: no longer needed."""
    turn.draw("recall_police", given)
    turn.end_referral(Referral.End.RECALLED)


def sweep(*, at: datetime) -> int:
    """Report late answers once, and pass on what lies with an officer who left; how many were handled. Each in a
    transaction of its own: a fault stops none of the others."""
    held = Post.objects.held_at(at).values("pk")
    waiting = Referral.objects.filter(ended_at=None)
    due = waiting.filter(due_at__lte=at, was_late=False) | waiting.exclude(post__in=held)
    handled = 0
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)):
        try:
            handled += _handle(pk, at)
        except Exception:
            log.exception("referral %s: tried again with the next sweep", pk)
    return handled


def _handle(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        # The case's lock first, as every act takes it: two that hold one each would wait for each other.
        rows = Case.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(referrals=pk)
        case = rows.first()
        if case is None:
            return False
        with turn_on(case, by=None, at=at) as turn:
            referral = turn.facts.referral
            if referral is None or referral.pk != pk:
                return False
            if not referral.post.is_held_at(at):
                _pass_on(turn)
                return True
            if referral.was_late or referral.due_at > at:
                return False
            turn.draw("police_late")
            Referral.objects.filter(pk=pk).update(was_late=True)
            return True


def _pass_on(turn: Turn) -> None:
    """The officer left: whoever is officer there now answers by the same limit; nobody, and the holder hears of it."""
    case, at, referral = turn.case, turn.at, turn.facts.referral
    assert referral is not None, "what was referred is passed on"
    officer = police_of(case, at=at)
    if officer is None:
        turn.draw("police_gone", by_itself=True)
        turn.end_referral(Referral.End.UNMANNED)
        return
    turn.unseat(POLICE, lambda seat: seat.pk == referral.seat_id)
    seat = turn.seat(POLICE, post=officer)
    turn.draw(
        "police_succeed",
        Given(facts={"post": officer.pk, "answer_by": referral.due_at.isoformat()}),
        by_itself=True,
    )
    referral.post, referral.seat = officer, seat
    turn.also(referral)


def pass_on_all(post: Post, at: datetime) -> None:
    """This post ended: what was referred to it goes to whoever answers now."""
    for referral in Referral.objects.filter(post=post, ended_at=None).select_related("case").order_by("pk"):
        with turn_on(referral.case, by=None, at=at) as turn:
            _pass_on(turn)


def follow_place(*, case: Case, at: datetime) -> None:
    """The case lies elsewhere in the tree now: an officer who does not answer for its place passes it on."""
    with turn_on(case, by=None, at=at) as turn:
        referral = turn.facts.referral
        if referral is not None and not covers(referral.post, turn.case.grid):
            _pass_on(turn)


ACTS = {REFER: refer, ANSWER: answer, "recall_police": recall}
