"""What of a dispute one reader may see on its page: a party their own side of it, who mediates all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.ends import last_day
from accounts.models import User
from accounts.numbers import mask_phone
from cases import clock
from cases.access import seats_on, standing_of
from cases.models import Case
from cases.workflow import MEDIATOR, PARTY, POLICE
from disputes import agreement_guards, guards
from disputes.models import (
    Agreement,
    Assent,
    Dispute,
    Guidance,
    MediatorRequest,
    Outcome,
    Party,
    Performance,
    PerformanceSaid,
    Session,
)
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
class Held:
    session: Session
    present: list[str]


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
    dispute = _dispute(case)
    is_theirs = standing != {POLICE}  # the police read what it is about, not what was said and agreed in mediation
    sessions = list(_sessions(dispute)) if is_theirs else []
    agreement = agreement_guards.standing(case) if is_theirs else None
    parties = list(_parties(dispute))
    return {
        "dispute": dispute,
        "type": dispute.type.label,
        "where": _where(dispute) if handles or PARTY in standing else "",
        "handles": handles,
        "may_talk": handles or PARTY in standing,
        "parties": [_party_line(party, handles, at) for party in parties],
        "mediators": _seated(case, MEDIATOR),
        "extended_to": last_day(dispute.extended_to_at) if dispute.extended_to_at else None,
        "time_over": guards.past_the_whole(case, at) if handles and case.state == "mediating" else "",
        "planned": next((session for session in sessions if session.state == Session.State.PLANNED), None),
        "held": [_held(session, parties) for session in sessions if session.state == Session.State.HELD],
        "agreement": agreement,
        "clauses": _clauses(agreement, parties, reader, handles) if agreement else [],
        "waiting": _waiting(dispute) if handles else [],
        "confirm_words": _confirmation(agreement, at) if agreement else "",
        "guidance": _guidance(case),
        "related": _related(dispute, reader),
        "police": _seated(case, POLICE) if handles else [],
    }


def _dispute(case: Case) -> Any:
    """With what stands beside it, and whether there is more to ask for: most have no case that is related, and nobody
    who waits for another mediator."""
    links = Dispute.linked.through.objects
    return (
        Dispute.objects.select_related("case", "type__parent", "building", "plain_kind")
        .annotate(
            is_related=Q(converted_from__isnull=False)
            | Q(Exists(links.filter(dispute=OuterRef("pk"))))
            | Q(Exists(links.filter(case=OuterRef("pk")))),
            has_waiting=Exists(MediatorRequest.objects.filter(dispute=OuterRef("pk"), decided_at=None)),
        )
        .get(case=case)
    )


def _parties(dispute: Dispute) -> QuerySet[Party]:
    """Each with `assented`: whether they confirmed the agreement that stands."""
    assents = Assent.objects.filter(party=OuterRef("pk"), agreement__withdrawn_at=None)
    parties = dispute.parties.select_related("person").annotate(assented=Exists(assents))
    return parties.order_by("side", "pk")


def _sessions(dispute: Dispute) -> QuerySet[Session]:
    """The last first, each with `present_ids`, the parties who came."""
    came = ArrayAgg("present", filter=Q(present__isnull=False), order_by="present", default=[])
    return dispute.sessions.annotate(present_ids=came).order_by("-number")


def _held(session: Any, parties: list[Party]) -> Held:
    return Held(session, [party.title for party in parties if party.pk in session.present_ids])


def _waiting(dispute: Any) -> list[str]:
    requests = dispute.mediator_requests.filter(decided_at=None) if dispute.has_waiting else ()
    return [request.reason for request in requests]


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


def _related(dispute: Any, reader: User) -> list[Case]:
    """The request it came from and the cases it was linked with, from either side, as far as this reader may open them."""
    if not dispute.is_related:
        return []
    links = Dispute.linked.through.objects
    ours, theirs = links.filter(dispute=dispute).values("case"), links.filter(case=dispute.pk).values("dispute")
    linked = Q(pk__in=ours.union(theirs)) | Q(pk=dispute.converted_from_id)
    return list(Case.objects.visible_to(reader).filter(linked).order_by("pk"))


def _party_line(party: Any, handles: bool, at: datetime) -> PartyLine:
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
        assented=party.assented,
    )


def _seated(case: Case, role: str) -> list[str]:
    """Posts that sit on it in this role today."""
    return [seat.post.words for seat in seats_on(case) if seat.role == role and seat.post]


def _clauses(agreement: Agreement, parties: list[Party], reader: User, handles: bool) -> list[ClauseLine]:
    of_clause = {"clause": OuterRef("pk")}
    kept = Performance.objects.filter(**of_clause).order_by("-pk").values("degree")[:1]
    said = (
        PerformanceSaid.objects.filter(**of_clause)
        .order_by("pk")
        .values_list(JSONObject(party="party", degree="degree"))
    )
    clauses = agreement.clauses.annotate(kept=Subquery(kept), said=ArraySubquery(said)).order_by("number")
    heard = {party.pk: party for party in parties if handles or party.person_id == reader.pk}
    return [
        ClauseLine(
            clause.number, clause.what, clause.how, clause.deadline,
            Performance.Degree(clause.kept).label if clause.kept else "",
            _said(clause.said, heard),
        )
        for clause in clauses
    ]  # fmt: skip


def _said(said: list[dict[str, Any]], heard: dict[int, Party]) -> list[str]:
    last = {one["party"]: one["degree"] for one in said if one["party"] in heard}
    return [f"{heard[party].label}说：{Performance.Degree(degree).label}" for party, degree in last.items()]


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
