"""诉求: the states and arrows of a resident's request. Limits are rows (cases.models.TimeLimit), people are posts."""

from datetime import datetime
from typing import Any

from cases.workflow import (
    ASKER,
    CO_HOLDER,
    DISPATCHER,
    HOLDER,
    SUPERVISOR,
    SYSTEM,
    Arrow,
    State,
    Tell,
    Workflow,
    is_others_work,
    refer_police,
)

MAX_REDO = 2
TAKE_BACK = "take_back"
RELAY = "relay"
"""What another system that filed it says afterwards."""


def _may_send_back(facts: Any, at: datetime) -> str:
    # 潍坊市12345条例 22: once the holder has been designated, no second return.
    return "这件事项已指定由您承办，不能再退。办不了可以上报。" if facts.case.is_designated else ""


def _may_redo(facts: Any, at: datetime) -> str:
    return "已经重办过两次。请评价，或到社区当面反映。" if facts.case.redo_count >= MAX_REDO else ""


def _may_object(facts: Any, at: datetime) -> str:
    return "已经提过一次异议，上一级复核后仍不受理。" if facts.case.was_objected else ""


def _may_ask_extension(facts: Any, at: datetime) -> str:
    if facts.case.finish_by_at and facts.case.finish_by_at <= at:
        return "时限已过，不能再申请延期。"
    return "每件事项只能申请一次延期。" if facts.extensions else ""


def _may_decide_extension(facts: Any, at: datetime) -> str:
    return "" if facts.asked_extension else "没有待审批的延期申请。"


def _is_others_extension(facts: Any, person: Any, at: datetime) -> str:
    asked = facts.asked_extension
    return "您就是申请人，请由另一位上级审批。" if asked and asked.asked_by_id == person.pk else ""


def _may_take_back(facts: Any, at: datetime) -> str:
    if not facts.case.batch:
        return "只有成批导入的事项可以撤回导入。"
    # Sorting only says what the table did not.
    has_acted = any(by is not None and verb != "sort" for verb, by, _ in facts.drawn[1:])
    return "已经有人办理过，不能撤回导入。" if has_acted else ""


def _may_verify(facts: Any, at: datetime) -> str:
    # The resident has the last word; staff verify only where nobody can be asked.
    return "请等居民评价；居民不评价，到期会自动归档。" if facts.seats(ASKER) else ""


REQUEST = Workflow(
    kind="request",
    label="诉求",
    initial="submitted",
    unsorted="sorting",
    routed_by="dispatch",
    details_template="residents/requests/_details.html",
    stages={"sort": "分拣"},
    states={
        "sorting": State("待分拣", clock="sort"),
        "submitted": State("待派单", clock="dispatch"),
        "dispatched": State("已派单", clock="sign", stamps="dispatched_at"),
        "accepted": State("已签收", clock="finish", stamps="signed_at"),
        "handling": State("办理中", clock="finish"),
        "awaiting_rating": State(
            "待评价", clock="rate", waits_for=frozenset({ASKER}), lapses_by="close_unrated", stamps="finished_at"
        ),
        "reworking": State("重办中", clock="redo"),
        "shelved": State("已挂账", clock="review"),
        "declined": State("不受理", clock="object", waits_for=frozenset({ASKER}), lapses_by="file_declined"),
        "archived": State("已归档", final=True),
        "withdrawn": State("已撤回", final=True),
    },
    arrows=(
        Arrow(
            "sort", "分拣", "已分拣，等待派单", ("sorting",), "submitted", frozenset({DISPATCHER}),
            needs=("place", "category", "urgency"), may_say=("words",), is_main=True, is_shown_to_asker=False,
        ),
        Arrow(
            TAKE_BACK, "撤回导入", "导入有误，已撤回", ("sorting", "submitted", "dispatched"), "withdrawn",
            frozenset({DISPATCHER}), needs=("words",), guard=_may_take_back,
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "dispatch", "派单", "已派单", ("submitted",), "dispatched", frozenset({SYSTEM, DISPATCHER}),
            needs=("post",), may_say=("words",), is_main=True,
            tells=(Tell(HOLDER), Tell(ASKER), Tell(CO_HOLDER, is_for_new=True)),
        ),
        Arrow(
            "sign", "签收", "已签收", ("dispatched",), "accepted", frozenset({HOLDER}), is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "start", "开始办理", "已开始办理", ("accepted",), "handling", frozenset({HOLDER}),
            needs=("words",), may_say=("photos",),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "finish", "办结", "已办结，请居民评价", ("accepted", "handling", "reworking"), "awaiting_rating",
            frozenset({HOLDER}), needs=("words",), may_say=("photos",), is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "send_back", "退单", "已退单，请派单员重派", ("dispatched", "accepted"), "submitted",
            frozenset({HOLDER}), needs=("words",), guard=_may_send_back,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "send_up", "上报", "已上报上一级", ("dispatched", "accepted", "handling", "reworking"), "dispatched",
            frozenset({HOLDER}), needs=("words",),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "transfer", "转办", "已转办", ("dispatched", "accepted", "handling", "reworking", "shelved"),
            "dispatched", frozenset({DISPATCHER, SUPERVISOR}), needs=("post", "words"),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "ask_help", "请人协办", "已请人协办", ("dispatched", "accepted", "handling", "reworking"), "",
            frozenset({HOLDER, DISPATCHER, SUPERVISOR}), needs=("helper", "words"),
            tells=(Tell(CO_HOLDER, is_for_new=True),),
        ),
        refer_police(
            ("dispatched", "accepted", "handling", "reworking"), frozenset({HOLDER, DISPATCHER, SUPERVISOR})
        ),
        Arrow(
            "name_concerned", "指明被反映人", "已指明反映的是谁，由其上级办理",
            ("submitted", "dispatched", "accepted", "handling", "reworking"), "dispatched",
            frozenset({HOLDER, DISPATCHER, SUPERVISOR}), needs=("concerned",), may_say=("words",),
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            RELAY, "转来补充", "外部系统转来补充说明",
            ("sorting", "submitted", "dispatched", "accepted", "handling", "awaiting_rating", "reworking", "shelved",
             "declined"),
            "", frozenset({SYSTEM}), needs=("words",),
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "reclassify", "调整分类", "已调整分类", ("submitted", "dispatched", "accepted", "handling"), "",
            frozenset({DISPATCHER, SUPERVISOR}), needs=("category", "urgency"), is_shown_to_asker=False,
        ),
        Arrow(
            "urge", "督办", "上级督办", ("dispatched", "accepted", "handling", "reworking"), "",
            frozenset({SUPERVISOR}), needs=("words",),
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "ask_extension", "申请延期", "已申请延期", ("accepted", "handling"), "", frozenset({HOLDER}),
            needs=("amount", "words"), guard=_may_ask_extension, is_shown_to_asker=False,
            tells=(Tell(SUPERVISOR),),
        ),
        Arrow(
            "grant_extension", "同意延期", "已同意延期", ("accepted", "handling"), "",
            frozenset({SUPERVISOR}), needs=("words",), guard=_may_decide_extension, own_guard=_is_others_extension,
            tells=(Tell(HOLDER), Tell(ASKER)),
        ),
        Arrow(
            "refuse_extension", "不同意延期", "未同意延期", ("accepted", "handling"), "",
            frozenset({SUPERVISOR}), needs=("words",), guard=_may_decide_extension, own_guard=_is_others_extension,
            is_shown_to_asker=False,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "decline", "不予受理", "不予受理", ("sorting", "submitted", "dispatched", "accepted"), "declined",
            frozenset({DISPATCHER}), needs=("channel", "words"),
            tells=(Tell(ASKER),), is_grave=True,
        ),
        Arrow(
            "object", "提出异议", "对不受理提出异议，由上一级复核", ("declined",), "submitted",
            frozenset({ASKER}), needs=("words",), guard=_may_object,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "file_declined", "不受理归档", "未提异议，已归档", ("declined",), "archived", frozenset({SYSTEM}),
        ),
        Arrow(
            "shelve", "挂账", "暂时办不了，已挂账", ("accepted", "handling", "reworking"), "shelved",
            frozenset({SUPERVISOR}), needs=("words", "amount"),
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "resume", "恢复办理", "已恢复办理", ("shelved",), "handling", frozenset({HOLDER, SUPERVISOR}),
            needs=("words",), is_main=True,
            tells=(Tell(ASKER),),
        ),
        Arrow(
            "withdraw", "撤回", "居民已撤回", ("sorting", "submitted", "dispatched", "accepted"), "withdrawn",
            frozenset({ASKER}), may_say=("words",),
            tells=(Tell(HOLDER),), is_grave=True,
        ),
        Arrow(
            "rate", "评价", "居民已评价", ("awaiting_rating",), "archived", frozenset({ASKER}),
            needs=("score", "is_solved"), may_say=("words",), is_main=True,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "redo", "不满意，请重办", "居民不满意，要求重办", ("awaiting_rating",), "reworking",
            frozenset({ASKER}), needs=("words",), may_say=("photos",), guard=_may_redo,
            tells=(Tell(HOLDER), Tell(SUPERVISOR)),
        ),
        Arrow(
            "verify", "核查归档", "已核查归档", ("awaiting_rating",), "archived",
            frozenset({SUPERVISOR, DISPATCHER}), needs=("words",), guard=_may_verify, own_guard=is_others_work,
        ),
        Arrow(
            "close_unrated", "自动归档", "居民未评价，已自动归档", ("awaiting_rating",), "archived",
            frozenset({SYSTEM}),
        ),
    ),
)  # fmt: skip
