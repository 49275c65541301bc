"""公开前核对: what waits for a yes in one's area, and each with its two buttons."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.entry import opens_to
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from moderation import services
from moderation.forms import DecisionForm
from moderation.models import Clearance
from web.pages import page_of
from web.posted import posted


@require_safe
@opens_to(verb("dispatch"))
def queue(request: PersonRequest) -> HttpResponse:
    """The oldest first: somebody waits to be read."""
    before = timezone.now() - services.GRACE
    waiting = services.decidable_by(request.user).for_people(before=before).order_by("submitted_at", "pk")
    page = page_of(waiting, request.GET)
    rows = [services.written(clearance) for clearance in page.object_list]
    return render(request, "moderation/queue.html", {"page": page, "rows": rows})


def _clearance(request: HttpRequest, key: UUID) -> Clearance:
    return get_object_or_404(services.decidable_by(request.user), key=key)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _clearance))
def clearance(request: PersonRequest, key: UUID) -> HttpResponse:
    """Also of what is public or withheld: a person may change it."""
    kept = _clearance(request, key)
    form = DecisionForm(posted(request))
    if form.is_valid():
        arguments = form.arguments
        try:
            services.decide(clearance=kept, **arguments, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "已公开。" if arguments["is_public"] else "不公开，大家看到的是原因。")
            return redirect("moderation:queue")
    context = {"form": form, "about": services.written(kept)}
    return render(request, "moderation/clearance.html", context)
