"""交办事项: the plain kind of case that other rooms hand out. Somebody has it in hand, by a day, and says when it is done;
whoever handed it out looks at the result. What to do stands in the first entry of its story."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cases.engine import acts, routing
from cases.engine.opening import Opening, open_case
from cases.engine.turns import Given, Turn, in_turn, turn_on
from cases.limits.clock import Limit
from cases.limits.deadlines import set_finish
from cases.models import Case
from cases.workflow import (
    ASKER,
    CO_HOLDER,
    DISPATCHER,
    HOLDER,
    SUPERVISOR,
    SYSTEM,
    Acts,
    Arrow,
    StageLimit,
    State,
    Tell,
    Workflow,
    is_others_work,
)
from grids.models import Grid, Post

KIND = "task"
_UNDER_WAY = ("assigned", "handling")

TASK = Workflow(
    kind=KIND,
    label="交办事项",
    initial="waiting",
    finish_label="办结",
    is_asked_by_office=True,
    stages={"confirm": "确认结果"},
    limits=(
        StageLimit("dispatch", 1, "work_day"),
        StageLimit("sign", 1, "work_day"),
        StageLimit("finish", 10, "work_day", "本平台建议值；交办时另有期限的以期限为准"),
        StageLimit("confirm", 7, "day", "本平台建议值：7 天没有人确认自动归档，记为未确认"),
        StageLimit("climb", 1, "work_day"),
    ),
    states={
        "waiting": State("待交办", clock="dispatch"),
        "assigned": State("已交办", clock="sign", stamps="dispatched_at"),
        "handling": State("办理中", clock="finish", stamps="signed_at"),
        "checking": State(
            "待确认", clock="confirm", waits_for=frozenset({ASKER}), lapses_by="close_unconfirmed", stamps="finished_at"
        ),
        "archived": State("已归档", final=True),
        "dropped": State("已撤销", final=True),
    },
    arrows=(
        Arrow(
            "assign",
            "交办",
            "已交办",
            ("waiting",),
            "assigned",
            frozenset({SYSTEM, DISPATCHER}),
            needs=("post",),
            may_say=("words",),
            is_main=True,
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "sign",
            "签收",
            "已签收",
            ("assigned",),
            "handling",
            frozenset({HOLDER}),
            is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "progress",
            "报进展",
            "报告了进展",
            ("handling",),
            "",
            frozenset({HOLDER, CO_HOLDER}),
            needs=("words",),
            may_say=("photos",),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "finish",
            "办结",
            "已办结，请确认结果",
            _UNDER_WAY,
            "checking",
            frozenset({HOLDER}),
            needs=("words",),
            may_say=("photos",),
            is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "transfer",
            "转办",
            "已转办",
            _UNDER_WAY,
            "assigned",
            frozenset({DISPATCHER, SUPERVISOR}),
            needs=("post", "words"),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "ask_help",
            "请人协办",
            "已请人协办",
            _UNDER_WAY,
            "",
            frozenset({HOLDER, DISPATCHER, SUPERVISOR}),
            needs=("helper", "words"),
            tells=(Tell(CO_HOLDER, is_for_new=True),),
        ),
        Arrow(
            "urge",
            "督办",
            "上级督办",
            _UNDER_WAY,
            "",
            frozenset({SUPERVISOR}),
            needs=("words",),
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "confirm",
            "确认完成",
            "已确认完成",
            ("checking",),
            "archived",
            frozenset({ASKER, SUPERVISOR}),
            may_say=("words",),
            own_guard=is_others_work,
            is_main=True,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "redo",
            "没办好，请重办",
            "没有办好，要求重办",
            ("checking",),
            "handling",
            frozenset({ASKER, SUPERVISOR}),
            needs=("words",),
            may_say=("photos",),
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "close_unconfirmed",
            "自动归档",
            "没有人确认，已自动归档",
            ("checking",),
            "archived",
            frozenset({SYSTEM}),
        ),
        Arrow(
            "drop",
            "撤销",
            "不用办了，已撤销",
            ("waiting", *_UNDER_WAY),
            "dropped",
            frozenset({ASKER, SUPERVISOR}),
            needs=("words",),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
    ),
)


def raise_task(
    *,
    title: str,
    grid: Grid,
    given: Given,
    at: datetime,
    asker: User | None = None,
    by: User | None = None,
    place: str = "",
) -> Case:
    """A task nobody has been named for yet: the desk of its place has it, and hands it on within its limit.

    Raises ValidationError: the place was merged away, or nobody is in post up to the county."""
    begun = Opening(kind=KIND, grid=grid, title=title, place=place or grid.name, asker=asker, by=by, given=given)
    return open_case(begun, at=at)


def hand_out(
    *,
    title: str,
    grid: Grid,
    post: Post,
    given: Given,
    by: User,
    at: datetime,
    limit: Limit | None = None,
    place: str = "",
    asker: User | None = None,
) -> Case:
    """A task for this post, who has `limit` for it (the kind's own limit without). `asker` (`by` without) is told how it
    goes and confirms the result; of what somebody takes on themselves, the level above does.

    Raises ValidationError at `post`: ended, or answers for another place."""
    asker = asker or by
    if asker.pk == post.person_id:
        asker = None
    with transaction.atomic():
        case = raise_task(title=title, grid=grid, given=given, at=at, asker=asker, by=by, place=place)
        with turn_on(case, by=None, at=at) as turn:
            if limit is not None:
                set_finish(case=turn.case, limit=limit, from_at=at)
            routing.check_may_hold(post=post, case=turn.case, at=at)
            turn.draw("assign", Given(facts={"post": post.pk}), holder=post)
    return case


@in_turn
def assign(turn: Turn, given: Given, post: Post) -> None:
    """交办, by the desk."""
    acts.assign(turn, given, post, verb="assign")


@in_turn
def confirm(turn: Turn, given: Given) -> None:
    """确认完成, by somebody else than who did it."""
    turn.draw("confirm", given, outcome="confirmed")


@in_turn
def close_unconfirmed(turn: Turn, given: Given) -> None:
    """Silence after the stated days: filed as such, never as confirmed."""
    turn.draw("close_unconfirmed", outcome="unconfirmed")


ACTS: Acts = {
    "assign": assign,
    "transfer": acts.transfer,
    "ask_help": acts.ask_help,
    "confirm": confirm,
    "close_unconfirmed": close_unconfirmed,
}
