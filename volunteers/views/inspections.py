"""居民验收 on a phone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from grids.models import Grid
from volunteers.forms.inspections import InspectForm
from volunteers.models import Finding
from volunteers.reading.projects import to_inspect
from volunteers.services import inspections


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def inspect(request: PersonRequest, key: Any) -> HttpResponse:
    project = to_inspect(key)
    at = timezone.now()
    sent = request.method == "POST"
    within = Grid.objects.in_area([project.grid])
    form = InspectForm(request.POST if sent else None, request.FILES if sent else None, within=within)
    if form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            finding = inspections.inspect(project=project, person=request.user, **form.cleaned_data, at=at)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "谢谢您来验收。" if finding.is_fine else "记下了，整改好会请您再看。")
            return redirect(finding.task) if finding.task else redirect("volunteers:project", key=key)
    kept_forms.keep_files(request, form)
    mine = Finding.objects.filter(inspection=project.inspection, person=request.user).select_related("task").first()
    photos = project.photos.order_by("is_after", "pk")
    context = {"project": project, "form": form, "mine": mine, "photos": photos}
    return render(request, "volunteers/projects/inspect.html", context)
