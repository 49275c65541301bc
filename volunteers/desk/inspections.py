"""A project built for residents at the desk: begun, put before them, accepted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of
from volunteers.desk.area import own_area
from volunteers.forms.inspections import AcceptForm, OpenForm, StartForm
from volunteers.models import Inspection, Project
from volunteers.services import inspections
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def start(request: PersonRequest) -> HttpResponse:
    form = StartForm(posted(request), within=own_area(request))
    if form.is_valid():
        try:
            made = inspections.start_project(**form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("volunteers:project-desk", key=made.key)
    return render(request, "volunteers/form.html", {"form": form, "title": "新建改造、惊喜项目", "button": "新建"})


def _inspected(request: HttpRequest, key: Any) -> Project:
    mine = Project.objects.filter(grid__in=area_of(request.user, "dispatch"))
    project: Project = get_object_or_404(mine.select_related("grid", "unit", "team"), key=key)
    if not project.is_inspected:
        raise Http404
    return project


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _inspected))
def inspection(request: HttpRequest, key: Any) -> HttpResponse:
    """What residents said, and the two forms: until when they look, and that it is accepted."""
    project = _inspected(request, key)
    inspection = Inspection.objects.filter(project=project).first()
    sent = posted(request)
    act = sent.get("act") if sent else None
    forms = {
        "open": OpenForm(sent if act == "open" else None, initial={"least": inspection.least} if inspection else None),
        "accept": AcceptForm(sent if act == "accept" else None),
    }
    services: dict[str, Callable[..., object]] = {"open": inspections.open_inspection, "accept": inspections.accept}
    if act in forms and forms[act].is_valid():
        try:
            services[act](project=project, **forms[act].cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            forms[act].add_error(None, refusal)
        else:
            messages.success(
                request, "验收通过，项目完成。" if act == "accept" else "居民可以验收了，网格长会收到通知。"
            )
            return redirect("volunteers:inspection", key=key)
    findings = inspection.findings.select_related("building__estate", "task").order_by("-said_at") if inspection else ()
    return render(
        request,
        "volunteers/projects/inspection.html",
        {
            "project": project,
            "inspection": inspection,
            "tally": inspections.tally(inspection) if inspection else None,
            "findings": findings,
            "forms": forms,
        },
    )
