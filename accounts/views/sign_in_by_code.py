"""Signing in with a code: the phone, the code, and of whoever comes for the first time, only after the code was right, a
name. Until then every phone is answered alike, so that nobody learns who has an account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import demonstration
from accounts.entry import PUBLIC, STEP, opens_to
from accounts.forms.people import CodeForm, GuardianForm, NewcomerForm, PhoneForm
from accounts.sign_in import steps
from accounts.sign_in import ways as doors
from accounts.sign_in.codes import SentCode
from accounts.unsent.forms import never_kept
from web.posted import posted


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Step one: the phone. A code is sent, unless somebody has one that needs no SMS."""
    form = PhoneForm(posted(request), initial={"phone": steps.phone_said(request)})
    if request.method == "POST" and form.is_valid():
        try:
            if "has_code" not in request.POST:
                say_sent(request, steps.send_code(request, form.cleaned_data["phone"], steps.SIGN_IN))
            steps.remember_phone(request, form.cleaned_data["phone"])
        except ValidationError as refusal:
            form.add_error(None if hasattr(refusal, "error_dict") else "phone", refusal)
        else:
            return redirect(doors.with_next(request, "accounts:sign-in-code"))
    next_page = request.GET.get("next", "")
    context = {"form": form, "next": next_page, "demo_words": demonstration.which_phones()}
    return render(request, "accounts/sign_in/phone.html", context)


def say_sent(request: HttpRequest, sent: SentCode) -> None:
    """On the next page."""
    messages.info(request, f"演示模式：验证码是 {sent.shown}" if sent.shown else "验证码已发出。")


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Step two: the code."""
    phone = steps.phone_said(request)
    if not phone:
        return redirect(doors.with_next(request, "accounts:sign-in"))
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = steps.prove_phone(request, code=form.cleaned_data["code"], at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if person is not None:
                return doors.go_on(request, person)
            return redirect(doors.with_next(request, "accounts:newcomer"))
    context = {"form": form, "phone_tail": phone[-4:], "back": doors.with_next(request, "accounts:sign-in")}
    return render(request, "accounts/sign_in/code.html", context)


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def newcomer(request: HttpRequest) -> HttpResponse:
    """Step three, the first time: what to call them, and whether a guardian has to agree."""
    if not steps.proven_phone(request):
        return redirect(doors.with_next(request, "accounts:sign-in"))
    form = NewcomerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = steps.register(request, form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return doors.go_on(request, person) if person else redirect(doors.with_next(request, "accounts:guardian"))
    return render(request, "accounts/newcomer.html", {"form": form})


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def guardian(request: HttpRequest) -> HttpResponse:
    """For a child: the guardian's own phone and code. Sending the code and agreeing are two buttons of one form."""
    child = steps.child_of(request)
    if child is None:
        return redirect(doors.with_next(request, "accounts:sign-in"))
    sends_code = "send_code" in request.POST
    form = GuardianForm(posted(request), sends_code=sends_code)
    if request.method == "POST" and form.is_valid():
        try:
            if not sends_code:
                return doors.go_on(request, steps.register_child(request, form.cleaned_data))
            say_sent(request, steps.send_code(request, form.cleaned_data["guardian_phone"], steps.AGREE))
        except ValidationError as refusal:
            form.add_error(None, steps.at_guardian(refusal))
    return render(request, "accounts/guardian.html", {"form": form, "name": child["name"]})
