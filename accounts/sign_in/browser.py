"""The browser a request comes from, known again by a sealed cookie: who signed in on it last, by which door, and whether
something they could not send is kept for them. It opens nothing by itself."""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.models.user import phone_index
from accounts.personal_data import blind_index, seal, unseal

KEPT_FOR = timedelta(days=180)
ASKER = "asker"


@dataclass(frozen=True)
class Browser:
    key: str
    """Random, this browser's own."""
    person: int | None = None
    """Who signed in on it last; stays when they sign out."""
    by_password: bool = False
    """They sign in by password; forgotten when they sign out, for the next one may not."""
    has_unsent: bool = False

    @property
    def digest(self) -> str:
        """What rows name it by: whoever reads the database cannot make its cookie."""
        return blind_index(self.key, purpose="browser")


def browser_of(request: HttpRequest) -> Browser:
    known: Browser | None = getattr(request, "_browser", None)
    if known is None:
        known = _read(request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")) or Browser(secrets.token_urlsafe(16))
        request._browser = known  # type: ignore[attr-defined]
    return known


def _read(cookie: str) -> Browser | None:
    try:
        return Browser(**json.loads(unseal(cookie))) if cookie else None
    except (InvalidToken, ValueError, TypeError):  # forged, of an old key, or of another make
        return None


def note(request: HttpRequest, **changes: Any) -> None:
    """Remember this of the browser; `write` puts it into the answer."""
    before = browser_of(request)
    after = replace(before, **changes)
    if after != before:
        request._browser = after  # type: ignore[attr-defined]
        request._browser_changed = True  # type: ignore[attr-defined]


def write(request: HttpRequest, response: HttpResponse) -> None:
    if getattr(request, "_browser_changed", False):
        response.set_cookie(
            settings.BROWSER_COOKIE_NAME,
            seal(json.dumps(asdict(browser_of(request)))),
            max_age=KEPT_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def is_own(request: HttpRequest, phone: str) -> bool:
    """Whether the owner of this phone signed in on this browser last."""
    person = browser_of(request).person
    try:
        return person is not None and User.objects.filter(pk=person, phone_index=phone_index(phone)).exists()
    except ValidationError:
        return False


def asker(request: HttpRequest, purpose: str) -> str:
    """What a code by SMS is bound to: this visit of this browser, and what the code is asked for."""
    if ASKER not in request.session:
        request.session[ASKER] = secrets.token_urlsafe(16)
    return f"{purpose}:{request.session[ASKER]}"
