"""A project at the desk: milestones, photos before and after, whether residents see it, its end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import area
from grids.rights.jurisdiction import area_of
from volunteers.forms.shared import FinishProjectForm, MilestoneForm, ProjectPhotosForm
from volunteers.models import Milestone, Project
from volunteers.services import lists


def _project(request: HttpRequest, key: Any) -> Project:
    mine = Project.objects.filter(grid__in=area_of(request.user, "dispatch"))
    project: Project = get_object_or_404(mine.select_related("grid", "unit", "team", "agreed_by"), key=key)
    return project


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", _project))
def project(request: PersonRequest, key: Any) -> HttpResponse:
    """One page, three small forms; the button says which one was sent."""
    project = _project(request, key)
    sent = request.POST.get("act") if request.method == "POST" else None
    forms = {
        "milestone": MilestoneForm(request.POST if sent == "milestone" else None),
        "photos": ProjectPhotosForm(
            request.POST if sent == "photos" else None, request.FILES if sent == "photos" else None
        ),
        "finish": FinishProjectForm(request.POST if sent == "finish" else None),
    }
    if sent in forms and forms[sent].is_valid():
        try:
            _act(request, project, sent, forms[sent].cleaned_data)
        except ValidationError as refusal:
            forms[sent].add_error(None, refusal)
        else:
            return redirect("volunteers:project-desk", key=key)
    return render(
        request,
        "volunteers/projects/desk.html",
        {
            "project": project,
            "forms": forms,
            "milestones": project.milestones.order_by("due_date", "pk"),
            "photos": project.photos.order_by("is_after", "pk"),
            "needs": project.needs.order_by("pk"),
        },
    )


def _act(request: PersonRequest, project: Project, what: str, cleaned: dict[str, Any]) -> None:
    if what == "milestone":
        lists.plan_milestone(project=project, **cleaned)
    elif what == "photos":
        lists.add_photos(project=project, **cleaned, at=timezone.now())
    else:
        lists.finish_project(project=project, by=request.user, at=timezone.now(), **cleaned)


@require_POST
@opens_to(posts=area("dispatch", _project))
def reach(request: HttpRequest, key: Any, milestone_id: int) -> HttpResponse:
    milestone = get_object_or_404(
        Milestone.objects.select_related("project__unit", "project__team"),
        pk=milestone_id,
        project=_project(request, key),
    )
    try:
        lists.reach(milestone=milestone, on=timezone.localdate())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("volunteers:project-desk", key=key)


@require_POST
@opens_to(posts=area("dispatch", _project))
def publish(request: HttpRequest, key: Any) -> HttpResponse:
    """对居民公开, or no more."""
    project = _project(request, key)
    try:
        lists.publish(project=project, is_public=not project.is_public)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("volunteers:project-desk", key=key)
