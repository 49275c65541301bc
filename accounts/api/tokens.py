"""`Authorization: Bearer <token>`: the session of an app that keeps no cookies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

API = "/api/"


class BearerSession:
    """Stands before Django's sessions, and hands the token over as the cookie of a browser. What comes with one came from no
    foreign page, which could not have known it: such a request needs no CSRF token (zhenghe/api.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if request.path_info.startswith(API) and scheme.lower() == "bearer":
            request.COOKIES[settings.SESSION_COOKIE_NAME] = token.strip()
            request.has_token = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        if has_token(request):
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


def has_token(request: HttpRequest) -> bool:
    """Whether whoever asks keeps a token and no cookie."""
    return getattr(request, "has_token", False)
