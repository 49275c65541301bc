"""Tables that staff bring in: handed in, watched, and what did not go in fetched by who asked."""

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import opens_to, own
from accounts.requests import PersonRequest
from grids.rights.entry import verb
from imports import services
from imports.form_page import form_page
from imports.forms import TakeBackForm
from imports.kinds import KINDS, VERB
from imports.models import Import
from imports.samples import sample
from web.client_address import client_address
from web.posted import posted

SHOWN = 50


@require_safe
@opens_to(verb(VERB))
def mine(request: PersonRequest) -> HttpResponse:
    imports = Import.objects.filter(person=request.user).select_related("node").order_by("-asked_at")[:SHOWN]
    return render(request, "imports/mine.html", {"kinds": KINDS.values(), "imports": imports})


@require_http_methods(["GET", "POST"])
@opens_to(verb(VERB))
def new(request: PersonRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    return form_page(request, kind)


@require_safe
@opens_to(verb(VERB))
def sample_table(request: HttpRequest, kind: str) -> FileResponse:
    if kind not in KINDS:
        raise Http404
    return FileResponse(BytesIO(sample(KINDS[kind])), as_attachment=True, filename=f"{KINDS[kind].label}模板.xlsx")


def _own(request: HttpRequest, import_id: int) -> Import:
    """Raises Http404 where it is somebody else's, PermissionDenied where this person may no longer import there."""
    row = get_object_or_404(Import.objects.select_related("node", "person"), pk=import_id, person=request.user)
    if not row.declared.is_open_to(row.person, row.node, at=timezone.now()):
        raise PermissionDenied
    return row


@require_safe
@opens_to(own(_own))
def one(request: PersonRequest, import_id: int) -> HttpResponse:
    """How far it is; asks again by itself, or by hand without scripts."""
    part = "_one.html" if request.htmx else "one.html"
    row = _own(request, import_id)
    return render(request, f"imports/{part}", {"import": row, "days": services.days_kept(row)})


@require_POST
@opens_to(posts=own(_own))
def confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    """What the trial showed goes in, or the table goes away."""
    row = _own(request, import_id)
    if "drop" in request.POST:
        services.drop(previewed=row)
        messages.info(request, "没有导入，表格已删除。")
        return redirect("imports:mine")
    services.confirm(previewed=row, at=timezone.now())
    return redirect(row)


@require_http_methods(["GET", "POST"])
@opens_to(own(_own))
def take_back(request: HttpRequest, import_id: int) -> HttpResponse:
    """The whole import, with a reason that each holder reads."""
    row = _own(request, import_id)
    if not row.can_be_taken_back:
        raise Http404
    form = TakeBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            count = services.take_back(
                ended=row, words=form.cleaned_data["words"], at=timezone.now(), address=client_address(request)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"已撤回 {count} 件。改好的表可以重新导入。")
            return redirect(row)
    return render(request, "imports/take_back.html", {"import": row, "form": form})


@require_safe
@opens_to(own(_own))
def rejects(request: HttpRequest, import_id: int) -> FileResponse:
    """As they came, each with its line and reason: mended, the file goes in as it is."""
    row = _own(request, import_id)
    if not row.rejects:
        raise Http404
    content = services.rejects_of(ended=row, at=timezone.now(), address=client_address(request))
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{row.declared.label}退件.csv")
