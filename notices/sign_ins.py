"""A sign-in on a browser never seen before is told to the person, in case it was not them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.sign_in.devices import is_known_device
from notices.services import News, notify
from web.client_address import client_address


def tell_of_new_device(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Receives Django's own `user_logged_in`."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    if is_known_device(user, agent=agent, but=request.session.session_key):
        return
    at = timezone.localtime()
    when = {"when": f"{at:%m月%d日 %H:%M}", "when_at": at.isoformat()}
    told = News(
        kind="account.new_device",
        people=[user],
        path="/devices/",
        cause=f"sign-in:{request.session.session_key}",
        at=at,
        facts={**when, "address": client_address(request) or "未知地址"},
    )
    notify(told)
