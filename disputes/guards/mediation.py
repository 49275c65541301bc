"""What must be so before a mediation goes on, ends or is handed up, apart from its agreement (agreements.py). Pure:
asks the facts (disputes/facts.py). Articles are those of the 人民调解法."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

STREET, COMMUNITY = 0, 1


def level_of(case: Any) -> int:
    """The level that has the dispute in hand now; the county answers as the street."""
    return case.holder.grid.level if case.holder and case.holder.grid else STREET


def own(facts: Any, person: Any) -> Any:
    """The party this person is; None: they are none."""
    return next((party for party in facts.parties if party.person_id == person.pk), None)


def unwilling(facts: Any, at: datetime) -> str:
    # 17: nobody is mediated against their will; silence is not a yes.
    waiting = [party.label for party in facts.parties if not party.is_willing]
    return f"还没有征得{'、'.join(waiting)}同意，不能往下走。" if waiting else ""


def has_said_will(facts: Any, person: Any, at: datetime) -> str:
    return "您已经同意调解。" if own(facts, person).is_willing else ""


def nobody_to_ask(facts: Any, at: datetime) -> str:
    return "" if unwilling(facts, at) else "各方都已表明意愿。"


def is_late(case: Any, at: datetime) -> bool:
    """Past the whole limit as it was told, which an extension agreed to in time moves and a late one does not."""
    return bool(case.finish_by_at and case.finish_by_at <= at)


def past_the_whole(facts: Any, at: datetime) -> str:
    """Why no further session is held: the time is over, and so is what the parties added to it."""
    extended_to = facts.dispute.extended_to_at
    if not is_late(facts.case, at) or (extended_to and extended_to > at):
        return ""
    if refusal := may_not_extend(facts, at):
        return f"调解期限已满。{refusal}达成一致的请拟定协议，达不成的请上交或终止。"
    return "调解期限已满，请先提议延期，各方同意后再约。达成一致的请拟定协议，达不成的请上交或终止。"


def session_waits(facts: Any, at: datetime) -> str:
    return "已经约好了一次，请先记录或取消。" if facts.planned else past_the_whole(facts, at)


def no_session_waits(facts: Any, at: datetime) -> str:
    return "" if facts.planned else "还没有约好的调解会。"


def not_met_yet(facts: Any, at: datetime) -> str:
    if facts.planned is None:
        return "还没有约好的调解会。"
    if facts.planned.starts_at <= at:
        return ""
    begins = localtime(facts.planned.starts_at)
    when = f"{begins.month}月{begins.day}日 {begins:%H:%M}"
    return f"约好的是 {when}，还没到，开过以后再记录。提前开了的，请先取消，再按实际时间约。"


def nothing_talked(facts: Any, at: datetime) -> str:
    if refusal := unwilling(facts, at):
        return refusal
    return "" if facts.held else "请先记录至少一次调解会，再拟协议。"


def not_all_assent(facts: Any, at: datetime) -> str:
    if refusal := unwilling(facts, at):
        return refusal
    assented = {assent.party_id for assent in facts.assents}
    missing = [party.label for party in facts.parties if party.pk not in assented]
    return f"还要{'、'.join(missing)}确认协议。" if missing else ""


def not_applicant(facts: Any, person: Any, at: datetime) -> str:
    is_applicant = own(facts, person).side == "applicant"
    return "" if is_applicant else "撤回由申请人提出；您不愿意调解，可以选“不同意调解”。"


def has_rated(facts: Any, person: Any, at: datetime) -> str:
    return "您已经评价过了，谢谢。" if own(facts, person).score else ""


def mediator_request_waits(facts: Any, at: datetime) -> str:
    return "更换调解员的要求正在等答复。" if facts.asked_mediator else ""


def no_mediator_request(facts: Any, at: datetime) -> str:
    return "" if facts.asked_mediator else "没有等答复的更换要求。"


def has_refused_once(facts: Any, at: datetime) -> str:
    if refusal := no_mediator_request(facts, at):
        return refusal
    if any(verb == "refuse_mediator" and holder == facts.case.holder_id for verb, _, holder in facts.drawn):
        return "您已拒绝过一次，再次要求的请换人，或上交上一级决定。"
    return ""


def at_the_top(facts: Any, at: datetime) -> str:
    is_below = level_of(facts.case) > STREET
    return "" if is_below else "街道是最后一级。达不成协议的请终止调解，并告知其他途径。"


def below_community(facts: Any, at: datetime) -> str:
    is_below = level_of(facts.case) > COMMUNITY
    return "党小组、支部没有达成协议的，请上交上一级继续调解。" if is_below else ""


def may_not_extend(facts: Any, at: datetime) -> str:
    # The time is the parties' own: they may add to it as long as the mediation has not ended, be it late.
    if not facts.extensions:
        return ""
    return "调解期限只能延长一次。" if facts.extensions[0].is_granted else "已经提议延期，正在等各方同意。"


def no_extension_waits(facts: Any, at: datetime) -> str:
    return "" if facts.asked_extension else "没有等各方同意的延期。"


def agreed_extension(facts: Any, person: Any, at: datetime) -> str:
    return "您已经同意延期。" if own(facts, person).extension_agreed_at else ""


def not_all_agree_extension(facts: Any, at: datetime) -> str:
    if any(party.extension_agreed_at is None for party in facts.parties):
        return "还有当事人没有同意延期。"
    return no_extension_waits(facts, at)


def no_outcome(facts: Any, at: datetime) -> str:
    return "" if facts.case.outcome else "还没有结果，不能归档。"
