"""A volunteer's own services and call-outs, for apps: asked, accepted, signed in and out, answered."""

from datetime import datetime
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, checked
from accounts.api.idempotency import once
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.models import User
from accounts.requests import PersonCall
from cases.api.acts import OwnAct
from cases.api.serializers import CaseSerializer
from cases.engine.turns import Given
from cases.models import Case
from grids.rights.entry import verb
from grids.rights.jurisdiction import area_of
from volunteers.dispatch import candidates
from volunteers.forms.orders import OfferForm, OrderForm
from volunteers.forms.shared import CheckInForm, CheckOutForm
from volunteers.models import Call, Offer
from volunteers.reading.needs import asked_need, order_for
from volunteers.reading.orders import FUTURE, MyOrder, my_order, nominees, offers_of
from volunteers.services import callouts, orders, visits

MOST_PROPOSED = 30
"""As many as the page of the desk shows."""


class OfferSerializer(serializers.Serializer[Offer]):
    """A service that I was asked for."""

    number = serializers.CharField(source="order.case.number")
    title = serializers.CharField(source="order.case.title")
    state = serializers.CharField(help_text="offered 等答复，accepted 已接")
    begins_at = serializers.DateTimeField(source="order.begins_at")
    ends_at = serializers.DateTimeField(source="order.ends_at")


class MyOrderSerializer(serializers.Serializer[MyOrder]):
    """One of them; the door only after accepting."""

    number = serializers.CharField(source="order.case.number")
    title = serializers.CharField(source="order.case.title")
    place = serializers.CharField(source="order.case.place")
    door = serializers.SerializerMethodField(help_text="接单以后才有")
    begins_at = serializers.DateTimeField(source="order.begins_at")
    ends_at = serializers.DateTimeField(source="order.ends_at")
    words = serializers.CharField(source="order.words")
    risks = serializers.CharField(source="order.risks")
    wanted = serializers.IntegerField(source="order.wanted")
    check_in_by = serializers.CharField(source="order.check_in_by", help_text="code 扫码，place 到门口")
    mates = serializers.ListField(child=serializers.CharField())
    may_answer = serializers.BooleanField()
    may_arrive = serializers.BooleanField()
    may_leave = serializers.BooleanField()
    nominees = serializers.SerializerMethodField(help_text="我是队长时，可以请哪些队员")

    def get_nominees(self, mine: MyOrder) -> list[dict[str, Any]]:
        if not mine.is_leader or mine.order.case.state != "offered":
            return []
        return [{"id": member.person_id, "name": member.person.name} for member in nominees(mine.order)]

    def get_door(self, mine: MyOrder) -> str:
        return mine.order.address_note if mine.has_accepted else ""


class OpenForm(OrderForm):
    """The page takes the need that a service is for from its address."""

    need = forms.CharField(label="为了哪条需求（needs 的 key），可不填", required=False, max_length=40)


class OrderList(FormView):
    """请我去的和我接了的，近的在前。POST 登记一次服务，接着用 offer 请人。"""

    form_class = OpenForm

    @extend_schema(operation_id="services", responses=OfferSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        mine = offers_of(request.user).filter(state__in=FUTURE, left_at=None, order__case__closed_at=None)
        return Response(OfferSerializer(mine, many=True).data)  # type: ignore[arg-type]  # the stubs know one row only

    @extend_schema(operation_id="service_open", responses={201: CaseSerializer})
    @opens_to(posts=verb("dispatch"))
    @once
    def post(self, request: PersonCall) -> Response:
        area = area_of(request.user, "dispatch")
        cleaned = checked(self, request, within=area)
        need = asked_need(cleaned.pop("need"), area)
        case = orders.open_order(**order_for(need, cleaned), by=request.user, at=timezone.now())
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)


class OneOrder(APIView):
    """其中一次。"""

    @extend_schema(operation_id="service", responses=MyOrderSerializer)
    @opens_to(own(my_order))
    def get(self, request: PersonCall, number: str) -> Response:
        return Response(MyOrderSerializer(my_order(request.user, number, at=timezone.now())).data)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="答复",
        choices=[("accept", "接"), ("decline", "不接，也不用说理由")],
        error_messages={"required": "请选接或不接。"},
    )


class Answer(FormView):
    """接，或不接。"""

    form_class = AnswerForm

    @extend_schema(operation_id="service_answer", responses=MyOrderSerializer)
    @opens_to(posts=own(my_order))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        mine, at = my_order(request.user, number, at=timezone.now()), timezone.now()
        act = orders.accept if checked(self, request)["answer"] == "accept" else orders.decline
        act(case=mine.order.case, by=request.user, at=at)
        return _again(request, number)


class CheckIn(FormView):
    """签到：扫门口的码，或在门口。位置只核对一次，不保存。"""

    form_class = CheckInForm

    @extend_schema(operation_id="service_check_in", responses=MyOrderSerializer)
    @opens_to(posts=own(my_order))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        mine, at = my_order(request.user, number, at=timezone.now()), timezone.now()
        limiter.check("act", person=request.user.pk, at=at)  # six digits are not to be tried through
        visits.check_in(case=mine.order.case, by=request.user, at=at, **checked(self, request))
        return _again(request, number)


class CheckOut(FormView):
    """签退，写做了什么。"""

    form_class = CheckOutForm

    @extend_schema(operation_id="service_check_out", responses=MyOrderSerializer)
    @opens_to(posts=own(my_order))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        mine, cleaned = my_order(request.user, number, at=timezone.now()), checked(self, request)
        given = Given(cleaned["words"], cleaned["photos"])
        visits.check_out(case=mine.order.case, by=request.user, at=timezone.now(), given=given)
        return _again(request, number)


class Nominate(APIView):
    """队长请一位队员去。"""

    @extend_schema(operation_id="service_nominate", request=None, responses=MyOrderSerializer)
    @opens_to(posts=own(my_order))
    @once
    def post(self, request: PersonCall, number: str, person_id: int) -> Response:
        mine = my_order(request.user, number, at=timezone.now())
        person = get_object_or_404(User, pk=person_id, team_memberships__team=mine.order.team_id)
        orders.nominate(case=mine.order.case, person=person, by=request.user, at=timezone.now())
        return _again(request, number)


def _again(request: PersonCall, number: str) -> Response:
    return Response(MyOrderSerializer(my_order(request.user, number, at=timezone.now())).data)


class CallSerializer(serializers.Serializer[Call]):
    """One call of an emergency, or of a drill."""

    key = serializers.UUIDField(source="call_out.key")
    words = serializers.CharField(source="call_out.words")
    is_drill = serializers.BooleanField(source="call_out.is_drill")
    called_at = serializers.DateTimeField(source="call_out.called_at")
    is_over = serializers.SerializerMethodField()
    answer = serializers.ChoiceField(choices=Call.Answer.choices, allow_blank=True)

    def get_is_over(self, call: Call) -> bool:
        return call.call_out.ended_at is not None


class CallList(APIView):
    """动员我的，新的在前。"""

    @extend_schema(operation_id="calls", responses=CallSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        mine = Call.objects.filter(person=request.user).select_related("call_out").order_by("-call_out__called_at")[:20]
        return Response(CallSerializer(mine, many=True).data)  # type: ignore[arg-type]  # the stubs know one row only


class CallAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="答复", choices=Call.Answer.choices[1:], error_messages={"required": "请选“能到”“不能”或“已到”。"}
    )


def _my_call(request: PersonCall, key: Any) -> Call:
    call: Call = get_object_or_404(Call.objects.select_related("call_out"), call_out__key=key, person=request.user)
    return call


class CallAnswer(FormView):
    """能到、不能、已到；最后一次算。"""

    form_class = CallAnswerForm

    @extend_schema(operation_id="call_answer", responses=CallSerializer)
    @opens_to(posts=own(_my_call))
    def post(self, request: PersonCall, key: Any) -> Response:
        mine, at = _my_call(request, key), timezone.now()
        limiter.check("answer", person=request.user.pk, at=at)
        callouts.answer(call=mine, reply=checked(self, request)["answer"], at=at)
        return Response(CallSerializer(_my_call(request, key)).data)


def _offer(case: Case, form: OfferForm, by: User, at: datetime) -> None:
    people = User.objects.in_bulk(form.cleaned_data["people"])
    whys = {proposal.candidate.key: proposal.why for proposal in form.proposals}
    orders.offer(
        case=case,
        people=[people[key] for key in form.cleaned_data["people"]],
        by=by,
        at=at,
        version=form.cleaned_data["version"],
        whys=whys,
        all_at_once=form.cleaned_data["all_at_once"],
    )


ACTS = {
    "offer": OwnAct(
        lambda case, data, files: OfferForm(data, proposals=candidates.for_order(case.service)[:MOST_PROPOSED]), _offer
    ),
    "accept": OwnAct(
        lambda case, data, files: forms.Form(data), lambda case, form, by, at: orders.accept(case=case, by=by, at=at)
    ),
    "arrive": OwnAct(
        lambda case, data, files: CheckInForm(data),
        lambda case, form, by, at: visits.check_in(case=case, by=by, at=at, **form.cleaned_data),
    ),
    "depart": OwnAct(
        lambda case, data, files: CheckOutForm(data, files),
        lambda case, form, by, at: visits.check_out(
            case=case, by=by, at=at, given=Given(form.cleaned_data["words"], form.cleaned_data["photos"])
        ),
    ),
}
"""Arrows of a service that have pages of their own (cases/api/acts.py)."""
