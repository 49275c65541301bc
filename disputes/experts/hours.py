"""我的时段: an expert opens and closes their own free times on the phone. Staff can as well, in the admin."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limiter
from accounts.entry import opens_to, own
from accounts.requests import PersonRequest
from disputes.experts.finding import own_slots, serving_as
from disputes.experts.forms import HoursForm
from disputes.experts.services import panel
from disputes.models import Expert, Slot
from web.posted import posted


def _own(request: PersonRequest, at: datetime) -> Expert:
    """The panel's expert this person is, in post today; for everybody else there is no such page."""
    return serving_as(request.user, at)


@require_http_methods(["GET", "POST"])
@opens_to(own(_own))
def hours(request: PersonRequest) -> HttpResponse:
    at = timezone.now()
    expert = _own(request, at)
    form = HoursForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            slot = panel.open_slot(expert=expert, at=at, **form.slot())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.info(request, f"开放了 {slot.words}，居民可以约了。")
            return redirect("disputes:expert-hours")
    return render(request, "disputes/experts/hours.html", {"form": form, "slots": own_slots(expert, at=at)})


@require_POST
@opens_to(posts=own(_own))
def withdraw(request: PersonRequest, slot_id: int) -> HttpResponse:
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
