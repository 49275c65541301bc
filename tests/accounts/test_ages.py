"""Who is of age, by the day of birth alone: the eighteenth birthday counts, in our time zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Purpose, User
from accounts.models.ages import birth_date_in, is_child, is_minor, is_minor_by_year
from accounts.services import note_birth_date
from accounts.sign_in import consents
from tests.support.cast import MONDAY, ZONE, whole_database
from tests.support.pages import ERROR, inside
from tests.support.senders import shown_code

NOON = {"hour": 12, "tzinfo": ZONE}


@pytest.mark.parametrize(
    ("born", "at", "is_one"),
    [
        (date(2008, 11, 23), datetime(2026, 11, 23, **NOON), False),  # today minus 18 years
        (date(2008, 11, 22), datetime(2026, 11, 23, **NOON), False),  # the day before
        (date(2008, 11, 24), datetime(2026, 11, 23, **NOON), True),  # the day after
        (date(2008, 2, 29), datetime(2026, 2, 27, **NOON), True),
        (date(2008, 2, 29), datetime(2026, 2, 28, **NOON), False),  # no 29 February: the last of the month
        (date(2010, 2, 28), datetime(2028, 2, 28, **NOON), False),
        (date(2012, 2, 29), datetime(2030, 3, 1, **NOON), False),
        (date(2008, 11, 23), datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), True),  # 23:59:59 of the 22nd here
        (date(2008, 11, 23), datetime(2026, 11, 22, 16, 0, tzinfo=UTC), False),  # the 23rd has begun
        (date(2008, 11, 24), datetime(2026, 11, 23, 23, 59, tzinfo=ZONE), True),
        (date(2008, 11, 24), datetime(2026, 11, 24, 0, 0, tzinfo=ZONE), False),
        (date(2008, 12, 31), datetime(2026, 12, 31, 0, 0, tzinfo=ZONE), False),
        (date(2026, 11, 23), datetime(2026, 11, 23, **NOON), True),
    ],
)
def test_a_minor_until_the_eighteenth_birthday(born, at, is_one):
    assert is_minor(born, at) is is_one


@pytest.mark.parametrize(("years", "days", "is_one"), [(14, 0, False), (14, 1, True), (14, -1, False), (13, 0, True)])
def test_a_child_until_the_fourteenth(years, days, is_one):
    today = timezone.localdate(MONDAY)
    assert is_child(today.replace(year=today.year - years) + timedelta(days=days), MONDAY) is is_one


@pytest.mark.parametrize(("year", "is_one"), [(2007, False), (2008, None), (2009, True)])
def test_a_year_alone_decides_but_for_one(year, is_one):
    assert is_minor_by_year(year, MONDAY) is is_one


def test_a_number_holds_a_day_of_birth():
    assert birth_date_in("11010519491231002X") == date(1949, 12, 31)


def test_a_day_of_birth_stands_sealed_in_the_database(resident):
    note_birth_date(person=resident, birth_date=date(2012, 3, 4), at=timezone.now())
    assert "2012-03-04" not in whole_database()
    resident.refresh_from_db()
    assert resident.birth_date == date(2012, 3, 4)


def test_a_day_of_birth_is_written_once(resident):
    born = date(2010, 1, 2)
    note_birth_date(person=resident, birth_date=born, at=MONDAY)
    note_birth_date(person=resident, birth_date=born, at=MONDAY)
    for other, words in (
        (date(2010, 1, 3), "已登记的出生日期不同"),
        (date(2027, 1, 1), "不对"),
        (date(1899, 1, 1), "不对"),
    ):
        with pytest.raises(ValidationError, match=words):
            note_birth_date(person=resident, birth_date=other, at=MONDAY)
    assert User.objects.get(pk=resident.pk).birth_date == born


def first_time(client, **posted: str):
    client.post("/sign-in/", {"phone": "13900001000"})
    client.post("/sign-in/code/", {"code": shown_code(client)})
    return client.post("/sign-in/first-time/", {"name": "小明", "has_agreed": "on", **posted})


def years_ago(years: int) -> str:
    today = timezone.localdate()
    return f"{today.year - years}-01-01"


@pytest.mark.parametrize(
    ("posted", "refused"),
    [
        ({"is_child": "on"}, "请填写出生日期"),
        ({"is_child": "on", "birth_date": years_ago(20)}, "按出生日期已满 14 周岁"),
        ({"birth_date": "2199-01-01"}, "出生日期不对"),
        ({"birth_date": "去年"}, "请写成 2026-11-23"),
    ],
)
def test_a_tick_that_the_day_of_birth_denies_is_refused_at_its_field(client, db, posted, refused):
    assert refused in inside(first_time(client, **posted), ERROR)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("posted", "asks_guardian"),
    [
        ({"birth_date": years_ago(10)}, True),  # not ticked, and a child all the same
        ({"birth_date": years_ago(16)}, False),
        ({}, False),
    ],
)
def test_the_day_of_birth_says_whether_a_guardian_is_asked(client, db, posted, asks_guardian):
    answer = first_time(client, **posted)
    assert answer.status_code == 302
    assert (answer["Location"] == "/sign-in/guardian/") is asks_guardian
    assert User.objects.exists() is not asks_guardian


def test_whoever_was_a_child_agrees_alone_from_the_fourteenth_birthday_on(resident):
    User.objects.filter(pk=resident.pk).update(birth_date=date(2012, 11, 24))
    resident.refresh_from_db()
    with pytest.raises(ValidationError, match="由监护人同意"):
        consents.agree(person=resident, purpose=Purpose.SENSITIVE, at=MONDAY)
    consents.agree(person=resident, purpose=Purpose.SENSITIVE, at=MONDAY + timedelta(days=1))
    assert consents.agreed(resident, Purpose.SENSITIVE)
