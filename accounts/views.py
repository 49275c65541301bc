"""Signing in: residents by phone and one-time code, staff and grid leaders by phone and password."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import CodeForm, PasswordForm, PhoneForm
from accounts.models import User


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Step one for residents: the phone."""
    form = PhoneForm(request.POST or None, initial={"phone": request.session.get("sign_in_phone", "")})
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            sent = services.send_code(phone=phone, address=request.META.get("REMOTE_ADDR"), at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None if hasattr(refusal, "error_dict") else "phone", refusal)
        else:
            request.session["sign_in_phone"] = phone
            if sent.shown:
                messages.info(request, f"演示环境：验证码是 {sent.shown}")
            return redirect(_with_next(request, "accounts:sign-in-code"))
    return render(request, "accounts/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Step two: the code (and a name, the first time)."""
    phone = request.session.get("sign_in_phone")
    if not phone:
        return redirect(_with_next(request, "accounts:sign-in"))
    form = CodeForm(request.POST or None)
    is_new = User.objects.with_phone(phone) is None
    if request.method == "POST" and form.is_valid():
        try:
            user = services.sign_in_by_code(phone=phone, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            login(request, user, backend="accounts.backends.PhonePasswordBackend")
            request.session.pop("sign_in_phone", None)
            return redirect(_next_page(request))
    return render(request, "accounts/sign_in_code.html", {"form": form, "is_new": is_new, "phone_tail": phone[-4:]})


@require_http_methods(["GET", "POST"])
def sign_in_password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, username=form.cleaned_data["phone"], password=form.cleaned_data["password"])
        if user is None:
            form.add_error(None, "手机号或密码不对。忘记密码请联系社区管理员重置。")
        else:
            login(request, user)
            return redirect(_next_page(request))
    return render(request, "accounts/sign_in_password.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")


@require_http_methods(["GET"])
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"version": services.PRIVACY_NOTICE_VERSION})


def _next_page(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


def _with_next(request: HttpRequest, name: str) -> str:
    target = request.GET.get("next", "")
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")
