"""Rooms: kept, refused at the field, given back; two never overlap."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from grids.models import OpeningException, Room
from meetings.centres import rooms
from meetings.models import Booking
from notices.models import Notice
from tests.meetings.conftest import TUESDAY, an_activity
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import CARD, inside, value, words


def keep(room, person, *, from_at=TUESDAY, hours=2, **more):
    until_at = more.pop("until_at", from_at + timedelta(hours=hours))
    booking = {"purpose": "楼栋议事", "people_count": 12, "key": uuid.uuid4(), "at": MONDAY, **more}
    return rooms.book(room=room, person=person, from_at=from_at, until_at=until_at, **booking)


def test_a_room_is_kept_and_the_same_form_twice_is_one_booking(room, resident):
    key = uuid.uuid4()
    first = keep(room, resident, key=key)
    assert keep(room, resident, key=key) == first
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"purpose": " "}, "purpose", "用来做什么"),
        ({"people_count": 31}, "people_count", "能坐 30 人"),
        ({"people_count": 0}, "people_count", "能坐 30 人"),
        ({"hours": 0}, "until_at", "在开始之后"),
        ({"hours": 4}, "until_at", "最多用 3 小时"),
        ({"from_at": MONDAY - timedelta(hours=1)}, "from_at", "已经过去"),
        ({"from_at": MONDAY + timedelta(days=61)}, "from_at", "提前 60 天"),
        ({"from_at": TUESDAY - timedelta(hours=2)}, "from_at", "开放时间"),  # seven in the morning
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(room, resident, wrong, field, words):
    with pytest.raises(ValidationError, match=words) as refused:
        keep(room, resident, **wrong)
    assert set(refused.value.error_dict) == {field}
    assert not Booking.objects.exists()


def test_a_day_off_is_closed(room, resident, centre):
    OpeningException.objects.create(place=centre, date=date(2026, 11, 24), words="停电检修")
    with pytest.raises(ValidationError, match="不开放"):
        keep(room, resident)


def test_a_room_that_is_taken_is_refused(room, resident, neighbour):
    keep(room, resident)
    with pytest.raises(ValidationError, match="有人约了"):
        keep(room, neighbour, from_at=TUESDAY + timedelta(hours=1))
    keep(room, neighbour, from_at=TUESDAY + timedelta(hours=2))  # right after


def test_the_database_refuses_what_the_code_would_let_pass(room, resident, neighbour):
    first = keep(room, resident)
    row = {"room": room, "person": neighbour, "purpose": "聚会", "people_count": 2, "booked_at": MONDAY}
    with pytest.raises(IntegrityError, match="bookings_of_a_room_apart"), transaction.atomic():
        Booking.objects.create(from_at=first.from_at, until_at=first.until_at, **row)
    rooms.cancel(booking=first, by=resident, at=MONDAY)
    Booking.objects.create(from_at=first.from_at, until_at=first.until_at, **row)


def test_one_person_keeps_no_more_than_three(room, resident, worker_at_desk):
    for day in range(3):
        keep(room, resident, from_at=TUESDAY + timedelta(days=day))
    with pytest.raises(ValidationError, match="您已经约了 3 次"):
        keep(room, resident, from_at=TUESDAY + timedelta(days=3))
    for day in range(3, 8):
        keep(room, worker_at_desk, from_at=TUESDAY + timedelta(days=day))  # for those who have no phone


@pytest.fixture
def second_room(centre):
    return Room.objects.create(place=centre, name="活动室", seats=30, longest_hours=3)


@pytest.mark.parametrize("group", ["", "宜和舞蹈队"])
def test_nobody_has_two_rooms_at_one_hour(room, second_room, resident, group):
    """Neither does whoever says it is for a group."""
    keep(room, resident)
    with pytest.raises(ValidationError, match="宜和社区邻里服务中心议事厅.*一人同一时间只能用一间") as refused:
        keep(second_room, resident, from_at=TUESDAY + timedelta(hours=1), group=group)
    assert set(refused.value.error_dict) == {"from_at"}
    keep(second_room, resident, from_at=TUESDAY + timedelta(hours=2))  # right after


def test_no_group_has_two_rooms_at_one_hour_whoever_books(room, second_room, resident, neighbour):
    first = keep(room, resident, group=" 宜和舞蹈队")
    with pytest.raises(ValidationError, match="宜和舞蹈队已经约了") as refused:
        keep(second_room, neighbour, group="宜和舞蹈队")
    assert set(refused.value.error_dict) == {"group"}
    rooms.cancel(booking=first, by=resident, at=MONDAY)
    keep(second_room, neighbour, group="宜和舞蹈队")


def test_the_desk_books_for_several_by_name(room, second_room, worker_at_desk, town, defaults):
    keep(room, worker_at_desk, group="宜和舞蹈队")
    keep(second_room, worker_at_desk)
    with pytest.raises(ValidationError, match="有人约了"):
        keep(room, worker_at_desk)
    third = Room.objects.create(place=room.place, name="棋牌室", seats=30, longest_hours=3)
    with pytest.raises(ValidationError, match="请写明替谁约"):
        keep(third, worker_at_desk)
    with pytest.raises(ValidationError, match="同一时间只能用一间"):
        keep(third, worker_at_desk, group="宜和舞蹈队")
    an_activity(worker_at_desk, third, town.community, from_at=TUESDAY)  # the community's


def test_the_refusal_stands_at_its_field_and_keeps_what_was_typed(room, second_room, resident, neighbour):
    """The pages go by the real clock."""
    from_at = (timezone.localtime() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    keep(room, neighbour, from_at=from_at, at=timezone.now(), group="宜和舞蹈队")
    posted = {
        "date": f"{from_at:%Y-%m-%d}", "from_time": "10:00", "until_time": "11:00", "people_count": "5",
        "purpose": "排练", "group": "宜和舞蹈队", "key": str(uuid.uuid4()),
    }  # fmt: skip
    page = signed_in(resident).post(f"/rooms/{second_room.pk}/book/", posted)
    (refusal,) = words(page, "//*[contains(@class, 'field-error')]")
    assert refusal.startswith("宜和舞蹈队已经约了宜和社区邻里服务中心议事厅")
    assert (value(page, "group"), value(page, "purpose")) == ("宜和舞蹈队", "排练")


def test_the_holder_gives_it_back_until_it_begins(room, resident, neighbour):
    booking = keep(room, resident)
    with pytest.raises(ValidationError, match="不是您的预约"):
        rooms.cancel(booking=booking, by=neighbour, at=MONDAY, reason="我要用")
    with pytest.raises(ValidationError, match="已经开始"):
        rooms.cancel(booking=booking, by=resident, at=TUESDAY)
    rooms.cancel(booking=booking, by=resident, at=MONDAY)
    with pytest.raises(ValidationError, match="已经取消"):
        rooms.cancel(booking=booking, by=resident, at=MONDAY)
    assert not Notice.objects.exists()


def test_the_desk_takes_it_back_with_a_reason(room, resident, worker_at_desk, other_cadre):
    booking = keep(room, resident)
    with pytest.raises(ValidationError, match="请写明原因"):
        rooms.cancel(booking=booking, by=worker_at_desk, at=MONDAY)
    with pytest.raises(ValidationError, match="不是您的预约"):
        rooms.cancel(booking=booking, by=other_cadre, at=MONDAY, reason="要用")
    rooms.cancel(booking=booking, by=worker_at_desk, at=MONDAY, reason="防汛值守")
    assert "取消了：防汛值守" in Notice.objects.get(person=resident).words


def test_a_room_kept_for_an_activity_is_given_back_with_it(activity, worker_at_desk):
    with pytest.raises(ValidationError, match="为活动留的"):
        rooms.cancel(booking=activity.booking, by=worker_at_desk, at=MONDAY)


def test_the_page_keeps_what_was_typed_and_shows_no_names(room, resident, neighbour):
    """The pages go by the real clock."""

    day = timezone.localdate() + timedelta(days=2)
    client = signed_in(resident)
    posted = {"date": f"{day}", "from_time": "09:00", "until_time": "11:00", "people_count": "50", "purpose": "生日会", "key": str(uuid.uuid4())}  # fmt: skip
    page = client.post(f"/rooms/{room.pk}/book/", posted).content.decode()
    assert "能坐 30 人" in page
    assert 'value="生日会"' in page
    answer = client.post(f"/rooms/{room.pk}/book/", {**posted, "people_count": "8"})
    assert answer.status_code == 302
    mine = client.get("/bookings/").content.decode()
    assert "生日会" in inside(mine, CARD)
    theirs = signed_in(neighbour).get(f"/rooms/{room.pk}/book/").content.decode()
    assert "09:00–11:00" in theirs
    assert "生日会" not in theirs
    assert resident.name not in theirs
    key = Booking.objects.get().key
    assert signed_in(neighbour).post(f"/bookings/{key}/cancel/").status_code == 404
    client.post(f"/bookings/{key}/cancel/")
    assert not Booking.objects.live().exists()


def test_an_activity_takes_the_room_for_itself(defaults, room, resident, worker_at_desk, town):
    an_activity(worker_at_desk, room, town.community, from_at=TUESDAY)
    with pytest.raises(ValidationError, match="有人约了"):
        keep(room, resident)
