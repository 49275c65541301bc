"""问诊 (找专家, 翻牌子): the states and arrows of a consultation with an expert of the panel.

It is a kind of case like any other, rather than a small machine of its own, because what it needs is what the engine
has: a holder and a limit in every open state, one writer under a lock, stale pages refused, reminders, messages in the
transaction of the act, a story, lists. Three things are its own. The holder is the expert who was chosen as a person, so
nobody stands in for them (grids.roles.Role.is_personal), and late it never climbs: a superior must not read it. It goes to
the next fitting expert, and to the community's desk when there is none; the desk sees field and time. And no words pass
through the story: they stand in disputes.models.consultation, for the two alone."""

from datetime import datetime
from typing import Any

from cases.workflow import ASKER, EXPERT, HOLDER, SYSTEM, Arrow, StageLimit, State, Tell, Workflow

KIND = "consultation"
STAGES = {
    "answer": "专家答复",
    "arrange": "社区安排",
    "meet": "问诊后登记",
    "talk": "问诊沟通",
}
TALKS = ("agreed", "talking")
"""States in which the two may write to each other."""


LIVE = ("waiting", "accepted")
"""States of a booking that waits or is agreed."""


def _has_begun(facts: Any, at: datetime) -> str:
    booking = facts.booking
    return "约好的时间已经到了，不能再改。" if booking and booking.slot.from_at <= at else ""


def _has_not_begun(facts: Any, at: datetime) -> str:
    return "" if _has_begun(facts, at) else "约好的时间还没到。"


def _is_not_over(facts: Any, at: datetime) -> str:
    booking = facts.booking
    return "约好的时间还没有过。" if booking and booking.slot.until_at > at else ""


def _proposal_waits(facts: Any, at: datetime) -> str:
    return "已经问过居民，正在等答复。" if facts.proposal else ""


def _no_proposal(facts: Any, at: datetime) -> str:
    return "" if facts.proposal else "现在没有等您答复的建议。"


CONSULTATION = Workflow(
    kind=KIND,
    label="问诊",
    initial="asked",
    details_template="disputes/experts/_consultation.html",
    finish_label="答复",
    stages=STAGES,
    limits=(
        StageLimit("dispatch", 4, "work_hour"),
        StageLimit("answer", 4, "work_day", "本平台建议值：专家 4 个工作日内答复，最迟到约定时间前"),
        StageLimit("arrange", 2, "work_day", "本平台建议值：没有专家能接，社区 2 个工作日内安排"),
        StageLimit("meet", 2, "day", "本平台建议值：约定时间过后 2 天内登记"),
        StageLimit("talk", 14, "day", "本平台建议值：问诊后可继续留言 14 天"),
        StageLimit("rate", 7, "day", "本平台建议值：7 天不评价自动归档"),
    ),
    states={
        "asked": State("已登记", clock="dispatch"),
        "booked": State("待接单", clock="answer", lapses_by="pass_on"),
        "stranded": State("待安排", clock="arrange"),
        "agreed": State("已约定", clock="meet", lapses_by="miss"),
        "talking": State("问诊中", clock="talk", lapses_by="finish"),
        "rating": State("待评价", clock="rate", waits_for=frozenset({ASKER}), lapses_by="archive"),
        "archived": State("已归档", final=True),
    },
    arrows=(
        Arrow("offer", "交给专家", "已交给专家，等答复", ("asked",), "booked", frozenset({SYSTEM}), tells=(Tell(EXPERT),)),
        Arrow(
            "accept", "接单", "专家已接单", ("booked",), "agreed", frozenset({EXPERT}), is_main=True, guard=_has_begun,
            tells=(Tell(ASKER),),
        ),
        Arrow("decline", "接不了", "专家没有空", ("booked",), "", frozenset({EXPERT})),
        Arrow(
            "pass_on", "转下一位", "已转给下一位专家", ("booked",), "", frozenset({SYSTEM}),
            tells=(Tell(EXPERT), Tell(ASKER)),
        ),
        Arrow(
            "strand", "转社区安排", "暂时没有专家能接，由社区安排", ("booked",), "stranded", frozenset({SYSTEM}),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "arrange", "安排专家", "社区已另作安排", ("stranded",), "booked", frozenset({HOLDER}), needs=("slot",),
            is_main=True,
            tells=(Tell(EXPERT), Tell(ASKER)),
        ),
        Arrow(
            "close", "安排不了", "未能安排", ("stranded",), "archived", frozenset({HOLDER}), needs=("words",),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "change_slot", "改时间", "居民改了时间，等专家答复", ("booked", "agreed"), "booked", frozenset({ASKER}),
            needs=("slot",), guard=_has_begun,
            tells=(Tell(EXPERT),),
        ),
        Arrow(
            "move_slot", "换个时间", "专家换了时间", ("agreed",), "", frozenset({EXPERT}), needs=("slot",),
            guard=_has_begun,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "cancel", "取消预约", "居民已取消", ("booked", "stranded", "agreed"), "archived", frozenset({ASKER}),
            guard=_has_begun, tells=(Tell(HOLDER),),
        ),
        Arrow("call_off", "临时去不了", "专家临时有事", ("agreed",), "booked", frozenset({EXPERT, SYSTEM}), guard=_has_begun),
        Arrow(
            "hold", "开始问诊", "已问诊", ("agreed",), "talking", frozenset({EXPERT, SYSTEM}), guard=_has_not_begun,
            is_main=True,
        ),
        Arrow(
            "miss", "居民没来", "没有碰上面", ("agreed",), "archived", frozenset({EXPERT, SYSTEM}), guard=_is_not_over,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "again", "再约一次", "又约了一次", ("talking",), "agreed", frozenset({ASKER, EXPERT}), needs=("slot",),
            tells=(Tell(ASKER), Tell(EXPERT)),
        ),
        Arrow(
            "propose", "建议转调解", "专家建议转为调解", ("talking",), "", frozenset({EXPERT}), needs=("type",),
            guard=_proposal_waits,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "agree_mediation", "看看转调解", "居民同意转为调解", ("talking",), "", frozenset({ASKER}),
            guard=_no_proposal, is_main=True, door="disputes:consultation-refer",
            tells=(Tell(EXPERT),),
        ),
        Arrow(
            "refuse_mediation", "不转调解", "居民没有同意转为调解", ("talking",), "", frozenset({ASKER}),
            guard=_no_proposal, tells=(Tell(EXPERT),),
        ),
        Arrow(
            "finish", "结束问诊", "问诊结束", ("talking",), "rating", frozenset({ASKER, EXPERT, SYSTEM}),
            tells=(Tell(ASKER), Tell(EXPERT)),
        ),
        Arrow(
            "rate", "评价", "居民作了评价", ("rating",), "archived", frozenset({ASKER}), needs=("score",),
            may_say=("advice",), is_main=True, tells=(Tell(EXPERT),),
        ),
        Arrow("archive", "归档", "已归档", ("rating",), "archived", frozenset({SYSTEM})),
        Arrow(
            # Instead of the engine's: the two write to each other in their thread, which is no story of a case.
            "note", "工作记录", "写了工作记录", ("stranded",), "", frozenset({HOLDER}), needs=("words",),
            is_shown_to_asker=False,
        ),
    ),
)  # fmt: skip
