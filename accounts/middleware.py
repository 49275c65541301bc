"""What every request meets first: whose browser it is; a form that could not be taken, kept and given back; the end of a
session left idle or grown old, a password that must be chosen, a second factor that must be set up, a new wording to
agree to. Costs no query where nothing is kept."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import browser, passwords
from accounts.sign_in import ways as doors
from accounts.sign_in.sessions import CONSENT_DUE, SEEN, SIGNED, VERIFIED
from accounts.unsent import forms as kept_forms
from accounts.views import unsent
from web.read_once import one_page

TOUCH_SECONDS = 60
"""A session is written again when it was last touched so long ago."""
FREE = ("accounts:sign-out", "accounts:privacy", "large-print")


class AskedOnce:
    """Looking at a page, each question is put to the database once (web/read_once.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_page():
            return self.get_response(request)


class KnownBrowser:
    """Notes who is signed in on this browser, in its own cookie (accounts/sign_in/browser.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._note(request)
        response = self.get_response(request)
        self._note(request)  # they may have signed in just now
        browser.write(request, response)
        return response

    def _note(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            browser.note(request, person=request.user.pk, by_password=request.user.has_usable_password())


class KeptForms:
    """Keeps a form that was refused (accounts/unsent/forms.py), and puts it back into the page it stood on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if doors.leads_to_a_door(response) and not doors.is_signing_in(request):
            return self._to_door(request, response)
        if request.method == "POST":
            unsent.end(request, response)
        return unsent.give_back(request, response)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """After the token was looked at, and whether the session goes on."""
        if request.method == "POST":
            unsent.begin(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:
        """Something broke, or the person was too quick: the page that says so knows that the words are kept. What was
        refused on purpose is no fault."""
        if not isinstance(fault, (Http404, PermissionDenied, SuspiciousOperation)):
            kept_forms.keep(request)

    def _to_door(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """To the door of whoever was on this browser; from a form, back to the page it stood on."""
        target = urlsplit(response.headers["Location"])
        if target.path in {reverse(name) for name in doors.DUTIES}:
            unsent.say_kept(request)
            return response
        is_by_password = browser.browser_of(request).by_password or target.path != reverse(doors.CODE_DOOR)
        door = doors.PASSWORD_DOOR if is_by_password else doors.CODE_DOOR
        if request.method != "POST":
            return redirect(f"{reverse(door)}?{target.query}" if target.query else reverse(door))
        unsent.say_kept(request)
        return redirect(doors.to_door(door, kept_forms.page_of(request)))


class SignInDuties:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            if reason := self._why_over(request, now):
                door = doors.door_for(request.user)
                logout(request)
                messages.warning(request, reason)
                return self._send(request, doors.to_door(door, request.get_full_path()))
            if now - request.session.get(SEEN, 0) > TOUCH_SECONDS:
                request.session[SEEN] = now
            duty = self._duty(request, request.user)
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

    def _duty(self, request: HttpRequest, person: User) -> str | None:
        """The name of the page this person must go through before any other."""
        if passwords.is_due(person, at=timezone.now()):
            return "accounts:password"
        if person.is_staff and not request.session.get(VERIFIED):
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
