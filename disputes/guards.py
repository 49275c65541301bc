"""What must be so before a mediation goes on, ends or is handed up, apart from its agreement (agreement_guards.py). Pure:
reads `case.dispute` and what hangs on it. Articles are those of the 人民调解法."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from accounts.asked_once import once
from disputes import agreement_guards

STREET, COMMUNITY = 0, 1


def level_of(case: Any) -> int:
    """The level that has the dispute in hand now; the county answers as the street."""
    return case.holder.grid.level if case.holder and case.holder.grid else STREET


def own(case: Any, person: Any) -> Any:
    return case.dispute.parties.filter(person=person).first()


def unwilling(case: Any, at: datetime) -> str:
    # 17: nobody is mediated against their will; silence is not a yes.
    waiting = [party.label for party in case.dispute.parties.all() if not party.is_willing]
    return f"还没有征得{'、'.join(waiting)}同意，不能往下走。" if waiting else ""


def has_said_will(case: Any, person: Any, at: datetime) -> str:
    return "您已经同意调解。" if own(case, person).is_willing else ""


def nobody_to_ask(case: Any, at: datetime) -> str:
    return "" if unwilling(case, at) else "各方都已表明意愿。"


def is_late(case: Any, at: datetime) -> bool:
    """Past the whole limit as it was told, which an extension agreed to in time moves and a late one does not."""
    return bool(case.finish_by_at and case.finish_by_at <= at)


def past_the_whole(case: Any, at: datetime) -> str:
    """Why no further session is held: the time is over, and so is what the parties added to it."""
    extended_to = case.dispute.extended_to_at
    if not is_late(case, at) or (extended_to and extended_to > at):
        return ""
    if refusal := may_not_extend(case, at):
        return f"调解期限已满。{refusal}达成一致的请拟定协议，达不成的请上交或终止。"
    return "调解期限已满，请先提议延期，各方同意后再约。达成一致的请拟定协议，达不成的请上交或终止。"


def session_waits(case: Any, at: datetime) -> str:
    return "已经约好了一次，请先记录或取消。" if planned(case) else past_the_whole(case, at)


def no_session_waits(case: Any, at: datetime) -> str:
    return "" if planned(case) else "还没有约好的调解会。"


def planned(case: Any) -> bool:
    return bool(case.dispute.sessions.filter(state="planned").exists())


def not_met_yet(case: Any, at: datetime) -> str:
    session = case.dispute.sessions.filter(state="planned").first()
    if session is None:
        return "还没有约好的调解会。"
    if session.starts_at <= at:
        return ""
    begins = localtime(session.starts_at)
    when = f"{begins.month}月{begins.day}日 {begins:%H:%M}"
    return f"约好的是 {when}，还没到，开过以后再记录。提前开了的，请先取消，再按实际时间约。"


def nothing_talked(case: Any, at: datetime) -> str:
    if refusal := unwilling(case, at):
        return refusal
    return "" if case.dispute.sessions.filter(state="held").exists() else "请先记录至少一次调解会，再拟协议。"


def not_all_assent(case: Any, at: datetime) -> str:
    if refusal := unwilling(case, at):
        return refusal
    agreement = agreement_guards.standing(case)
    assented = set(agreement.assents.values_list("party", flat=True)) if agreement else set()
    missing = [party.label for party in case.dispute.parties.all() if party.pk not in assented]
    return f"还要{'、'.join(missing)}确认协议。" if missing else ""


def not_applicant(case: Any, person: Any, at: datetime) -> str:
    return "" if own(case, person).side == "applicant" else "撤回由申请人提出；您不愿意调解，可以选“不同意调解”。"


def has_rated(case: Any, person: Any, at: datetime) -> str:
    return "您已经评价过了，谢谢。" if own(case, person).score else ""


def mediator_request_waits(case: Any, at: datetime) -> str:
    waits = case.dispute.mediator_requests.filter(decided_at=None).exists()
    return "更换调解员的要求正在等答复。" if waits else ""


def no_mediator_request(case: Any, at: datetime) -> str:
    return "" if mediator_request_waits(case, at) else "没有等答复的更换要求。"


def has_refused_once(case: Any, at: datetime) -> str:
    if refusal := no_mediator_request(case, at):
        return refusal
    if case.events.filter(verb="refuse_mediator", holder=case.holder).exists():
        return "您已拒绝过一次，再次要求的请换人，或上交上一级决定。"
    return ""


def at_the_top(case: Any, at: datetime) -> str:
    return "" if level_of(case) > STREET else "街道是最后一级。达不成协议的请终止调解，并告知其他途径。"


def below_community(case: Any, at: datetime) -> str:
    return "" if level_of(case) <= COMMUNITY else "党小组、支部没有达成协议的，请上交上一级继续调解。"


def may_not_extend(case: Any, at: datetime) -> str:
    # The time is the parties' own: they may add to it as long as the mediation has not ended, be it late.
    asked = _extension(case)
    if asked is None:
        return ""
    return "调解期限只能延长一次。" if asked.is_granted else "已经提议延期，正在等各方同意。"


def no_extension_waits(case: Any, at: datetime) -> str:
    asked = _extension(case)
    return "" if asked is not None and asked.decided_at is None else "没有等各方同意的延期。"


def _extension(case: Any) -> Any:
    """There is one at most: `may_not_extend`."""
    return once(("extension", case.pk), case.extensions.first)


def agreed_extension(case: Any, person: Any, at: datetime) -> str:
    return "您已经同意延期。" if own(case, person).extension_agreed_at else ""


def not_all_agree_extension(case: Any, at: datetime) -> str:
    missing = case.dispute.parties.filter(extension_agreed_at=None).exists()
    return "还有当事人没有同意延期。" if missing else no_extension_waits(case, at)


def no_outcome(case: Any, at: datetime) -> str:
    return "" if case.outcome else "还没有结果，不能归档。"
