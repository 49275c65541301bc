"""Experts of the panel and their bookings, for the tests of this room."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from cases.models import Case
from disputes.models import Expert, ExpertField, Slot
from disputes.services import booking, panel
from grids.models import Grid
from tests.cast import MONDAY, Town

TERM_FROM = MONDAY - timedelta(days=300)
THURSDAY = MONDAY + timedelta(days=3)


def enlisted(
    name: str, serial: int, town: Town, *, field: str = "房屋租赁", kind: str = "lawyer", **more: Any
) -> Expert:
    person = User.objects.create_user(phone=f"1380014{serial:04d}", name=name, password="Test-password-1")
    said = {
        "grid": town.street, "from_at": TERM_FROM, "until_at": MONDAY + timedelta(days=300),
        "communities": [town.community], "by": None, "at": TERM_FROM,
    }  # fmt: skip
    fields = [ExpertField.objects.get(name=field)]
    return panel.enlist(person=person, kind=kind, fields=fields, **{**said, **more})


def slot_of(
    expert: Expert, from_at: datetime = THURSDAY, *, at: datetime = MONDAY, hours: int = 1, place: str = ""
) -> Slot:
    until_at = from_at + timedelta(hours=hours)
    return panel.open_slot(expert=expert, from_at=from_at, until_at=until_at, place=place, at=at)


def booked(
    slot: Slot, resident: User, community: Grid, *, key: str = "key", at: datetime = MONDAY, **more: Any
) -> Case:
    field = more.pop("field", None) or slot.expert.fields.first()
    matter = more.pop("matter", "房东不退押金怎么办")
    return booking.book(
        resident=resident, slot=slot, field=field, community=community, matter=matter, submit_key=key, at=at
    )
