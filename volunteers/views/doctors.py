"""家庭医生签约: asking for a family doctor, for oneself or for somebody who asked; what the health centre does with it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.numbers import mask_phone
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, may
from volunteers.forms.doctors import AskForForm, AskForm, EndForm, PhoneForm, SignForm
from volunteers.models import DoctorSigning
from volunteers.services import doctors
from web.client_address import client_address
from web.posted import posted

SHOWN = 100


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def mine(request: PersonRequest) -> HttpResponse:
    """My own family doctor; below it, for the liaison of a centre, who asked for one there."""
    at = timezone.now()
    running = DoctorSigning.objects.filter(person=request.user, ended_at=None).select_related("need__grid", "unit")
    form = AskForm(posted(request))
    if form.is_valid():
        try:
            limiter.check("submit", person=request.user.pk, address=client_address(request), at=at)
            made = doctors.ask(by=request.user, person=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(
                request, "申请好了，签约机构会打电话约您。" if made.unit else "申请好了，社区会帮您找签约机构。"
            )
            return redirect("volunteers:doctor")
    context = {"form": form, "mine": running.first(), "of_my_units": doctors.of_my_units(request.user, at=at)[:SHOWN]}
    return render(request, "volunteers/doctors/doctor.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(verb("see"))
def ask_for(request: PersonRequest) -> HttpResponse:
    """The grid leader writes it down for somebody."""
    form = AskForForm(posted(request), within=area_of(request.user))
    if form.is_valid():
        try:
            made = doctors.ask(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(doctors.path_of(made))
    context = {"form": form, "title": "代为申请家庭医生", "button": "申请"}
    return render(request, "volunteers/form.html", context)


def _signing(request: PersonRequest, key: Any, at: datetime) -> DoctorSigning:
    """For whose it is, who signs it, and who sees what is needed there."""
    signings = DoctorSigning.objects.select_related("need__grid", "need__category", "unit", "person")
    signing: DoctorSigning = get_object_or_404(signings, need__key=key)
    if not (doctors.may_read_name(signing, request.user, at=at) or may(request.user, "see", signing.need.grid, at=at)):
        raise Http404
    return signing


@require_http_methods(["GET", "POST"])
@opens_to(own(_signing) | area("see", _signing))
def signing(request: PersonRequest, key: Any) -> HttpResponse:
    """One page, small forms; the button says which one was sent. The name is for those who need it, the phone for a reason."""
    at = timezone.now()
    signing = _signing(request, key, at)
    is_centre = doctors.speaks_for(request.user, signing.unit, at=at)
    is_known = doctors.may_read_name(signing, request.user, at=at)
    sent = request.POST.get("act") if request.method == "POST" else None
    forms = {
        "sign": SignForm(request.POST if sent == "sign" else None, initial={"signed_date": timezone.localdate(at)}),
        "end": EndForm(request.POST if sent == "end" else None),
        "phone": PhoneForm(request.POST if sent == "phone" else None),
    }
    phone, may_match = "", _may_match(request, signing)
    if sent == "match" and may_match:
        doctors.match(signing=signing, at=at)
        words = f"已交给{signing.unit}。" if signing.unit else "资源清单里还没有负责这里的签约机构。"
        messages.info(request, words)
        return redirect("volunteers:doctor-signing", key=key)
    if sent in forms and forms[sent].is_valid():
        try:
            # The phone stands on this answer alone: a message would lie in a cookie.
            phone, words = _act(request, signing, sent, forms[sent].cleaned_data)
        except ValidationError as refusal:
            forms[sent].add_error(None, refusal)
        else:
            if words:
                messages.info(request, words)
                return redirect("volunteers:doctor-signing", key=key)
    context = {
        "signing": signing,
        "forms": forms,
        "terms": signing.terms.order_by("-from_date"),
        "is_known": is_known,
        "is_centre": is_centre and signing.ended_at is None,
        "may_end": signing.ended_at is None and doctors.may_end(signing, request.user, at=at),
        "may_match": may_match,
        "phone": phone or mask_phone(signing.phone),
    }  # fmt: skip
    return render(request, "volunteers/doctors/signing.html", context)


def _may_match(request: HttpRequest, signing: DoctorSigning) -> bool:
    is_waiting = signing.ended_at is None and signing.unit is None
    return is_waiting and may(request.user, "dispatch", signing.need.grid)


def _act(request: PersonRequest, signing: DoctorSigning, what: str, cleaned: dict[str, Any]) -> tuple[str, str]:
    """(the phone where it was asked for, what was done)"""
    by, at = request.user, timezone.now()
    if what == "sign":
        term = doctors.sign(signing=signing, **cleaned, by=by, at=at)
        return "", f"已登记，服务期到 {term.until_date:%Y年%-m月%-d日}。"
    if what == "end":
        doctors.end(signing=signing, **cleaned, by=by, at=at)
        return "", "已结束。"
    return doctors.show_phone(signing=signing, **cleaned, by=by, at=at), ""
