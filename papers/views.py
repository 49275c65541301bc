"""The public page that verifies an issued paper, and how the file of one is answered with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from accounts import limiter
from accounts.entry import PUBLIC, opens_to
from papers import issued
from papers.forms import VerifyForm
from web.client_address import client_address
from web.posted import files_posted

TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def paper_response(content: bytes, kind: str, name: str) -> HttpResponse:
    """`kind`: pdf, docx or a media type. Nothing on the way keeps it."""
    response = HttpResponse(content, content_type=TYPES.get(kind, kind))
    response["Content-Disposition"] = content_disposition_header(as_attachment=kind == "docx", filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@opens_to(PUBLIC)
def verify(request: HttpRequest) -> HttpResponse:
    """For anybody: whether a paper was issued here, when, by whom, and whether the file at hand is still that paper."""
    is_asked = request.method == "POST" or "number" in request.GET
    form = VerifyForm(request.POST if request.method == "POST" else request.GET or None, files_posted(request))
    context = {"form": form, "is_asked": False}
    if is_asked and form.is_valid():
        limiter.check("verify", address=client_address(request), at=timezone.now())
        file = form.cleaned_data["file"]
        content = file.read() if file else None
        context |= {"is_asked": True, "verdict": issued.verify(number=form.cleaned_data["number"], content=content)}
    return render(request, "cases/verify.html", context)
