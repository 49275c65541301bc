"""An activity at the desk: made, who signed up, who came, more seats, called off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of
from meetings.activities import services as activities
from meetings.desk.area import own_area
from meetings.desk.forms import ActivityForm, HowManyForm, ReasonForm, SeatsForm, TickForm
from meetings.models import Activity, SignUp
from web.posted import posted

State = SignUp.State


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def make(request: PersonRequest) -> HttpResponse:
    form = ActivityForm(posted(request), within=own_area(request))
    if form.is_valid():
        cleaned: dict[str, Any] = {
            name: form.cleaned_data[name]
            for name in ("title", "kind", "grid", "room", "place", "seats", "words", "where")
        }
        try:
            made = activities.make_activity(**cleaned, **form.moments(), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "已发布。")
            return redirect("meetings:activity-desk", key=made.key)
    return render(request, "parts/form_page.html", {"form": form, "title": "发布活动", "button": "发布"})


def _own(request: HttpRequest, key: UUID) -> Activity:
    mine = Activity.objects.filter(grid__in=area_of(request.user, "dispatch"))
    asked = mine.select_related("kind", "place", "grid", "organiser", "booking__room")
    activity: Activity = get_object_or_404(asked, key=key)
    return activity


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _own))
def desk(request: HttpRequest, key: UUID) -> HttpResponse:
    """One page, three small forms; the button says which one was sent."""
    activity = _own(request, key)
    signed = activity.sign_ups.exclude(state=State.LEFT).select_related("person").order_by("number")
    seated = [row for row in signed if row.state == State.SEATED]
    sent = posted(request)
    act = sent.get("act") if sent else None
    absent = [(str(row.pk), row.person.name) for row in seated if row.checked_in_at is None]
    forms = {
        "tick": TickForm(sent if act == "tick" else None, people=absent),
        "others": HowManyForm(sent if act == "others" else None),
        "seats": SeatsForm(sent if act == "seats" else None, initial={"seats": activity.seats}),
    }
    services: dict[str, Callable[..., Any]] = {
        "tick": lambda cleaned, **more: activities.tick(sign_ups=[int(pk) for pk in cleaned["sign_ups"]], **more),
        "others": lambda cleaned, **more: activities.count_others(**cleaned, **more),
        "seats": lambda cleaned, **more: activities.set_seats(**cleaned, **more),
    }
    if act in forms and forms[act].is_valid():
        try:
            services[act](forms[act].cleaned_data, activity=activity, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            forms[act].add_error(None, refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("meetings:activity-desk", key=key)
    context = {
        "activity": activity,
        "seated": seated,
        "waiting": [row for row in signed if row.state == State.WAITING],
        "forms": forms,
        "is_ahead": activity.cancelled_at is None and activity.from_at > timezone.now(),
    }
    return render(request, "meetings/activities/desk.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _own))
def call_off(request: PersonRequest, key: UUID) -> HttpResponse:
    activity = _own(request, key)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            activities.call_off(activity=activity, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "已取消，报了名的人都会收到通知。")
            return redirect("meetings:activity-desk", key=key)
    title = f"取消“{activity.title}”"
    return render(request, "parts/form_page.html", {"form": form, "title": title, "button": "取消活动"})
