"""我的信息: what is held about me, and what I may do about it. My devices."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.forms.people import EraseForm, NameForm, NewPhoneForm
from accounts.models import DataCopy, Purpose, Way
from accounts.models.consent import PRIVACY_NOTICE_VERSION
from accounts.privacy import rights
from accounts.requests import PersonRequest
from accounts.sign_in import codes, consents, steps
from accounts.sign_in import devices as device_service
from accounts.sign_in import sessions as signing_in
from accounts.sign_in.freshness import fresh
from accounts.views.sign_in_by_code import say_sent
from web.client_address import client_address
from web.posted import posted
from web.stored_files import stored_file

NEW_PHONE = "another phone"
"""What the code to a new phone is asked for."""
ASKED_APART = (
    (Purpose.LOCATION, "志愿服务签到时，用一次您的位置核对是否到场。不跟踪，不保存路线。"),
    (Purpose.SENSITIVE, "办理调解协议等文书时，使用您的身份证号等敏感信息。"),
)
"""Separate consents (个人信息保护法 29): each one asked for by itself, none needed to file a request."""


@never_cache
@require_safe
@opens_to(SIGNED_IN)
def my_data(request: PersonRequest) -> HttpResponse:
    return render(
        request,
        "accounts/my_data.html",
        {
            "sections": list(rights.held(request.user)),
            "consents": [
                {
                    "purpose": purpose,
                    "label": purpose.label,
                    "words": words,
                    "is_given": consents.agreed(request.user, purpose),
                }
                for purpose, words in ASKED_APART
            ],
            "copies": DataCopy.objects.filter(person=request.user).order_by("-asked_at"),
            "kept_days": rights.COPY_KEPT.days,
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def correct_name(request: PersonRequest) -> HttpResponse:
    form = NameForm(posted(request), initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            rights.correct_name(person=request.user, name=form.cleaned_data["name"], at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "称呼已更正。")
            return redirect("accounts:my-data")
    return render(request, "accounts/correct.html", {"form": form, "title": "更正称呼"})


@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
@fresh
def correct_phone(request: PersonRequest) -> HttpResponse:
    """The new number proves itself by a code. Sending and changing are two buttons of one form."""
    sends_code = "send_code" in request.POST
    form = NewPhoneForm(posted(request), sends_code=sends_code)
    if request.method == "POST" and form.is_valid():
        at, phone = timezone.now(), form.cleaned_data["phone"]
        try:
            if sends_code:
                say_sent(request, steps.send_code(request, phone, NEW_PHONE))
            else:
                rights.correct_phone(
                    person=request.user,
                    phone=phone,
                    code=form.cleaned_data["code"],
                    asker=steps.guessing(request, NEW_PHONE),
                    at=at,
                )
                messages.info(request, "手机号已更换，下次请用新号码登录。")
                return redirect("accounts:my-data")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "accounts/correct.html", {"form": form, "title": "更换手机号", "asks_code": True})


@require_POST
@opens_to(posts=SIGNED_IN)
def consent(request: PersonRequest, purpose: str) -> HttpResponse:
    """Agree, or take it back; both are as easy (个人信息保护法 15)."""
    if purpose not in {Purpose.LOCATION, Purpose.SENSITIVE, Purpose.NOTICE}:
        raise Http404
    at = timezone.now()
    if "withdraw" in request.POST:
        here = request.session.session_key
        consents.withdraw(person=request.user, purpose=purpose, at=at, session_key=here)
        messages.info(request, "已撤回。")
    else:
        try:
            consents.agree(person=request.user, purpose=purpose, at=at)
        except ValidationError as refusal:
            messages.warning(request, refusal.messages[0])
        else:
            messages.info(request, "已记录您的同意。")
    request.session[signing_in.CONSENT_DUE] = consents.must_agree_again(request.user)
    return redirect("accounts:my-data")


@require_safe
@opens_to(SIGNED_IN)
def agree_again(request: HttpRequest) -> HttpResponse:
    """The wording has changed since this person agreed."""
    return render(request, "accounts/agree_again.html", {"version": PRIVACY_NOTICE_VERSION})


@require_POST
@opens_to(posts=SIGNED_IN)
def ask_for_copy(request: PersonRequest) -> HttpResponse:
    at = timezone.now()
    try:
        limiter.check("export", person=request.user.pk, at=at)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        rights.ask_for_copy(person=request.user, at=at)
        messages.info(request, "正在为您准备，一般一分钟内就好，刷新本页即可下载。")
    return redirect("accounts:my-data")


def _own_copy(request: HttpRequest, copy_id: int) -> DataCopy:
    copy: DataCopy = get_object_or_404(DataCopy, person=request.user, pk=copy_id, ready_at__isnull=False)
    return copy


@never_cache
@require_safe
@opens_to(own(_own_copy))
def copy_file(request: HttpRequest, copy_id: int) -> FileResponse:
    copy = _own_copy(request, copy_id)
    return stored_file(copy.file, "application/zip", name="我的信息.zip")


@never_cache
@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
@fresh
def erase(request: PersonRequest) -> HttpResponse:
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            rights.erase(person=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            logout(request)
            messages.info(request, "账号已注销，您的信息已删除。")
            return redirect("home")
    return render(request, "accounts/erase.html", {"form": form})


@never_cache
@require_safe
@opens_to(SIGNED_IN)
def devices(request: PersonRequest) -> HttpResponse:
    devices_of_person = device_service.devices_of(request.user)
    return render(
        request, "accounts/devices.html", {"devices": devices_of_person, "own_key": request.session.session_key}
    )


@never_cache
@require_POST
@opens_to(posts=SIGNED_IN)
def device_code(request: PersonRequest) -> HttpResponse:
    """A sign-in code for another device of mine, when no SMS comes. Staff have their password and second factor."""
    at = timezone.now()
    try:
        if request.user.is_staff:
            raise ValidationError("工作人员请用密码和动态码登录，不用登录码。")
        limiter.check("login_code", person=request.user.pk, at=at)
        code = codes.issue_long_code(
            phone=request.user.phone, way=Way.DEVICE, by=request.user, at=at, address=client_address(request)
        )
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("accounts:devices")
    return render(request, "accounts/device_code.html", {"code": code, "minutes": codes.LONG_MINUTES})


@require_POST
@opens_to(posts=SIGNED_IN)
def sign_out_device(request: PersonRequest, device_id: int) -> HttpResponse:
    device_service.sign_out_device(person=request.user, device_id=device_id, at=timezone.now())
    messages.info(request, "那台设备已退出。")
    return redirect("accounts:devices")
