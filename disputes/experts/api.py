"""找专家 for apps: experts and their free times, booking one, the conversation, an expert's own hours. What is answered to a
booking (接单, 改时间, 评价 …) are acts of its case (cases/api/views.py)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import FilterSet, ModelChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.filters import NO_SUCH_ROW
from accounts.api.forms import FormView, checked, checked_form, refusals_at
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.pictures import FILE, PICTURE
from accounts.api.schema import page_of
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.models import User
from accounts.requests import PersonCall
from cases.api.acts import OwnAct
from cases.api.serializers import CaseSerializer
from cases.models import Case
from disputes.experts.details import details
from disputes.experts.finding import SOONEST_FIRST, conversation_of, file_of, on_panel, own_slots, photo_of, serving_as
from disputes.experts.forms import BookForm, HoursForm, ReferForm, ThreadForm, bookable_slots
from disputes.experts.serializers import (
    ConsultationSerializer,
    ExpertInFullSerializer,
    ExpertSerializer,
    FieldSerializer,
    OwnSlotSerializer,
)
from disputes.experts.services import booking, panel, referral
from disputes.experts.services.threads import consultation_for, say
from disputes.experts.workflow import TALKS
from disputes.models import Expert, ExpertField, Slot
from grids.models import Grid, Level
from web.client_address import client_address


def _fields_in_use() -> QuerySet[ExpertField]:
    return ExpertField.objects.filter(is_active=True).order_by("order", "pk")


class ExpertFilters(FilterSet):
    field = ModelChoiceFilter(
        label="想问什么（expert-fields 的 id）",
        field_name="fields",
        queryset=_fields_in_use(),
        error_messages=NO_SUCH_ROW,
    )
    community = ModelChoiceFilter(
        label="在哪个社区",
        field_name="communities",
        error_messages=NO_SUCH_ROW,
        queryset=Grid.objects.current().filter(level=Level.COMMUNITY),
    )


class FieldList(APIView):
    """专家看哪几类事。"""

    @extend_schema(operation_id="expert_fields", responses=FieldSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: Request) -> Response:
        rows: Any = _fields_in_use()
        return Response(FieldSerializer(rows, many=True).data)


class ExpertList(ListView):
    """在任的专家，最早能约的在前。"""

    serializer_class, ordering, filterset_class = ExpertSerializer, SOONEST_FIRST, ExpertFilters

    @extend_schema(operation_id="experts", responses=page_of(ExpertSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: Request) -> Response:
        return self.paged(request, on_panel(timezone.now()))


def _expert(expert_id: int) -> Any:
    return get_object_or_404(on_panel(timezone.now()), pk=expert_id)


class OneExpert(APIView):
    """一位专家，和可以约的时间。"""

    @extend_schema(operation_id="expert", responses=ExpertInFullSerializer)
    @opens_to(SIGNED_IN)
    def get(self, request: Request, expert_id: int) -> Response:
        expert = _expert(expert_id)
        # Of those to come the next ones, as the page shows them.
        expert.shown_slots = bookable_slots(expert)
        return Response(ExpertInFullSerializer(expert).data)


class ExpertPhoto(APIView):
    """专家的照片。"""

    renderer_classes = PICTURE

    @extend_schema(operation_id="expert_photo", responses={(200, "image/jpeg"): bytes})
    @opens_to(SIGNED_IN)
    def get(self, request: Request, expert_id: int) -> FileResponse:
        return photo_of(expert_id, at=timezone.now())


class Book(FormView):
    """约一个时间，专家马上收到。"""

    form_class = BookForm

    @extend_schema(operation_id="expert_book", responses={201: CaseSerializer})
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, expert_id: int) -> Response:
        form, at = checked_form(self, request, expert=_expert(expert_id)), timezone.now()
        with limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at):
            case = booking.book(resident=request.user, at=at, **form.arguments(request.user))
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)


def _own_consultation(request: PersonCall, number: str) -> Case:
    return consultation_for(request.user, number, at=timezone.now())


def _in_full(request: PersonCall, case: Case) -> Response:
    shown = details(case=case, reader=request.user, at=timezone.now())
    proposal = referral.waiting_proposal(case)
    told: Any = {
        "case": case, "is_open": case.state in TALKS, "field": shown["field"], "matter": shown["matter"],
        "slot": shown["booking"].slot if shown["booking"] else None,
        "summary_to_copy": referral.text_to_copy(proposal) if proposal else "", "messages": conversation_of(case),
    }  # fmt: skip
    context = {"reader": request.user, "number": case.number}
    return Response(ConsultationSerializer(told, context=context).data)


class Consultation(APIView):
    """一次问诊：约在什么时候，说过的话。只有双方看得到。"""

    @extend_schema(operation_id="consultation", responses=ConsultationSerializer)
    @opens_to(own(_own_consultation))
    def get(self, request: PersonCall, number: str) -> Response:
        return _in_full(request, _own_consultation(request, number))


class MessageList(FormView):
    """给对方留言，可以带照片和 PDF。"""

    form_class = ThreadForm

    @extend_schema(operation_id="consultation_say", responses=ConsultationSerializer)
    @opens_to(posts=own(_own_consultation))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        case, at = _own_consultation(request, number), timezone.now()
        cleaned = checked(self, request)
        with limiter.counted("act", person=request.user.pk, at=at):
            say(case=case, by=request.user, at=at, **cleaned)
        return _in_full(request, case)


class ConsultationFile(APIView):
    """留言里的照片或 PDF。"""

    renderer_classes = FILE

    @extend_schema(
        operation_id="consultation_file", responses={(200, "image/jpeg"): bytes, (200, "application/pdf"): bytes}
    )
    @opens_to(own(_own_consultation))
    def get(self, request: PersonCall, number: str, token: str) -> FileResponse:
        return file_of(_own_consultation(request, number), token, is_thumbnail=False)


class ConsultationThumbnail(APIView):
    """留言里照片的缩略图。"""

    renderer_classes = PICTURE

    @extend_schema(operation_id="consultation_thumbnail", responses={(200, "image/jpeg"): bytes})
    @opens_to(own(_own_consultation))
    def get(self, request: PersonCall, number: str, token: str) -> FileResponse:
        return file_of(_own_consultation(request, number), token, is_thumbnail=True)


def _serving(request: PersonCall, at: datetime) -> Expert:
    return serving_as(request.user, at)


class OwnHours(FormView):
    """我（专家）开放的时段。POST 再开放一个。"""

    form_class = HoursForm

    @extend_schema(operation_id="expert_hours", responses=OwnSlotSerializer(many=True))
    @opens_to(own(_serving))
    def get(self, request: PersonCall) -> Response:
        at = timezone.now()
        rows: Any = own_slots(_serving(request, at), at=at)
        return Response(OwnSlotSerializer(rows, many=True).data)

    @extend_schema(operation_id="expert_hours_open", responses={201: OwnSlotSerializer(many=True)})
    @opens_to(own(_serving))
    @once
    def post(self, request: PersonCall) -> Response:
        at = timezone.now()
        expert = _serving(request, at)
        form = checked_form(self, request)
        with refusals_at(form, form.refuse), limiter.counted("act", person=request.user.pk, at=at):
            panel.open_slot(expert=expert, at=at, **form.slot())
        rows: Any = own_slots(expert, at=at)
        return Response(OwnSlotSerializer(rows, many=True).data, status=status.HTTP_201_CREATED)


class HoursWithdraw(APIView):
    """撤下自己一个还没有人约的时段。"""

    @extend_schema(operation_id="expert_hours_withdraw", request=None, responses={204: None})
    @opens_to(posts=own(_serving))
    @once
    def post(self, request: PersonCall, slot_id: int) -> Response:
        at = timezone.now()
        panel.withdraw_slot(slot=get_object_or_404(Slot, pk=slot_id, expert=_serving(request, at)), at=at)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _agree(case: Case, form: ReferForm, by: User, at: datetime) -> None:
    with refusals_at(form, form.say_refused):
        referral.agree(case=case, by=by, at=at, **form.arguments(by))


ACTS = {"agree_mediation": OwnAct(lambda case, data, files: ReferForm(data, community=case.grid), _agree)}
"""Arrows of a consultation that have pages of their own (cases/api/acts.py)."""
