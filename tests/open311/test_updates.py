"""FixMyStreet's servicerequestupdates: what happened to a system's own requests, and what it says of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case
from cases.services import route
from notices.models import Notice
from tests.open311.calls import V2, filed, get, get_xml, post, refused
from tests.support.at_once import at_once
from tests.support.cast import draw, submit

UPDATES = "servicerequestupdates"


@pytest.fixture
def case(report, grid_leader) -> Case:
    case = filed(report)
    route(case_id=case.pk, at=timezone.now())
    case.refresh_from_db()
    return case


@pytest.fixture
def update(case, key):
    """As FixMyStreet sends one."""
    return {
        "api_key": key,
        "service_request_id": case.number,
        "update_id": "99",
        "status": "OPEN",
        "updated_datetime": "2026-11-24T15:00:00+08:00",
        "description": "还没修好",
        "first_name": "秀英",
        "last_name": "王",
        "email": "wang@example.cn",
    }


def test_each_step_that_the_link_shows_is_an_update(case, key, grid_leader):
    draw(case, "sign", grid_leader, "", at=timezone.now())
    draw(case, "ask_extension", grid_leader, "缺零件", at=timezone.now(), amount=1)
    draw(case, "finish", grid_leader, "换了灯泡", at=timezone.now())
    dispatched, signed, finished = get(UPDATES, api_key=key)
    assert dispatched["description"].startswith("已派单。已交给")
    assert (signed["description"], signed["status"]) == ("已签收", "open")
    assert finished == {
        "update_id": f"{case.number}-5",
        "service_request_id": case.number,
        "status": "closed",
        "updated_datetime": timezone.localtime(case.events.get(number=5).at).isoformat(timespec="seconds"),
        "description": "已办结，请居民评价。换了灯泡",
        "media_url": None,
    }
    xml = get_xml(UPDATES, api_key=key)
    assert xml.tag == "service_request_updates"
    assert [row.findtext("update_id") for row in xml.findall("request_update")] == [
        row["update_id"] for row in (dispatched, signed, finished)
    ]


def test_days_bound_them(case, key):
    now = timezone.now()
    hour = timedelta(hours=1)
    assert len(get(UPDATES, api_key=key, start_date=(now - hour).isoformat(), end_date=now.isoformat())) == 1
    assert get(UPDATES, api_key=key, start_date=(now + hour).isoformat()) == []
    too_long = {"api_key": key, "start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}
    assert "90 天" in refused(Client().get(f"{V2}/{UPDATES}.json", too_long), 400)


def test_a_system_reads_and_says_things_of_its_own_alone(case, update, key, other_key, resident, town):
    theirs = submit(resident, town, at=timezone.now())
    route(case_id=theirs.pk, at=timezone.now())
    assert {row["service_request_id"] for row in get(UPDATES, api_key=key)} == {case.number}
    assert get(UPDATES, api_key=other_key) == []
    assert refused(post(UPDATES, update | {"api_key": other_key}), 404)
    assert refused(post(UPDATES, update | {"service_request_id": theirs.number}), 404)
    for ask in (Client().get, Client().post):
        assert "api_key" in refused(ask(f"{V2}/{UPDATES}.json"), 403)


def test_what_a_system_says_stands_in_the_story_and_is_told_to_the_holder(case, update, key, grid_leader):
    answer = post(UPDATES, update)
    assert answer.status_code == 201
    event = case.events.get(verb="relay")
    assert answer.json() == [{"update_id": f"{case.number}-{event.number}"}]
    assert (event.remark.words, event.by, event.to_state) == ("还没修好", None, "dispatched")
    notice = Notice.objects.get(person=grid_leader, kind="request.relay.holder")
    assert "还没修好" in notice.words
    # FixMyStreet leaves out by its number what it sent itself.
    assert get(UPDATES, api_key=key)[-1]["update_id"] == answer.json()[0]["update_id"]


def test_sent_twice_it_is_said_once(case, update):
    first, again = post(UPDATES, update), post(UPDATES, update | {"description": "又一次"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert case.events.filter(verb="relay").count() == 1
    assert post(UPDATES, update | {"update_id": "100"}).json() != first.json()


@pytest.mark.django_db(transaction=True)
def test_sent_twice_in_the_same_moment_it_is_said_once(case, update):
    codes: list[int] = []
    at_once([lambda: codes.append(post(UPDATES, update).status_code)] * 4)
    assert sorted(codes) == [200, 200, 200, 201]
    case.refresh_from_db()
    assert case.events.filter(verb="relay").count() == 1
    assert case.event_count == case.events.count()


def test_of_a_closed_request_nothing_more_is_said(case, update, grid_leader, worker_at_desk):
    for verb, by in (("sign", grid_leader), ("finish", grid_leader), ("verify", worker_at_desk)):
        draw(case, verb, by, at=timezone.now())
    assert "已归档" in refused(post(UPDATES, update), 400)


@pytest.mark.parametrize("more", [{"description": ""}, {"service_request_id": ""}, {"description": "长" * 8001}])
def test_what_is_missing_is_said(case, update, more):
    (name,) = more
    assert name in refused(post(UPDATES, update | more), 400)
