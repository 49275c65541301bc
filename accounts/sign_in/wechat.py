"""Signing in by WeChat. WeChat says which openid is there; who that is we know from before, or learn by their phone."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import limiter
from accounts.models import User, WeChatAccount
from accounts.models.wechat_account import wechat_index
from accounts.personal_data import seal, unseal
from accounts.sign_in import steps
from gateways.faults import Down, Refused
from gateways.wechat import client
from gateways.wechat.client import WeChat
from web.client_address import client_address

WAITING = "wechat_openid"
"""In a session: who is there by WeChat, until a phone says who that is."""
STATE = "wechat_state"
"""In a session: what WeChat has to bring back, so that nobody is linked by a link of somebody else's."""


def person_of_code(request: HttpRequest, code: str) -> User | None:
    """Of wx.login; None for an openid that nobody has linked yet: it waits for the phone.

    Raises ValidationError at `code`."""
    limiter.check("code", address=client_address(request), at=timezone.now())
    mini = _mini_program()
    try:
        session = mini.session(code)
    except Refused as refusal:
        raise ValidationError({"code": "微信登录没有成功，请关掉小程序重新打开再试。"}) from refusal
    except Down as fault:
        raise ValidationError({"code": "微信暂时没有回应，请过一会儿再试，或用短信验证码登录。"}) from fault
    linked = WeChatAccount.objects.with_openid(mini.app_id, session.openid) or _by_union(session.unionid)
    if linked is not None and linked.person.may_sign_in:
        person: User = linked.person
        _remember(request, session.openid, session.unionid)
        return person
    _remember(request, session.openid, session.unionid)
    return None


def is_waiting(request: HttpRequest) -> bool:
    return bool(request.session.get(WAITING))


def person_of_phone_code(request: HttpRequest, code: str, *, at: datetime) -> User | None:
    """Of the button getPhoneNumber; None for a phone that nobody has yet, whose owner may now say who they are.

    Raises ValidationError at `code`."""
    mini = _mini_program()
    try:
        phone = mini.phone(code)
    except Refused as refusal:
        raise ValidationError({"code": "没有取到手机号，请再点一次，或用短信验证码登录。"}) from refusal
    except Down as fault:
        raise ValidationError({"code": "微信暂时没有回应，请过一会儿再试，或用短信验证码登录。"}) from fault
    try:
        person = User.objects.with_phone(phone)
    except ValidationError as refusal:
        raise ValidationError({"code": "这里只能用内地的手机号。请换一个号码，或到社区服务窗口办理。"}) from refusal
    if person is None:
        steps.welcome(request, phone, at=at)
    elif not person.may_sign_in:
        raise ValidationError({"code": "这个账号已停用，请联系社区。"})
    return person


def to_official_account(request: HttpRequest, *, back_to: str) -> str | None:
    """Where WeChat says who is there for the 公众号; None where the county has none."""
    account = client.official_account()
    if account is None:
        return None
    request.session[STATE] = secrets.token_urlsafe(16)
    return account.sign_in_address(back_to=back_to, state=request.session[STATE])


def link_follower(request: HttpRequest, person: User, *, code: str, state: str, at: datetime) -> None:
    """WeChat has brought this person back: from now on they can be told by the 公众号.

    Raises ValidationError: not begun here, refused, or a guest whom WeChat shows a snapshot of the page."""
    account, begun = client.official_account(), request.session.pop(STATE, "")
    if account is None or not begun or not constant_time_compare(begun, state):
        raise ValidationError("请从消息设置重新开始。")
    try:
        visitor = account.visitor(code)
    except (Refused, Down) as fault:
        raise ValidationError("微信没有认出您，请再试一次。") from fault
    if visitor.is_guest:
        raise ValidationError("请在微信里点右下角“使用完整服务”，再试一次。")
    _link(person, account.app_id, visitor.openid, visitor.unionid, at)


def link_waiting(request: HttpRequest, person: User, *, at: datetime) -> None:
    """Whoever is there by WeChat is this person from now on: they have proven it."""
    if not is_waiting(request):
        return
    openid, _, unionid = unseal(request.session.pop(WAITING)).partition(" ")
    _link(person, settings.WECHAT_MINI_ID, openid, unionid, at)


def _link(person: User, app_id: str, openid: str, unionid: str, at: datetime) -> None:
    linked = {
        "person": person, "openid": openid, "unionid_index": wechat_index(unionid), "linked_at": at,
    }  # fmt: skip
    WeChatAccount.objects.update_or_create(app_id=app_id, openid_index=wechat_index(openid), defaults=linked)


def _remember(request: HttpRequest, openid: str, unionid: str) -> None:
    request.session[WAITING] = seal(f"{openid} {unionid}")


def _by_union(unionid: str) -> WeChatAccount | None:
    return WeChatAccount.objects.filter(unionid_index=wechat_index(unionid)).first() if unionid else None


def _mini_program() -> WeChat:
    mini = client.mini_program()
    if mini is None:
        raise ValidationError({"code": "这里没有开通微信登录，请用短信验证码登录。"})
    return mini
