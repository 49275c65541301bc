"""What is held about people around consultations: what they asked, wrote and sent. Registered when the app is ready."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blank, rows_of
from cases.engine.facts import facts_of
from cases.engine.turns import Given
from cases.models import Case
from cases.privacy import asked_by
from disputes.experts.services import booking, meeting
from disputes.experts.services.threads import forget
from disputes.experts.workflow import KIND
from disputes.models import Booking, Expert, Message, MessageFile, Training


def _bookings(person: User) -> QuerySet[Booking]:
    return Booking.objects.filter(consultation__case__in=asked_by(person))


def _stars(booked: Booking) -> str:
    return f"{booked.consultation.score} 星" if booked.consultation.score else ""


def _messages(person: User) -> QuerySet[Message]:
    return Message.objects.filter(by=person).prefetch_related("files")


def _files(message: Message) -> str:
    return "、".join(kept.name or "照片" for kept in message.files.all())


def _trained(expert: Expert) -> str:
    return "；".join(f"{row.held_on} {row.topic} {row.hours} 学时" for row in expert.trainings.order_by("held_on"))


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
    blank(Expert.objects.filter(person=person), introduction="", languages="", is_listed=False, photo="")
    blank(Training.objects.filter(expert__person=person), topic="")
    own = Message.objects.filter(by=person, consultation__expert__person=person)
    blank(MessageFile.objects.filter(message__in=own), name="")
    blank(own, words="")


def _clear(before: datetime, at: datetime) -> int:
    return forget(Case.objects.filter(kind=KIND, closed_at__lt=before))


_BOOKINGS = rows_of(
    Booking,
    _bookings,
    "consultation__case__number",
    "consultation__field",
    ("专家", "slot__expert__words"),
    ("时间", "slot__words"),
    "state",
    "consultation__matter",
    ("您的评价", _stars),
    "consultation__advice",
    joins=("slot__expert__person",),
)

HOLDINGS = (
    Holding(
        "找专家的预约",
        _BOOKINGS,
        _erase,
        about="residents who asked an expert",
        why="the expert must know what it is about",
        erased="cancelled or ended; the matter, the rating's words go, the stars stay",
    ),
    Holding(
        "问诊里写的话",
        rows_of(Message, _messages, "consultation__case__number", "at", ("您写的", "words"), ("附件", _files)),
        about="residents, experts",
        why="advice is given in it ([experts.md](rooms/experts.md))",
        erased="goes with the ended consultation, files too",
    ),
    Holding(
        "专家库里的您",
        rows_of(Expert, "person", "kind", "languages", "introduction", ("培训", _trained)),
        _leave_the_panel,
        about="experts",
        why="residents choose whom they ask",
        erased="introduction, languages, photo, training go; that they helped stays",
    ),
)
KEEPINGS = (Keeping("consultation_words", "问诊的文字和文件", 3 * 365, _clear),)
