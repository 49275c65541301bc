"""What the page of a service says beyond a case, for one reader."""

from datetime import datetime
from typing import Any

from cases.engine.access import standing_of
from cases.models import Case
from cases.workflow import ASKER, HELPER
from grids.rights.jurisdiction import Visitor
from volunteers.facts import service_facts
from volunteers.models import CheckIn, HoursEntry
from volunteers.workflow import STAFF

AWAITED = {"staffed", "serving"}


def details(*, case: Case, reader: Visitor, at: datetime) -> dict[str, Any]:
    """`door_code`: for whoever was helped, while somebody may still arrive, to tell it; for the desk until then too, to
    write it down for them or post it at the door, also where nobody asked; never for those who come.

    `hours`: for the desk, who confirms what was done longer than agreed; each entry with its correction."""
    standing = standing_of(reader, case, at=at)
    if HELPER in standing:
        return {}
    is_desk, order = bool(standing & STAFF), service_facts(case).order
    asks_for_code = order.check_in_by == CheckIn.CODE
    may_tell = asks_for_code and ASKER in standing and case.state in AWAITED
    may_post = asks_for_code and is_desk and case.state in AWAITED | {"planned", "offered"}
    noted = HoursEntry.objects.filter(case=case, corrects=None).select_related("person", "correction")
    return {
        "door_code": order.door_code if may_tell or may_post else "",
        "tells_code": may_tell,
        "hours": list(noted.order_by("pk")) if is_desk else [],
        "may_correct": is_desk and getattr(reader, "is_staff", False),
    }
