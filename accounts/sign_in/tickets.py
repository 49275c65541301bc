"""From an app into a page of the web, without signing in again: a ticket that is good once, for a minute. It makes a session
of its own, with what the app's session has proven, so that either can be ended without the other."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Ticket, User
from accounts.personal_data import blind_index
from accounts.requests import PersonRequest
from accounts.sign_in import sessions

GOOD_FOR = timedelta(minutes=1)


def issue(request: PersonRequest, *, path: str, at: datetime) -> str:
    """For whoever is signed in here. Returned once, never to be read again."""
    text = secrets.token_urlsafe(32)
    Ticket.objects.filter(good_until__lt=at).delete()
    Ticket.objects.create(
        digest=_digest(text),
        person=request.user,
        session_key=request.session.session_key or "",
        path=path,
        good_until=at + GOOD_FOR,
    )
    return text


def address(request: HttpRequest, ticket: str) -> str:
    return request.build_absolute_uri(f"{reverse('accounts:ticket')}?{urlencode({'ticket': ticket})}")


def use(request: HttpRequest, text: str, *, at: datetime) -> str | None:
    """Where it leads, signed in; None where it is none, was used, is too old, or the app has signed out since."""
    ticket = Ticket.objects.filter(digest=_digest(text)).select_related("person").first()
    if ticket is None or not Ticket.objects.filter(pk=ticket.pk).delete()[0] or ticket.good_until < at:
        return None
    of_app = SessionStore(session_key=ticket.session_key)
    person: User = ticket.person
    if not of_app.exists(ticket.session_key) or not person.may_sign_in:
        return None
    if request.user.pk != person.pk:
        sessions.sign_in(request, person, at=at)
        request.session[sessions.VERIFIED] = of_app.get(sessions.VERIFIED, False)
        request.session[sessions.SIGNED] = of_app.get(sessions.SIGNED, 0)  # a ticket is no fresh proof of who this is
    return ticket.path


def _digest(text: str) -> str:
    return blind_index(text, purpose="ticket")
