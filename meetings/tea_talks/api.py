"""一杯茶 for apps: written down at the table, read in one's area."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, checked_form, refusals_at
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import opens_to
from accounts.requests import PersonCall
from grids.rights.entry import area, verb
from meetings.models import TeaTalk
from meetings.tea_talks import services as tea_talks
from meetings.tea_talks.forms import TeaTalkForm
from meetings.tea_talks.services import VERB, in_area_of


class AgreedSerializer(serializers.Serializer[Any]):
    """What was agreed, and how far it is."""

    what = serializers.CharField()
    number = serializers.CharField(source="case.number")
    holder = serializers.CharField(source="case.holder_words")
    state_label = serializers.CharField(source="case.state_label")


class TeaTalkSerializer(serializers.Serializer[TeaTalk]):
    key = serializers.UUIDField()
    subject = serializers.CharField()
    grid = serializers.CharField(source="grid.name")
    where = serializers.CharField(source="where_words")
    held_at = serializers.DateTimeField()
    host = serializers.CharField(source="host.name")
    people_count = serializers.IntegerField()
    outcome = serializers.CharField()
    is_public = serializers.BooleanField()
    handed_up = serializers.CharField(source="handed_up.number", default="", help_text="上报的事项")
    agreed = AgreedSerializer(many=True, source="agreed.all")


class TeaTalkInFullSerializer(TeaTalkSerializer):
    """With what stays among those who look after the place."""

    present = serializers.CharField()
    discussion = serializers.CharField()


class TeaTalkList(ListView, FormView):
    """辖区里谈过的，新的在前。POST 记一杯茶；商定的写在 what_1、post_1、by_date_1 …里，和网页一样最多三件。"""

    serializer_class, ordering = TeaTalkSerializer, ("-held_at", "-pk")
    form_class = TeaTalkForm

    @extend_schema(operation_id="tea_talks", responses=page_of(TeaTalkSerializer))
    @opens_to(verb(VERB))
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, in_area_of(request.user))

    @extend_schema(operation_id="tea_talk_record", responses={201: TeaTalkInFullSerializer})
    @opens_to(verb(VERB))
    @once
    def post(self, request: PersonCall) -> Response:
        at = timezone.now()
        form = checked_form(self, request, person=request.user, at=at)
        with refusals_at(form, form.refuse):
            limiter.check("act", person=request.user.pk, at=at)
            made = tea_talks.record(**form.arguments, by=request.user, at=at)
        return Response(TeaTalkInFullSerializer(made).data, status=status.HTTP_201_CREATED)


def _talk(request: PersonCall, key: UUID) -> TeaTalk:
    return get_object_or_404(in_area_of(request.user), key=key)


class OneTeaTalk(APIView):
    """其中一次。"""

    @extend_schema(operation_id="tea_talk", responses=TeaTalkInFullSerializer)
    @opens_to(area(VERB, _talk))
    def get(self, request: PersonCall, key: UUID) -> Response:
        return Response(TeaTalkInFullSerializer(_talk(request, key)).data)
