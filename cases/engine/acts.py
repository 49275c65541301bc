"""Acts that write more than a state and that kinds of case have in common. A kind says in its services which it uses.

All take the turn and what was said, and raise turns.ArrowRefused, turns.CaseMovedOn or ValidationError at the field
concerned; then nothing has changed."""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError

from cases.engine import routing
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn, turn_on
from cases.limits import clock
from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.limits.deadlines import extend_finish, set_finish
from cases.models import Case, Category, Extension, Rating, Wake
from cases.workflow import CO_HOLDER
from grids.models import Grid, Post
from grids.rights.jurisdiction import covers


def with_facts(given: Given, **facts: object) -> Given:
    """What was said, and these facts for the event."""
    return replace(given, facts={**given.facts, **facts})


@in_turn
def assign(turn: Turn, given: Given, post: Post, verb: str = "dispatch") -> None:
    """派单: hand the case to a post that answers for its place. After a return this is 指定承办: no second return."""
    routing.check_may_hold(post=post, case=turn.case, at=turn.at)
    was_returned = any(verb == "send_back" for verb, _, _ in turn.facts.drawn)
    given = with_facts(given, post=post.pk, designated=was_returned)
    turn.draw(verb, given, holder=post, is_designated=was_returned)


@in_turn
def transfer(turn: Turn, given: Given, post: Post) -> None:
    """转办: another post takes over, with the reason."""
    if turn.case.holder_id == post.pk:
        raise ValidationError({"post": "这件事项已经由这位负责，请另选一位。"})
    assign(turn, given, post, verb="transfer")


@in_turn
def send_back(turn: Turn, given: Given) -> None:
    """退单: back to the desk with a reason, soon after dispatch (stage "return") and once."""
    case, at = turn.case, turn.at
    if case.dispatched_at is not None:
        last = limits.run_stage(case=case, stage="return", from_at=case.dispatched_at).until_at
        if at > last:
            raise ArrowRefused(f"退单应在派单后{clock.at_in_words(last, at)}提出，现在已过，可以上报。")
    turn.draw("send_back", given, holder=routing.desk_of(case, at=at))


@in_turn
def send_up(turn: Turn, given: Given) -> None:
    """上报: the level above takes over."""
    above = above_holder(turn)
    if above is None:
        raise ArrowRefused("已经在最高一级，不能再上报。")
    turn.draw("send_up", with_facts(given, post=above.pk), holder=above)


def above_holder(turn: Turn) -> Post | None:
    """Who stands above whoever has the case; None above the county."""
    holder = turn.case.holder
    return routing.leader_above(holder, at=turn.at, barred=turn.facts.kept_out) if holder else None


@in_turn
def ask_help(turn: Turn, given: Given, helper: Post) -> None:
    """协办: another post of the street helps; the holder stays responsible (首接负责)."""
    case = turn.case
    routing.check_may_help(post=helper, case=case, at=turn.at, field="helper")
    if case.holder and helper.person_id == case.holder.person_id:
        raise ValidationError({"helper": "这位就是责任人，请选另一位协办。"})
    if helper.person_id == turn.person.pk:
        raise ValidationError({"helper": "不能请自己协办，请选另一位。"})
    turn.seat(CO_HOLDER, post=helper)
    turn.draw("ask_help", with_facts(given, post=helper.pk))


@in_turn
def ask_extension(turn: Turn, given: Given, amount: int, unit: str = Unit.WORK_DAY) -> None:
    """延期申请: once, before the limit ends, not longer than the limit itself; the level above decides."""
    if amount < 1:
        raise ValidationError({"amount": "请填写要延长几天。"})
    if amount > (longest := _longest_extension(turn.case)):
        raise ValidationError({"amount": f"最多可延长 {longest} 个工作日，不超过原来的时限。"})
    turn.draw("ask_extension", with_facts(given, amount=amount, unit=unit))
    turn.also(Extension(case=turn.case, amount=amount, unit=unit, asked_by=turn.person, asked_at=turn.at))


def _longest_extension(case: Case) -> int:
    """In working days; a limit in hours may be extended by one."""
    if case.finish_unit in {Unit.WORK_DAY, Unit.DAY} and case.finish_amount:
        return case.finish_amount
    return 1


@in_turn
def grant_extension(turn: Turn, given: Given) -> None:
    """同意延期: the promise to the asker moves, and they are told why."""
    asked = turn.facts.asked_extension
    if asked is not None and turn.case.finish_by_at is not None:
        extend_finish(case=turn.case, limit=Limit(asked.amount, Unit(asked.unit)), at=turn.at)
    turn.draw("grant_extension", given)
    decide_extension(turn, is_granted=True)


@in_turn
def refuse_extension(turn: Turn, given: Given) -> None:
    """不同意延期: the limit stays."""
    turn.draw("refuse_extension", given)
    decide_extension(turn, is_granted=False)


def decide_extension(turn: Turn, *, is_granted: bool) -> None:
    """After the arrow, whose guard has seen that an extension waits."""
    waiting = Extension.objects.filter(case=turn.case, decided_at=None)
    waiting.update(decided_by=turn.person, decided_at=turn.at, is_granted=is_granted)
    turn.facts.forget("extensions")


def promise_anew(case: Case, *, category: Category, urgency: str) -> None:
    """The promise to the asker of a case in a turn as this category and urgency have it, counted from when it came in."""
    limit = limits.limit_for(kind=case.kind, stage="finish", category=category, urgency=urgency)
    set_finish(case=case, limit=limit, from_at=case.opened_at)


@in_turn
def reclassify(turn: Turn, given: Given, category: Category, urgency: str) -> None:
    """调整分类: category and urgency as staff see them; the limits count anew from when the case was opened."""
    if category.kind != turn.case.kind or category.retired_at is not None:
        raise ValidationError({"category": f"分类“{category.name}”已停用或不适用，请另选一类。"})
    promise_anew(turn.case, category=category, urgency=urgency)
    given = with_facts(given, category=category.pk, urgency=urgency)
    turn.draw("reclassify", given, category=category, urgency=urgency)


@in_turn
def rate(turn: Turn, given: Given, score: int, is_solved: bool) -> None:
    """评价: the asker's word closes the loop, whatever it is."""
    turn.draw("rate", with_facts(given, score=score, is_solved=is_solved), outcome="rated")
    turn.also(Rating(case=turn.case, score=score, is_solved=is_solved, rated_at=turn.at))


@in_turn
def verify(turn: Turn, given: Given) -> None:
    """核查归档, where nobody can be asked. Its arrow has `is_others_work` as own guard."""
    turn.draw("verify", given, outcome="verified")


@in_turn
def close_unrated(turn: Turn, given: Given) -> None:
    """Silence after the stated days: filed as 未评价, never as satisfied."""
    turn.draw("close_unrated", outcome="unrated")


@in_turn
def climb(turn: Turn) -> bool:
    """升级: late, so the level above takes over with a limit of its own. False when there is nobody above."""
    case, above = turn.case, above_holder(turn)
    if above is None:
        return False
    limit = limits.limit_for(kind=case.kind, stage="climb", category=case.category, urgency=case.urgency)
    turn.draw("climb", Given(facts={"post": above.pk}), holder=above, limit=limit)
    return True


def succeed(*, case: Case, at: datetime) -> None:
    """The holder's post ended, or no longer covers the place: who holds that role over the place now takes over, else
    the nearest leader, never below the holder's level. A limit that has passed is not theirs: they begin with that of
    who takes over by climbing. A kind whose holder is no office has its own way."""
    own = case.workflow.acts.get("succeed", take_over)
    own(case=case, by=None, at=at)


@in_turn
def take_over(turn: Turn) -> None:
    """`succeed` of a kind whose holder is an office."""
    case, at = turn.case, turn.at
    assert case.holder is not None, "open cases have a holder"
    node = case.grid
    if case.holder.grid is not None:
        node = Grid.objects.upward_from(case.grid).filter(level__lte=case.holder.grid.level).first()
    heir = routing.nearest(node, roles=frozenset({case.holder.role}), at=at, or_leader=True, barred=turn.facts.kept_out)
    is_late = case.is_late(at) and case.wake_for != Wake.ROUTE
    limit = limits.run_stage(case=case, stage="climb", from_at=at).limit if is_late else None
    turn.draw("succeed", Given(facts={"post": heir.pk}), holder=heir, limit=limit)


def succeed_elsewhere(*, case: Case, at: datetime) -> None:
    """The case lies elsewhere in the tree now: a holder who no longer answers for its place hands it over."""
    with turn_on(case, by=None, at=at) as turn:
        if turn.case.holder is not None and not covers(turn.case.holder, turn.case.grid):
            succeed(case=turn.case, at=at)
