"""What this room holds about people: their own side of a dispute. Registered when the app is ready.

A file of mediation must be made and kept (人民调解法 27), so one side's erasure cannot take it from the other while its
keeping runs. What of it is the person's alone (phone, number, address, occupation …) goes at once when the dispute is
closed; the file stays sealed for the rest of its keeping, the person unlinked. Then the words, papers and signatures go
too, and the figures stay."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rights import ERASED_NAME
from accounts.privacy.rows import blank, delete, rows_of
from cases.models import Seat
from cases.privacy import forget
from cases.workflow import PARTY
from disputes.models import (
    Agreement,
    Clause,
    Dispute,
    Exhibit,
    Form,
    IssuedPaper,
    MediatorRequest,
    Party,
    PerformanceSaid,
    PrivateNote,
    Recusal,
    Session,
    Signature,
    Visit,
)
from notices.services import forget_facts
from web.text import article

BLANKED = "（保管期满，已删除）"
IS_WRITTEN = Q(agreements__form=Form.WRITTEN, agreements__effective_at__isnull=False)


def _performances_said(party: Party) -> str:
    performances = PerformanceSaid.objects.filter(party=party).select_related("clause").order_by("pk")
    return "；".join(
        f"{article(performance.clause.number)}{performance.get_degree_display()}" for performance in performances
    )


def _erase(person: User, at: datetime) -> None:
    """Disputes in hand go on to their end first; the nightly task comes back to them."""
    closed = Party.objects.filter(person=person, dispute__case__closed_at__isnull=False)
    with transaction.atomic():
        for party in closed.select_related("dispute__case"):
            _forget_private(party)
            forget_facts(path=party.dispute.case.get_absolute_url())
            Seat.objects.filter(case=party.dispute.case, person=person, role=PARTY).delete()


def _forget_private(party: Party) -> None:
    """个人信息保护法 47: what is this person's alone, and no part of the file that the law keeps."""
    PrivateNote.objects.filter(party=party).delete()
    Party.objects.filter(pk=party.pk).update(
        person=None,
        name=party.name and ERASED_NAME,
        phone="",
        phone_index="",
        id_number="",
        id_consent="",
        id_consent_at=None,
        gender="",
        ethnicity="",
        birth_year=None,
        occupation="",
        address="",
        agent="",
        agent_phone="",
        representative="",
        language="",
        guardian=party.guardian and ERASED_NAME,
    )


def _due(before: datetime, *, is_written: bool) -> QuerySet[Dispute]:
    """Closed before then, with or without a written agreement in force, and not cleared yet."""
    closed = Dispute.objects.filter(case__closed_at__lt=before, summary__isblank=False)
    written = Dispute.objects.filter(IS_WRITTEN).values("pk")
    return closed.filter(pk__in=written) if is_written else closed.exclude(pk__in=written)


def _clear(before: datetime, at: datetime, *, is_written: bool) -> int:
    count = 0
    for dispute in _due(before, is_written=is_written):
        with transaction.atomic():
            _forget_file(dispute)
        count += 1
    return count


def _forget_file(dispute: Dispute) -> None:
    """Words, papers, signatures and people of one file. That a paper was issued can still be verified."""
    for party in dispute.parties.all():
        _forget_private(party)
    forget([dispute.case])
    delete(Signature.objects.filter(assent__agreement__dispute=dispute))
    delete(Exhibit.objects.filter(dispute=dispute))
    blank(IssuedPaper.objects.filter(dispute=dispute), file="")
    Clause.objects.filter(agreement__dispute=dispute).update(what=BLANKED, how=BLANKED)
    Agreement.objects.filter(dispute=dispute).update(facts=BLANKED, responsibilities=BLANKED)
    Session.objects.filter(dispute=dispute, state=Session.State.HELD).update(record=BLANKED, others_present="")
    Visit.objects.filter(dispute=dispute).update(words=BLANKED)
    MediatorRequest.objects.filter(dispute=dispute).update(reason=BLANKED)
    Recusal.objects.filter(dispute=dispute).update(why=BLANKED)
    Dispute.objects.filter(pk=dispute.pk).update(
        summary="", wish="", result="", gaps="", place_note="", units="", building=None
    )


_SIDES = rows_of(
    Party,
    "person",
    "dispute__case__number",
    ("类别", "dispute__type__label"),
    ("身份", "side"),
    "name",
    "phone",
    "organisation",
    "representative",
    "agent",
    "agent_phone",
    "id_number",
    "id_consent",
    "gender",
    "address",
    "ethnicity",
    "birth_year",
    "is_said_minor",
    "guardian",
    "occupation",
    "language",
    "will",
    ("您的评价", "score"),
    ("您说的履行情况", _performances_said),
    joins=("dispute__type__parent",),
)

HOLDINGS = (
    Holding(
        "矛盾纠纷",
        _SIDES,
        _erase,
        about="parties to a dispute, their own side",
        why="papers of mediation name them (人民调解法 27, 29)",
        erased="closed: unlinked, name, phone, number, address go at once; the file stays sealed for its keeping ([disputes.md](rooms/disputes.md))",
    ),
    Holding(
        "单独沟通",
        rows_of(PrivateNote, "party__person", "party__dispute__case__number", "at", "words", order="at"),
        about="parties",
        why="what is for the mediators alone (人民调解法 15)",
        erased="goes when the dispute is closed",
    ),
    Holding(
        "协议签名",
        rows_of(Signature, "assent__party__person", "assent__agreement__dispute__case__number", "assent__at", "how"),
        about="parties",
        why="a written agreement is signed (人民调解法 29)",
        erased="stays sealed with the file for its keeping",
    ),
)
KEEPINGS = (
    Keeping("dispute_written", "有书面协议的调解卷宗", 3650, partial(_clear, is_written=True)),
    Keeping("dispute_other", "其他调解卷宗", 1825, partial(_clear, is_written=False)),
)
