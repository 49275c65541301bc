"""What of a dispute one reader may see on its page: a party their own side of it, who mediates all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.numbers import mask_phone
from cases.engine.access import standing_of
from cases.limits import clock
from cases.models import Case
from cases.workflow import MEDIATOR, PARTY, POLICE
from disputes.facts import DisputeFacts, facts_of_dispute
from disputes.guards import agreements as agreement_guards
from disputes.guards import mediation as guards
from disputes.models import Agreement, Dispute, Guidance, Outcome, Party, Performance, PerformanceSaid
from disputes.services.agreements import confirmation_days_left
from disputes.workflow import MEDIATES
from web.period_ends import last_day

UNSETTLED = (Outcome.FAILED, Outcome.DECLINED, Outcome.REFUSED, Outcome.TERMINATED)


@dataclass(frozen=True)
class PartyLine:
    label: str
    will: str
    contact: str
    """Masked, for who mediates; parties do not read each other's."""
    needs: str
    assented: bool


@dataclass(frozen=True)
class ClauseLine:
    number: int
    what: str
    how: str
    deadline: Any
    kept: str
    statements: list[str]
    """What parties say of it, each their last word: all of it for who mediates, a party their own."""


def details(*, case: Case, reader: User, at: datetime) -> dict[str, Any]:
    standing, facts = standing_of(reader, case, at=at), facts_of_dispute(case)
    handles = bool(standing & MEDIATES)
    dispute = facts.dispute
    is_theirs = standing != {POLICE}  # the police read what it is about, not what was said and agreed in mediation
    agreement = facts.agreement if is_theirs else None
    assented = {assent.party_id for assent in facts.assents} if agreement else set()
    return {
        "dispute": dispute,
        "type": dispute.type.label,
        "where": _where(dispute) if handles or PARTY in standing else "",
        "handles": handles,
        "may_talk": handles or PARTY in standing,
        "parties": [_party_line(party, handles, assented, at) for party in facts.parties],
        "mediators": _seated(facts, MEDIATOR),
        "extended_to": last_day(dispute.extended_to_at) if dispute.extended_to_at else None,
        "time_over": guards.past_the_whole(facts, at) if handles and case.state == "mediating" else "",
        "planned": facts.planned if is_theirs else None,
        "held": [(session, _present(facts, session)) for session in facts.held[::-1]] if is_theirs else [],
        "agreement": agreement,
        "clauses": _clauses(facts, reader, handles) if agreement else [],
        "waiting": [facts.asked_mediator.reason] if handles and facts.asked_mediator else [],
        "confirm_words": _confirmation(agreement, at) if agreement else "",
        "guidance": _guidance(case),
        "related": _related(case, reader),
        "police": _seated(facts, POLICE) if handles else [],
    }


def _where(dispute: Dispute) -> str:
    """What was chosen and written, door and all."""
    building = dispute.building.label if dispute.building else "没有写明楼栋"
    return f"{dispute.case.place} {building}" + (f"，{dispute.place_note}" if dispute.place_note else "")


def _guidance(case: Case) -> list[Guidance]:
    """The ways that stay open: those told to the parties when it was ended, all where one side just said no (26)."""
    if case.outcome not in UNSETTLED:
        return []
    ended = case.events.filter(verb__in=("decline", "terminate")).order_by("-number").first()
    told = ended.said.get("guidance") if ended else None
    ways = Guidance.objects.filter(pk__in=told) if told else Guidance.objects.filter(is_active=True)
    return list(ways.order_by("order", "pk"))


def _related(case: Case, reader: User) -> list[Case]:
    """The request it came from and the cases it was linked with, from either side, as far as this reader may open them."""
    linked = Q(pk__in=case.dispute.linked.values("pk")) | Q(dispute__linked=case) | Q(disputes_made=case.dispute)
    return list(Case.objects.visible_to(reader).filter(linked).distinct().order_by("pk"))


def _party_line(party: Party, handles: bool, assented: set[int], at: datetime) -> PartyLine:
    # That a guardian is missing may be known from the account alone: it is between the party and who mediates.
    is_told = party.is_minor_at(at) and (handles or party.guardian)
    needs = [f"未成年，监护人{party.guardian or '还没有写明'}"] if is_told else []
    needs += [f"需要{party.language}翻译"] if party.language else []
    needs += [f"代理人{party.agent}"] if party.agent else []
    return PartyLine(
        label=party.label,
        will=party.get_will_display() if party.will else "还没有表态",
        contact=mask_phone(party.phone) if handles else "",
        needs="，".join(needs),
        assented=party.pk in assented,
    )


def _present(facts: DisputeFacts, session: Any) -> list[str]:
    return [party.title for party in facts.parties if party.pk in session.was_there]


def _seated(facts: DisputeFacts, role: str) -> list[str]:
    """Posts that sit on it in this role today."""
    return [seat.post.words for seat in facts.seats(role) if seat.post]


def _clauses(facts: DisputeFacts, reader: User, handles: bool) -> list[ClauseLine]:
    statements = _said(facts, reader, handles)
    return [
        ClauseLine(
            clause.number, clause.what, clause.how, clause.deadline, _kept(clause), statements.get(clause.pk, [])
        )
        for clause in facts.clauses
    ]


def _kept(clause: Any) -> str:
    return str(Performance.Degree(clause.kept).label) if clause.kept else ""


def _said(facts: DisputeFacts, reader: User, handles: bool) -> dict[int, list[str]]:
    """By clause, what each party said last of it."""
    rows = PerformanceSaid.objects.filter(clause__agreement=facts.agreement).select_related("party").order_by("pk")
    last = {(row.clause_id, row.party_id): row for row in rows if handles or row.party.person_id == reader.pk}
    statements: dict[int, list[str]] = {}
    for row in last.values():
        statements.setdefault(row.clause_id, []).append(f"{row.party.label}说：{row.get_degree_display()}")
    return statements


def _confirmation(agreement: Agreement, at: datetime) -> str:
    if agreement.effective_at is None:
        return ""
    if agreement.confirmed_at:
        return "法院已经司法确认，一方不履行的，可以申请强制执行。"
    if agreement.confirm_asked_at:
        return "已经申请司法确认，等法院裁定。"
    if refusal := agreement_guards.not_for_the_court(agreement):
        return refusal
    days = confirmation_days_left(agreement, at)
    if not days or agreement.confirm_by_at is None:
        return "申请司法确认的 30 日期限已过。"
    return f"想让协议有强制执行力，双方可以在{clock.at_in_words(agreement.confirm_by_at, at)}一起向法院申请司法确认。"
