"""Disputes between the same two for the walk over every door (tests/house/test_permissions.py): one at each stage that has a
door of its own. The party group's leader mediates them all."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases.models import Case
from disputes.services import papers, sessions
from photos.cleaning import clean
from tests.disputes.conftest import a_signature, apply, draft, fill_in, meet, sign, take_on


def dispute_doors(town: Any, staff: dict[str, User], resident: User, neighbour: User) -> dict[str, Any]:
    """Door -> its arguments, and model of the admin -> a key."""
    leader, now = staff["group_leader"], timezone.now()

    def begun(key: str) -> Case:
        made = apply(resident, neighbour, town, key=key)
        take_on(made, leader, neighbour)
        made.refresh_from_db()
        return made

    asking, accepted, planned, met = apply(resident, neighbour, town, key="asking"), *map(begun, ("a", "p", "m"))
    begun_at = now - timedelta(hours=1)
    sessions.plan_session(
        case=planned, by=leader, at=begun_at, version=planned.version, starts_at=begun_at, place="议事亭"
    )
    meet(met, leader)
    drafted, signed = begun("d"), begun("s")
    for case in (drafted, signed):
        meet(case, leader)
        draft(case, leader, form="written")
    fill_in(signed)
    for person in (resident, neighbour):
        sign(signed, person)
    made = papers.issue(case=signed, code="agreement", by=leader, at=now, verify_url="/")
    papers.add_exhibits(case=signed, entry="evidence", photos=[clean(a_signature())], by=leader, at=now)
    number = {"number": signed.number}
    doors = {
        "talk": number,
        "party-add": {"number": asking.number},
        "session-plan": {"number": accepted.number},
        "session-record": {"number": planned.number},
        "agreement-draft": {"number": met.number},
        "pull-up": {"number": met.number},
        "sign": {"number": drafted.number},
        "papers": number,
        "party": {**number, "party_id": signed.dispute.parties.get(person=resident).pk},
        **{name: {**number, "code": "agreement"} for name in ("paper-issue", "paper-pdf", "paper-docx")},
        "paper-issued": {**number, "serial": made.number},
        "file": number,
        "exhibit": {**number, "token": signed.dispute.exhibits.get().token},
    }
    return {
        **{f"disputes:{name}": arguments for name, arguments in doors.items()},
        "api:dispute-talk": number,
        "disputes_dispute": signed.pk,
    }
