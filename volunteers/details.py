"""What the page of a service says beyond a case, for one reader."""

from datetime import datetime
from typing import Any

from cases.access import standing_of
from cases.models import Case
from cases.workflow import ASKER, HELPER
from grids.jurisdiction import Visitor
from volunteers.models import CheckIn
from volunteers.workflow import STAFF

AWAITED = {"staffed", "serving"}


def details(*, case: Case, reader: Visitor, at: datetime) -> dict[str, Any]:
    """`door_code`: for whoever was helped, while somebody may still arrive, to tell it; for the desk until then too, to
    write it down for them or post it at the door, also where nobody asked; never for those who come."""
    standing = standing_of(reader, case, at=at)
    if case.service.check_in_by != CheckIn.CODE or HELPER in standing:
        return {}
    may_tell = ASKER in standing and case.state in AWAITED
    may_post = bool(standing & STAFF) and case.state in AWAITED | {"planned", "offered"}
    return {
        "door_code": case.service.door_code if may_tell or may_post else "",
        "tells_code": may_tell,
    }
