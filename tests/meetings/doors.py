"""One object of each kind for the walk over every door (tests/test_permissions.py), all in the case's community; `owner`
booked the room."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from grids.models import PlaceFunction, PlacePhoto, Room
from meetings.defaults import load_defaults
from meetings.models import ActivityKind, Booking
from tests.meetings.conftest import a_centre, an_activity


def meeting_doors(grid: Any, owner: User, desk: User) -> dict[str, Any]:
    """Door -> its arguments, and model of the admin -> a key."""
    load_defaults()
    at = timezone.now()
    place = a_centre(grid, name="权限试用中心")
    room = Room.objects.create(place=place, name="议事厅", seats=30)
    photo = PlacePhoto(place=place, words="门口", added_at=at)
    photo.file.save("p.jpg", ContentFile(b"x"))
    booking = Booking.objects.create(
        room=room, person=owner, purpose="议事", people_count=3, from_at=at + timedelta(days=2),
        until_at=at + timedelta(days=2, hours=1), booked_at=at, key=uuid.uuid4(),
    )  # fmt: skip
    activity = an_activity(desk, None, grid, at=at, from_at=at + timedelta(days=1))
    one, photo_of = {"key": activity.key}, {"place_id": place.pk, "photo_id": photo.pk}
    own = {"key": booking.key}
    names = ("activity", "activity-calendar", "sign-up", "leave", "check-in", "activity-desk", "activity-call-off")
    doors = {name: one for name in names} | {
        "booking-cancel": own, "booking-release": own, "room-book": {"room_id": room.pk},
        "centre": {"place_id": place.pk}, "centre-desk": {"place_id": place.pk}, "centre-photo": photo_of,
        "centre-photo-drop": photo_of, "figure": {"place_id": place.pk, "which": "open"},
        "here": {"code": place.door_code},
    }  # fmt: skip
    return {
        **{f"meetings:{name}": said for name, said in doors.items()},
        "grids_place": place.pk,
        "grids_placefunction": PlaceFunction.objects.first().pk,
        "meetings_activitykind": ActivityKind.objects.first().pk,
    }
