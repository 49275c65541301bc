"""What the browser may load and do on our pages (OWASP ASVS 14.4)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.limiter import TooOften
from accounts.unsent import forms as kept_forms
from locks.deadlocks import MET_SOMEBODY, is_deadlock

TILES = urlsplit(settings.MAP_TILES.replace("{", "").replace("}", ""))
TILES_FROM = f" {TILES.scheme}://{TILES.netloc}" if TILES.netloc else ""
# Everything of our own pages comes from files of ours: no inline scripts or styles, no eval, no frames.
OWN_PAGES = (
    f"default-src 'self'; img-src 'self' data: blob:{TILES_FROM}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
# The admin's theme (django-unfold with Alpine.js) evaluates expressions in attributes and sets styles inline. Nothing
# wider than that: still only files of ours, no frames, no foreign forms.
ADMIN_PAGES = OWN_PAGES + "; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


class SafePages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = ADMIN_PAGES if request.path.startswith("/admin/") else OWN_PAGES
        response["Permissions-Policy"] = PERMISSIONS
        if hasattr(request, "user") and request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"  # pages of one's own do not stay on a shared computer
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """No address of ours has a NUL in it, and PostgreSQL takes none: it leads nowhere, whatever would read it."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A page that is asked for too often says so; forms say it themselves, at the form. So does one whose writer had
        to give way to somebody at the same rows (docs/reliability.md): the same again may well go through."""
        if isinstance(fault, TooOften):
            return _please_wait(request, fault.messages[0], status=429, seconds=fault.wait)
        if is_deadlock(fault):
            return _please_wait(request, MET_SOMEBODY, status=409, seconds=1)
        return None


def _please_wait(request: HttpRequest, words: str, *, status: int, seconds: int) -> HttpResponse:
    response = render(request, "zhenghe/wait.html", {"said": words, "kept": kept_forms.keep(request)}, status=status)
    response["Retry-After"] = str(seconds)
    return response
