"""议题: the states and arrows of what neighbours settle together. 社区协商 (2015 两办): 提出、确定主体、协商、形成意见、
组织实施、反馈公开. Who may vote and what is enough stands in rolls.py and quorum.py."""

from datetime import datetime
from typing import Any

from cases.workflow import (
    ASKER,
    DISPATCHER,
    HOLDER,
    SUPERVISOR,
    SYSTEM,
    VOTERS,
    Arrow,
    StageLimit,
    State,
    Tell,
    Workflow,
)
from meetings.votes.quorum import Body

KIND = "topic"
CHAIRS = frozenset({HOLDER, DISPATCHER})
"""Who leads a topic through: the desk of its place, and whoever it climbed to."""
PASS, FAIL = "pass", "fail"
CLOSE, OPEN = "close_urn", "open_urn"


def _must_vote(facts: Any, at: datetime) -> str:
    matter = facts.topic.matter
    if matter is None or matter.body == Body.CONSENT:
        return ""
    return f"“{matter.name}”依法要由{Body(matter.body).label}，请发起表决。"


def _needs_no_vote(facts: Any, at: datetime) -> str:
    return "" if _must_vote(facts, at) else "这类事项协商一致即可，不用表决；要表决请先改事项类别。"


def _is_begun(facts: Any, at: datetime) -> str:
    vote = facts.running_vote
    is_begun = vote is not None and vote.is_begun
    return "已经有人投票，选项和时间不能再改。确有错误，请作废这次表决重新发起。" if is_begun else ""


def _tasks_run(facts: Any, at: datetime) -> str:
    running = sum(task.closed_at is None for task in facts.tasks)
    return f"还有 {running} 件落实事项没有办完。" if running else ""


def _is_no_covenant(facts: Any, at: datetime) -> str:
    matter = facts.topic.matter
    return "" if matter is not None and matter.is_covenant else "这件议题不是订立公约。"


TOPIC = Workflow(
    kind=KIND,
    label="议题",
    initial="seconding",
    finish_label="形成决定",
    details_template="meetings/topics/_details.html",
    stages={
        "second": "征集联署", "screen": "审议立项", "discuss": "组织协商", "vote": "表决", "open": "开箱计票", "settle": "未形成决定后处理",
        "carry": "交办落实", "follow": "落实完毕",
    },
    limits=(
        StageLimit("second", 15, "day"),
        StageLimit("screen", 5, "work_day"),
        StageLimit("discuss", 30, "day"),
        StageLimit("vote", 7, "day"),
        StageLimit("open", 2, "work_day"),
        StageLimit("settle", 10, "work_day"),
        StageLimit("carry", 5, "work_day"),
        StageLimit("follow", 90, "day"),
        StageLimit("finish", 90, "day"),
        StageLimit("climb", 3, "work_day"),
    ),
    states={
        "seconding": State(
            "征集联署", clock="second", waits_for=frozenset({VOTERS}), lapses_by="unsupported", awaits="等邻居联署", lapses_as="不够就结束"
        ),
        "screening": State("待审议", clock="screen"),
        "discussing": State("协商中", clock="discuss", stamps="signed_at"),
        "voting": State(
            "表决中", clock="vote", waits_for=frozenset({VOTERS}), lapses_by=FAIL, awaits="等大家投票", lapses_as="自动计票"
        ),
        "unopened": State("待开箱", clock="open"),
        "undecided": State("未形成", clock="settle"),
        "decided": State("待落实", clock="carry", stamps="finished_at"),
        "carrying": State("落实中", clock="follow"),
        "done": State("已落实", final=True),
        "refused": State("不予立项", final=True),
        "unsupported": State("联署不足", final=True),
        "rejected": State("未通过", final=True),
        "withdrawn": State("已撤回", final=True),
    },
    arrows=(
        Arrow(
            "put_forward", "提交审议", "提交审议", ("seconding",), "screening", frozenset({SYSTEM}),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "unsupported", "联署不足", "到期联署不足，已结束", ("seconding",), "unsupported", frozenset({SYSTEM}),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "adopt", "立项", "已立项，开始协商", ("screening",), "discussing", CHAIRS, needs=("matter",),
            may_say=("words",), is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "refuse", "不予立项", "不予立项", ("screening",), "refused", CHAIRS, needs=("words",),
            tells=(Tell(ASKER),), is_grave=True,
        ),
        Arrow(
            "sort", "改事项类别", "改了事项类别", ("discussing", "undecided"), "", CHAIRS, needs=("matter", "words"),
        ),
        Arrow(
            "draft", "起草公约", "修改了公约草案", ("discussing",), "", CHAIRS, guard=_is_no_covenant,
            door="meetings:draft",
        ),
        Arrow(
            "agree", "协商一致", "协商一致，形成决定", ("discussing", "undecided"), "decided", CHAIRS, needs=("words",),
            guard=_must_vote, is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "announce", "发起表决", "公告表决", ("discussing", "undecided"), "voting", CHAIRS, guard=_needs_no_vote,
            door="meetings:vote-new", is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "change_vote", "改选项和时间", "改了表决的选项或时间", ("voting",), "", CHAIRS, guard=_is_begun,
            door="meetings:vote-change",
        ),
        Arrow(
            "void", "作废这次表决", "这次表决作废", ("voting", "unopened"), "discussing", CHAIRS | {SUPERVISOR}, needs=("words",),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            CLOSE, "停止收票", "投票截止，等监票人开箱", ("voting",), "unopened", frozenset({SYSTEM}),
            tells=(Tell(ASKER), Tell(HOLDER)),
        ),
        Arrow(
            OPEN, "开箱计票", "监票人开了箱", ("unopened",), "", CHAIRS, door="meetings:vote-open", is_main=True,
        ),
        Arrow(
            PASS, "表决通过", "表决通过", ("voting", "unopened"), "decided", frozenset({SYSTEM}),
            tells=(Tell(ASKER), Tell(HOLDER)),
        ),
        Arrow(
            FAIL, "表决未形成决定", "表决没有形成决定", ("voting", "unopened"), "undecided", frozenset({SYSTEM}),
            tells=(Tell(ASKER), Tell(HOLDER)),
        ),
        Arrow(
            "end", "不再表决，结束", "没有通过，结束", ("undecided",), "rejected", CHAIRS, needs=("words",),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "hand_out", "交办落实", "交办了一件落实事项", ("decided", "carrying"), "carrying", CHAIRS,
            needs=("post", "what", "by_date"), is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "carried", "落实完毕", "已落实", ("carrying",), "done", CHAIRS, needs=("words",), may_say=("photos",),
            guard=_tasks_run,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "withdraw", "撤回议题", "提出人撤回了议题", ("seconding", "screening", "discussing"), "withdrawn",
            frozenset({ASKER}), may_say=("words",),
            tells=(Tell(HOLDER),), is_grave=True,
        ),
    ),
)  # fmt: skip
