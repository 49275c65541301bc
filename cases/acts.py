"""Acts that write more than a state and that kinds of case have in common. A kind lists those it uses in its workflow.

All take the same words (see `services.act`) and raise services.ArrowRefused, services.CaseMovedOn or ValidationError at
the field concerned."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases import clock, limits, routing
from cases.clock import Limit, Unit
from cases.models import Case, Category, Extension, Rating, Wake
from cases.promises import extend_finish, set_finish
from cases.services import ArrowRefused, Said, give_seat, lock, move
from grids.jurisdiction import covers
from grids.models import Grid, Post


def assign(*, case: Case, by: User, at: datetime, version: int, said: Said, post: Post, verb: str = "dispatch") -> None:
    """派单: hand the case to a post that answers for its place. After a return this is 指定承办: no second return."""
    routing.check_may_hold(post=post, case=case, at=at)
    was_returned = case.events.filter(verb="send_back").exists()
    move(
        case=case, verb=verb, by=by, at=at, version=version, holder=post,
        said=Said(said.words, said.photos, {"post": post.pk, "designated": was_returned}),
        changes={"is_designated": was_returned},
    )  # fmt: skip


def transfer(*, case: Case, by: User, at: datetime, version: int, said: Said, post: Post) -> None:
    """转办: another post takes over, with the reason."""
    if case.holder_id == post.pk:
        raise ValidationError({"post": "这件事项已经由这位负责，请另选一位。"})
    assign(case=case, by=by, at=at, version=version, said=said, post=post, verb="transfer")


def send_back(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """退单: back to the desk with a reason, soon after dispatch (stage "return") and once."""
    if case.dispatched_at is not None:
        last = limits.run_stage(case=case, stage="return", from_at=case.dispatched_at).until_at
        if at > last:
            raise ArrowRefused(f"退单应在派单后{clock.at_in_words(last, at)}提出，现在已过，可以上报。")
    move(
        case=case, verb="send_back", by=by, at=at, version=version, said=said,
        holder=routing.desk_of(case, at=at),
    )  # fmt: skip


def send_up(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """上报: the level above takes over."""
    above = routing.leader_above(case.holder, at=at, barred=routing.barred_from(case)) if case.holder else None
    if above is None:
        raise ArrowRefused("已经在最高一级，不能再上报。")
    facts = {"post": above.pk}
    move(
        case=case, verb="send_up", by=by, at=at, version=version, holder=above,
        said=Said(said.words, said.photos, facts),
    )  # fmt: skip


def ask_help(*, case: Case, by: User, at: datetime, version: int, said: Said, helper: Post) -> None:
    """协办: another post of the street helps; the holder stays responsible (首接负责)."""
    routing.check_may_help(post=helper, case=case, at=at, field="helper")
    if case.holder and helper.person_id == case.holder.person_id:
        raise ValidationError({"helper": "这位就是责任人，请选另一位协办。"})
    if helper.person_id == by.pk:
        raise ValidationError({"helper": "不能请自己协办，请选另一位。"})
    with transaction.atomic():
        lock(case)
        seat = give_seat(case=case, post=helper, role="co_holder", at=at)
        facts = {"post": helper.pk}
        move(
            case=case, verb="ask_help", by=by, at=at, version=version,
            said=Said(said.words, said.photos, facts), seated=[seat] if seat else (),
        )  # fmt: skip


def ask_extension(
    *, case: Case, by: User, at: datetime, version: int, said: Said, amount: int, unit: str = Unit.WORK_DAY
) -> None:
    """延期申请: once, before the limit ends, not longer than the limit itself; the level above decides."""
    if amount < 1:
        raise ValidationError({"amount": "请填写要延长几天。"})
    if amount > _longest_extension(case):
        raise ValidationError({"amount": f"最多可延长 {_longest_extension(case)} 个工作日，不超过原来的时限。"})
    with transaction.atomic():
        locked = lock(case)
        if Extension.objects.filter(case=locked).exists():
            raise ArrowRefused("每件事项只能申请一次延期。")
        facts = {"amount": amount, "unit": unit}
        move(
            case=case, verb="ask_extension", by=by, at=at, version=version,
            said=Said(said.words, said.photos, facts),
        )  # fmt: skip
        Extension.objects.create(case=case, amount=amount, unit=unit, asked_by=by, asked_at=at)


def _longest_extension(case: Case) -> int:
    """In working days; a limit in hours may be extended by one."""
    if case.finish_unit in {Unit.WORK_DAY, Unit.DAY} and case.finish_amount:
        return case.finish_amount
    return 1


def grant_extension(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """同意延期: the promise to the asker moves, and they are told why."""
    with transaction.atomic():
        locked = lock(case)
        asked = Extension.objects.filter(case=case, decided_at=None).first()
        if asked is not None and locked.finish_by_at is not None:
            extend_finish(case=locked, limit=Limit(asked.amount, Unit(asked.unit)), at=at)
            locked.save()
        move(case=case, verb="grant_extension", by=by, at=at, version=version, said=said)
        _decide(case, by, at, is_granted=True)


def refuse_extension(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """不同意延期: the limit stays."""
    with transaction.atomic():
        move(case=case, verb="refuse_extension", by=by, at=at, version=version, said=said)
        _decide(case, by, at, is_granted=False)


def _decide(case: Case, by: User, at: datetime, *, is_granted: bool) -> None:
    """After the move, whose guard has seen that an extension waits, under the case's lock."""
    waiting = Extension.objects.filter(case=case, decided_at=None)
    waiting.update(decided_by=by, decided_at=at, is_granted=is_granted)


def promise_anew(*, case: Case, category: Category, urgency: str) -> None:
    """The promise to the asker as this category and urgency have it, counted from when the case came in. Inside of the
    transaction of the act that writes them."""
    locked = lock(case)
    limit = limits.limit_for(kind=case.kind, stage="finish", category=category, urgency=urgency)
    set_finish(case=locked, limit=limit, from_at=locked.opened_at)
    locked.save()


def reclassify(
    *, case: Case, by: User, at: datetime, version: int, said: Said, category: Category, urgency: str
) -> None:
    """调整分类: category and urgency as staff see them; the limits count anew from when the case was opened."""
    if category.kind != case.kind or category.retired_at is not None:
        raise ValidationError({"category": f"分类“{category.name}”已停用或不适用，请另选一类。"})
    with transaction.atomic():
        promise_anew(case=case, category=category, urgency=urgency)
        move(
            case=case, verb="reclassify", by=by, at=at, version=version,
            said=Said(said.words, said.photos, {"category": category.pk, "urgency": urgency}),
            changes={"category": category, "urgency": urgency},
        )  # fmt: skip


def rate(*, case: Case, by: User, at: datetime, version: int, said: Said, score: int, is_solved: bool) -> None:
    """评价: the asker's word closes the loop, whatever it is."""
    with transaction.atomic():
        facts = {"score": score, "is_solved": is_solved}
        move(
            case=case, verb="rate", by=by, at=at, version=version,
            said=Said(said.words, said.photos, facts), changes={"outcome": "rated"},
        )  # fmt: skip
        Rating.objects.create(case=case, score=score, is_solved=is_solved, rated_at=at)


def verify(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """核查归档, where nobody can be asked. Its arrow has `is_others_work` as own guard."""
    move(case=case, verb="verify", by=by, at=at, version=version, said=said, changes={"outcome": "verified"})


def close_unrated(*, case: Case, by: None, at: datetime, version: None, said: Said) -> None:
    """Silence after the stated days: filed as 未评价, never as satisfied."""
    move(case=case, verb="close_unrated", by=by, at=at, version=version, changes={"outcome": "unrated"})


def climb(*, case: Case, at: datetime) -> bool:
    """升级: late, so the level above takes over with a limit of its own. False when there is nobody above."""
    above = routing.leader_above(case.holder, at=at, barred=routing.barred_from(case)) if case.holder else None
    if above is None:
        return False
    limit = limits.limit_for(kind=case.kind, stage="climb", category=case.category, urgency=case.urgency)
    move(
        case=case,
        verb="climb",
        by=None,
        at=at,
        holder=above,
        limit=limit,
        said=Said(facts={"post": above.pk}),
    )
    return True


def succeed(*, case: Case, at: datetime) -> None:
    """The holder's post ended, or no longer covers the place: who holds that role over the place now takes over, else
    the nearest leader, never below the holder's level. A limit that has passed is not theirs: they begin with that of
    who takes over by climbing. A kind whose holder is no office has its own way."""
    if own := case.workflow.acts.get("succeed"):
        own(case=case, at=at)
        return
    assert case.holder is not None, "open cases have a holder"
    node = case.grid
    if case.holder.grid is not None:
        node = Grid.objects.upward_from(case.grid).filter(level__lte=case.holder.grid.level).first()
    heir = routing.nearest(
        node, roles=frozenset({case.holder.role}), at=at, or_leader=True, barred=routing.barred_from(case)
    )
    is_late = case.is_late(at) and case.wake_for != Wake.ROUTE
    limit = limits.run_stage(case=case, stage="climb", from_at=at).limit if is_late else None
    move(case=case, verb="succeed", by=None, at=at, holder=heir, limit=limit, said=Said(facts={"post": heir.pk}))


def succeed_elsewhere(*, case: Case, at: datetime) -> None:
    """The case lies elsewhere in the tree now: a holder who no longer answers for its place hands it over."""
    if case.holder is not None and not covers(case.holder, case.grid):
        succeed(case=case, at=at)
