"""What systems read of requests: of others' what tells of nobody, of their own what their link would show; nothing private."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.limiter import LIMITS, Rate
from cases.models import Case
from cases.services import route
from disputes.models import Dispute
from residents import services
from tests.open311.calls import V2, filed, get, get_xml, refused
from tests.support.cast import MONDAY, draw, submit

SAID = "坐标 27.365400"
TOLD_OF_NOBODY = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "requested_datetime",
    "updated_datetime", "expected_datetime",
}  # fmt: skip


@pytest.fixture
def case(report, grid_leader) -> Case:
    """The system's own, in the hands of the grid leader."""
    case = filed(report)
    route(case_id=case.pk, at=timezone.now())
    case.refresh_from_db()
    return case


def numbers(**asked) -> list[str]:
    return [row["service_request_id"] for row in get("requests", **asked)]


def test_of_a_request_everybody_reads_what_tells_of_nobody(case, lamp):
    (row,) = get("requests")
    assert {name for name, value in row.items() if value is not None} == TOLD_OF_NOBODY
    assert row["service_request_id"] == case.number
    assert (row["status"], row["status_notes"]) == ("open", "已派单")
    assert (row["service_name"], row["service_code"]) == ("坏灯", str(lamp.pk))
    assert row["requested_datetime"] == timezone.localtime(case.opened_at).isoformat(timespec="seconds")
    assert get(f"requests/{case.number}") == [row]
    xml = get_xml("requests").find("request")
    assert {part.tag for part in xml if part.text} == TOLD_OF_NOBODY
    assert {part.tag for part in xml} == row.keys()


def test_nobodys_words_stand_in_any_answer_without_a_key(case, grid_leader, resident, town):
    submit(resident, town, words="我家楼道灯坏了", at=timezone.now())
    draw(case, "sign", grid_leader, "请王女士在家等候", at=timezone.now())
    for path in ("requests", f"requests/{case.number}", f"tokens/{case.number}"):
        for suffix in ("json", "xml"):
            answer = Client().get(f"{V2}/{path}.{suffix}").content.decode()
            for words in ("路灯不亮", "楼道灯", "王", "13800005555", "宜和佳苑", "照片", SAID, grid_leader.name):
                assert words not in answer


def test_of_its_own_a_system_reads_what_its_link_shows(case, key, other_key, grid_leader):
    draw(case, "sign", grid_leader, "明天来修", at=timezone.now())
    (row,) = get("requests", api_key=key)
    assert row["address"] == "宜和佳苑 3幢1单元"
    assert row["agency_responsible"].endswith(grid_leader.name)
    assert row["status_notes"] == "已签收：已签收。明天来修"
    assert row["description"] is row["media_url"] is row["lat"] is None
    assert get("requests", api_key=other_key)[0]["address"] is None


def _private(case, resident, town):
    Case.objects.filter(pk=case.pk).update(is_private=True)


def _anonymous(case, resident, town):
    Case.objects.filter(pk=case.pk).update(hides_asker=True)


def _taken_back(case, resident, town):
    Case.objects.filter(pk=case.pk).update(outcome="taken_back")


def _of_another_kind(case, resident, town):
    Case.objects.filter(pk=case.pk).update(kind="task")


@pytest.mark.parametrize("hide", [_private, _anonymous, _taken_back, _of_another_kind])
def test_what_is_not_public_is_nowhere(case, key, resident, town, report, hide):
    update = {"api_key": key, "service_request_id": case.number, "description": "还没修"}
    hide(case, resident, town)
    for more in ({}, {"api_key": key}):
        assert numbers(**more) == numbers(service_request_id=case.number, **more) == []
        for path in ("requests", "tokens"):
            refused(Client().get(f"{V2}/{path}/{case.number}.json", more), 404)
    assert get("servicerequestupdates", api_key=key) == []
    refused(Client().post(f"{V2}/servicerequestupdates.json", update), 404)


def test_a_resident_who_stays_unnamed_to_handlers_and_one_who_complains_of_staff(case, resident, town):
    unnamed = submit(resident, town, key="a", is_anonymous=True, at=timezone.now())
    complaint = submit(resident, town, key="b", about="grid_leader", at=timezone.now())
    plain = submit(resident, town, key="c", at=timezone.now())
    assert numbers() == [plain.number, case.number]
    assert {unnamed.is_private, unnamed.hides_asker, complaint.is_private} == {False, True}
    assert not Dispute.objects.exists()


def test_status_is_closed_once_nobody_owes_an_act(case, grid_leader, worker_at_desk):
    for verb, status in (("sign", "open"), ("finish", "closed")):
        draw(case, verb, grid_leader, at=timezone.now())
        assert get(f"requests/{case.number}")[0]["status"] == status
    draw(case, "verify", worker_at_desk, at=timezone.now())
    assert get(f"requests/{case.number}")[0]["status"] == "closed"
    assert numbers(status="closed") == [case.number]
    assert numbers(status="open") == []
    assert numbers(status="open,closed") == [case.number]


def test_filters_narrow_and_numbers_override_them(case, lamp, resident, town):
    other = submit(resident, town, at=timezone.now())
    assert numbers(service_code=lamp.pk) == [case.number]
    assert numbers(service_code=f"{lamp.pk},{lamp.parent_id}") == [case.number]
    assert numbers(service_request_id=other.number, service_code=lamp.pk) == [other.number]
    assert set(numbers(service_request_id=f"{other.number}, {case.number},ZH-2222-2222")) == {case.number, other.number}


def test_without_days_the_last_ninety_are_meant(case):
    old = MONDAY - timedelta(days=91)
    Case.objects.filter(pk=case.pk).update(opened_at=old)
    assert numbers() == []
    day = old.isoformat()
    assert numbers(start_date=day) == [case.number]
    assert numbers(end_date=(old + timedelta(days=89)).isoformat()) == [case.number]
    assert numbers(end_date=(old + timedelta(days=91)).isoformat()) == []
    assert numbers(service_request_id=case.number) == [case.number]
    assert numbers(start_date=day, end_date=(old + timedelta(days=90)).isoformat()) == [case.number]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}, "90 天"),
        ({"start_date": "2026-04-02T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, "早于"),
        ({"start_date": "yesterday"}, "start_date"),
        ({"end_date": "0001-01-01T00:00:00Z"}, "end_date"),
        ({"start_date": "2026-13-01T00:00:00Z"}, "start_date"),
        ({"status": "archived"}, "status"),
        ({"service_code": "x"}, "service_code"),
        ({"page_size": "1001"}, "page_size"),
        ({"page": "0"}, "page"),
    ],
)
def test_a_search_that_cannot_be_is_refused(case, asked, words):
    assert words in refused(Client().get(f"{V2}/requests.json", asked), 400)
    assert Client().get(f"{V2}/requests.xml", asked).content.decode().count("<error>") == 1


def test_moments_in_other_zones_and_unencoded_plus_are_read(case):
    Case.objects.filter(pk=case.pk).update(opened_at=MONDAY)
    assert numbers(start_date="2026-11-23T01:00:00Z", end_date="2026-11-23T01:00:00Z") == [case.number]
    answer = Client().get(f"{V2}/requests.json?start_date=2026-11-23T09:00:00+08:00")
    assert len(answer.json()) == 1
    assert numbers(start_date="2026-11-23T09:00:01") == []


def test_a_thousand_at_most_the_newest_first_page_by_page(case, resident, town):
    at = timezone.now()
    filings = [services.Filing(None, services.Place(town.estate), "灯坏了", f"many-{n}") for n in range(1001)]
    services.submit_requests(filings, at=at - timedelta(days=1))
    assert len(numbers()) == 1000
    assert numbers()[0] == case.number
    pages = [numbers(page=page, page_size=500) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [500, 500, 2, 0]
    assert len({number for page in pages for number in page}) == 1002


def test_a_list_costs_the_same_however_long(case, key, report, django_assert_num_queries):
    with django_assert_num_queries(6):
        assert len(numbers(api_key=key)) == 1
    for reference in "123":
        filed(report, **{"attribute[fixmystreet_id]": reference})
    with django_assert_num_queries(6):
        assert len(numbers(api_key=key)) == 4


def test_a_wrong_key_reads_nothing(case):
    for path in ("requests", f"requests/{case.number}", f"tokens/{case.number}", "servicerequestupdates"):
        assert "api_key" in refused(Client().get(f"{V2}/{path}.json", {"api_key": "wrong"}), 403)


def test_an_address_reads_so_often_a_minute(case, monkeypatch, still_clock):
    monkeypatch.setitem(LIMITS, "read_requests", {"address": Rate(1, 60)})
    assert numbers() == [case.number]
    assert "太频繁" in refused(Client().get(f"{V2}/requests.json"), 429)
    assert "<code>429</code>" in Client().get(f"{V2}/requests.xml").content.decode()


@pytest.mark.parametrize("path", ["requests/ZH-2222-2222", "tokens/ZH-2222-2222"])
def test_a_number_that_is_none_is_not_found(case, path):
    assert refused(Client().get(f"{V2}/{path}.json"), 404)
    assert "<errors><error><code>404</code>" in Client().get(f"{V2}/{path}.xml").content.decode()
