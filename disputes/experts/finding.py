"""What the page and the API read of the panel and of a conversation: cards, free times, files."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from accounts.api.lists import empty_last
from accounts.models import User
from cases.models import Case
from disputes.models import Booking, Expert, ExpertField, Message, MessageFile, Slot
from disputes.models.expert import spoken
from disputes.models.expert_querysets import FREED, SHOWN_FROM
from web.stored_files import stored_file

SOONEST_FIRST = ("soonest_at", "load", "pk")
_FIELDS = Prefetch("fields", ExpertField.objects.order_by("order", "pk"))


def on_panel(at: datetime) -> Any:
    """Who serves now, each with what stands on a card; `soonest_at` is never empty, to sort by."""
    serving = Expert.objects.serving(at).with_card(at).select_related("person").prefetch_related(_FIELDS)
    return serving.annotate(soonest_at=empty_last("next_from_at"))


def card_of(expert: Any) -> dict[str, Any]:
    """What stands on a card. The average only where enough have said something."""
    rated = ""
    if expert.rated_count >= SHOWN_FROM:
        rated = f"{expert.rated_sum / expert.rated_count:.1f} 分（{expert.rated_count} 人评价）"
    next_free = spoken(expert.next_from_at) if expert.next_from_at else ""
    fields = "、".join(field.name for field in expert.fields.all() if field.is_active)
    return {"expert": expert, "rated": rated, "next_free": next_free, "fields": fields}


def photo_of(expert_id: int, *, at: datetime) -> FileResponse:
    """Raises Http404 where there is no such expert, or no photo."""
    expert = get_object_or_404(Expert.objects.serving(at).exclude(photo=""), pk=expert_id)
    return _file(expert.photo, "image/jpeg")


def conversation_of(case: Case) -> QuerySet[Message]:
    """What the two have said, in the order they said it."""
    return case.consultation.messages.select_related("by").prefetch_related("files").order_by("pk")


def file_of(case: Case, token: str, *, is_thumbnail: bool) -> FileResponse:
    """A picture, or a PDF to be saved: never opened inside our own pages. Raises Http404."""
    kept = get_object_or_404(MessageFile, message__consultation=case.pk, token=token)
    if kept.thumbnail:
        return _file(kept.thumbnail if is_thumbnail else kept.file, "image/jpeg")
    if is_thumbnail:
        raise Http404
    return _file(kept.file, "application/pdf", name=kept.name)


def _file(file: Any, content_type: str, name: str = "") -> FileResponse:
    response = stored_file(file, content_type, name=name)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def serving_as(person: User, at: datetime) -> Expert:
    """The panel's expert this person is, in post today. Raises Http404 for everybody else."""
    expert: Expert = get_object_or_404(Expert.objects.serving(at), person=person)
    return expert


def own_slots(expert: Expert, *, at: datetime) -> QuerySet[Slot]:
    """What is still to come of an expert's own time, each with `is_taken`."""
    taken = Booking.objects.filter(slot=OuterRef("pk")).exclude(state__in=FREED)
    coming = Slot.objects.filter(expert=expert, withdrawn_at=None, until_at__gt=at)
    slots: QuerySet[Slot] = coming.annotate(is_taken=Exists(taken)).order_by("from_at")
    return slots
