"""联席会议 for the apps of those who are invited: what it is about, an answer, the minutes."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, checked
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.requests import PersonCall
from meetings.conferences import services as conferences
from meetings.conferences.forms import AnswerForm
from meetings.conferences.minutes import invitation_to, invitations_of, shown_of
from meetings.models import Invitation


class InvitationSerializer(serializers.Serializer[Invitation]):
    """To what, as whom, and what I answered."""

    key = serializers.UUIDField(source="conference.key", help_text="会议的编号")
    title = serializers.CharField(source="conference.title")
    grid = serializers.CharField(source="conference.grid.name")
    where = serializers.CharField(source="conference.where_words")
    from_at = serializers.DateTimeField(source="conference.from_at")
    until_at = serializers.DateTimeField(source="conference.until_at")
    invited_as = serializers.CharField(source="get_invited_as_display")
    answer = serializers.ChoiceField(choices=Invitation.Answer.choices, allow_blank=True)
    substitute = serializers.CharField()
    cancelled_at = serializers.DateTimeField(source="conference.cancelled_at", allow_null=True)
    closed_at = serializers.DateTimeField(source="conference.closed_at", allow_null=True, help_text="纪要发布时间")


class ResolutionSerializer(serializers.Serializer[Any]):
    """What was resolved, and how far it is."""

    words = serializers.CharField(source="resolution.words")
    holder = serializers.CharField(source="resolution.case.holder_words")
    state_label = serializers.CharField(source="resolution.case.state_label")
    finish_date = serializers.DateField(allow_null=True)


class ConferenceDetailsSerializer(serializers.Serializer[None]):
    host = serializers.CharField(source="conference.host.name")
    reason = serializers.CharField(source="conference.reason", help_text="取消的原因")
    agenda = serializers.SerializerMethodField()
    minutes = serializers.SerializerMethodField(help_text="发布以后才有")
    resolutions = ResolutionSerializer(many=True)

    def get_agenda(self, shown: dict[str, Any]) -> list[str]:
        return [item.words for item in shown["agenda"]]

    def get_minutes(self, shown: dict[str, Any]) -> str:
        conference = shown["conference"]
        return conference.minutes if conference.closed_at else ""


class ConferenceSerializer(InvitationSerializer, ConferenceDetailsSerializer):
    """In full."""


class InvitationList(ListView):
    """请我参加的会，新的在前。"""

    serializer_class, ordering = InvitationSerializer, ("-from_at", "-pk")

    @extend_schema(operation_id="invitations", responses=page_of(InvitationSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, invitations_of(request.user).annotate(from_at=F("conference__from_at")))


def _mine(request: PersonCall, key: UUID) -> Invitation:
    return invitation_to(key, request.user)


def _in_full(mine: Invitation) -> Response:
    conference = mine.conference
    details: Any = {"conference": conference, "resolutions": (), **shown_of(conference, at=timezone.now())}
    return Response({**InvitationSerializer(mine).data, **ConferenceDetailsSerializer(details).data})


class OneConference(APIView):
    """一次会议：议题；发布以后有纪要。"""

    @extend_schema(operation_id="conference", responses=ConferenceSerializer)
    @opens_to(own(_mine))
    def get(self, request: PersonCall, key: UUID) -> Response:
        return _in_full(_mine(request, key))


class AnswerInvitation(FormView):
    """参加，来不了，或请人代为参加；会前可以改。"""

    form_class = AnswerForm

    @extend_schema(operation_id="conference_answer", responses=ConferenceSerializer)
    @opens_to(posts=own(_mine))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        mine, at = _mine(request, key), timezone.now()
        cleaned = checked(self, request)
        limiter.check("act", person=request.user.pk, at=at)
        conferences.answer(invitation=mine, by=request.user, at=at, **cleaned)
        return _in_full(_mine(request, key))
