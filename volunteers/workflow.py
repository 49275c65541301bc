"""志愿服务: the states and arrows of a service order. An order is an offer; nobody is ordered anywhere (志愿服务条例 25)."""

from datetime import datetime
from typing import Any

from cases.workflow import (
    ASKER,
    DISPATCHER,
    HELPER,
    HOLDER,
    SUPERVISOR,
    SYSTEM,
    Arrow,
    StageLimit,
    State,
    Tell,
    Workflow,
    is_others_work,
)


def _may_verify(facts: Any, at: datetime) -> str:
    # Whoever was helped has the last word; staff look only where nobody can be asked.
    return "请等受助人评价；不评价，到期会自动结单。" if facts.seats(ASKER) else ""


def _has_begun(facts: Any, at: datetime) -> str:
    return "" if at >= facts.order.begins_at else "还没到约定的时间。"


def _is_asked(facts: Any, person: Any, at: datetime) -> str:
    return "您已经接单。" if _theirs(facts, person) else ""


def _is_awaited(facts: Any, person: Any, at: datetime) -> str:
    return "" if any(offer.arrived_at is None for offer in _theirs(facts, person)) else "您已经签到。"


def _is_there(facts: Any, person: Any, at: datetime) -> str:
    is_there = any(offer.arrived_at is not None and offer.left_at is None for offer in _theirs(facts, person))
    return "" if is_there else "您已经签退。"


def _theirs(facts: Any, person: Any) -> list[Any]:
    return [offer for offer in facts.offers if offer.person_id == person.pk and offer.state == "accepted"]


STAFF = frozenset({HOLDER, DISPATCHER})
HELPERS = frozenset({HELPER})
BY_ITSELF = frozenset({SYSTEM})
OWN_PAGE = "volunteers:order"

SERVICE = Workflow(
    kind="service",
    label="志愿服务",
    initial="planned",
    details_template="volunteers/orders/_details.html",
    limits=(
        StageLimit("dispatch", 1, "work_day"),
        StageLimit("dispatch", 1, "hour", "本平台建议值：应急任务", urgency="critical"),
        StageLimit("sign", 1, "hour", "本平台建议值：应急任务", urgency="critical"),
        StageLimit("sign", 4, "work_hour", "本平台建议值：到时没有答复就问下一位"),
        StageLimit("finish", 10, "work_day", "本平台建议值；约定了时间的以约定为准"),
        StageLimit("rate", 7, "day", "本平台建议值：7 天不评价自动结单，记为未评价"),
        StageLimit("climb", 1, "work_day"),
    ),
    states={
        "planned": State("待派单", clock="dispatch"),
        "offered": State("待接单", clock="sign", lapses_by="pass_on", stamps="dispatched_at"),
        "staffed": State("待服务", clock="finish", stamps="signed_at"),
        "serving": State("服务中", clock="finish"),
        "awaiting_rating": State(
            "待评价", clock="rate", waits_for=frozenset({ASKER}), lapses_by="close_unrated", stamps="finished_at"
        ),
        "done": State("已结单", final=True),
        "cancelled": State("已取消", final=True),
    },
    arrows=(
        Arrow(
            "offer", "派单", "已邀请志愿者", ("planned",), "offered", STAFF | BY_ITSELF, door="volunteers:offer",
        ),
        Arrow(
            "pass_on", "问下一位", "没有答复，已问下一位", ("offered",), "offered", BY_ITSELF,
            is_shown_to_asker=False,
        ),
        Arrow(
            "ask_leader", "请队长帮忙", "已请队长帮忙找人", ("offered",), "offered", BY_ITSELF,
            is_shown_to_asker=False,
        ),
        Arrow(
            "give_up", "退回社区", "暂时没有人能来，请社区再找", ("offered",), "planned", BY_ITSELF,
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "accept", "接单", "已接单", ("offered",), ("", "staffed"), HELPERS, door=OWN_PAGE, own_guard=_is_asked,
            tells=(Tell(ASKER, to=""), Tell(HOLDER, to=""), Tell(ASKER, to="staffed"), Tell(HOLDER, to="staffed")),
            done_at=(("staffed", "已接单，人员已到位"),),
        ),
        Arrow(
            "step_back", "临时去不了", "临时去不了，换人", ("offered", "staffed"), "offered", HELPERS,
            may_say=("words",),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "reschedule", "改期", "已改期，重新征求意见", ("offered", "staffed"), "offered", STAFF,
            needs=("begins_at", "ends_at", "words"),
            tells=(Tell(ASKER), Tell(HELPER)),
        ),
        Arrow(
            "cancel", "取消", "已取消", ("planned", "offered", "staffed"), "cancelled", STAFF | {ASKER},
            needs=("words",),
            tells=(Tell(HELPER), Tell(ASKER), Tell(HOLDER)),
        ),
        Arrow(
            "arrive", "签到", "已到场", ("staffed", "serving"), ("", "serving"), HELPERS, door=OWN_PAGE,
            own_guard=_is_awaited, done_at=(("serving", "已到场，开始服务"),),
        ),
        Arrow(
            "depart", "签退", "已签退", ("serving",), ("", "awaiting_rating"), HELPERS, needs=("words",),
            may_say=("photos",), door=OWN_PAGE, guard=_has_begun, own_guard=_is_there,
            tells=(Tell(ASKER, to="awaiting_rating"),), done_at=(("awaiting_rating", "服务完成，请受助人评价"),),
        ),
        Arrow(
            "finish_for", "代为签退", "已代为签退", ("serving",), "awaiting_rating", STAFF, needs=("words",),
            tells=(Tell(ASKER), Tell(HELPER)),
        ),
        Arrow(
            "note_absence", "没有到场", "有人没有到场", ("staffed", "serving"), "", STAFF, needs=("absentee",),
            may_say=("words",), guard=_has_begun, is_shown_to_asker=False,
        ),
        Arrow(
            "rate", "评价", "受助人已评价", ("awaiting_rating",), "done", frozenset({ASKER}),
            needs=("score", "is_solved"), may_say=("words",), is_main=True,
            tells=(Tell(HELPER), Tell(HOLDER)),
        ),
        Arrow(
            "verify", "核查结单", "已核查结单", ("awaiting_rating",), "done", frozenset({SUPERVISOR, DISPATCHER}),
            needs=("words",), guard=_may_verify, own_guard=is_others_work,
            tells=(Tell(HELPER),),
        ),
        Arrow(
            "close_unrated", "自动结单", "受助人未评价，已自动结单", ("awaiting_rating",), "done", BY_ITSELF,
            tells=(Tell(HELPER),),
        ),
    ),
)  # fmt: skip
