"""双报到记录: what reported members did, written down by whoever leads them there. No hours, no points."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import page_of
from accounts.posted import posted
from grids.jurisdiction import may_anywhere
from volunteers.forms import DutyNoteForm
from volunteers.services import duty

PAGE = 50


@require_safe
@login_required
def book(request: HttpRequest) -> HttpResponse:
    """The members who reported in my area."""
    if not may_anywhere(request.user, "supervise"):
        raise PermissionDenied
    reports = duty.running_for(request.user).annotate(count=Count("entries"), last=Max("entries__date"))
    page = page_of(reports, request.GET, PAGE)
    return render(request, "volunteers/duty_book.html", {"page": page})


@require_http_methods(["GET", "POST"])
@login_required
def note(request: HttpRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(duty.running_for(request.user), pk=report_id)
    form = DutyNoteForm(posted(request), initial={"date": timezone.localdate()})
    if form.is_valid():
        try:
            duty.note(report=report, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "已登记。")
            return redirect("volunteers:duty-book")
    context = {"form": form, "title": f"登记：{report.person.name}（{report.grid.name}）", "button": "登记"}
    return render(request, "volunteers/form.html", context)
