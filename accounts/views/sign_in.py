"""Signing in by phone, password and second factor; choosing these; signing out. By a code: accounts/views/sign_in_by_code.py."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, limiter
from accounts.entry import PUBLIC, SIGNED_IN, STEP, opens_to
from accounts.forms.people import NewPasswordForm, PasswordForm, SecondFactorForm
from accounts.models import SecondFactor, User
from accounts.models.audit import Act
from accounts.models.consent import PRIVACY_NOTICE_VERSION
from accounts.requests import PersonRequest
from accounts.sign_in import browser, oidc, passwords, second_factor, tickets
from accounts.sign_in import sessions as signing_in
from accounts.sign_in import ways as doors
from accounts.sign_in.backends import lock_name
from accounts.sign_in.freshness import fresh
from accounts.unsent.forms import never_kept
from web.client_address import client_address
from web.posted import posted

SECRET = "new_second_factor"


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(PUBLIC)
def sign_in_password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        address = client_address(request)
        try:
            phone = form.cleaned_data["phone"]
            _limit(request, phone, address)
            person = authenticate(request, username=phone, password=form.cleaned_data["password"])
            if getattr(request, "axes_locked_out", False):
                # Said on the form: the library need not answer for us.
                request.axes_locked_out = False  # type: ignore[attr-defined]  # the library's own mark
                raise ValidationError(
                    f"密码连续输错太多次，已锁定 {settings.LOCK_MINUTES} 分钟。可以用短信验证码登录。"
                )
            if person is None:
                _note_failure(phone, address)
                raise ValidationError("手机号或密码不对。忘记密码请用短信验证码登录后重设，或联系社区管理员。")
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return doors.go_on(request, person)
    context = {
        "form": form,
        "county_sign_in": doors.with_next(request, "accounts:oidc") if oidc.is_open() else "",
        "county_label": settings.OIDC_LABEL,
    }
    return render(request, "accounts/sign_in/password.html", context)


def _limit(request: HttpRequest, phone: str, address: str | None) -> None:
    """Whoever tries the passwords of a phone from elsewhere does not use up the tries of its owner. Raises TooOften."""
    name = lock_name(request, {"username": phone})
    whose = {"own_browser": name} if browser.is_own(request, phone) else {"phone": name}
    limiter.check("password", **whose, address=address, at=timezone.now())


def _note_failure(phone: str, address: str | None) -> None:
    """A line for each wrong password that was looked at; what the limits turned away fills no trail."""
    try:
        person = User.objects.with_phone(phone)
    except ValidationError:
        person = None
    audit.record(
        act=Act.SIGN_IN_FAILED,
        at=timezone.now(),
        about=person.pk if person else None,
        address=address,
        is_success=False,
    )


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(STEP)
def sign_in_second_factor(request: HttpRequest) -> HttpResponse:
    """Step two for those at a desk: the code of the app, or a recovery code."""
    at = timezone.now()
    person = signing_in.pending_person(request, at=at)
    if person is None:
        messages.warning(request, "请先输入手机号和密码。")
        return redirect(doors.with_next(request, "accounts:sign-in-password"))
    form = SecondFactorForm(posted(request))
    if request.method == "POST" and form.is_valid():
        target = doors.next_page(request)
        try:
            signing_in.second_factor_passed(request, person, code=form.cleaned_data["code"], at=at)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(target)
    shown = ""
    if settings.DEMO:
        shown = second_factor.current_code(SecondFactor.objects.get(person=person), at=at)
    return render(request, "accounts/second_factor.html", {"form": form, "shown": shown})


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
@fresh
def second_factor_set_up(request: PersonRequest) -> HttpResponse:
    """Scan the picture, type what the app shows, keep the recovery codes. Whoever has one already must have shown it."""
    if not request.session.get(signing_in.VERIFIED) and SecondFactor.objects.filter(person=request.user).exists():
        logout(request)
        return redirect("accounts:sign-in-password")
    secret = request.session.setdefault(SECRET, second_factor.new_secret())
    form = SecondFactorForm(posted(request))
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


@never_kept()
@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
@fresh
def password(request: PersonRequest) -> HttpResponse:
    """Choose a password. Other devices are signed out by it; whoever has an old one has just signed in with it."""
    form = NewPasswordForm(posted(request))
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


@never_cache
@require_safe
@opens_to(PUBLIC)
def ticket(request: HttpRequest) -> HttpResponse:
    """From an app, signed in without asking (accounts/sign_in/tickets.py); where the ticket is spent, it says so."""
    target = tickets.use(request, request.GET.get("ticket", ""), at=timezone.now())
    if target is None:
        return render(request, "accounts/sign_in/ticket.html")
    return redirect(doors.page_of_ours(request, target))


@require_POST
@opens_to(posts=PUBLIC)
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        audit.record(
            act=Act.SIGN_OUT,
            at=timezone.now(),
            by=request.user.pk,
            about=request.user.pk,
            address=client_address(request),
        )
    logout(request)
    browser.note(request, by_password=False)  # the next one on this computer may not have a password
    return redirect("/")


@require_safe
@opens_to(PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "version": PRIVACY_NOTICE_VERSION,
        "handler": settings.PRIVACY_HANDLER,
        "contact": settings.PRIVACY_CONTACT,
        "purpose": settings.PRIVACY_PURPOSE,
    }
    return render(request, "accounts/privacy.html", context)
