"""A conference of 宜和社区 with a unit, the police and a resident, and what is done with it; a talk over tea."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from grids.models import Grid, Place, PlaceKind, Unit, UnitKind
from grids.places.services import open_place
from grids.posts.services import appoint
from grids.units.services import pair, register_unit
from meetings.conferences import proceedings
from meetings.conferences import services as conferences
from meetings.models import Conference, Invitation, Resolution, TeaTalk
from meetings.tea_talks import services as tea_talks
from tests.meetings.conftest import CENTRE, TUESDAY
from tests.support.cast import MONDAY, Town, post_of

OPENS = TUESDAY + timedelta(hours=6)  # 15:00
DURING = OPENS + timedelta(minutes=40)
NEXT = OPENS + timedelta(days=14)
FRIDAY = date(2026, 11, 27)


def refused(field: str, words: str) -> Any:
    """The message, at the field (at none for "")."""

    def fits(refusal: ValidationError) -> bool:
        if not field:
            return not hasattr(refusal, "error_dict")
        return list(getattr(refusal, "error_dict", {})) == [field]

    return pytest.raises(ValidationError, match=words, check=fits)


def a_conference(by: User, grid: Grid, *, at: Any = MONDAY, from_at: Any = OPENS, **more: Any) -> Conference:
    return conferences.call(
        title=more.pop("title", "防汛联席会议"),
        grid=grid,
        agenda=more.pop("agenda", ["低洼楼栋怎么排查", "物资谁来备"]),
        from_at=from_at,
        until_at=more.pop("until_at", from_at + timedelta(hours=2)),
        by=by,
        at=at,
        where=more.pop("where", "三楼会议室"),
        **more,
    )


@pytest.fixture
def unit(town: Town) -> Unit:
    made = register_unit(name="县水利局", kind=UnitKind.OFFICE)
    pair(unit=made, grid=town.community, at=MONDAY)
    return made


@pytest.fixture
def officer(town: Town) -> User:
    person = User.objects.create_user(phone="13700000001", name="郭民警")
    appoint(person=person, role="police_officer", grid=town.community, from_at=MONDAY - timedelta(days=9))
    return person


@pytest.fixture
def conference(defaults: None, secretary: User, town: Town) -> Conference:
    """Called by 陈国华, the secretary, who leads it."""
    return a_conference(secretary, town.community)


@pytest.fixture
def invited(conference: Conference, secretary: User, resident: User, officer: User, unit: Unit) -> list[Invitation]:
    """The unit (nobody named yet), the police, 王秀英 for the residents."""
    who: dict[str, Any] = {"conference": conference, "by": secretary, "at": MONDAY}
    return [
        conferences.invite_unit(unit=unit, **who),
        conferences.invite_post(post=post_of(officer), **who),
        conferences.invite_resident(person=resident, **who),
    ]


def resolved(conference: Conference, by: User, holder: User, *, at: Any = DURING, **more: Any) -> Resolution:
    return proceedings.resolve(
        conference=conference,
        words=more.pop("words", "备足沙袋与排水泵"),
        post=post_of(holder),
        by_date=more.pop("by_date", FRIDAY),
        by=by,
        at=at,
        **more,
    )


def attended(conference: Conference, by: User, *, at: Any = DURING) -> None:
    came = dict.fromkeys(conference.invitations.values_list("pk", flat=True), "")
    proceedings.take_attendance(conference=conference, came=came, by=by, at=at)


def the_next(secretary: User, town: Town, unit: Unit, *, at: Any = DURING) -> Conference:
    """A fortnight later, the unit invited."""
    made = a_conference(secretary, town.community, at=at, from_at=NEXT, title="第二次防汛联席会议")
    conferences.invite_unit(conference=made, unit=unit, by=secretary, at=at)
    return made


@pytest.fixture
def tea_table(town: Town) -> Place:
    return open_place(
        name="宜和社区议事点",
        kind=PlaceKind.TEA_TABLE,
        grid=town.community,
        point=CENTRE,
        opened_date=date(2026, 1, 1),
        address="党群服务中心旁",
    )


def a_talk(by: User, grid: Grid, place: Place | None, *, at: Any = MONDAY, **more: Any) -> TeaTalk:
    return tea_talks.record(
        key=more.pop("key", uuid.uuid4()),
        grid=grid,
        place=place,
        held_at=more.pop("held_at", at - timedelta(hours=1)),
        people_count=more.pop("people_count", 5),
        subject=more.pop("subject", "楼道堆放电动车"),
        outcome=more.pop("outcome", "agreed"),
        by=by,
        at=at,
        **more,
    )
