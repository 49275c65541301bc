"""Filing a request by a key: it takes the way of every request, once, from a place of the county."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.limiter import LIMITS, Rate
from cases.models import Case
from cases.services import route
from grids.models import Building, Place
from grids.tree import services as tree
from open311.models import Attribute, Report
from tests.open311.calls import V2, filed, get, post, refused
from tests.open311.conftest import HOUSE
from tests.support.at_once import at_once
from tests.support.cast import MONDAY, post_of, readable_in_a_dump, signed_in

SOUTH_OF_IT = 0.001
"""Degrees of latitude: 111 m."""


def test_a_report_is_a_request_like_any_other(report, lamp, town, grid_leader):
    answer = post("requests", report | {"account_id": "u-1"})
    assert answer.status_code == 201
    (row,) = answer.json()
    assert row["account_id"] == "u-1"
    case = Case.objects.get(number=row["service_request_id"])
    assert (case.kind, case.state, case.category, case.place) == ("request", "submitted", lamp, "宜和佳苑 3幢1单元")
    assert case.request.source == "Open311: 城管平台"
    assert case.request.words == "路灯不亮\n已经三天\n照片：https://fix.example.cn/photo/1.jpeg"
    route(case_id=case.pk, at=MONDAY)
    case.refresh_from_db()
    assert case.holder == post_of(grid_leader)
    page = signed_in(grid_leader).get(f"/cases/{case.number}/").content.decode()
    assert "由“城管平台”转来" in page
    assert "13800005555" not in page


def test_the_answer_in_xml_has_the_number(report):
    answer = Client().post(f"{V2}/requests.xml", report)
    number = Case.objects.get().number
    assert f"<service_requests><request><service_request_id>{number}</service_request_id>" in answer.content.decode()
    assert get(f"tokens/{number}") == [{"service_request_id": number, "token": number}]


def test_whom_to_call_is_sealed_and_shown_for_a_reason(report, worker_at_desk):
    case = filed(report, address_string="东门岗亭旁")
    assert "13800005555" not in str(readable_in_a_dump())
    assert (
        case.request.address_note == "东门岗亭旁；坐标 27.365400,118.858600；联系人 王秀英 13800005555 wang@example.cn"
    )
    page = signed_in(worker_at_desk).post(f"/cases/{case.number}/asker-phone/", {"reason": "核实地点"})
    assert "13800005555" in page.content.decode()


@pytest.mark.parametrize("name", ["fixmystreet_id", "external_id"])
def test_the_same_reference_is_the_same_case(report, name):
    del report["attribute[fixmystreet_id]"]
    report[f"attribute[{name}]"] = "4711"
    first = filed(report)
    again = post("requests", report | {"description": "又发一次"})
    assert again.status_code == 200
    assert again.json()[0]["service_request_id"] == first.number
    assert Case.objects.count() == Report.objects.count() == 1


def test_another_system_has_references_of_its_own(report, other_key):
    assert filed(report) != filed(report, api_key=other_key)


def test_a_new_key_of_the_same_system_knows_the_old_references(report, county_admin):
    first = filed(report)
    page = signed_in(county_admin).post("/open311/keys/", {"system": "城管平台"})
    assert filed(report, api_key=page.context["drawn"]) == first


def test_without_a_reference_each_is_one(report):
    del report["attribute[fixmystreet_id]"]
    assert filed(report) != filed(report)


@pytest.mark.django_db(transaction=True)
def test_sent_twice_in_the_same_moment_it_is_one(report):
    codes: list[int] = []
    at_once([lambda: codes.append(post("requests", report).status_code)] * 4)
    assert sorted(codes) == [200, 200, 200, 201]
    assert Case.objects.count() == Report.objects.count() == 1


def test_without_a_description_it_says_what_it_is_about(report):
    assert filed(report, description="", media_url="").request.words == "坏灯"


def test_attributes_are_checked_and_told_to_the_handler(report, lamp):
    Attribute.objects.create(category=lamp, code="pole", description="灯杆编号", is_required=True, datatype="number")
    Attribute.objects.create(
        category=lamp, code="seen", description="看到", datatype="multivaluelist", values="闪\n灭\n歪", order=200
    )
    assert "灯杆编号必填" in refused(post("requests", report), 400)
    wrong = {"attribute[pole]": "七", "attribute[seen]": ["绿"]}
    sentences = refused(post("requests", report | wrong), 400)
    assert "attribute[pole]: 格式不对" in sentences
    assert "attribute[seen]: 不在可选的值里" in sentences
    case = filed(report, **{"attribute[pole]": "12", "attribute[seen]": ["闪", "歪"]})
    assert "灯杆编号：12\n看到：闪、歪" in case.request.words


def test_a_point_near_a_house_is_at_the_house(report, town):
    case = filed(report, lat=HOUSE[0] - SOUTH_OF_IT)
    assert (case.place, case.state) == ("宜和佳苑 3幢1单元", "submitted")


def test_a_point_far_from_every_house_waits_for_staff_of_its_community(report, town):
    case = filed(report, lat=HOUSE[0] - 10 * SOUTH_OF_IT)
    assert (case.grid, case.state) == (town.community, "sorting")
    assert not case.request.has_place


@pytest.mark.parametrize(
    ("north", "east", "nearest"),
    [
        (0.00100, 0.00105, "东楼"),  # a degree to the east is shorter than one to the north: 104 m against 111 m
        (0.00100, 0.00120, "北楼"),
    ],
)
def test_of_several_houses_the_nearest_on_the_ground_is_meant(report, town, north, east, nearest):
    Building.objects.filter(pk=town.building.pk).update(latitude=None, longitude=None)
    for name, latitude, longitude in (("北楼", HOUSE[0] + north, HOUSE[1]), ("东楼", HOUSE[0], HOUSE[1] + east)):
        Building.objects.create(estate=town.estate, name=name, grid=town.grid, latitude=latitude, longitude=longitude)
    assert filed(report).place == f"宜和佳苑 {nearest}"


def test_a_centre_that_is_nearer_says_where(report, town):
    Place.objects.create(
        name="东平中心",
        grid=town.other_community,
        address="东平路",
        latitude=27.5,
        longitude=119.0,
        opened_date=MONDAY,
        door_code="x",
    )
    case = filed(report, lat=27.5, long=119.001)
    assert (case.grid, case.state) == (town.other_community, "submitted")


def test_outside_the_county_it_is_refused(report):
    assert "不在本县范围内" in refused(post("requests", report | {"lat": 30, "long": 120}), 400)
    assert Case.objects.count() == 0


def test_a_county_without_points_says_so(report, town):
    town.building.latitude = town.building.longitude = None
    town.building.save()
    assert "address_string" in refused(post("requests", report), 400)


def test_an_address_in_words_or_by_number_says_where(report, town):
    nowhere = {"lat": "", "long": "", "attribute[fixmystreet_id]": ""}
    assert filed(report | nowhere, address_string="宜和佳苑3号楼1单元 门口").place == "宜和佳苑 3幢1单元"
    assert filed(report | nowhere, address_id=town.building.pk).place == "宜和佳苑 3幢1单元"
    assert "没有认出" in refused(post("requests", report | nowhere | {"address_string": "天安门"}), 400)
    assert "address_id" in refused(post("requests", report | nowhere | {"address_id": "甲"}), 400)
    tree.add(parent=town.other_community, name="宜和佳苑")
    assert "哪个社区" in refused(post("requests", report | nowhere | {"address_string": "宜和佳苑"}), 400)


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"service_code": ""}, 404, "service_code"),
        ({"service_code": "0"}, 404, "service_code"),
        ({"lat": "", "long": ""}, 400, "要有地点"),
        ({"long": ""}, 400, "一起传"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"description": "长" * 8001}, 400, "description"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "https://a.cn/" + "x" * 500}, 400, "media_url"),
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
    ],
)
def test_what_is_wrong_is_refused_in_the_form_of_the_standard(report, more, status, words):
    assert words in refused(post("requests", report | more), status)
    xml = Client().post(f"{V2}/requests.xml", report | more)
    assert f"<errors><error><code>{status}</code><description>" in xml.content.decode()
    assert Case.objects.count() == 0


def test_each_key_files_so_many_a_minute(report, other_key, monkeypatch, still_clock):
    monkeypatch.setitem(LIMITS, "file_by_key", {"key": Rate(2, 60)})
    for reference in "12":
        filed(report, **{"attribute[fixmystreet_id]": reference})
    answer = post("requests", report)
    assert "太频繁" in refused(answer, 429)
    assert int(answer["Retry-After"]) > 0
    assert filed(report, api_key=other_key)


def test_a_body_that_is_no_form_is_refused(report):
    answer = Client().post(f"{V2}/requests.json", "{}", content_type="application/json")
    assert "api_key" in refused(answer, 403)
    address = f"{V2}/requests.json?{urlencode({'api_key': report['api_key']})}"
    assert refused(Client().post(address, {}), 403)  # a key in the address of a POST would stand in every log


def test_the_desk_refuses_a_name_that_is_none(county_admin):
    page = signed_in(county_admin).post("/open311/keys/", {"system": "x" * 41})
    assert not page.context["drawn"]
    with pytest.raises(ValidationError):
        page.context["form"].fields["system"].clean("")
