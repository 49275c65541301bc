"""Signing in with a code: the phone, the code, and of whoever comes for the first time, only after the code was right, a
name. Until then every phone is answered alike, so that nobody learns who has an account."""

import json
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import demonstration, limiter, services
from accounts.entry import PUBLIC, STEP, opens_to
from accounts.forms.people import CodeForm, GuardianForm, NewcomerForm, PhoneForm
from accounts.numbers import normalise_phone
from accounts.personal_data import seal, unseal
from accounts.sign_in import browser, codes
from accounts.sign_in import ways as doors
from accounts.unsent.forms import never_kept
from web.client_address import client_address
from web.posted import posted

PHONE = "sign_in_phone"
NEWCOMER = "newcomer"
CHILD = "child"
NEWCOMER_FOR = timedelta(minutes=15)
"""How long a right code lets somebody new say who they are."""
SIGN_IN, AGREE = "sign in", "agree for a child"
"""What a code by SMS is asked for: it serves for nothing else."""


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Step one: the phone. A code is sent, unless somebody has one that needs no SMS."""
    form = PhoneForm(posted(request), initial={"phone": _phone_said(request)})
    if request.method == "POST" and form.is_valid():
        try:
            phone = normalise_phone(form.cleaned_data["phone"])
            if "has_code" not in request.POST:
                send_code(request, phone, SIGN_IN)
        except ValidationError as refusal:
            form.add_error(None if hasattr(refusal, "error_dict") else "phone", refusal)
        else:
            request.session[PHONE] = seal(phone)  # sessions are rows too
            return redirect(doors.with_next(request, "accounts:sign-in-code"))
    next_page = request.GET.get("next", "")
    context = {"form": form, "next": next_page, "demo_words": demonstration.which_phones()}
    return render(request, "accounts/sign_in/phone.html", context)


def _phone_said(request: HttpRequest) -> str:
    return unseal(request.session[PHONE]) if request.session.get(PHONE) else ""


def send_code(request: HttpRequest, phone: str, purpose: str) -> None:
    """To this phone, for this browser and purpose. Raises ValidationError at `phone`, or TooOften."""
    at, address = timezone.now(), client_address(request)
    limiter.check("code", address=address, at=at)
    sent = codes.send_code(
        phone=phone, asker=browser.asker(request, purpose), address=address, is_known=browser.is_own(request, phone),
        at=at,
    )  # fmt: skip
    messages.info(request, f"演示模式：验证码是 {sent.shown}" if sent.shown else "验证码已发出。")


def guessing(request: HttpRequest, purpose: str) -> str:
    """For whom the code that is tried now must have been sent. Raises TooOften when one browser or one address tries
    many, of whichever phones."""
    asker = browser.asker(request, purpose)
    limiter.check("guess", browser=asker, address=client_address(request), at=timezone.now())
    return asker


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Step two: the code."""
    phone = _phone_said(request)
    if not phone:
        return redirect(doors.with_next(request, "accounts:sign-in"))
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            person = services.person_by_code(
                phone=phone, code=form.cleaned_data["code"], asker=guessing(request, SIGN_IN), at=at
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            request.session.pop(PHONE)
            if person is not None:
                return doors.go_on(request, person)
            request.session[NEWCOMER] = seal(json.dumps({"phone": phone, "until": (at + NEWCOMER_FOR).timestamp()}))
            return redirect(doors.with_next(request, "accounts:newcomer"))
    context = {"form": form, "phone_tail": phone[-4:], "back": doors.with_next(request, "accounts:sign-in")}
    return render(request, "accounts/sign_in/code.html", context)


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def newcomer(request: HttpRequest) -> HttpResponse:
    """Step three, the first time: what to call them, and whether a guardian has to agree."""
    phone = _proven_phone(request)
    if not phone:
        return redirect(doors.with_next(request, "accounts:sign-in"))
    form = NewcomerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            if cleaned["is_child"]:
                child = {
                    "phone": phone,
                    "name": services.checked_name(cleaned["name"]),
                    "birth_date": cleaned["birth_date"].isoformat(),
                }
                request.session[CHILD] = seal(json.dumps(child))
                return redirect(doors.with_next(request, "accounts:guardian"))
            person = services.newcomer(
                phone=phone, name=cleaned["name"], birth_date=cleaned["birth_date"], at=timezone.now()
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            request.session.pop(NEWCOMER)
            return doors.go_on(request, person)
    return render(request, "accounts/newcomer.html", {"form": form})


def _proven_phone(request: HttpRequest) -> str:
    """Of somebody without an account, whose code was right a moment ago; "" if there is none."""
    if not request.session.get(NEWCOMER):
        return ""
    proven = json.loads(unseal(request.session[NEWCOMER]))
    phone: str = proven["phone"]
    return phone if timezone.now().timestamp() < proven["until"] else ""


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def guardian(request: HttpRequest) -> HttpResponse:
    """For a child: the guardian's own phone and code. Sending the code and agreeing are two buttons of one form."""
    if not request.session.get(CHILD):
        return redirect(doors.with_next(request, "accounts:sign-in"))
    child = json.loads(unseal(request.session[CHILD]))
    sends_code = "send_code" in request.POST
    form = GuardianForm(posted(request), sends_code=sends_code)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            if sends_code:
                send_code(request, cleaned["guardian_phone"], AGREE)
            else:
                person = services.register_child(
                    phone=child["phone"],
                    name=child["name"],
                    birth_date=date.fromisoformat(child["birth_date"]),
                    guardian_name=cleaned["guardian_name"],
                    guardian_phone=cleaned["guardian_phone"],
                    guardian_code=cleaned["code"],
                    asker=guessing(request, AGREE),
                    at=timezone.now(),
                )
                request.session.pop(CHILD)
                request.session.pop(NEWCOMER, None)
                return doors.go_on(request, person)
        except ValidationError as refusal:
            form.add_error(None, _at_guardian(refusal))
    return render(request, "accounts/guardian.html", {"form": form, "name": child["name"]})


def _at_guardian(refusal: ValidationError) -> ValidationError:
    """What is wrong with the phone is said at the guardian's phone."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError(
        {"guardian_phone" if at == "phone" else at: errors for at, errors in refusal.error_dict.items()}
    )
