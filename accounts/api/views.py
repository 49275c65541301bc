"""Signing in from an app, step by step as on the pages (accounts/sign_in/steps.py); then one's own account and devices.

Every step answers with the token of the session and with the step that is left. A first step needs no token and makes one."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.forms import FormView, checked
from accounts.api.serializers import DeviceSerializer, PersonSerializer, SignedInSerializer
from accounts.entry import PUBLIC, SIGNED_IN, STEP, opens_to
from accounts.forms.people import CodeForm, GuardianForm, NewcomerForm, PhoneForm, SecondFactorForm
from accounts.models import User
from accounts.requests import PersonCall, PersonRequest
from accounts.sign_in import devices, sessions, steps, tickets, wechat
from accounts.sign_in.codes import SentCode


class SignInView(FormView):
    """A step. The answer never sets a cookie: whoever can make a browser call this must not sign it in."""

    permission_classes = (AllowAny,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        request._request.has_token = True  # type: ignore[attr-defined]
        return super().finalize_response(request, response, *args, **kwargs)


def answer(request: Request, step: str, *, sent: SentCode | None = None, person: User | None = None) -> Response:
    session = request._request.session
    if session.session_key is None:
        session.create()
    shown = sent.shown if sent and sent.shown else ""
    told: Any = {"token": session.session_key, "next": step, "shown_code": shown, "person": person}
    return Response(SignedInSerializer(told).data)


def passed(request: Request, person: User) -> Response:
    """The first factor was right: signed in, or on to the second."""
    wechat.link_waiting(request._request, person, at=timezone.now())
    if not sessions.first_factor_passed(request._request, person, at=timezone.now()):
        return answer(request, "second_factor")
    return answer(request, "", person=person)


class Phone(SignInView):
    """发验证码到这个手机号。"""

    form_class = PhoneForm

    @extend_schema(operation_id="sign_in_phone", responses=SignedInSerializer)
    @opens_to(posts=PUBLIC)
    def post(self, request: Request) -> Response:
        phone = checked(self, request)["phone"]
        sent = steps.send_code(request._request, phone, steps.SIGN_IN)
        steps.remember_phone(request._request, phone)
        return answer(request, "code", sent=sent)


class Code(SignInView):
    """填收到的验证码。"""

    form_class = CodeForm

    @extend_schema(operation_id="sign_in_code", responses=SignedInSerializer)
    @opens_to(posts=STEP)
    def post(self, request: Request) -> Response:
        if not steps.phone_said(request._request):
            raise PermissionDenied("请先取验证码。")
        code = checked(self, request)["code"]
        person = steps.prove_phone(request._request, code=code, at=timezone.now())
        return passed(request, person) if person else answer(request, "newcomer")


class SecondFactor(SignInView):
    """工作人员的动态码。"""

    form_class = SecondFactorForm

    @extend_schema(operation_id="sign_in_second_factor", responses=SignedInSerializer)
    @opens_to(posts=STEP)
    def post(self, request: Request) -> Response:
        at = timezone.now()
        person = sessions.pending_person(request._request, at=at)
        if person is None:
            raise PermissionDenied("请先用手机号登录。")
        code = checked(self, request)["code"]
        sessions.second_factor_passed(request._request, person, code=code, at=at)
        return answer(request, "", person=person)


class Newcomer(SignInView):
    """第一次使用：怎么称呼，是否同意告知书。"""

    form_class = NewcomerForm

    @extend_schema(operation_id="sign_in_newcomer", responses=SignedInSerializer)
    @opens_to(posts=STEP)
    def post(self, request: Request) -> Response:
        if not steps.proven_phone(request._request):
            raise PermissionDenied("请先用验证码验证手机号。")
        cleaned = checked(self, request)
        person = steps.register(request._request, cleaned)
        return passed(request, person) if person else answer(request, "guardian")


def _child(request: Request) -> None:
    if steps.child_of(request._request) is None:
        raise PermissionDenied("请先填写孩子的称呼和出生日期。")


class GuardianPhone(SignInView):
    """未满 14 周岁：发验证码到监护人的手机号。"""

    form_class = GuardianForm

    def form(self, *args: Any) -> forms.Form:
        return GuardianForm(*args, sends_code=True)

    @extend_schema(operation_id="sign_in_guardian_phone", responses=SignedInSerializer)
    @opens_to(posts=STEP)
    def post(self, request: Request) -> Response:
        _child(request)
        phone = checked(self, request)["guardian_phone"]
        try:
            sent = steps.send_code(request._request, phone, steps.AGREE)
        except ValidationError as refusal:
            raise steps.at_guardian(refusal) from refusal
        return answer(request, "guardian", sent=sent)


class Guardian(SignInView):
    """监护人同意。"""

    form_class = GuardianForm

    def form(self, *args: Any) -> forms.Form:
        return GuardianForm(*args, sends_code=False)

    @extend_schema(operation_id="sign_in_guardian", responses=SignedInSerializer)
    @opens_to(posts=STEP)
    def post(self, request: Request) -> Response:
        _child(request)
        cleaned = checked(self, request)
        try:
            child = steps.register_child(request._request, cleaned)
        except ValidationError as refusal:
            raise steps.at_guardian(refusal) from refusal
        return passed(request, child)


class WeChatCodeForm(forms.Form):
    code = forms.CharField(max_length=200, label="微信给的 code", error_messages={"required": "没有带上微信的 code。"})


class WeChat(SignInView):
    """小程序 wx.login 的 code：关联过的直接登录，否则下一步验证手机号。"""

    form_class = WeChatCodeForm

    @extend_schema(operation_id="sign_in_wechat", responses=SignedInSerializer)
    @opens_to(posts=PUBLIC)
    def post(self, request: Request) -> Response:
        person = wechat.person_of_code(request._request, checked(self, request)["code"])
        return passed(request, person) if person else answer(request, "phone")


class WeChatPhone(SignInView):
    """小程序取手机号按钮的 code：不用再等短信。"""

    form_class = WeChatCodeForm

    @extend_schema(operation_id="sign_in_wechat_phone", responses=SignedInSerializer)
    @opens_to(posts=STEP)
    def post(self, request: Request) -> Response:
        if not wechat.is_waiting(request._request):
            raise PermissionDenied("请先用微信登录。")
        person = wechat.person_of_phone_code(request._request, checked(self, request)["code"], at=timezone.now())
        return passed(request, person) if person else answer(request, "newcomer")


class Me(APIView):
    """我自己。"""

    @extend_schema(operation_id="me", responses=PersonSerializer)
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return Response(PersonSerializer(request.user).data)


class DeviceList(APIView):
    """登录着的设备，每台一个令牌。"""

    @extend_schema(operation_id="devices", responses=DeviceSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        own_key = request._request.session.session_key
        rows = devices.devices_of(request.user)
        for device in rows:
            device.is_this = device.session_key == own_key  # type: ignore[attr-defined]
        return Response(DeviceSerializer(rows, many=True).data)  # type: ignore[arg-type]  # the stubs know one row only


class DeviceSignOut(APIView):
    """让自己的一台设备退出，它的令牌马上作废。别人的设备不受影响。"""

    @extend_schema(operation_id="device_sign_out", request=None, responses={204: None})
    @opens_to(posts=SIGNED_IN)
    def post(self, request: PersonCall, device_id: int) -> Response:
        devices.sign_out_device(person=request.user, device_id=device_id, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class TicketForm(forms.Form):
    path = forms.CharField(max_length=300, label="站内地址", error_messages={"required": "要打开哪一页？"})

    def clean_path(self) -> str:
        path: str = self.cleaned_data["path"]
        if not path.startswith("/") or path.startswith(("//", "/\\")):
            raise ValidationError("应是以 / 开头的站内地址。")
        return path


class Ticket(FormView):
    """一张一分钟内有效、只能用一次的票：在网页里打开这一页时不用再登录。"""

    form_class = TicketForm

    @extend_schema(
        operation_id="ticket", responses={200: {"type": "object", "properties": {"url": {"type": "string"}}}}
    )
    @opens_to(posts=SIGNED_IN)
    def post(self, request: PersonCall) -> Response:
        path = checked(self, request)["path"]
        if request.user.is_staff and not request._request.session.get(sessions.VERIFIED):
            raise PermissionDenied("请先完成动态码验证。")
        ticket = tickets.issue(cast(PersonRequest, request._request), path=path, at=timezone.now())
        return Response({"url": tickets.address(request._request, ticket)})
