"""The story of a case as one person may read it: events turned into sentences, ready for the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from cases.engine.access import reads_as_asker
from cases.engine.facts import facts_of
from cases.limits import clock
from cases.limits.running import calendar_around, in_words
from cases.models import Attachment, Case, CaseEvent
from cases.workflow import ANSWER, ASKER, PARTY, POLICE, REFER, SYSTEM


@dataclass(frozen=True)
class Picture:
    thumb_url: str
    url: str
    alt: str
    note: str
    """In its place while there is nothing to see: still being made, or why it was refused."""


@dataclass(frozen=True)
class Line:
    """One entry of the timeline."""

    at: datetime
    title: str
    words: str
    by_words: str
    photos: Sequence[Picture]
    is_latest: bool


def story(
    case: Case,
    *,
    for_asker: bool,
    hides_asker: bool,
    photo_urls: bool = True,
    reader: User | None = None,
    standing: frozenset[str] = frozenset(),
) -> list[Line]:
    """Newest first. `for_asker` leaves out what is between offices (but what was referred to the reader's `standing`),
    and what another party said; `hides_asker` names nobody who wished to be anonymous; without `photo_urls` (a visitor
    who is not signed in) photos are not shown."""
    has_photos = Exists(Attachment.objects.filter(event=OuterRef("pk")))
    told = case.events.select_related("by", "remark", "holder__grid", "holder__person").annotate(has_photos=has_photos)
    events = list(told.order_by("-number"))
    photos = Prefetch("attachments", Attachment.objects.select_related("upload").order_by("pk"))
    prefetch_related_objects([event for event in events if event.has_photos], photos)
    lines: list[Line] = []
    for event in events:
        event.case = case
        if for_asker and not is_for(event, reader, standing):
            continue
        is_heard = not for_asker or may_hear(event, reader, standing)
        shows_photos = event.has_photos and photo_urls and is_heard
        lines.append(
            Line(
                at=event.at,
                title=event.done_words,
                words=event_words(event, for_asker=for_asker) if is_heard else "",
                by_words=_by(event, hides_asker),
                photos=[_picture(photo, case) for photo in event.attachments.all()] if shows_photos else (),
                is_latest=not lines,
            )
        )
    return lines


def is_for(event: CaseEvent, reader: User | None, standing: frozenset[str]) -> bool:
    """Whether who is no office reads that this happened: what they did themselves, and what is not between offices; the
    police, what they did themselves, what was referred to them, and how it began."""
    arrow = event.case.workflow.arrow(event.verb)
    is_own = reader is not None and event.by_id == reader.pk
    if standing == {POLICE}:
        return arrow is None or is_own or bool(arrow.refers_to & standing)
    return arrow is None or arrow.is_shown_to_asker or is_own or bool(arrow.refers_to & standing)


def may_hear(event: CaseEvent, reader: User | None, standing: frozenset[str]) -> bool:
    """What one party says stays between them and those who handle the case, photos too; what they told the police is
    for the police."""
    if not is_for(event, reader, standing):
        return False
    arrow = event.case.workflow.arrow(event.verb)
    is_own = reader is not None and event.by_id == reader.pk
    return event.standing != PARTY or is_own or (arrow is not None and bool(arrow.refers_to & standing))


def event_words(event: CaseEvent, *, for_asker: bool = False) -> str:
    """What was said; where routing chose, why, and to whoever asks, who has it and what was out of the ordinary."""
    if hasattr(event, "remark"):
        return event.remark.words
    why = str(event.said.get("why", ""))
    if for_asker and why and event.holder is not None:
        return f"已交给{event.holder.words}办理{''.join(why.partition('（')[1:])}。"
    return why


def _by(event: CaseEvent, hides_asker: bool) -> str:
    if event.by is None:
        return "系统"
    if event.standing == ASKER:
        return "居民（匿名）" if hides_asker else f"居民 {event.by.masked_name}"
    if event.standing == PARTY:
        return f"当事人 {event.by.masked_name}"
    if event.standing == SYSTEM:
        return event.by.name  # written down for somebody else
    return f"{event.standing_label} {event.by.name}"


def _picture(photo: Attachment, case: Case) -> Picture:
    return Picture(
        thumb_url=reverse("cases:photo-thumbnail", args=[case.number, photo.token]),
        url=reverse("cases:photo", args=[case.number, photo.token]),
        alt=f"{case.title} 的照片",
        note=photo.note,
    )


@dataclass(frozen=True)
class ReferralLine:
    """What waits for the police: who asked whom and why, and until when; the holder's own limit stands on the card."""

    officer_words: str
    by_words: str
    why: str
    at: datetime
    due_at: datetime
    due_words: str
    is_late: bool


def referral_for(case: Case, standing: frozenset[str], *, at: datetime) -> ReferralLine | None:
    """For those who handle the case, and the police themselves. Asks nothing where `access_case` saw that there is none."""
    if (
        not getattr(case, "is_referred", True)
        or not case.is_open
        or (reads_as_asker(standing) and standing != {POLICE})
    ):
        return None
    referral = facts_of(case).referral if case.workflow.refers_to_police else None
    if referral is None:
        return None
    asked = case.events.filter(verb=REFER).select_related("remark").order_by("-number").first()
    return ReferralLine(
        officer_words=referral.post.words,
        by_words=referral.by.name,
        why=asked.remark.words if asked is not None and hasattr(asked, "remark") else "",
        at=referral.at,
        due_at=referral.due_at,
        due_words=in_words(calendar_around(at), referral.due_at, at),
        is_late=referral.due_at < at,
    )


@dataclass(frozen=True)
class Answered:
    """What the police were asked, and what they said."""

    by_words: str
    why: str
    at: datetime
    answer: str
    answered_at: datetime


def answered_by(person: User, case: Case) -> list[Answered]:
    """All that this person answered for the police, the last first. It stays theirs when the case has gone back."""
    answered: list[Answered] = []
    asked = None
    for event in case.events.filter(verb__in=(REFER, ANSWER)).select_related("by", "remark").order_by("number"):
        if event.verb == REFER:
            asked = event
        elif event.by_id == person.pk and asked is not None and asked.by is not None:
            answered.insert(0, Answered(asked.by.name, event_words(asked), asked.at, event_words(event), event.at))
    return answered


@dataclass(frozen=True)
class Card:
    """What, where, who holds it, time left: in that order, everywhere."""

    number: str
    title: str
    place: str
    holder_words: str
    state_label: str
    kind_label: str
    time_left_words: str
    due_words: str
    """Until when the present stage may last: "周五 18:00 前"."""
    finish_words: str
    """Until when the asker was promised an answer; said when it has passed."""
    lateness: str
    url: str

    def get_absolute_url(self) -> str:
        return self.url


def cards(cases: Sequence[Case], *, at: datetime) -> list[Card]:
    """Cases loaded by `with_cards()`; one calendar for the whole list."""
    calendar = calendar_around(at)
    return [_card(case, calendar, at) for case in cases]


def _card(case: Case, calendar: clock.Calendar, at: datetime) -> Card:
    left = clock.left_in_words(calendar, at, case.due_at) if case.is_open and case.due_at else ""
    time_left_words = left if case.state_now.is_holders else ""
    lateness = _lateness(case, at)
    answer_by = getattr(case, "answer_by", None)
    if answer_by is not None:  # the list of the police: theirs is the limit that counts
        time_left_words = clock.left_in_words(calendar, at, answer_by)
        lateness = "late" if answer_by < at else "calm"
    return Card(
        number=case.number,
        title=case.title,
        place=case.place,
        holder_words=case.holder_words,
        state_label=case.state_label,
        kind_label=case.kind_label,
        time_left_words=time_left_words,
        due_words=in_words(calendar, case.due_at, at) if case.due_at else "",
        finish_words=_finish_words(case, calendar, at),
        lateness=lateness,
        url=case.get_absolute_url(),
    )


def _finish_words(case: Case, calendar: clock.Calendar, at: datetime) -> str:
    if case.finish_by_at is None:
        return ""
    is_past = case.is_open and case.state_now.is_holders and case.finish_by_at < at
    return in_words(calendar, case.finish_by_at, at) + ("（已超时）" if is_past else "")


def _lateness(case: Case, at: datetime) -> str:
    if not case.is_open or not case.state_now.is_holders:
        return ""
    if case.is_late(at):
        return "late"
    # Half of the limit is over once the sweep no longer waits to remind.
    return "calm" if case.wake_for in {"remind", "route"} else "soon"
