"""The devices somebody is signed in on, and ending their sessions."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import audit
from accounts.models import Device, User
from accounts.models.audit import Act


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


def sign_out_everywhere(person: User, *, but: str | None = None) -> None:
    """End all sessions of a person (erased, consent withdrawn), except the one with the key `but`."""
    devices = Device.objects.filter(person=person).exclude(session_key=but or "")
    Session.objects.filter(session_key__in=devices.values("session_key")).delete()
    devices.delete()
