"""矛盾纠纷: the states and arrows of mediation (人民调解法; articles by their numbers). Limits are rows, people are posts.

What must be so first stands in guards/mediation.py and guards/agreements.py; disputes/services/ writes what belongs to each arrow."""

from typing import Any

from cases.workflow import (
    HOLDER,
    MEDIATOR,
    PARTY,
    POLICE,
    SUPERVISOR,
    SYSTEM,
    Arrow,
    StageLimit,
    State,
    Tell,
    Workflow,
    refer_police,
)
from disputes.guards import agreements as agreement_guards
from disputes.guards import mediation as guards
from disputes.guards.mediation import level_of

KIND = "dispute"
STAGES = {
    "level_3": "党小组调解",
    "level_2": "支部调解",
    "level_1": "社区调解",
    "level_0": "街道调解",
    "suspend": "中止后复查",
    "perform": "履行后回访",
}
MEDIATES = frozenset({HOLDER, MEDIATOR})
TALKING = ("asking", "accepted", "mediating")
BEFORE_PEACE = (*TALKING, "agreeing", "suspended")


def stage_of(case: Any, clock: str) -> str:
    return f"level_{level_of(case)}" if clock == "level" else clock


DISPUTE = Workflow(
    kind=KIND,
    label="矛盾纠纷",
    keeps_own_words=True,
    initial="registered",
    routed_by="dispatch",
    details_template="disputes/_dispute_details.html",
    finish_label="调解完毕",
    stages=STAGES,
    stage_of=stage_of,
    limits=(
        StageLimit("dispatch", 4, "work_hour"),
        StageLimit("finish", 30, "day", "宁波、深圳调解条例：一般 30 日；可经各方同意延长一次"),
        StageLimit("level_3", 3, "day", "本平台建议值：党小组 3 天"),
        StageLimit("level_2", 7, "day", "本平台建议值：支部 7 天"),
        StageLimit("level_1", 15, "day", "本平台建议值：社区 15 天"),
        StageLimit("level_0", 15, "day", "本平台建议值：街道 15 天"),
        StageLimit("suspend", 30, "day", "本平台建议值：中止 30 天后复查"),
        StageLimit("perform", 7, "day", "本平台建议值：最后一条履行期限后 7 天内回访"),
        StageLimit("rate", 7, "day", "本平台建议值：回访后 7 天自动归档"),
        StageLimit("police", 3, "work_day"),
    ),
    states={
        "registered": State("已登记", clock="dispatch"),
        "asking": State("征求意愿", clock="level", keeps_clock=True),
        "accepted": State("已受理", clock="level", keeps_clock=True, stamps="signed_at"),
        "mediating": State("调解中", clock="level", keeps_clock=True),
        "agreeing": State("待确认", clock="level", keeps_clock=True),
        "suspended": State("已中止", clock="suspend"),
        "performing": State("履行中", clock="perform", stamps="finished_at"),
        "visited": State("已回访", clock="rate", waits_for=frozenset({PARTY}), lapses_by="archive"),
        "archived": State("已归档", final=True),
    },
    arrows=(
        Arrow(
            "dispatch", "交办", "已交给调解负责人", ("registered",), "asking", frozenset({SYSTEM}),
            tells=(Tell(HOLDER), Tell(PARTY)),
        ),
        Arrow(
            "consent", "同意调解", "同意调解", ("asking",), "", frozenset({PARTY}),
            own_guard=guards.has_said_will, is_main=True,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "refuse", "不同意调解", "不同意调解", BEFORE_PEACE, "", frozenset({PARTY}), may_say=("words",),
            is_shown_to_asker=False, is_grave=True,
        ),
        Arrow(
            "record_will", "登记当事人意愿", "登记了当事人意愿", ("asking",), "", MEDIATES,
            needs=("party", "will", "words"), guard=guards.nobody_to_ask, is_shown_to_asker=False,
        ),
        Arrow(
            "end_refused", "一方拒绝，结束", "有一方不同意，调解依法结束", BEFORE_PEACE, "archived", frozenset({SYSTEM}),
            tells=(Tell(HOLDER), Tell(PARTY)),
        ),
        Arrow(
            "accept", "受理", "已受理", ("asking",), "accepted", frozenset({HOLDER}), may_say=("words",),
            guard=guards.unwilling, is_main=True,
            tells=(Tell(PARTY),),
        ),
        Arrow(
            "decline", "不予受理", "不予受理", ("asking",), "archived", frozenset({HOLDER}),
            needs=("ground", "guidance", "words"),
            tells=(Tell(PARTY),), is_grave=True,
        ),
        Arrow(
            "name_mediators", "确定调解员", "已确定调解员", ("accepted",), "mediating", frozenset({HOLDER}),
            needs=("mediators",), is_main=True,
            tells=(Tell(MEDIATOR), Tell(PARTY)),
        ),
        Arrow(
            "change_mediators", "调整调解员", "已调整调解员", ("mediating",), "", frozenset({HOLDER}),
            needs=("mediators",), guard=guards.mediator_request_waits,
            tells=(Tell(MEDIATOR), Tell(PARTY)),
        ),
        Arrow(
            "ask_mediator", "要求换调解员", "要求更换调解员", ("mediating",), "", frozenset({PARTY}),
            needs=("words",), guard=guards.mediator_request_waits, is_shown_to_asker=False,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "grant_mediator", "同意换调解员", "已更换调解员", ("mediating",), "", frozenset({HOLDER}),
            needs=("mediators",), guard=guards.no_mediator_request,
            tells=(Tell(MEDIATOR), Tell(PARTY)),
        ),
        Arrow(
            "refuse_mediator", "不换调解员", "未更换调解员", ("mediating",), "", frozenset({HOLDER}),
            needs=("words",), guard=guards.has_refused_once, is_shown_to_asker=False,
        ),
        Arrow(
            "recuse", "声明回避", "有人声明回避", (*TALKING, "agreeing"), "", MEDIATES, needs=("party", "words"),
            may_say=("mediator",), is_shown_to_asker=False,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "plan_session", "约调解会", "约好了调解会", ("mediating",), "", MEDIATES, guard=guards.session_waits,
            is_main=True, door="disputes:session-plan",
            tells=(Tell(PARTY), Tell(MEDIATOR)),
        ),
        Arrow(
            "record_session", "记录调解会", "开了一次调解会", ("mediating",), "", MEDIATES, guard=guards.not_met_yet,
            is_main=True, door="disputes:session-record",
        ),
        Arrow(
            "cancel_session", "取消调解会", "取消了调解会", ("mediating",), "", MEDIATES, needs=("words",),
            guard=guards.no_session_waits, tells=(Tell(PARTY),),
        ),
        Arrow(
            "draft_agreement", "拟定协议", "协议拟好了，请各方确认", ("mediating",), "agreeing", MEDIATES,
            guard=guards.nothing_talked, door="disputes:agreement-draft",
            tells=(Tell(PARTY),),
        ),
        Arrow(
            "assent", "确认协议", "确认了协议", ("agreeing",), "", frozenset({PARTY}), guard=agreement_guards.is_written,
            own_guard=agreement_guards.has_assented,
            is_main=True, tells=(Tell(HOLDER),),
        ),
        Arrow(
            "sign", "签名确认", "签名确认了协议", ("agreeing", "performing"), "", frozenset({PARTY}), own_guard=agreement_guards.has_signed,
            is_main=True, door="disputes:sign", tells=(Tell(HOLDER),),
        ),
        Arrow(
            "record_assent", "登记协议确认", "登记了协议确认", ("agreeing",), "", MEDIATES, needs=("party", "how"),
            may_say=("scan",), is_main=True,
        ),
        Arrow(
            "reopen", "再商量", "协议还要再商量", ("agreeing",), "mediating", frozenset({PARTY, *MEDIATES}),
            needs=("words",), tells=(Tell(HOLDER), Tell(PARTY)),
        ),
        Arrow(
            "take_effect", "协议生效", "达成协议，协议生效", ("agreeing",), "performing", frozenset({SYSTEM}),
            guard=guards.not_all_assent,
            tells=(Tell(HOLDER), Tell(PARTY)),
        ),
        Arrow(
            "record_performance", "登记履行", "登记了履行情况", ("performing", "visited"), "", MEDIATES,
            needs=("clause", "degree"), may_say=("words",), is_shown_to_asker=False,
        ),
        Arrow(
            "say_performed", "说说履行情况", "反映了履行情况", ("performing", "visited"), "", frozenset({PARTY}),
            needs=("clause", "degree"), may_say=("words", "photos"), is_shown_to_asker=False,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "ask_confirmation", "登记申请司法确认", "已申请司法确认", ("performing", "visited"), "", MEDIATES,
            needs=("settles_status",), may_say=("words",), guard=agreement_guards.confirmation_closed,
        ),
        Arrow(
            "confirm", "登记法院确认", "法院已司法确认", ("performing", "visited"), "", MEDIATES, needs=("words",),
            guard=agreement_guards.confirmation_not_asked, tells=(Tell(PARTY),),
        ),
        Arrow(
            "visit", "回访", "已回访", ("performing",), "visited", MEDIATES, needs=("words",),
            guard=agreement_guards.not_visited_yet, is_main=True, is_shown_to_asker=False,
            tells=(Tell(PARTY),),
        ),
        Arrow(
            "rate", "评价", "作了评价", ("performing", "visited"), "", frozenset({PARTY}), needs=("score",),
            may_say=("words",), own_guard=guards.has_rated, is_main=True, is_shown_to_asker=False,
        ),
        Arrow(
            "archive", "归档", "已归档", ("visited",), "archived", frozenset({HOLDER, SYSTEM}), guard=guards.no_outcome,
            may_say=("words",), is_main=True,
        ),
        Arrow(
            "suspend", "中止", "调解中止", ("mediating",), "suspended", frozenset({HOLDER}), needs=("words",),
            tells=(Tell(PARTY),),
        ),
        Arrow(
            "resume", "恢复调解", "调解恢复", ("suspended",), "mediating", frozenset({HOLDER}), may_say=("words",),
            is_main=True, tells=(Tell(PARTY),),
        ),
        Arrow(
            "withdraw", "撤回申请", "申请人已撤回", BEFORE_PEACE, "archived", frozenset({PARTY}), may_say=("words",),
            own_guard=guards.not_applicant,
            tells=(Tell(HOLDER), Tell(PARTY)), is_grave=True,
        ),
        Arrow(
            "terminate", "终止调解", "调解终止", ("accepted", "mediating", "suspended"), "archived",
            frozenset({HOLDER}), needs=("ending", "guidance", "words"), may_say=("gaps",), guard=guards.below_community,
            tells=(Tell(PARTY),), is_grave=True,
        ),
        Arrow(
            "hand_up", "上交上一级", "已上交上一级", TALKING, "", frozenset({HOLDER}), needs=("words",),
            guard=guards.at_the_top, is_shown_to_asker=False,
            tells=(Tell(HOLDER), Tell(PARTY)),
        ),
        Arrow(
            "pull_up", "提级调解", "上一级提级调解", (*TALKING, "suspended"), "", frozenset({SUPERVISOR}),
            needs=("words",), door="disputes:pull-up", is_shown_to_asker=False,
            tells=(Tell(HOLDER), Tell(PARTY)),
        ),
        Arrow(
            "report_police", "有激化风险，报社区民警", "已报告社区民警", BEFORE_PEACE, "", frozenset({PARTY, SYSTEM, *MEDIATES}),
            needs=("words",), is_shown_to_asker=False, refers_to=frozenset({POLICE}),
            tells=(Tell(POLICE), Tell(HOLDER)),
        ),
        refer_police(BEFORE_PEACE, MEDIATES),
        Arrow(
            "ask_extension", "提议延期", "提议延长调解期限，请各方同意", (*TALKING, "agreeing"), "", MEDIATES,
            needs=("amount", "words"), guard=guards.may_not_extend,
            tells=(Tell(PARTY),),
        ),
        Arrow(
            "agree_extension", "同意延期", "同意延期", (*TALKING, "agreeing"), "", frozenset({PARTY}),
            guard=guards.no_extension_waits, own_guard=guards.agreed_extension,
        ),
        Arrow(
            "record_extension", "登记同意延期", "登记了同意延期", (*TALKING, "agreeing"), "", MEDIATES,
            needs=("party", "words"), guard=guards.no_extension_waits, is_shown_to_asker=False,
        ),
        Arrow(
            "extend", "延期", "各方同意，调解期限已延长", (*TALKING, "agreeing"), "", frozenset({SYSTEM}),
            guard=guards.not_all_agree_extension, tells=(Tell(PARTY),),
        ),
        Arrow(
            "add_party", "加当事人", "加了一位当事人", ("asking",), "", MEDIATES, door="disputes:party-add",
        ),
        Arrow(
            "reclassify", "调整类别", "调整了类别", BEFORE_PEACE, "", frozenset({HOLDER}), needs=("type", "difficulty"),
            may_say=("money",), is_shown_to_asker=False,
        ),
        Arrow(
            "link", "关联事项", "关联了一件事项", BEFORE_PEACE, "", frozenset({HOLDER}), needs=("number",),
            is_shown_to_asker=False,
        ),
        Arrow(
            # Instead of the engine's: what the mediators note is not the parties' to read, and what a party wants to
            # say to the mediators alone stands in a private note.
            "note", "工作记录", "写了工作记录", (*BEFORE_PEACE, "registered", "performing", "visited"), "",
            frozenset({POLICE, *MEDIATES}), needs=("words",), may_say=("photos",), is_shown_to_asker=False,
        ),
    ),
)  # fmt: skip
