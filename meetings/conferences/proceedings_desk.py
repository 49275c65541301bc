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
    one = own_conference(request, key)
    form = AttendanceForm(posted(request), invitations=invited_to(one))
    if form.is_valid():
        try:
            proceedings.take_attendance(conference=one, came=form.came, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "签到已保存，有误可再修改。")
            return redirect("meetings:conference-desk", key=key)
    return render(request, "meetings/conferences/attendance.html", {"conference": one, "form": form})


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def resolve(request: PersonRequest, key: UUID) -> HttpResponse:
    one = own_conference(request, key)
    form = ResolveForm(posted(request), conference=one)
    if form.is_valid():
        try:
            proceedings.resolve(conference=one, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal, {"what": "words"})
        else:
            messages.success(request, "决议已交办，责任人会收到通知。")
            return redirect("meetings:conference-desk", key=key)
    context = {"form": form, "title": "写一项决议", "button": "形成决议并交办", "back": one}
    return render(request, "meetings/conferences/form.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def review(request: PersonRequest, key: UUID, resolution_id: int) -> HttpResponse:
    """What was said of an earlier resolution, and what is done with its task."""
    one, at = own_conference(request, key), timezone.now()
    found = get_object_or_404(proceedings.coming_up(one), pk=resolution_id)
    arrows = proceedings.may_draw(found, request.user, at)
    earlier = found.reviews.filter(conference=one).first()
    first = {"version": found.case.version, "words": earlier.words if earlier else ""}
    form = ReviewForm(posted(request), arrows=arrows, initial=first)
    if form.is_valid():
        try:
            proceedings.review(conference=one, resolution=found, **form.cleaned_data, by=request.user, at=at)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("meetings:conference-desk", key=key)
    (standing,) = proceedings.standings(proceedings.coming_up(one).filter(pk=found.pk), at=at)
    return render(
        request, "meetings/conferences/review.html", {"conference": one, "row": standing, "form": form, "back": one}
    )


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def close(request: PersonRequest, key: UUID) -> HttpResponse:
    """Written by one, issued by the same or by another."""
    one = own_conference(request, key)
    form = MinutesForm(posted(request), initial={"minutes": one.minutes})
    is_to_issue = "save" not in request.POST
    if form.is_valid():
        try:
            write = proceedings.close if is_to_issue else proceedings.record
            write(conference=one, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            said = "纪要已签发，受邀的人都会收到通知。" if is_to_issue else "已保存，签发以前都可以改。"
            messages.success(request, said)
            return redirect("meetings:conference-minutes" if is_to_issue else "meetings:conference-desk", key=key)
    return render(request, "meetings/conferences/write_minutes.html", {"form": form, "back": one})


@require_safe
@opens_to(area("dispatch", own_conference))
def minutes(request: HttpRequest, key: UUID) -> HttpResponse:
    """To print: an empty sheet before, the minutes after."""
    one = own_conference(request, key)
    context = {"conference": one, **minutes_of(one, at=timezone.now())}
    return render(request, "meetings/conferences/minutes.html", context)
