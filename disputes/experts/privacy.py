"""What is held about people around consultations: what they asked, wrote and sent. Registered when the app is ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from cases.engine.facts import facts_of
from cases.engine.turns import Given
from cases.models import Case
from cases.privacy import asked_by
from disputes.experts.services import booking, meeting
from disputes.experts.services.threads import forget
from disputes.experts.workflow import KIND
from disputes.models import Booking, Expert, Message, MessageFile


def _bookings(person: User) -> Iterator[dict[str, Any]]:
    rows = Booking.objects.filter(consultation__case__in=asked_by(person))
    for row in rows.select_related("slot__expert__person", "consultation__field", "consultation__case").order_by("pk"):
        yield {
            "编号": row.consultation.case.number,
            "领域": row.consultation.field.name,
            "专家": row.slot.expert.words,
            "时间": row.slot.words,
            "状态": row.get_state_display(),
            "想问什么": row.consultation.matter,
            "您的评价": f"{row.consultation.score} 星" if row.consultation.score else "",
            "对专家说的话": row.consultation.advice,
        }


def _messages(person: User) -> Iterator[dict[str, Any]]:
    messages = Message.objects.filter(by=person).select_related("consultation__case").prefetch_related("files")
    for message in messages.order_by("pk"):
        files = "、".join(kept.name or "照片" for kept in message.files.all())
        yield {"编号": message.consultation.case.number, "时间": message.at, "您写的": message.words, "附件": files}


def _panel(person: User) -> Iterator[dict[str, Any]]:
    for expert in Expert.objects.filter(person=person):
        trained = "；".join(
            f"{row.held_on} {row.topic} {row.hours} 学时" for row in expert.trainings.order_by("held_on")
        )
        yield {
            "类别": expert.get_kind_display(), "会说": expert.languages, "介绍": expert.introduction, "培训": trained,
        }  # fmt: skip


def _erase(person: User, at: datetime) -> None:
    """What has not begun is cancelled, a conversation ends; then both sides' words and files go."""
    for case in asked_by(person).filter(kind=KIND, closed_at=None).order_by("pk"):
        refusal = case.workflow.arrow("cancel").refusal(facts_of(case), person, at)
        if case.state in {"booked", "stranded", "agreed"} and not refusal:
            booking.cancel(case=case, by=person, at=at, version=None, given=Given())
        elif case.state == "talking":
            meeting.finish(case=case, by=person, at=at, version=None, given=Given())
    forget(asked_by(person).filter(kind=KIND).exclude(state__in=("agreed", "booked")))


def _leave_the_panel(person: User, at: datetime) -> None:
    """An expert's own words and photo; that they helped stays."""
    for expert in Expert.objects.filter(person=person):
        expert.photo.delete(save=False)
        expert.introduction, expert.languages, expert.is_listed = "", "", False
        expert.save()
        expert.trainings.update(topic="")
    own = Message.objects.filter(by=person, consultation__expert__person=person)
    MessageFile.objects.filter(message__in=own).update(name="")
    own.update(words="")


def _clear(before: datetime, at: datetime) -> int:
    return forget(Case.objects.filter(kind=KIND, closed_at__lt=before))


HOLDINGS = (
    Holding(
        "找专家的预约",
        _bookings,
        _erase,
        about="residents who asked an expert",
        why="the expert must know what it is about",
        erased="cancelled or ended; the matter, the rating's words go, the stars stay",
    ),
    Holding(
        "问诊里写的话",
        _messages,
        about="residents, experts",
        why="advice is given in it ([experts.md](rooms/experts.md))",
        erased="goes with the ended consultation, files too",
    ),
    Holding(
        "专家库里的您",
        _panel,
        _leave_the_panel,
        about="experts",
        why="residents choose whom they ask",
        erased="introduction, languages, photo, training go; that they helped stays",
    ),
)
KEEPINGS = (Keeping("consultation_words", "问诊的文字和文件", 3 * 365, _clear),)
