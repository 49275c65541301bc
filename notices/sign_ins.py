"""A sign-in on a browser never seen before is told to the person, in case it was not them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.address import client_address
from accounts.devices import is_known_device
from accounts.models import User
from notices.services import notify


def tell_of_new_device(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Receives Django's own `user_logged_in`."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    if is_known_device(user, agent=agent, but=request.session.session_key):
        return
    at = timezone.localtime()
    notify(
        people=[user],
        words=f"{at:%m月%d日 %H:%M} 您的账号在一台新设备上登录（{client_address(request) or '未知地址'}）。不是您？请让它退出并修改密码。",
        path="/devices/",
        key=f"sign-in:{request.session.session_key}",
        at=at,
    )
