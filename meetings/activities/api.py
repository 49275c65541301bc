"""邻里活动 for apps: what there is, a seat or a place in the line, signing in on the day."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.forms import FormView, checked
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import PUBLIC, SIGNED_IN, opens_to
from accounts.requests import PersonCall
from grids.tree.filters import CommunityFilter
from meetings.activities import services as activities
from meetings.activities.reading import activity_of, seen_by
from meetings.desk.forms import CodeForm
from meetings.models import Activity, ActivityKind, SignUp


class ActivitySerializer(serializers.Serializer[Activity]):
    """A line of the list."""

    key = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.CharField(source="kind.name")
    family = serializers.CharField(source="kind.family")
    grid = serializers.CharField(source="grid.name")
    where = serializers.CharField(source="where_words")
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    seats = serializers.IntegerField()
    seated = serializers.IntegerField(help_text="报了几人")
    waiting = serializers.IntegerField(help_text="候补几人")
    cancelled_at = serializers.DateTimeField(allow_null=True)


class SignUpSerializer(serializers.Serializer[SignUp]):
    state = serializers.ChoiceField(choices=["seated", "waiting"])
    checked_in_at = serializers.DateTimeField(allow_null=True)


class ActivityDetailsSerializer(serializers.Serializer[None]):
    words = serializers.CharField(source="activity.words")
    organiser = serializers.CharField(source="activity.organiser.name")
    reason = serializers.CharField(source="activity.reason", help_text="取消的原因")
    is_open = serializers.BooleanField(help_text="还能报名")
    is_today = serializers.BooleanField()
    mine = SignUpSerializer(allow_null=True)
    line = serializers.IntegerField(help_text="我在候补第几位；不在候补的为 0")


class ActivityInFullSerializer(ActivitySerializer, ActivityDetailsSerializer):
    """Both."""


class ActivityFilters(FilterSet):
    community = CommunityFilter()
    family = ChoiceFilter(label="哪一类", field_name="kind__family", choices=ActivityKind.Family.choices)


class ActivityList(ListView):
    """还没有结束的活动，近的在前。"""

    permission_classes = (AllowAny,)
    serializer_class, ordering, filterset_class = ActivitySerializer, ("from_at", "pk"), ActivityFilters

    @extend_schema(operation_id="activities", responses=page_of(ActivitySerializer))
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        coming = Activity.objects.coming(timezone.now())
        return self.paged(request, coming.select_related("kind", "place", "grid").with_counts())


def _answer(request: Request, key: UUID) -> Response:
    activity = activity_of(key)
    details: Any = {"activity": activity, **seen_by(activity, request.user, at=timezone.now())}
    return Response({**ActivitySerializer(activity).data, **ActivityDetailsSerializer(details).data})


class OneActivity(APIView):
    """一次活动，和我的报名。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="activity", responses=ActivityInFullSerializer)
    @opens_to(PUBLIC)
    def get(self, request: Request, key: UUID) -> Response:
        return _answer(request, key)


class SignUpForActivity(APIView):
    """报名；名额满了就排候补。"""

    @extend_schema(operation_id="activity_sign_up", request=None, responses=ActivityInFullSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        activity, at = get_object_or_404(Activity, key=key), timezone.now()
        limiter.check("act", person=request.user.pk, at=at)
        activities.sign_up(activity=activity, person=request.user, at=at)
        return _answer(request, key)


class LeaveActivity(APIView):
    """取消报名，名额让给后面的人。"""

    @extend_schema(operation_id="activity_leave", request=None, responses=ActivityInFullSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        activity = get_object_or_404(Activity, key=key)
        activities.leave(activity=activity, person=request.user, at=timezone.now())
        return _answer(request, key)


class CheckInAtActivity(FormView):
    """到了现场，填墙上的签到码。"""

    form_class = CodeForm

    @extend_schema(operation_id="activity_check_in", responses=ActivityInFullSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        activity, at = get_object_or_404(Activity, key=key), timezone.now()
        cleaned = checked(self, request)
        limiter.check("answer", person=request.user.pk, at=at)
        activities.check_in(activity=activity, person=request.user, code=cleaned["code"], at=at)
        return _answer(request, key)
