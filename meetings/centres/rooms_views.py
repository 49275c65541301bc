"""Booking a room, one's own bookings."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.requests import PersonRequest
from grids.models import Room
from grids.places.opening import weekly_words
from grids.places.services import hours_of
from meetings.centres import rooms
from meetings.desk.forms import BookForm
from meetings.models import Booking
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def book(request: PersonRequest, room_id: int) -> HttpResponse:
    """When it is taken in the next two weeks (not by whom), and the form."""
    room = get_object_or_404(
        Room.objects.select_related("place__grid").prefetch_related("place__hours", "place__exceptions"), pk=room_id
    )
    at = timezone.now()
    form = BookForm(posted(request), initial={"date": localdate(at)})
    if form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            rooms.book(room=room, person=request.user, at=at, **form.arguments())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "约好了。来不了请取消，让给别人。")
            return redirect("meetings:bookings")
    taken = rooms.taken_of(room, at=at)
    weekly = weekly_words(hours_of([room.place])[room.place_id])
    return render(
        request, "meetings/centres/room_book.html", {"room": room, "form": form, "taken": taken, "weekly": weekly}
    )


@require_safe
@opens_to(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """Bookings ahead with their button, then those that were."""
    at = timezone.now()
    own = Booking.objects.own().filter(person=request.user).select_related("room__place")
    ahead = own.live().filter(until_at__gt=at)
    return render(
        request,
        "meetings/centres/bookings.html",
        {
            "ahead": ahead.order_by("from_at"),
            "past": own.exclude(pk__in=ahead.values("pk")).order_by("-from_at")[:20],
            "at": at,
        },
    )


def _own(request: HttpRequest, key: UUID) -> Booking:
    own = Booking.objects.select_related("room__place__grid")
    booking: Booking = get_object_or_404(own, key=key, person=request.user)
    return booking


@require_POST
@opens_to(posts=own(_own))
def cancel(request: PersonRequest, key: UUID) -> HttpResponse:
    booking = _own(request, key)
    try:
        rooms.cancel(booking=booking, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, "取消了，谢谢您让给别人。")
    return redirect("meetings:bookings")
