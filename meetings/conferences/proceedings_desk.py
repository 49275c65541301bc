"""What happens at a conference, at the desk: who came, earlier resolutions, new ones, the minutes."""

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
from grids.rights.entry import area
from meetings.conferences import proceedings
from meetings.conferences.forms import AttendanceForm, MinutesForm, ResolveForm, ReviewForm
from meetings.conferences.minutes import invited_to, minutes_of
from meetings.desk.area import own_conference
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def attendance(request: PersonRequest, key: UUID) -> HttpResponse:
    conference = own_conference(request, key)
    form = AttendanceForm(posted(request), invitations=invited_to(conference))
    if form.is_valid():
        try:
            proceedings.take_attendance(conference=conference, came=form.came, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "签到已保存，有误可再修改。")
            return redirect("meetings:conference-desk", key=key)
    return render(request, "meetings/conferences/attendance.html", {"conference": conference, "form": form})


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def resolve(request: PersonRequest, key: UUID) -> HttpResponse:
    conference = own_conference(request, key)
    form = ResolveForm(posted(request), conference=conference)
    if form.is_valid():
        try:
            proceedings.resolve(conference=conference, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal, {"what": "words"})
        else:
            messages.success(request, "决议已交办，责任人会收到通知。")
            return redirect("meetings:conference-desk", key=key)
    context = {"form": form, "title": "写一项决议", "button": "形成决议并交办", "back": conference}
    return render(request, "meetings/conferences/form.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def review(request: PersonRequest, key: UUID, resolution_id: int) -> HttpResponse:
    """What was said of an earlier resolution, and what is done with its task."""
    conference, at = own_conference(request, key), timezone.now()
    resolution = get_object_or_404(proceedings.coming_up(conference), pk=resolution_id)
    arrows = proceedings.may_draw(resolution, request.user, at)
    earlier = resolution.reviews.filter(conference=conference).first()
    first = {"version": resolution.case.version, "words": earlier.words if earlier else ""}
    form = ReviewForm(posted(request), arrows=arrows, initial=first)
    if form.is_valid():
        try:
            proceedings.review(
                conference=conference, resolution=resolution, **form.cleaned_data, by=request.user, at=at
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("meetings:conference-desk", key=key)
    (progress,) = proceedings.progress_of(proceedings.coming_up(conference).filter(pk=resolution.pk), at=at)
    return render(
        request,
        "meetings/conferences/review.html",
        {"conference": conference, "row": progress, "form": form, "back": conference},
    )


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def close(request: PersonRequest, key: UUID) -> HttpResponse:
    """Written by one, issued by the same or by another."""
    conference = own_conference(request, key)
    form = MinutesForm(posted(request), initial={"minutes": conference.minutes})
    is_to_issue = "save" not in request.POST
    if form.is_valid():
        try:
            write = proceedings.close if is_to_issue else proceedings.record
            write(conference=conference, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            words = "纪要已签发，受邀的人都会收到通知。" if is_to_issue else "已保存，签发以前都可以改。"
            messages.success(request, words)
            return redirect("meetings:conference-minutes" if is_to_issue else "meetings:conference-desk", key=key)
    return render(request, "meetings/conferences/write_minutes.html", {"form": form, "back": conference})


@require_safe
@opens_to(area("dispatch", own_conference))
def minutes(request: HttpRequest, key: UUID) -> HttpResponse:
    """To print: an empty sheet before, the minutes after."""
    conference = own_conference(request, key)
    context = {"conference": conference, **minutes_of(conference, at=timezone.now())}
    return render(request, "meetings/conferences/minutes.html", context)
