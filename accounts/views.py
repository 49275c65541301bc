"""Signing in: residents by phone and one-time code, staff by phone, password and second factor."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, limiter, passwords, second_factor, services, signing_in
from accounts.address import client_address
from accounts.backends import lock_name
from accounts.forms import CodeForm, GuardianForm, NewPasswordForm, PasswordForm, PhoneForm, SecondFactorForm
from accounts.freshness import fresh
from accounts.models import SecondFactor, User
from accounts.models.audit import Act
from accounts.personal_data import seal, unseal

SECRET = "new_second_factor"
MINOR = "minor"
PHONE = "sign_in_phone"


def _phone_said(request: HttpRequest) -> str:
    return unseal(request.session[PHONE]) if request.session.get(PHONE) else ""


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Step one for residents: the phone."""
    form = PhoneForm(request.POST or None, initial={"phone": _phone_said(request)})
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            _send_code(request, phone)
        except ValidationError as refusal:
            form.add_error(None if hasattr(refusal, "error_dict") else "phone", refusal)
        else:
            request.session[PHONE] = seal(phone)  # sessions are rows too
            return redirect(_with_next(request, "accounts:sign-in-code"))
    return render(request, "accounts/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


def _send_code(request: HttpRequest, phone: str) -> None:
    """Raises ValidationError at `phone`, or TooOften."""
    at, address = timezone.now(), client_address(request)
    limiter.check("code", address=address, at=at)
    sent = services.send_code(phone=phone, address=address, at=at)
    if sent.shown:
        messages.info(request, f"演示模式：验证码是 {sent.shown}")


@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Step two: the code (and a name, the first time)."""
    phone = _phone_said(request)
    if not phone:
        return redirect(_with_next(request, "accounts:sign-in"))
    form = CodeForm(request.POST or None)
    is_new = User.objects.with_phone(phone) is None
    if request.method == "POST" and form.is_valid():
        try:
            return _code_said(request, phone, is_new=is_new, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "accounts/sign_in_code.html", {"form": form, "is_new": is_new, "phone_tail": phone[-4:]})


def _code_said(request: HttpRequest, phone: str, *, is_new: bool, name: str, is_minor: bool, code: str) -> HttpResponse:
    at = timezone.now()
    if is_new and is_minor:
        if not name.strip():
            raise ValidationError({"name": "请填写怎么称呼您。"})
        services.use_code(phone=phone, code=code, at=at)
        request.session[MINOR] = seal(json.dumps({"phone": phone, "name": name}))
        return redirect(_with_next(request, "accounts:guardian"))
    person = services.sign_in_by_code(phone=phone, code=code, name=name, at=at)
    return _go_on(request, person)


def _go_on(request: HttpRequest, person: User) -> HttpResponse:
    """After the first factor: in, or to the second."""
    target = _next_page(request)
    if not signing_in.first_factor_passed(request, person, at=timezone.now()):
        return redirect(_with_next(request, "accounts:second-factor"))
    request.session.pop(PHONE, None)
    return redirect(target)


@require_http_methods(["GET", "POST"])
def guardian(request: HttpRequest) -> HttpResponse:
    """For a child: the guardian's own phone and code. Sending the code and agreeing are two buttons of one form."""
    if not request.session.get(MINOR):
        return redirect(_with_next(request, "accounts:sign-in"))
    minor = json.loads(unseal(request.session[MINOR]))
    sends_code = "send_code" in request.POST
    form = GuardianForm(request.POST or None, sends_code=sends_code)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if sends_code:
                _send_code(request, said["guardian_phone"])
            else:
                person = services.register_minor(
                    **minor,
                    guardian_name=said["guardian_name"],
                    guardian_phone=said["guardian_phone"],
                    guardian_code=said["code"],
                    at=timezone.now(),
                )
                request.session.pop(MINOR)
                return _go_on(request, person)
        except ValidationError as refusal:
            form.add_error(None, _at_guardian(refusal))
    return render(request, "accounts/guardian.html", {"form": form, "name": minor["name"]})


def _at_guardian(refusal: ValidationError) -> ValidationError:
    """What is wrong with the phone is said at the guardian's phone."""
    if not hasattr(refusal, "error_dict"):
        return refusal
    return ValidationError({"guardian_phone" if at == "phone" else at: said for at, said in refusal.error_dict.items()})


@require_http_methods(["GET", "POST"])
def sign_in_password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at, address = timezone.now(), client_address(request)
        try:
            phone = form.cleaned_data["phone"]
            limiter.check("password", phone=lock_name(request, {"username": phone}), address=address, at=at)
            person = authenticate(request, username=phone, password=form.cleaned_data["password"])
            if getattr(request, "axes_locked_out", False):
                request.axes_locked_out = False  # said on the form: the library need not answer for us
                raise ValidationError(
                    f"密码连续输错太多次，已锁定 {settings.LOCK_MINUTES} 分钟。可以用短信验证码登录。"
                )
            if person is None:
                _note_failure(phone, address)
                raise ValidationError("手机号或密码不对。忘记密码请用短信验证码登录后重设，或联系社区管理员。")
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _go_on(request, person)
    return render(request, "accounts/sign_in_password.html", {"form": form})


def _note_failure(phone: str, address: str | None) -> None:
    """A line for each wrong password that was looked at; what the limits turned away fills no trail."""
    try:
        person = User.objects.with_phone(phone)
    except ValidationError:
        person = None
    audit.record(
        act=Act.SIGN_IN_FAILED, at=timezone.now(), about=person.pk if person else None, address=address,
        is_success=False,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_second_factor(request: HttpRequest) -> HttpResponse:
    """Step two for those at a desk: the code of the app, or a recovery code."""
    at = timezone.now()
    person = signing_in.pending_person(request, at=at)
    if person is None:
        messages.warning(request, "请先输入手机号和密码。")
        return redirect(_with_next(request, "accounts:sign-in-password"))
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        target = _next_page(request)
        try:
            signing_in.second_factor_passed(request, person, code=form.cleaned_data["code"], at=at)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(target)
    shown = ""
    if settings.DEMO and person.is_demo:
        shown = second_factor.current_code(SecondFactor.objects.get(person=person), at=at)
    return render(request, "accounts/second_factor.html", {"form": form, "shown": shown})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@fresh
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """Scan the picture, type what the app shows, keep the recovery codes. Whoever has one already must have shown it."""
    if not request.session.get(signing_in.VERIFIED) and SecondFactor.objects.filter(person=request.user).exists():
        logout(request)
        return redirect("accounts:sign-in-password")
    secret = request.session.setdefault(SECRET, second_factor.new_secret())
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.set_up(
                person=request.user,
                secret=secret,
                code=form.cleaned_data["code"],
                at=timezone.now(),
                address=client_address(request),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            request.session.pop(SECRET)
            request.session[signing_in.VERIFIED] = True
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    # Drawn by ourselves out of numbers: nothing in it was typed by anybody.
    picture = mark_safe(second_factor.picture(second_factor.address_for_app(secret=secret, person=request.user)))
    return render(request, "accounts/second_factor_set_up.html", {"form": form, "secret": secret, "picture": picture})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@fresh
def password(request: HttpRequest) -> HttpResponse:
    """Choose a password. Other devices are signed out by it; whoever has an old one has just signed in with it."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            passwords.set_password(
                person=request.user,
                password=form.cleaned_data["password"],
                at=timezone.now(),
                address=client_address(request),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            signing_in.renew(request, request.user)
            messages.info(request, "新密码已生效，其他设备已退出。")
            return redirect("home")
    return render(request, "accounts/password.html", {"form": form, "days": settings.PASSWORD_DAYS})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        audit.record(
            act=Act.SIGN_OUT, at=timezone.now(), by=request.user.pk, about=request.user.pk,
            address=client_address(request),
        )  # fmt: skip
    logout(request)
    return redirect("/")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"version": services.PRIVACY_NOTICE_VERSION})


def _next_page(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


def _with_next(request: HttpRequest, name: str) -> str:
    target = request.GET.get("next", "")
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")
