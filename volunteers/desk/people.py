"""People at the desk: rosters of units, teams, background checks."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from volunteers.desk.area import own_area
from volunteers.forms import RosterForm
from volunteers.roster import import_roster


@require_http_methods(["GET", "POST"])
@login_required
def roster(request: HttpRequest) -> HttpResponse:
    """A unit's people. What could not be read is listed with its reason: mend the table, take it in again."""
    area = own_area(request)
    form = RosterForm()
    report = None
    if request.method == "POST":
        form = RosterForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                report = import_roster(file=form.cleaned_data["file"].read(), at=timezone.now(), within=area)
            except ValidationError as refusal:
                form.add_error("file", ValidationError(refusal.messages))
    return render(request, "volunteers/roster.html", {"form": form, "report": report})
