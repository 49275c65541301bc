"""双报到记录: what reported members did, written down by whoever leads them there. No hours, no points."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from volunteers.forms.shared import DutyNoteForm
from volunteers.models import DutyReport
from volunteers.services import duty
from web.pages import page_of
from web.posted import posted

PAGE = 50


@require_safe
@opens_to(verb("supervise"))
def book(request: PersonRequest) -> HttpResponse:
    """The members who reported in my area."""
    reports = duty.running_for(request.user).annotate(count=Count("entries"), last=Max("entries__date"))
    page = page_of(reports, request.GET, PAGE)
    return render(request, "volunteers/duty/book.html", {"page": page})


def _running(request: PersonRequest, report_id: int) -> DutyReport:
    return get_object_or_404(duty.running_for(request.user), pk=report_id)


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _running))
def note(request: PersonRequest, report_id: int) -> HttpResponse:
    report = _running(request, report_id)
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
