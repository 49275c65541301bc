"""What must be so of an agreement before it is confirmed, signed, visited or taken to court. Pure: asks the facts
(disputes/facts.py)."""

from datetime import datetime
from typing import Any

from disputes.guards.mediation import own
from web.text import article


def assent_of(facts: Any, person: Any) -> Any:
    """This party's yes to the agreement that stands; None: not said yet."""
    party = own(facts, person)
    return next((assent for assent in facts.assents if assent.party_id == party.pk), None)


def has_assented(facts: Any, person: Any, at: datetime) -> str:
    is_done = facts.agreement is None or assent_of(facts, person)
    return "您已经确认过这份协议。" if is_done else ""


def is_written(facts: Any, at: datetime) -> str:
    agreement = facts.agreement
    return "书面协议要签名，请选“签名确认”。" if agreement is not None and agreement.form == "written" else ""


def has_signed(facts: Any, person: Any, at: datetime) -> str:
    agreement = facts.agreement
    if agreement is None or agreement.form != "written":
        return "口头协议不用签名，点“确认协议”就可以。"
    mine = assent_of(facts, person)
    # Whoever said yes without signing may sign later; on paper they have signed already.
    is_done = mine is not None and (mine.how == "paper" or hasattr(mine, "signature"))
    return "您已经签过这份协议。" if is_done else ""


def not_visited_yet(facts: Any, at: datetime) -> str:
    missing = [article(clause.number) for clause in facts.clauses if clause.kept is None]
    return f"请先登记{'、'.join(missing)}的履行情况，再回访。" if missing else ""


STATUS = "协议确认或解除婚姻、收养、亲子等身份关系的，法院不予司法确认（法释〔2011〕5号）。"


def not_for_the_court(agreement: Any) -> str:
    """Why courts do not confirm this agreement (法释〔2011〕5 号 4), "" when they may; acts, pages and papers ask here. What
    it settles decides, not the type of the dispute: dividing an inheritance or paying for a mother's keep is money."""
    if agreement.form != "written":
        return "口头协议须先订立书面协议，才能申请司法确认。"
    return STATUS if agreement.settles_status else ""


def confirmation_closed(facts: Any, at: datetime) -> str:
    agreement = facts.agreement
    if refusal := not_for_the_court(agreement):
        return refusal
    if agreement.confirm_asked_at:
        return "已经登记过申请司法确认。"
    return "协议生效已超过 30 日，不能再申请司法确认。" if agreement.confirm_by_at <= at else ""


def confirmation_not_asked(facts: Any, at: datetime) -> str:
    agreement = facts.agreement
    if agreement.confirmed_at:
        return "已经登记过司法确认。"
    return "" if agreement.confirm_asked_at else "请先登记申请司法确认。"
