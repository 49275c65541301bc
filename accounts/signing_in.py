"""From the first factor to a signed-in session, and what a session must do before anything else."""

from datetime import datetime

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit, consents, second_factor
from accounts.address import client_address
from accounts.models import Device, SecondFactor, User
from accounts.models.audit import Act

BACKEND = "accounts.backends.PhonePasswordBackend"
PENDING = "pending_person"
VERIFIED = "second_factor"
SEEN = "seen_at"
CONSENT_DUE = "consent_due"
MINUTES_FOR_SECOND_FACTOR = 10


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
    sign_in(request, person, at=at)
    request.session[VERIFIED] = True


def sign_in(request: HttpRequest, person: User, *, at: datetime) -> None:
    login(request, person, backend=BACKEND)
    request.session.pop(PENDING, None)
    request.session[SEEN] = at.timestamp()
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


def devices_of(person: User) -> list[Device]:
    """Devices on which this person is signed in now, newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(Device.objects.filter(person=person, session_key__in=alive).order_by("-signed_in_at"))


def is_known_device(person: User, *, agent: str, but: str | None) -> bool:
    """Whether this person has signed in with such a browser before; their very first one counts as known."""
    earlier = Device.objects.filter(person=person).exclude(session_key=but or "")
    return not earlier.exists() or earlier.filter(agent=agent[:200]).exists()


def sign_out_device(*, person: User, device_id: int, at: datetime) -> None:
    """End one of the person's own sessions, at once. Somebody else's device is not touched."""
    for device in Device.objects.filter(person=person, pk=device_id):
        Session.objects.filter(session_key=device.session_key).delete()
        device.delete()
        audit.record(act=Act.SIGN_OUT, at=at, by=person.pk, about=person.pk, address=device.address)


def sign_out_everywhere(person: User) -> None:
    """End all sessions of a person (erased, switched off)."""
    keys = Device.objects.filter(person=person).values("session_key")
    Session.objects.filter(session_key__in=keys).delete()
    Device.objects.filter(person=person).delete()
