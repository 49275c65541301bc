"""Which door one signs in by, and where one goes from it."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.sign_in import sessions as signing_in
from accounts.sign_in.browser import Browser

CODE_DOOR, PASSWORD_DOOR = "accounts:sign-in", "accounts:sign-in-password"
DOORS = (CODE_DOOR, PASSWORD_DOOR, "admin:login")
DUTIES = ("accounts:password", "accounts:second-factor-set-up", "accounts:agree-again")
"""What a signed-in person may have to do before anything else (accounts/middleware.py)."""


def door_for(person: User) -> str:
    """Staff sign in by password and second factor, residents by a code; so does who has to choose a password first."""
    return PASSWORD_DOOR if person.has_usable_password() else CODE_DOOR


def door_of(browser: Browser) -> str:
    """For whoever signed in on this browser last."""
    return PASSWORD_DOOR if browser.by_password else CODE_DOOR


def to_door(door: str, next_page: str) -> str:
    return f"{reverse(door)}?{urlencode({'next': next_page})}"


def leads_to_a_door(response: HttpResponse) -> bool:
    """Whether this answer sends the person to sign in, or to what must be done first."""
    path = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and path in {reverse(name) for name in (*DOORS, *DUTIES)}


def is_signing_in(request: HttpRequest) -> bool:
    """Whether this is a step of signing in itself, which sends people back and on as it likes."""
    return request.path.startswith(reverse(CODE_DOOR))


def page_of_ours(request: HttpRequest, target: str) -> str:
    """Where somebody asks to be sent on to: never to a foreign site, and always an address, not the name of one."""
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()})
    return target if is_ours else "/"


def next_page(request: HttpRequest) -> str:
    """Where to go after signing in."""
    return page_of_ours(request, request.GET.get("next", ""))


def with_next(request: HttpRequest, name: str) -> str:
    return _with(name, request.GET.get("next", ""))


def _with(name: str, target: str) -> str:
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")


def go_on(request: HttpRequest, person: User, *, target: str = "") -> HttpResponse:
    """After the first factor: in, or to the second; then to `target`, or to what the address says is next."""
    target = target or next_page(request)
    if not signing_in.first_factor_passed(request, person, at=timezone.now()):
        return redirect(_with("accounts:second-factor", "" if target == "/" else target))
    return redirect(target)
