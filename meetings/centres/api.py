"""Centres and their rooms for apps: where, when they are open, booking a room, one's own bookings."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.filters import YesNoFilter
from accounts.api.forms import FormView, checked_form, refusals_at
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import PUBLIC, SIGNED_IN, opens_to, own
from accounts.requests import PersonCall
from grids.models import Place, Room
from grids.places.opening import weekly_words
from grids.places.services import hours_of
from grids.tree.filters import CommunityFilter
from meetings.centres import rooms
from meetings.desk.forms import BookForm
from meetings.models import Booking


class CentreSerializer(serializers.Serializer[Place]):
    """A line of the list."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(source="get_kind_display")
    grid = serializers.CharField(source="grid.name")
    address = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    duty_phone = serializers.CharField()


class RoomSerializer(serializers.Serializer[Room]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    seats = serializers.IntegerField()
    longest_hours = serializers.IntegerField()
    equipment = serializers.CharField()
    is_bookable = serializers.BooleanField()


class CentreDetailsSerializer(serializers.Serializer[None]):
    is_open = serializers.BooleanField(help_text="现在开着")
    now_words = serializers.CharField()
    weekly = serializers.SerializerMethodField()
    functions = serializers.SerializerMethodField()
    rooms = RoomSerializer(many=True)

    def get_weekly(self, told: dict[str, Any]) -> list[dict[str, str]]:
        return [{"days": days, "times": times} for days, times in told["weekly"]]

    def get_functions(self, told: dict[str, Any]) -> list[str]:
        return [function.name for function in told["functions"]]


class CentreInFullSerializer(CentreSerializer, CentreDetailsSerializer):
    """Both."""


class CentreFilters(FilterSet):
    community = CommunityFilter()


class CentreList(ListView):
    """在用的阵地。"""

    permission_classes = (AllowAny,)
    serializer_class, ordering, filterset_class = CentreSerializer, ("pk",), CentreFilters

    @extend_schema(operation_id="centres", responses=page_of(CentreSerializer))
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        return self.paged(request, Place.objects.running_on(localdate()).select_related("grid"))


class OneCentre(APIView):
    """一个阵地：什么时候开，有哪些房间。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="centre", responses=CentreInFullSerializer)
    @opens_to(PUBLIC)
    def get(self, request: Request, place_id: int) -> Response:
        places = Place.objects.select_related("grid").prefetch_related("hours", "exceptions", "functions", "rooms")
        place = get_object_or_404(places, pk=place_id)
        hours, now = hours_of([place])[place.pk], localtime()
        details: Any = {
            "is_open": hours.is_open(now), "now_words": hours.now_words(now), "weekly": weekly_words(hours),
            "functions": place.functions.all(), "rooms": place.rooms.all(),
        }  # fmt: skip
        return Response({**CentreSerializer(place).data, **CentreDetailsSerializer(details).data})


class BookingSerializer(serializers.Serializer[Booking]):
    """One of mine."""

    key = serializers.UUIDField()
    room = serializers.CharField(source="room.name")
    centre = serializers.CharField(source="room.place.name")
    purpose = serializers.CharField()
    people_count = serializers.IntegerField()
    group = serializers.CharField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class BookingFilters(FilterSet):
    ahead = YesNoFilter(label="是否还在前面：没有取消，也没有过去", method="by_time")

    def by_time(self, rows: QuerySet[Booking], name: str, is_ahead: bool) -> QuerySet[Booking]:
        ahead = Booking.objects.live().filter(until_at__gt=timezone.now()).values("pk")
        return rows.filter(pk__in=ahead) if is_ahead else rows.exclude(pk__in=ahead)


class BookingList(ListView):
    """我约的房间，晚的在前。"""

    serializer_class, ordering, filterset_class = BookingSerializer, ("-from_at", "-pk"), BookingFilters

    @extend_schema(operation_id="bookings", responses=page_of(BookingSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, Booking.objects.own().filter(person=request.user).select_related("room__place"))


class TakenSerializer(serializers.Serializer[Booking]):
    """When somebody has it; not who."""

    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()


class RoomTimes(FormView):
    """这间房两周里哪些时间已有人约。POST 约一段。"""

    form_class = BookForm

    @extend_schema(operation_id="room_times", responses=TakenSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall, room_id: int) -> Response:
        rows: Any = rooms.taken_of(get_object_or_404(Room, pk=room_id), at=timezone.now())
        return Response(TakenSerializer(rows, many=True).data)

    @extend_schema(operation_id="room_book", responses={201: BookingSerializer})
    @opens_to(SIGNED_IN)
    @once
    def post(self, request: PersonCall, room_id: int) -> Response:
        room, at = get_object_or_404(Room.objects.select_related("place__grid"), pk=room_id), timezone.now()
        form = checked_form(self, request)
        with refusals_at(form, form.refuse):
            limiter.check("act", person=request.user.pk, at=at)
            made = rooms.book(room=room, person=request.user, at=at, **form.arguments())
        return Response(BookingSerializer(made).data, status=status.HTTP_201_CREATED)


def _own(request: PersonCall, key: UUID) -> Booking:
    booking: Booking = get_object_or_404(
        Booking.objects.select_related("room__place__grid"), key=key, person=request.user
    )
    return booking


class CancelBooking(APIView):
    """取消我的预约，让给别人。"""

    @extend_schema(operation_id="booking_cancel", request=None, responses=BookingSerializer)
    @opens_to(posts=own(_own))
    @once
    def post(self, request: PersonCall, key: UUID) -> Response:
        rooms.cancel(booking=_own(request, key), by=request.user, at=timezone.now())
        return Response(BookingSerializer(_own(request, key)).data)
