"""What every signed-in request meets first: the end of a session left idle or grown old, a password that must be chosen,
a second factor that must be set up, a new wording to agree to. Costs no query."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import passwords
from accounts.signing_in import CONSENT_DUE, SEEN, SIGNED, VERIFIED

TOUCH_SECONDS = 60
"""A session is written again when it was last touched so long ago."""
FREE = ("accounts:sign-out", "accounts:privacy", "large-print")


class SignInDuties:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            if said := self._why_over(request, now):
                logout(request)
                messages.warning(request, said)
                return self._send(request, f"{reverse('accounts:sign-in')}?{urlencode({'next': request.path})}")
            if now - request.session.get(SEEN, 0) > TOUCH_SECONDS:
                request.session[SEEN] = now
            duty = self._duty(request)
            if duty is not None and not _is_free(request, duty):
                return self._send(request, reverse(duty))
        return self.get_response(request)

    def _why_over(self, request: HttpRequest, now: float) -> str:
        """Why this session has ended (ASVS 3.3.2); "" while it goes on."""
        is_staff = request.user.is_staff
        idle = settings.IDLE_MINUTES if is_staff else settings.IDLE_MINUTES_RESIDENT
        hours = settings.SESSION_HOURS if is_staff else settings.SESSION_HOURS_RESIDENT
        if now - request.session.get(SEEN, now) > idle * 60:
            return "您离开了一会儿，为了安全已退出，请重新登录。"
        if now - request.session.get(SIGNED, now) > hours * 3600:
            return "登录已久，为了安全请重新登录。"
        return ""

    def _duty(self, request: HttpRequest) -> str | None:
        """The name of the page this person must go through before any other."""
        if passwords.is_due(request.user, at=timezone.now()):
            return "accounts:password"
        if request.user.is_staff and not request.session.get(VERIFIED):
            return "accounts:second-factor-set-up"
        if request.session.get(CONSENT_DUE):
            return "accounts:agree-again"
        return None

    def _send(self, request: HttpRequest, target: str) -> HttpResponse:
        if request.path.startswith("/api/"):
            raise PermissionDenied("请先在网页上完成登录。")
        return redirect(target)


def _is_free(request: HttpRequest, duty: str) -> bool:
    free = {reverse(name) for name in (duty, *FREE)}
    if duty == "accounts:agree-again":  # whoever is asked to agree may also leave
        free |= {reverse("accounts:consent", args=["notice"]), reverse("accounts:erase")}
    return request.path in free
