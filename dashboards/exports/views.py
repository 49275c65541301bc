"""Lists as files: asked for on the page of the list, watched, fetched by who asked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.requests import PersonRequest
from dashboards.exports import services as exports
from dashboards.exports.listings import is_open_to_owner
from dashboards.figures.measures import is_known
from dashboards.figures.params import period_of, place_of
from dashboards.models import Export
from grids.rights.entry import area
from web.client_address import client_address
from web.stored_files import stored_file

SHOWN = 50


@require_POST
@opens_to(posts=area("figures", place_of))
def figure(request: PersonRequest, measure: str, node_id: int | None = None) -> HttpResponse:
    """With the same query as the page of the list."""
    if not is_known(measure):
        raise Http404
    at = timezone.now()
    place = place_of(request, node_id)
    period = period_of(request, at)
    kind = request.GET.get("kind", "")
    try:
        limiter.check("list_export", person=request.user.pk, at=at)
        export = exports.ask_for_figure(
            person=request.user, node=place.node, measure=measure, kind=kind, period=period, at=at
        )
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect("dashboards:exports")
    return redirect(export)


@require_safe
@opens_to(SIGNED_IN)
def mine(request: PersonRequest) -> HttpResponse:
    rows = Export.objects.filter(person=request.user).select_related("node").order_by("-asked_at")[:SHOWN]
    return render(request, "dashboards/exports.html", {"exports": rows, "days": exports.days_kept()})


def _own(request: HttpRequest, export_id: int) -> Export:
    """Raises Http404 where it is somebody else's, PermissionDenied where this person may no longer see what it lists."""
    export = get_object_or_404(Export.objects.select_related("node", "person"), pk=export_id, person=request.user)
    if not is_open_to_owner(export, at=timezone.now()):
        raise PermissionDenied
    return export


@require_safe
@opens_to(own(_own))
def one(request: PersonRequest, export_id: int) -> HttpResponse:
    """How far it is; asks again by itself, or by hand without scripts."""
    part = "_export.html" if request.htmx else "export.html"
    context = {"export": _own(request, export_id), "days": exports.days_kept()}
    return render(request, f"dashboards/{part}", context)


@require_safe
@opens_to(own(_own))
def file(request: HttpRequest, export_id: int) -> FileResponse:
    export = _own(request, export_id)
    if not export.ready_at:
        raise Http404
    at = timezone.now()
    exports.fetched(export=export, at=at, address=client_address(request))
    name = f"{export.title.replace(' · ', '')}{localtime(export.asked_at):%Y%m%d}.xlsx"
    return stored_file(export.file, name=name)
