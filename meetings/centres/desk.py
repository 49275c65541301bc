"""A centre at its desk: who has its rooms, how many came, the sign for its door."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.models import Place, PlacePhoto
from grids.places.services import count_visits
from grids.rights.entry import area
from grids.rights.jurisdiction import area_of
from meetings.centres import rooms
from meetings.centres.services import add_photo, remove_photo
from meetings.desk.forms import HowManyForm, PlacePhotoForm, ReasonForm
from meetings.models import Booking
from web import qr
from web.posted import posted


def _own(request: HttpRequest, place_id: int) -> Place:
    place: Place = get_object_or_404(Place, pk=place_id, grid__in=area_of(request.user, "dispatch"))
    return place


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _own))
def desk(request: HttpRequest, place_id: int) -> HttpResponse:
    place = _own(request, place_id)
    at, sent = timezone.now(), posted(request)
    act = sent.get("act") if sent else None
    forms = {
        "count": HowManyForm(sent if act == "count" else None),
        "photo": PlacePhotoForm(sent if act == "photo" else None, request.FILES if act == "photo" else None),
    }
    if act in forms and forms[act].is_valid():
        cleaned = forms[act].cleaned_data
        try:
            if act == "count":
                count_visits(place=place, on=localdate(at), **cleaned)
            else:
                add_photo(place=place, **cleaned, at=at)
        except ValidationError as refusal:
            forms[act].add_error(None, refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("meetings:centre-desk", place_id=place_id)
    sign = request.build_absolute_uri(reverse("meetings:here", args=[place.door_code]))
    bookings = Booking.objects.live().own().filter(room__place=place, until_at__gt=at)
    return render(
        request,
        "meetings/centres/desk.html",
        {
            "place": place,
            "forms": forms,
            "today": place.visit_counts.filter(date=localdate(at)).first(),
            "photos": place.photos.order_by("pk"),
            "bookings": bookings.select_related("room", "person").order_by("from_at"),
            "sign": sign,
            "sign_svg": qr.svg(sign, label="门口签到二维码"),
        },
    )


@require_POST
@opens_to(posts=area("dispatch", _own))
def drop_photo(request: HttpRequest, place_id: int, photo_id: int) -> HttpResponse:
    remove_photo(photo=get_object_or_404(PlacePhoto, pk=photo_id, place=_own(request, place_id)))
    return redirect("meetings:centre-desk", place_id=place_id)


def _booking(request: HttpRequest, key: UUID) -> Booking:
    bookings = Booking.objects.filter(room__place__grid__in=area_of(request.user, "dispatch"))
    booking: Booking = get_object_or_404(bookings.select_related("room__place__grid", "person"), key=key)
    return booking


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _booking))
def release(request: PersonRequest, key: UUID) -> HttpResponse:
    """Take a booking back, with the reason that its holder is told."""
    booking = _booking(request, key)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            rooms.cancel(booking=booking, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "已取消，预约的人会收到通知。")
            return redirect("meetings:centre-desk", place_id=booking.room.place_id)
    title = f"取消预约：{booking.room.name} {booking.when}"
    return render(request, "parts/form_page.html", {"form": form, "title": title, "button": "取消预约"})
