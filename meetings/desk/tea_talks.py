"""一杯茶 for whoever answers for a place: written down on a phone, read in their area."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.pages import page_of
from accounts.posted import posted
from grids.jurisdiction import area_of
from grids.querysets import GridQuerySet
from meetings.models import TeaTalk, Topic
from meetings.services import tea_talks
from meetings.services.tea_talks import VERB, with_tasks
from meetings.tea_talk_forms import TeaTalkForm

PAGE = 20


def _area(request: HttpRequest) -> GridQuerySet:
    """Raises PermissionDenied for whoever answers for nothing."""
    area = area_of(request.user, VERB)
    if not area.exists():
        raise PermissionDenied
    return area


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    found = with_tasks(TeaTalk.objects.filter(grid__in=_area(request).order_by()))
    page = page_of(found, request.GET, PAGE)
    return render(request, "meetings/tea_talks.html", {"page": page})


@require_http_methods(["GET", "POST"])
@login_required
def record(request: HttpRequest) -> HttpResponse:
    _area(request)
    at = timezone.now()
    about = Topic.objects.filter(case__number=request.GET.get("topic", ""), case__state="discussing")
    form = TeaTalkForm(
        posted(request), person=request.user, at=at,
        topic=about.select_related("case").first(),
    )  # fmt: skip
    if form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            made = tea_talks.record(**form.said_all, by=request.user, at=at)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "已保存。商定事项已交办，到期提醒。" if form.filled else "已保存。")
            return redirect(made)
    return render(request, "meetings/tea_talk_record.html", {"form": form})


@require_safe
@login_required
def talk(request: HttpRequest, key: UUID) -> HttpResponse:
    found = with_tasks(TeaTalk.objects.filter(grid__in=_area(request).order_by()))
    return render(request, "meetings/tea_talk.html", {"talk": get_object_or_404(found, key=key)})
