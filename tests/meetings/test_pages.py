"""What the public pages and figures say, and the calendar a phone subscribes to."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate

from dashboards.centres.months import BEHIND, days_of, months, opened
from dashboards.figures.counting import count
from dashboards.figures.cuts import Cut
from dashboards.figures.periods import Period
from grids.models import OpeningException, PlacePhoto
from grids.places.services import count_visits
from meetings.activities import services as activities
from meetings.desk.forms import PlacePhotoForm
from meetings.models import Activity
from meetings.privacy import HOLDINGS, KEEPINGS
from meetings.topics import privacy as topic_holdings
from tests.dashboards.cuts import COUNTY
from tests.disputes.experts.panel import a_photo
from tests.meetings.conftest import TUESDAY, a_centre, an_activity
from tests.meetings.neighbours import cast
from tests.meetings.test_rooms import keep
from tests.support.cast import MONDAY, signed_in
from tests.support.pages import BUTTON, HEADING, NOTICE, inside, words
from web import ical

TODAY = TUESDAY.date()
NOVEMBER = Period.of("month", TODAY)


def three(period: Period = NOVEMBER, *, at=TUESDAY, today: date = TODAY):
    """(all together, each centre), once what waits is counted."""
    count(at=at, wait=True)
    return months(Cut(COUNTY, BEHIND, period=period), today=today)


def test_the_three_figures_and_what_is_behind_each(activity, centre, room, worker_at_desk, town, neighbour):
    """Twenty-four days of November have come; one of them was closed."""
    OpeningException.objects.create(place=centre, date=date(2026, 11, 5), words="检修")
    activities.sign_up(activity=activity, person=neighbour, at=MONDAY)
    on_the_day = activity.from_at
    activities.tick(activity=activity, sign_ups=[activity.sign_ups.get().pk], by=worker_at_desk, at=on_the_day)
    count_visits(place=centre, on=date(2026, 11, 2), how_many=9)
    count_visits(place=centre, on=date(2026, 10, 31), how_many=100)  # another month's
    off = an_activity(worker_at_desk, None, town.community, place=centre, title="取消的")
    activities.call_off(activity=off, reason="下雨", by=worker_at_desk, at=MONDAY)
    total, (row,) = three(at=TUESDAY + timedelta(days=1))
    for shown in (total, row.three):
        amounts = shown.activities.amount, shown.visits.amount
        assert (shown.open_days, shown.open_hours, *amounts, shown.days) == (23, 299.0, 1, 10, 24)
        assert shown.activities_a_week == pytest.approx(7 / 24)
    opened_on = opened(centre, days_of(Cut(COUNTY, BEHIND, period=NOVEMBER), TODAY))
    assert len(opened_on) == 23
    assert opened_on[0] == (date(2026, 11, 1), "08:00–21:00")
    desk = signed_in(worker_at_desk)
    assert words(desk.get(row.three.activities.path), "//*[@data-line]/strong") == ["家庭医生义诊"]
    visits = desk.get(row.three.visits.path)
    assert words(visits, "//*[@data-line]/strong") == ["1 人次", "9 人次"]
    assert "10" in inside(visits, HEADING)
    page = desk.get("/centres/figures/?month=2026-11")
    assert row.three.visits.path.replace("&", "&amp;") in page.content.decode()
    assert "8:00" in inside(desk.get(f"/centres/{centre.pk}/figures/open/?month=2026-11"))


def test_what_is_still_to_come_does_not_count(activity, centre):
    total, (row,) = three(at=MONDAY)
    assert row.three.activities.amount == total.activities.amount == 0
    _, (row,) = three(NOVEMBER.after)
    assert (row.three.open_days, row.three.activities_a_week) == (0, None)


def test_a_centre_counts_until_the_day_it_closes(centre):
    centre.closed_date = date(2026, 11, 3)
    centre.save()
    _, (row,) = three()
    assert row.three.open_days == 2
    assert three(NOVEMBER.after, today=date(2026, 12, 24))[1] == []


def test_figures_cost_the_same_with_more_centres(centre, town, django_assert_num_queries):
    a_centre(town.community, name="第二个")
    count(at=TUESDAY, wait=True)
    with django_assert_num_queries(6):
        months(Cut(COUNTY, BEHIND, period=NOVEMBER), today=TODAY)


def test_a_figure_of_a_centre_that_is_not_mine_is_not_found(centre, other_cadre, worker_at_desk):
    foreign, desk = signed_in(other_cadre), signed_in(worker_at_desk)
    for path in (f"/centres/figures/visits/?place={centre.pk}", f"/centres/{centre.pk}/figures/open/"):
        assert (desk.get(path).status_code, foreign.get(path).status_code) == (200, 404)
    for path in ("/centres/figures/opened/", "/centres/figures/visits/?place=x", "/centres/0/figures/open/"):
        assert desk.get(path).status_code == 404


def test_a_grid_leader_reads_the_figures_of_the_whole_community(centre, grid_leader, other_cadre):
    page = signed_in(grid_leader).get("/centres/figures/").content.decode()
    assert centre.name in page
    assert centre.name not in signed_in(other_cadre).get("/centres/figures/").content.decode()


def test_the_calendar_is_one_phones_read(activity, client):
    Activity.objects.update(from_at=timezone.now() + timedelta(days=1), until_at=timezone.now() + timedelta(days=2))
    text = client.get("/activities/calendar.ics").content.decode()
    assert client.get("/activities/calendar.ics")["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "SUMMARY:家庭医生义诊" in text
    Activity.objects.filter(pk=activity.pk).update(cancelled_at=MONDAY)
    assert "STATUS:CANCELLED" in client.get(f"/activities/{activity.key}/calendar.ics").content.decode()


def test_long_lines_are_folded_and_signs_escaped():
    entry = ical.Entry("u", "喝茶，" * 40, "a;b", "一,二\n三", MONDAY, TUESDAY, MONDAY)
    text = ical.calendar("活动", [entry]).decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:" + "喝茶，" * 40 in unfolded
    assert "LOCATION:a\\;b" in unfolded
    assert "DESCRIPTION:一\\,二\\n三" in unfolded
    assert "DTSTART:20261123T010000Z" in unfolded


def test_the_list_is_of_a_community_and_a_family(activity, town, client):
    def titles(query: str) -> bool:
        return activity.title in client.get(f"/activities/?{query}").content.decode()

    Activity.objects.update(from_at=timezone.now() + timedelta(days=1), until_at=timezone.now() + timedelta(days=2))
    assert titles("")
    assert titles(f"community={town.community.pk}&family=service")
    assert not titles(f"community={town.other_community.pk}")
    assert not titles("family=virtue")


def test_the_sign_at_the_door_counts_a_device_once_a_day(centre, client):
    page = f"/here/{centre.door_code}/"
    assert "我来了" in inside(client.get(page), BUTTON)
    for _ in range(3):
        client.post(page)
    assert centre.visit_counts.get().count == 1
    Client().post(page)
    assert centre.visit_counts.get().count == 2
    assert client.get("/here/XXXXXXXX/").status_code == 404
    centre.closed_date = localdate()
    centre.save()
    assert "已停用" in inside(Client().post(page), NOTICE)


def test_photos_of_a_centre(centre, worker_at_desk, client):
    desk = signed_in(worker_at_desk)
    page = f"/centres/{centre.pk}/desk/"
    answer = desk.post(page, {"act": "photo", "words": "门口", "photo": a_photo()})
    assert answer.status_code == 302, answer.content.decode()
    shown = PlacePhoto.objects.get()
    assert 'alt="门口"' in client.get(f"/centres/{centre.pk}/").content.decode()
    assert client.get(f"/centres/{centre.pk}/photos/{shown.pk}/")["Content-Type"] == "image/jpeg"
    desk.post(f"/centres/{centre.pk}/photos/{shown.pk}/drop/")
    assert not PlacePhoto.objects.exists()
    assert "photo" in PlacePhotoForm({"words": "x"}, MultiValueDict()).errors


def test_a_closed_centre_says_so_and_lends_no_rooms(centre, room, client):
    centre.closed_date = localdate()
    centre.save()
    page = client.get(f"/centres/{centre.pk}/").content.decode()
    assert "起不再开放" in page
    assert "预约议事厅" not in page
    assert centre.name not in client.get("/centres/").content.decode()


def test_the_map_draws_the_door_and_what_is_near(centre, placed, town, client):
    for number in range(4):
        a_centre(town.community, name=f"远{number}", point=(27.37 + number / 100, 118.9))
    answer = client.get(f"/centres/map.json?building={placed.pk}").json()
    assert answer["shapes"]["features"] == []
    near = [point["title"] for point in answer["points"] if point["is_near"]]
    assert near == ["宜和社区邻里服务中心", "远0", "远1", "您家 3幢1单元"]
    assert len(answer["points"]) == 6


def test_a_door_without_a_point_says_so(centre, town, client):
    page = client.get(f"/centres/?place={town.estate.pk}&building={town.building.pk}").content.decode()
    assert "还没有标在地图上" in page


def test_what_is_held_is_shown_erased_and_cleared(activity, room, resident, neighbour):
    booking = keep(room, resident, from_at=TUESDAY)
    for person in (resident, neighbour, resident):
        activities.sign_up(activity=activity, person=person, at=MONDAY)
    activities.set_seats(activity=activity, seats=2, by=activity.organiser, at=MONDAY)
    held = {holding.label: holding for holding in HOLDINGS}
    assert next(iter(held["房间预约"].rows(resident)))["用来做什么"] == "楼栋议事"
    assert next(iter(held["活动报名"].rows(resident)))["活动"] == activity.title
    for holding in held.values():
        holding.erase(resident, MONDAY)
    booking.refresh_from_db()
    assert booking.cancelled_at == MONDAY
    assert "议事" not in booking.purpose
    assert not activity.sign_ups.filter(person=resident).exists()
    after = MONDAY + timedelta(days=400)
    keepings = {keeping.code: keeping for keeping in KEEPINGS}
    for code in ("room_bookings", "activity_sign_ups"):
        assert keepings[code].clear(after, after) == 1, code
    assert activity.sign_ups.count() == 0


def test_only_what_is_still_ahead_keeps_its_organiser(activity):
    (holding,) = (holding for holding in HOLDINGS if holding.label == "组织的活动")
    with time_machine.travel(MONDAY, tick=False):
        assert "请先取消" in holding.blocks(activity.organiser)
    with time_machine.travel(activity.from_at + timedelta(minutes=1), tick=False):
        assert holding.blocks(activity.organiser) == ""


def test_what_is_held_of_votes_says_yes_and_no(owners_vote, people):
    cast(owners_vote, people[0])
    held = [row for holding in topic_holdings.HOLDINGS for row in holding.rows(people[0])]
    assert [row["已投"] for row in held if "已投" in row] == ["是"]
    assert [(row["住在这里"], row["是业主"]) for row in held if "住在这里" in row] == [("是", "是")]
    assert [value for row in held for value in row.values() if isinstance(value, bool)] == []


def test_an_activity_says_how_many_have_signed_up(activity, neighbour, client):
    activities.sign_up(activity=activity, person=neighbour, at=MONDAY)
    with time_machine.travel(MONDAY, tick=False):
        page = client.get("/activities/")
    assert words(page, "//span[@class='badge'][contains(., '名额')]") == ["已报名 1 人（名额 2）"]


def test_months_before_and_after():
    assert NOVEMBER.before.first == date(2026, 10, 1)
    assert NOVEMBER.after.first == date(2026, 12, 1)
