"""One dispute as its papers read it: loaded once, spoken in Chinese."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localtime

from cases.models import Case, CaseEvent
from cases.workflow import MEDIATOR
from disputes.guards.committees import committee_grid, committee_name, mark_of
from disputes.models import Agreement, Exhibit, FileNumber, Form, Party, Session, Side, Visit
from disputes.papers.text import checksum


def day(moment: datetime | date | None) -> str:
    """ "2026年11月23日"; a line to fill in where there is none."""
    if moment is None:
        return "　　　　年　　月　　日"
    shown = localtime(moment) if isinstance(moment, datetime) else moment
    return f"{shown.year}年{shown.month}月{shown.day}日"


def minute(moment: datetime) -> str:
    return f"{day(moment)} {localtime(moment):%H:%M}"


class Record:
    """`at`: when it is read; now, where nobody says."""

    def __init__(self, case: Case, *, at: datetime | None = None) -> None:
        self.case = case
        self.at = at or timezone.now()
        self.dispute: Any = case.dispute

    @cached_property
    def parties(self) -> list[Party]:
        return list(self.dispute.parties.order_by("side", "pk"))

    def of_side(self, side: str) -> list[Party]:
        return [party for party in self.parties if party.side == side]

    @property
    def asks(self) -> list[Party]:
        return self.of_side(Side.APPLICANT)

    @cached_property
    def mediators(self) -> list[str]:
        """Who mediates, or did when it ended; whoever holds the case where this level named nobody. The mediators of a level
        that handed it up are not among them."""
        return self._sat(Q(until_at=None)) or ([self.case.holder.person.name] if self.case.holder else [])

    def mediated(self, session: Session) -> list[str]:
        """Who mediated that day, at whichever level; whoever wrote it down where nobody was named."""
        at = session.recorded_at
        names = self._sat(Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at)))
        return names or ([session.recorded_by.name] if session.recorded_by else [])

    def _sat(self, when: Q) -> list[str]:
        seats = self.case.seats.filter(when, role=MEDIATOR).select_related("post__person").order_by("pk")
        return list(dict.fromkeys(seat.post.person.name for seat in seats if seat.post))

    @cached_property
    def taken_on_by(self) -> str:
        """Whoever took it on, who may be at a lower level than the holder of today."""
        event = self.case.events.filter(verb="accept").select_related("by").first()
        return event.by.name if event and event.by else ""

    @cached_property
    def committee(self) -> str:
        return committee_name(committee_grid(self.case))

    @cached_property
    def file_number(self) -> str:
        """卷号; to fill in by hand until the dispute is taken on."""
        given = FileNumber.objects.filter(dispute=self.case.pk).first()
        if given is not None:
            return str(given)
        return f"（　　）{mark_of(committee_grid(self.case))}人调字第　　号"

    @cached_property
    def sessions(self) -> list[Session]:
        held = self.dispute.sessions.filter(state=Session.State.HELD)
        return list(held.select_related("recorded_by").prefetch_related("present").order_by("number"))

    def came_of(self, session: Session) -> Agreement | None:
        """The agreement in force that was drafted after this session and before any other."""
        made = self.agreement
        if made is None or made.effective_at is None or session.recorded_at is None:
            return None
        before = [
            session for session in self.sessions if session.recorded_at and session.recorded_at <= made.drafted_at
        ]
        return made if before and before[-1].pk == session.pk else None

    @cached_property
    def visits(self) -> list[Visit]:
        return list(self.dispute.visits.select_related("visited_by").order_by("pk"))

    @cached_property
    def notes(self) -> list[CaseEvent]:
        """What the mediators found out going round."""
        notes = self.case.events.filter(verb="note").exclude(remark=None).exclude(remark__words="")
        return list(notes.select_related("by", "remark").order_by("number"))

    @cached_property
    def put_away(self) -> CaseEvent | None:
        """归档, with an agreement or without one."""
        return self.case.events.filter(verb__in=("archive", "terminate")).select_related("by", "remark").first()

    @property
    def why_incomplete(self) -> str:
        """The reason that was signed for when the file was put away with something missing."""
        if self.dispute.gaps or self.put_away is None or self.put_away.verb != "archive":
            return str(self.dispute.gaps)
        return self.put_away.remark.words if hasattr(self.put_away, "remark") else ""

    @cached_property
    def agreement(self) -> Agreement | None:
        agreement: Agreement | None = self.dispute.agreements.filter(withdrawn_at=None).first()
        return agreement

    @property
    def written(self) -> Agreement | None:
        return self.agreement if self.agreement and self.agreement.form == Form.WRITTEN else None

    @property
    def oral(self) -> Agreement | None:
        return self.agreement if self.agreement and self.agreement.form == Form.ORAL else None

    @cached_property
    def clauses(self) -> list[Any]:
        return (
            list(self.agreement.clauses.prefetch_related("performances").order_by("number")) if self.agreement else []
        )

    @cached_property
    def assents(self) -> dict[int, Any]:
        """By party, with the signature of each."""
        assents = self.agreement.assents.select_related("signature") if self.agreement else []
        return {assent.party_id: assent for assent in assents}

    @cached_property
    def text_sha256(self) -> str:
        return checksum(self.agreement) if self.agreement else ""

    @cached_property
    def exhibits(self) -> dict[str, list[Exhibit]]:
        exhibits: dict[str, list[Exhibit]] = {}
        for exhibit in self.dispute.exhibits.order_by("pk"):
            exhibits.setdefault(exhibit.entry, []).append(exhibit)
        return exhibits
