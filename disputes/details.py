"""What of a dispute one reader may see on its page: a party their own side of it, who mediates all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.ends import last_day
from accounts.models import User
from accounts.numbers import mask_phone
from cases import clock
from cases.access import seats_on, standing_of
from cases.models import Case
from cases.workflow import MEDIATOR, PARTY, POLICE
from disputes import agreement_guards, guards
from disputes.models import Agreement, Clause, Dispute, Guidance, Outcome, Party, Session
from disputes.services.agreements import confirmation_days_left
from disputes.workflow import MEDIATES

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
    said: list[str]
    """What parties say of it, each their last word: all of it for who mediates, a party their own."""


def details(*, case: Case, reader: User, at: datetime) -> dict[str, Any]:
    standing = standing_of(reader, case, at=at)
    handles = bool(standing & MEDIATES)
    dispute = case.dispute
    is_theirs = standing != {POLICE}  # the police read what it is about, not what was said and agreed in mediation
    sessions = list(dispute.sessions.prefetch_related("present").order_by("-number")) if is_theirs else []
    agreement = dispute.agreements.filter(withdrawn_at=None).first() if is_theirs else None
    assented = set(agreement.assents.values_list("party", flat=True)) if agreement else set()
    return {
        "dispute": dispute,
        "type": dispute.type.label,
        "where": _where(dispute) if handles or PARTY in standing else "",
        "handles": handles,
        "may_talk": handles or PARTY in standing,
        "parties": [
            _party_line(party, handles, assented, at)
            for party in dispute.parties.select_related("person").order_by("side", "pk")
        ],
        "mediators": _seated(case, MEDIATOR),
        "extended_to": last_day(dispute.extended_to_at) if dispute.extended_to_at else None,
        "time_over": guards.past_the_whole(case, at) if handles and case.state == "mediating" else "",
        "planned": next((session for session in sessions if session.state == Session.State.PLANNED), None),
        "held": [session for session in sessions if session.state == Session.State.HELD],
        "agreement": agreement,
        "clauses": _clauses(agreement, reader, handles) if agreement else [],
        "waiting": [request.reason for request in dispute.mediator_requests.filter(decided_at=None)] if handles else [],
        "confirm_words": _confirmation(agreement, at) if agreement else "",
        "guidance": _guidance(case),
        "related": _related(case, reader),
        "police": _seated(case, POLICE) if handles else [],
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


def _seated(case: Case, role: str) -> list[str]:
    """Posts that sit on it in this role today."""
    return [seat.post.words for seat in seats_on(case) if seat.role == role and seat.post]


def _clauses(agreement: Agreement, reader: User, handles: bool) -> list[ClauseLine]:
    clauses = agreement.clauses.prefetch_related("performances", "performances_said__party").order_by("number")
    return [
        ClauseLine(
            clause.number, clause.what, clause.how, clause.deadline, _kept(clause), _said(clause, reader, handles)
        )
        for clause in clauses
    ]


def _kept(clause: Clause) -> str:
    last = max(clause.performances.all(), key=lambda performance: performance.pk, default=None)
    return last.get_degree_display() if last else ""


def _said(clause: Clause, reader: User, handles: bool) -> list[str]:
    last = {one.party: one for one in sorted(clause.performances_said.all(), key=lambda one: one.pk)}
    return [
        f"{party.label}说：{one.get_degree_display()}"
        for party, one in last.items()
        if handles or party.person_id == reader.pk
    ]


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
