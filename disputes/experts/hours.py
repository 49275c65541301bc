"""我的时段: an expert opens and closes their own free times on the phone. Staff can as well, in the admin."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limiter
from accounts.entry import opens_to, own
from disputes.experts.services import panel
from disputes.forms.arrows import too_long
from disputes.models import Booking, Expert, Slot
from disputes.models.expert_querysets import FREED
from web.posted import posted
from web.time_fields import Day

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class HoursForm(forms.Form):
    """One free time on one day. Shape only."""

    day = Day(label="哪一天")
    begins = forms.TimeField(
        label="从几点", widget=TIME, error_messages={"required": "请填几点开始。", "invalid": "请填时间，例如 09:00。"}
    )
    ends = forms.TimeField(
        label="到几点", widget=TIME, error_messages={"required": "请填几点结束。", "invalid": "请填时间，例如 10:00。"}
    )
    place = forms.CharField(label="在哪里（不填即线上）", required=False, max_length=60, error_messages=too_long(60))

    def slot(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        day = cleaned["day"]
        return {
            "from_at": timezone.make_aware(datetime.combine(day, cleaned["begins"])),
            "until_at": timezone.make_aware(datetime.combine(day, cleaned["ends"])),
            "place": cleaned["place"],
        }


AT_FIELD = {"from_at": "begins", "until_at": "ends"}
"""Where the form asks for what the service refuses."""


def _own(request: HttpRequest, at: datetime) -> Expert:
    """The panel's expert this person is, in post today; for everybody else there is no such page."""
    expert: Expert = get_object_or_404(Expert.objects.serving(at), person=request.user)
    return expert


@require_http_methods(["GET", "POST"])
@opens_to(own(_own))
def hours(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    expert = _own(request, at)
    form = HoursForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            slot = panel.open_slot(expert=expert, at=at, **form.slot())
        except ValidationError as refusal:
            _say_at(form, refusal)
        else:
            messages.info(request, f"开放了 {slot.words}，居民可以约了。")
            return redirect("disputes:expert-hours")
    taken = Booking.objects.filter(slot=OuterRef("pk")).exclude(state__in=FREED)
    coming = Slot.objects.filter(expert=expert, withdrawn_at=None, until_at__gt=at).annotate(is_taken=Exists(taken))
    return render(request, "disputes/experts/hours.html", {"form": form, "slots": coming.order_by("from_at")})


def _say_at(form: HoursForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, words in refusal.message_dict.items():
        form.add_error(AT_FIELD.get(name), words)


@require_POST
@opens_to(posts=own(_own))
def withdraw(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Of one's own, while nobody has booked it."""
    at = timezone.now()
    slot = get_object_or_404(Slot, pk=slot_id, expert=_own(request, at))
    try:
        panel.withdraw_slot(slot=slot, at=at)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.info(request, f"撤下了 {slot.words}。")
    return redirect("disputes:expert-hours")
