"""One object of each kind for the walk over every door (tests/house/test_permissions.py), all in the case's community; `owner`
booked the room and is invited to the conference."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from grids.models import Level, PlaceFunction, PlacePhoto, Room, UnitKind
from grids.units.services import pair, register_unit
from meetings.conferences import services as conferences
from meetings.defaults import load_defaults
from meetings.models import ActivityKind, Booking
from tests.meetings.conftest import a_centre, an_activity
from tests.meetings.council import a_conference, a_talk, resolved


def meeting_doors(grid: Any, owner: User, desk: User) -> dict[str, Any]:
    """Door -> its arguments, and model of the admin -> a key."""
    load_defaults()
    at = timezone.now()
    place = a_centre(grid, name="权限试用中心")
    room = Room.objects.create(place=place, name="议事厅", seats=30)
    photo = PlacePhoto(place=place, words="门口", added_at=at)
    photo.file.save("p.jpg", ContentFile(b"x"))
    booking = Booking.objects.create(
        room=room,
        person=owner,
        purpose="议事",
        people_count=3,
        from_at=at + timedelta(days=2),
        until_at=at + timedelta(days=2, hours=1),
        booked_at=at,
        key=uuid.uuid4(),
    )
    activity = an_activity(desk, None, grid, at=at, from_at=at + timedelta(days=1))
    of_activity, photo_of = {"key": activity.key}, {"place_id": place.pk, "photo_id": photo.pk}
    own = {"key": booking.key}
    names = ("activity", "activity-calendar", "sign-up", "leave", "check-in", "activity-desk", "activity-call-off")
    doors = {name: of_activity for name in names} | {
        "booking-cancel": own, "booking-release": own, "room-book": {"room_id": room.pk},
        "centre": {"place_id": place.pk}, "centre-desk": {"place_id": place.pk}, "centre-photo": photo_of,
        "centre-photo-drop": photo_of,
        "here": {"code": place.door_code},
    }  # fmt: skip
    doors |= _council_doors(grid, owner, desk, at)
    acts = ("activity", "activity-sign-up", "activity-leave", "activity-check-in")
    return {
        **{f"api:{name}": of_activity for name in acts},
        **{f"api:{name}": doors["conference"] for name in ("conference", "conference-answer")},
        "api:tea-talk": doors["tea-talk"],
        "api:centre": {"place_id": place.pk},
        "api:booking-cancel": own,
        "api:room-bookings": {"room_id": room.pk},
        **{f"meetings:{name}": arguments for name, arguments in doors.items()},
        "dashboards:centre-opened": {"place_id": place.pk},
        "dashboards:centres-behind": {"measure": "visits"},
        "grids_place": place.pk,
        "grids_placefunction": PlaceFunction.objects.first().pk,
        "meetings_activitykind": ActivityKind.objects.first().pk,
    }


def _council_doors(grid: Any, owner: User, desk: User, at: datetime) -> dict[str, Any]:
    """A conference at which a resolution of an earlier one comes up, and a talk in the lowest grid."""
    earlier = a_conference(desk, grid, at=at - timedelta(hours=5), from_at=at - timedelta(hours=3))
    conferences.invite_resident(conference=earlier, person=owner, by=desk, at=at - timedelta(hours=4))
    resolution = resolved(earlier, desk, desk, at=at - timedelta(hours=2))
    conference = a_conference(desk, grid, at=at - timedelta(hours=2), from_at=at - timedelta(hours=1), title="推进会")
    before = {"conference": conference, "by": desk, "at": at - timedelta(hours=2)}
    unit = register_unit(name="权限试用单位", kind=UnitKind.OFFICE)
    pair(unit=unit, grid=grid, at=at - timedelta(hours=3))
    asked = conferences.invite_unit(unit=unit, **before)
    conferences.invite_resident(person=owner, **before)
    lowest = grid.get_descendants().filter(level=Level.HOUSEHOLD).order_by("lft").first()
    talk = a_talk(desk, lowest, None, where="楼下", at=at)
    key = {"key": conference.key}
    pages = ("desk", "invite", "call-off", "attendance", "resolve", "close", "minutes", "calendar")
    return {
        "conference": key,
        **{f"conference-{name}": key for name in pages},
        "conference-invitation": {**key, "invitation_id": asked.pk},
        "conference-review": {**key, "resolution_id": resolution.pk},
        "tea-talk": {"key": talk.key},
    }
