"""Tables that staff bring in: handed in, watched, and what did not go in fetched by who asked."""

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.address import client_address
from grids.jurisdiction import has_verb, may_anywhere, posts_in
from imports import services
from imports.form_page import form_page
from imports.kinds import KINDS
from imports.models import Import
from imports.samples import sample

SHOWN = 50


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    kinds = [kind for kind in KINDS.values() if has_verb(posts_in(request), kind.verb)]
    if not kinds:
        raise PermissionDenied
    found = Import.objects.filter(person=request.user).select_related("node").order_by("-asked_at")[:SHOWN]
    return render(request, "imports/mine.html", {"kinds": kinds, "imports": found})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    return form_page(request, kind)


@require_safe
@login_required
def sample_table(request: HttpRequest, kind: str) -> FileResponse:
    if kind not in KINDS:
        raise Http404
    if not may_anywhere(request.user, KINDS[kind].verb):
        raise PermissionDenied
    return FileResponse(BytesIO(sample(KINDS[kind])), as_attachment=True, filename=f"{KINDS[kind].label}模板.xlsx")


def _own(request: HttpRequest, import_id: int) -> Import:
    """Raises Http404 where it is somebody else's, PermissionDenied where this person may no longer import there."""
    found = get_object_or_404(Import.objects.select_related("node", "person"), pk=import_id, person=request.user)
    if not found.declared.is_open_to(found.person, found.node, at=timezone.now()):
        raise PermissionDenied
    return found


@require_safe
@login_required
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it is; asks again by itself, or by hand without scripts."""
    part = "_one.html" if request.htmx else "one.html"
    return render(request, f"imports/{part}", {"import": _own(request, import_id), "days": services.days_kept()})


@require_safe
@login_required
def rejects(request: HttpRequest, import_id: int) -> FileResponse:
    """As they came, each with its line and reason: mended, the file goes in as it is."""
    found = _own(request, import_id)
    if not found.rejects:
        raise Http404
    content = services.rejects_of(ended=found, at=timezone.now(), address=client_address(request))
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{found.declared.label}退件.csv")
