"""What units and teams have taken on, for every resident to see."""

from typing import Any

from django.db.models import Case, Q, When
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.entry import PUBLIC, opens_to
from grids.rights.jurisdiction import area_of
from volunteers.models import Inspection, Project, ProjectPhoto
from volunteers.reading.projects import in_public
from volunteers.services import inspections
from web.pages import page_of
from web.stored_files import stored_file

PAGE = 20


@require_safe
@opens_to(PUBLIC)
def project_list(request: HttpRequest) -> HttpResponse:
    """What waits for residents' eyes first, then what is built for them, then what was taken on."""
    waits = When(state=Project.State.INSPECTING, then=0)
    built = When(~Q(kind=Project.Kind.NEIGHBOUR), then=1)
    public = in_public().order_by(Case(waits, built, default=2), "-from_date", "-pk")
    page = page_of(public, request.GET, PAGE)
    return render(request, "volunteers/projects/list.html", {"page": page})


@require_safe
@opens_to(PUBLIC)
def project(request: HttpRequest, key: Any) -> HttpResponse:
    """Needs are counted, not quoted: who asked for what is theirs."""
    project = get_object_or_404(in_public(), key=key)
    inspection = Inspection.objects.filter(project=project).first()
    return render(
        request,
        "volunteers/projects/project.html",
        {
            "project": project,
            "tally": inspections.tally(inspection) if inspection else None,
            "need_count": project.needs.count(),
            "milestones": project.milestones.order_by("due_date", "pk"),
            "photos": project.photos.order_by("is_after", "pk"),
        },
    )


@require_safe
@opens_to(PUBLIC)
def photo(request: HttpRequest, key: Any, photo_id: int) -> FileResponse:
    """Of a public project for everybody, of another one for its desk."""
    seen = ProjectPhoto.objects.filter(project__key=key)
    photo = get_object_or_404(seen.select_related("project"), pk=photo_id)
    if not (photo.project.is_public and photo.project.is_taken_on):
        get_object_or_404(area_of(request.user), pk=photo.project.grid_id)
    return stored_file(photo.file, "image/jpeg")
