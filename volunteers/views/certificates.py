"""服务证明: asked for by the volunteer, issued at once; the file is theirs, whether it is genuine anybody may ask."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.requests import PersonRequest
from papers.views import paper_response
from volunteers.forms.shared import CertificateForm
from volunteers.models import Certificate
from volunteers.services import certificates
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def issue(request: PersonRequest) -> HttpResponse:
    at = timezone.now()
    form = CertificateForm(posted(request))
    if form.is_valid():
        limiter.check("act", person=request.user.pk, at=at)
        address = request.build_absolute_uri(reverse("cases:paper-verify"))
        try:
            made = certificates.issue(person=request.user, at=at, verify_url=address, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"开好了，编号 {made.code}。")
            return redirect("volunteers:ledger")
    office = certificates.office_for(request.user, at=at)
    return render(request, "volunteers/certificate_issue.html", {"form": form, "office": office})


def _own(request: HttpRequest, code: str) -> Certificate:
    made: Certificate = get_object_or_404(Certificate.objects.exclude(file=""), code=code, person=request.user)
    return made


@require_safe
@opens_to(own(_own))
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The very file that was issued, for its owner."""
    made = _own(request, code)
    return paper_response(made.pdf, "pdf", f"{certificates.TITLE} {made.code}.pdf")
