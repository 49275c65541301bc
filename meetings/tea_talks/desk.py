"""一杯茶 for whoever answers for a place: written down on a phone, read in their area."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from meetings.models import TeaTalk, Topic
from meetings.tea_talks import services as tea_talks
from meetings.tea_talks.forms import TeaTalkForm
from meetings.tea_talks.services import VERB, in_area_of
from web.pages import page_of
from web.posted import posted

PAGE = 20


def _talk(request: HttpRequest, key: UUID) -> TeaTalk:
    return get_object_or_404(in_area_of(request.user), key=key)


@require_safe
@opens_to(verb(VERB))
def overview(request: HttpRequest) -> HttpResponse:
    page = page_of(in_area_of(request.user), request.GET, PAGE)
    return render(request, "meetings/tea_talks/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@opens_to(verb(VERB))
def record(request: PersonRequest) -> HttpResponse:
    at = timezone.now()
    about = Topic.objects.filter(case__number=request.GET.get("topic", ""), case__state="discussing")
    form = TeaTalkForm(
        posted(request),
        person=request.user,
        at=at,
        topic=about.select_related("case").first(),
    )
    if form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            made = tea_talks.record(**form.arguments, by=request.user, at=at)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "已保存。商定事项已交办，到期提醒。" if form.filled else "已保存。")
            return redirect(made)
    return render(request, "meetings/tea_talks/record.html", {"form": form})


@require_safe
@opens_to(area(VERB, _talk))
def talk(request: HttpRequest, key: UUID) -> HttpResponse:
    return render(request, "meetings/tea_talks/talk.html", {"talk": _talk(request, key)})
