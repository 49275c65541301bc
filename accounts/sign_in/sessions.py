"""From the first factor to a signed-in session, and what a session must do before anything else."""

from datetime import datetime

from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest

from accounts import audit
from accounts.models import Device, SecondFactor, User
from accounts.models.audit import Act
from accounts.sign_in import consents, second_factor
from web.client_address import client_address

BACKEND = "accounts.sign_in.backends.PhonePasswordBackend"
PENDING = "pending_person"
VERIFIED = "second_factor"
SEEN = "seen_at"
SIGNED = "signed_in_at"
CONSENT_DUE = "consent_due"
MINUTES_FOR_SECOND_FACTOR = 10
FRESH_MINUTES = 15
"""How long after signing in one may change what the account itself is: password, second factor, phone, its end."""


def first_factor_passed(request: HttpRequest, person: User, *, at: datetime) -> bool:
    """The password or the phone's code was right. True when this person is signed in with it; False when the second
    factor is still to be asked for (the session remembers who)."""
    if person.is_staff and SecondFactor.objects.filter(person=person).exists():
        request.session.cycle_key()
        request.session[PENDING] = {"person": person.pk, "at": at.timestamp()}
        return False
    sign_in(request, person, at=at)
    return True


def pending_person(request: HttpRequest, *, at: datetime) -> User | None:
    """Who has passed the first factor in this session, not too long ago."""
    waiting = request.session.get(PENDING)
    if not waiting or at.timestamp() - waiting["at"] > MINUTES_FOR_SECOND_FACTOR * 60:
        return None
    return User.objects.filter(pk=waiting["person"], is_active=True).first()


def second_factor_passed(request: HttpRequest, person: User, *, code: str, at: datetime) -> None:
    """Raises ValidationError at `code`."""
    second_factor.check(person=person, code=code, at=at)
    all_factors_passed(request, person, at=at)


def all_factors_passed(request: HttpRequest, person: User, *, at: datetime) -> None:
    sign_in(request, person, at=at)
    request.session[VERIFIED] = True


def sign_in(request: HttpRequest, person: User, *, at: datetime) -> None:
    login(request, person, backend=BACKEND)
    request.session.pop(PENDING, None)
    request.session[SEEN] = request.session[SIGNED] = at.timestamp()
    request.session[CONSENT_DUE] = consents.must_agree_again(person)
    request.session.save()
    address = client_address(request)
    Device.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "person": person,
            "address": address,
            "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
            "signed_in_at": at,
        },
    )
    audit.record(act=Act.SIGN_IN, at=at, by=person.pk, about=person.pk, address=address)


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether this person signed in a moment ago: an open session left behind is not enough to take an account over."""
    return bool(at.timestamp() - request.session.get(SIGNED, 0) < FRESH_MINUTES * 60)


def renew(request: HttpRequest, person: User) -> None:
    """Keep this session, now under another key, when a new password ends all the others."""
    before = request.session.session_key
    update_session_auth_hash(request, person)
    request.session.save()
    Device.objects.filter(session_key=before).update(session_key=request.session.session_key)
