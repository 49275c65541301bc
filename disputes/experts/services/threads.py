"""线上问诊: what a resident and an expert say to each other, with pictures and PDFs. Nobody else reads it: not the desk, not
who supervises, not a mediator of the case it may become; least of all what is said to a psychologist."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404

from accounts.models import User
from cases.engine.access import access_case, standing_of
from cases.engine.turns import turn_on
from cases.models import Case
from cases.workflow import ASKER, EXPERT
from disputes.experts.workflow import KIND, TALKS
from disputes.models import Consultation, Message, MessageFile
from notices.services import News, notify
from photos.cleaning import MAX_BYTES, Photo
from photos.storing import LostUpload, NoRoom, store
from photos.words import cannot_keep, spoken_name
from web.text import tidy

MAX_WORDS = 2000
TWO = frozenset({ASKER, EXPERT})


@dataclass(frozen=True)
class Paper:
    """A PDF, as it was sent."""

    name: str
    content: bytes


def consultation_for(user: User, number: str, *, at: datetime) -> Case:
    """The consultation, for the two whose it is. Http404 for everybody else, its desk too."""
    case = access_case(user, number)
    if case.kind != KIND or not standing_of(user, case, at=at) & TWO:
        raise Http404
    return case


def check_paper(upload: UploadedFile[bytes]) -> Paper:
    """The type is read from the bytes, never from the name. Raises ValidationError."""
    name = spoken_name(upload.name or "文件.pdf")
    if isinstance(upload, LostUpload):
        raise NoRoom(cannot_keep("文件"))
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(f"“{name}”有 {(upload.size or 0) / 1024 / 1024:.1f} MB，超过 10 MB。")
    content = upload.read()
    if not content.startswith(b"%PDF-"):
        raise ValidationError(f"“{name}”不是 PDF 文件，请换成 PDF，照片请放在“照片”里。")
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(f"“{name}”没有传完整，请再传一次。")
    return Paper(name, content)


def say(
    *, case: Case, by: User, at: datetime, words: str, photos: Sequence[Photo] = (), papers: Sequence[Paper] = ()
) -> Message:
    """One message to the other side, who is told. The caller has the case from `consultation_for`.

    Raises ValidationError at `words`: nothing said and nothing sent, too long, or the conversation is not open; at `photos`
    or `papers` when they cannot be stored."""
    words = tidy(words)
    if not words and not photos and not papers:
        raise ValidationError({"words": "请写下想说的话，或选一张照片。"})
    if len(words) > MAX_WORDS:
        raise ValidationError({"words": f"最多 {MAX_WORDS} 字，您写了 {len(words)} 字，请分几次说。"})
    with turn_on(case, by=by, at=at) as turn:
        if turn.case.state not in TALKS:
            raise ValidationError({"words": "现在不能留言：预约还没有接单，或问诊已经结束。"})
        message = Message.objects.create(consultation=case.consultation, by=by, words=words, at=at)
        _keep(message, photos, papers)
        told = News(
            kind="consultation.message",
            people=_others(case.consultation, by),
            path=case.get_absolute_url(),
            cause=f"message:{message.pk}",
            at=at,
            facts={"number": case.number, "title": case.title, "by": by.name},
        )
        notify(told)
    return message


def _keep(message: Message, photos: Sequence[Photo], papers: Sequence[Paper]) -> None:
    files: list[File[bytes]] = [file for photo in photos for file in (photo.as_file(), photo.thumbnail_as_file())]
    files += [ContentFile(paper.content, name="paper.pdf") for paper in papers]
    names = iter(store(files, at="photos") if photos else store(files, at="papers", what="文件"))
    kept = [{"file": next(names), "thumbnail": next(names)} for _ in photos]
    kept += [{"file": next(names), "name": paper.name} for paper in papers]
    for columns in kept:
        MessageFile.objects.create(message=message, token=secrets.token_urlsafe(18), **columns)


def _others(consultation: Consultation, by: User) -> list[User]:
    asker = consultation.case.seats.filter(role=ASKER, until_at=None).select_related("person").first()
    two = [consultation.expert.person, asker.person if asker else None]
    return [person for person in two if person is not None and person.pk != by.pk]


def forget(consultations: Any) -> int:
    """Blank the words of closed consultations and delete the files; what the figures count stays. How many."""
    rows = Consultation.objects.filter(pk__in=consultations)
    files = list(MessageFile.objects.filter(message__consultation__in=rows))
    for kept in files:
        transaction.on_commit(partial(_forget_file, kept), robust=True)
        kept.delete()
    # An encrypted column cannot be asked for "", so what is empty already is written once more.
    Message.objects.filter(consultation__in=rows).update(words="")
    return rows.update(matter="", advice="")


def _forget_file(kept: MessageFile) -> None:
    kept.file.delete(save=False)
    kept.thumbnail.delete(save=False)
