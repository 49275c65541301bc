"""转警格: referring a case to the community's police, their answer, and what happens when they are late or leave. A kind of
case takes part by `cases.workflow.refer_police` among its arrows and ACTS among its acts.

All acts take the same words (see `cases.services.act`) and raise ArrowRefused, CaseMovedOn or ValidationError at the field
concerned; then nothing has changed."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases import limits, routing
from cases.models import Case, Referral, Seat
from cases.models.rules import Stage
from cases.services import ArrowRefused, Said, end_referral, give_seat, lock, move
from cases.workflow import ANSWER, CONCERNED, POLICE, REFER
from grids.jurisdiction import candidates_for, covers
from grids.models import Post

log = logging.getLogger(__name__)

OFFICER = "police_officer"


def police_of(case: Case, *, at: datetime) -> Post | None:
    """The police officer who answers for the case's place; nobody who must keep out of it."""
    barred = routing.barred_from(case)
    found = candidates_for(case.grid, roles=frozenset({OFFICER}), at=at)
    return next((post for post in found if post.person_id not in barred), None)


def open_referral(case: Case) -> Referral | None:
    found = Referral.objects.filter(case=case, ended_at=None)
    return found.select_related("case", "post__person", "post__grid", "by").first()


def answered_case(person: User, number: str) -> Case | None:
    """The case with this number, if this person answered for the police in it and it is not about them."""
    cases = Case.objects.filter(number=number, referrals__end=Referral.End.ANSWERED, referrals__post__person=person)
    return cases.exclude(seats__role=CONCERNED, seats__post__person=person).first()


def refer(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """转警格: the officer of the place gets a seat, the reason and a limit of their own (stage "police"); who holds the
    case goes on holding it."""
    with transaction.atomic():
        locked = lock(case)
        officer = police_of(locked, at=at)
        if officer is None:
            raise ArrowRefused("这里没有在岗的社区民警。紧急情况请拨打 110，其他请与派出所联系。")
        running = limits.run_stage(case=locked, stage=Stage.POLICE, from_at=at)
        seat = give_seat(case=locked, post=officer, role=POLICE, at=at)
        facts: dict[str, Any] = {"post": officer.pk, "answer_by": running.until_at.isoformat()}
        move(
            case=case, verb="refer_police", by=by, at=at, version=version,
            said=Said(said.words, said.photos, facts),
        )  # fmt: skip
        Referral.objects.create(
            case=case, post=officer, seat=seat, by=by, at=at, due_at=running.until_at,
            amount=running.limit.amount, unit=running.limit.unit,
        )  # fmt: skip


def answer(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """警格答复: what the police found or did. The case goes back to its holder alone; the seat is taken back."""
    _end(case, "answer_police", Referral.End.ANSWERED, by=by, at=at, version=version, said=said)


def recall(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """撤回: no longer needed."""
    _end(case, "recall_police", Referral.End.RECALLED, by=by, at=at, version=version, said=said)


def _end(case: Case, verb: str, end: str, *, by: User | None, at: datetime, version: int | None, said: Said) -> None:
    with transaction.atomic():
        locked = lock(case)
        move(case=case, verb=verb, by=by, at=at, version=version, said=said)
        end_referral(case=locked, end=end, at=at)


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
        if (
            Case.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(referrals=pk).first()
            is None
        ):
            return False
        found = Referral.objects.filter(pk=pk, ended_at=None).select_related("case", "post").first()
        if found is None:
            return False
        if not Post.objects.held_at(at).filter(pk=found.post_id).exists():
            _pass_on(found, at)
            return True
        if found.was_late or found.due_at > at:
            return False
        move(case=found.case, verb="police_late", by=None, at=at)
        Referral.objects.filter(pk=pk).update(was_late=True)
        return True


def _pass_on(referral: Referral, at: datetime) -> None:
    """The officer left: whoever is officer there now answers by the same limit; nobody, and the holder hears of it."""
    case = lock(referral.case)
    officer = police_of(case, at=at)
    if officer is None:
        _end(case, "police_gone", Referral.End.UNMANNED, by=None, at=at, version=None, said=Said())
        return
    if referral.seat_id is not None:
        Seat.objects.filter(pk=referral.seat_id).update(until_at=at)
    seat = give_seat(case=case, post=officer, role=POLICE, at=at)
    Referral.objects.filter(pk=referral.pk).update(post=officer, seat=seat)
    facts = {"post": officer.pk, "answer_by": referral.due_at.isoformat()}
    move(case=case, verb="police_succeed", by=None, at=at, said=Said(facts=facts))


def pass_on_all(post: Post, at: datetime) -> None:
    """This post ended: what was referred to it goes to whoever answers now."""
    for referral in Referral.objects.filter(post=post, ended_at=None).select_related("case", "seat").order_by("pk"):
        _pass_on(referral, at)


def follow_place(*, case: Case, at: datetime) -> None:
    """The case lies elsewhere in the tree now: an officer who does not answer for its place passes it on."""
    referral = open_referral(case)
    if referral is not None and not covers(referral.post, case.grid):
        _pass_on(referral, at)


ACTS = {REFER: refer, ANSWER: answer, "recall_police": recall}
