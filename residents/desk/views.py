"""The community's desk: writing down a request for somebody who came or called, and taking in files of requests."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from accounts.sign_in.codes import LONG_MINUTES
from accounts.unsent import forms as kept_forms
from cases.models import Case
from grids.rights.entry import verb
from grids.rights.jurisdiction import area_of
from imports.form_page import form_page
from residents.desk import birth_dates, slips
from residents.forms import BirthDateForm, RegisterForm, SlipForm
from residents.imports.requests import REQUESTS
from residents.services import Place, register_for
from web.client_address import client_address
from web.posted import posted


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def register(request: PersonRequest) -> HttpResponse:
    """代为登记, on one page: the one who is asked sits opposite or is on the phone."""
    area = area_of(request.user, "dispatch")
    if request.method == "POST" and "show_buildings" not in request.POST:
        form = RegisterForm(request.POST, request.FILES, within=area)
        if form.is_valid():
            try:
                case = _register(request, form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return _registered(request, case)
        kept_forms.keep_files(request, form)
    else:
        first = {"place": request.GET.get("place"), **kept_forms.first_values(request)}
        form = RegisterForm(initial={"key": uuid4(), **first, **request.POST.dict()}, within=area)
    template = "grids/_buildings.html" if request.htmx else "residents/requests/register.html"
    return render(request, template, {"form": form})


def _registered(request: HttpRequest, case: Case) -> HttpResponse:
    """What is about a colleague goes to who stands above them, out of sight of who wrote it down."""
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect("residents:request-done", number=case.number)
    messages.success(request, f"已登记，编号 {case.number}，由{case.holder_words}办理。请把编号告诉居民。")
    return redirect("residents:request-register")


def _register(request: PersonRequest, cleaned: dict[str, Any]) -> Case:
    return register_for(
        place=Place(cleaned.pop("place"), cleaned.pop("building")),
        submit_key=f"{request.user.pk}:{cleaned.pop('key')}",
        by=request.user,
        at=timezone.now(),
        **cleaned,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def give_slip(request: PersonRequest) -> HttpResponse:
    """登录条: after a look at the ID card. The code stands on this page once."""
    form = SlipForm(posted(request))
    code = ""
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            code = slips.give(
                phone=cleaned["phone"],
                card_name=cleaned["card_name"],
                by=request.user,
                at=timezone.now(),
                address=client_address(request),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "residents/slip.html", {"form": form, "code": code, "minutes": LONG_MINUTES})


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def correct_birth_date(request: PersonRequest) -> HttpResponse:
    form = BirthDateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            birth_dates.correct(
                phone=cleaned["phone"],
                birth_date=cleaned["birth_date"],
                by=request.user,
                at=timezone.now(),
                address=client_address(request),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "出生日期已更正，居民会收到消息。")
            return redirect("residents:birth-date")
    return render(request, "residents/birth_date.html", {"form": form, "title": "更正出生日期", "button": "更正"})


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def import_file(request: PersonRequest) -> HttpResponse:
    """A table of requests from elsewhere: the 12345 hotline, a paper register."""
    return form_page(request, REQUESTS.key)
