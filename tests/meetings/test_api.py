"""Activities, rooms, conferences and tea talks by the API. The same rights as on the pages."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from meetings.models import Booking, SignUp, TeaTalk
from tests.meetings.conftest import TUESDAY, an_activity
from tests.meetings.council import a_talk, conference, invited, officer, tea_table, unit
from tests.support.calls import API, App, refused
from tests.support.cast import MONDAY

__all__ = ["conference", "invited", "officer", "tea_table", "unit"]
"""The council's fixtures."""


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=True):
        yield


def test_a_seat_and_a_place_in_the_line(activity, resident, neighbour, people):
    path, app = f"activities/{activity.key}/", App(resident)
    assert app.get(path).json()["mine"] is None
    assert app.twice(f"{path}sign-up/").json()["mine"]["state"] == "seated"
    assert SignUp.objects.count() == 1
    App(neighbour).post(f"{path}sign-up/")
    waiting = App(people[0])
    told = waiting.post(f"{path}sign-up/").json()
    assert (told["mine"]["state"], told["line"], told["seated"], told["waiting"]) == ("waiting", 1, 2, 1)
    assert app.twice(f"{path}leave/").json()["mine"] is None
    assert waiting.get(path).json()["mine"]["state"] == "seated"
    assert Client().get(f"{API}/{path}").json()["mine"] is None
    assert Client().post(f"{API}/{path}sign-up/").status_code == 403
    assert refused(app.post(f"{path}leave/")) == []


def test_signing_in_on_the_day(activity, resident):
    path = f"activities/{activity.key}/"
    App(resident).post(f"{path}sign-up/")
    with time_machine.travel(TUESDAY + timedelta(hours=6, minutes=5), tick=True):
        app = App(resident)
        assert refused(app.post(f"{path}check-in/", {"code": "000000"})) == ["code"]
        assert app.twice(f"{path}check-in/", {"code": activity.check_in_code}).json()["mine"]["checked_in_at"]


def test_what_is_to_come(activity, town, desk, client, django_assert_max_num_queries):
    def listed(**asked):
        return client.get(f"{API}/activities/", asked).json()["results"]

    [row] = listed()
    assert (row["key"], row["seats"], row["family"]) == (str(activity.key), 2, "service")
    assert listed(community=town.community.pk, family="service") == [row]
    assert listed(community=town.other_community.pk) == listed(family="virtue") == []
    assert refused(client.get(f"{API}/activities/", {"community": town.estate.pk, "family": "x"})) == [
        "community",
        "family",
    ]
    with django_assert_max_num_queries(10) as few:
        listed()
    for hour in range(3):
        an_activity(desk, None, town.community, from_at=TUESDAY + timedelta(hours=hour))
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(listed()) == 4


def test_a_room_is_booked_and_given_back(room, resident, neighbour, client):
    app, path = App(resident), f"rooms/{room.pk}/bookings/"
    [centre] = client.get(f"{API}/centres/").json()["results"]
    shown = client.get(f"{API}/centres/{centre['id']}/").json()
    assert (shown["is_open"], shown["rooms"][0]["id"], shown["weekly"][0]["times"]) == (True, room.pk, "08:00–21:00")
    body = {
        "date": TUESDAY.date().isoformat(), "from_time": "10:00", "until_time": "11:00", "people_count": 5,
        "purpose": "楼栋议事", "key": str(uuid.uuid4()),
    }  # fmt: skip
    assert refused(app.post(path, {**body, "until_time": "09:00"})) == ["until_time"]
    assert refused(app.post(path, {**body, "people_count": 99})) == ["people_count"]
    made = app.twice(path, body)
    assert (made.status_code, Booking.objects.count()) == (201, 1)
    assert len(app.get(path).json()) == 1
    assert "purpose" not in app.get(path).json()[0]
    assert refused(App(neighbour).post(path, {**body, "key": str(uuid.uuid4())})) == ["from_time"]
    key = made.json()["key"]
    assert App(neighbour).post(f"bookings/{key}/cancel/").status_code == 404
    assert app.twice(f"bookings/{key}/cancel/").json()["cancelled_at"] is not None
    assert len(app.get("bookings/", ahead="false").json()["results"]) == 1
    assert app.get("bookings/", ahead="true").json()["results"] == []


def test_who_is_invited_answers(conference, invited, resident, neighbour):
    app, path = App(resident), f"conferences/{conference.key}/"
    [row] = app.get("invitations/").json()["results"]
    assert (row["key"], row["answer"], row["invited_as"]) == (str(conference.key), "", "居民代表")
    assert app.get(path).json()["agenda"] == ["低洼楼栋怎么排查", "物资谁来备"]
    assert refused(app.post(f"{path}answer/", {"answer": "perhaps"})) == ["answer"]
    assert refused(app.post(f"{path}answer/", {"answer": "substitute"})) == ["substitute"]
    assert app.twice(f"{path}answer/", {"answer": "yes"}).json()["answer"] == "yes"
    assert App(neighbour).get(path).status_code == 404
    assert App(neighbour).post(f"{path}answer/", {"answer": "yes"}).status_code == 404
    assert App(neighbour).get("invitations/").json()["results"] == []


def test_a_talk_is_written_down_and_read_in_its_area(defaults, tea_table, grid_leader, resident, other_cadre, town):
    app = App(grid_leader)
    body = {
        "subject": "楼道堆放电动车", "people_count": 4, "outcome": "agreed", "grid": town.grid.pk, "place": tea_table.pk,
        "held_at": (timezone.localtime() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"), "key": str(uuid.uuid4()),
        "present": "王秀英、李强", "is_public": True,
    }  # fmt: skip
    assert refused(app.post("tea-talks/", {**body, "people_count": 1})) == ["people_count"]
    assert refused(app.post("tea-talks/", {**body, "what_1": "划停车位", "post_1": ""})) == ["post_1", "by_date_1"]
    made = app.twice("tea-talks/", body)
    assert (made.status_code, TeaTalk.objects.count()) == (201, 1)
    key = made.json()["key"]
    assert app.get(f"tea-talks/{key}/").json()["present"] == "王秀英、李强"
    assert App(resident).get("tea-talks/").status_code == 403
    assert App(resident).post("tea-talks/", body).status_code == 403
    assert App(other_cadre).get(f"tea-talks/{key}/").status_code == 404


def test_a_list_of_talks_costs_the_same_however_long(
    defaults, tea_table, grid_leader, town, django_assert_max_num_queries
):
    a_talk(grid_leader, town.grid, tea_table)
    app = App(grid_leader)
    with django_assert_max_num_queries(20) as few:
        app.get("tea-talks/")
    for n in range(3):
        a_talk(grid_leader, town.grid, tea_table, subject=f"第{n}件事")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(app.get("tea-talks/").json()["results"]) == 4
