"""Where the calls are, which services there are, what each asks for: in both forms."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cases.categories import tree
from cases.models import Category
from open311.models import Attribute
from tests.open311.calls import V2, get, get_xml, refused
from tests.support.cast import MONDAY, signed_in


def test_discovery_leads_to_the_calls(lamp):
    answer = Client().get("/open311/discovery.json").json()
    (endpoint,) = answer["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert Client().get(f"{endpoint['url']}/services.json").status_code == 200
    xml = Client().get("/open311/discovery.xml").content.decode()
    assert (
        f"<endpoint><specification>http://wiki.open311.org/GeoReport_v2</specification><url>{endpoint['url']}</url>"
        in xml
    )
    assert "<formats><format>text/xml</format><format>application/json</format></formats>" in xml


def test_services_are_the_leaves_of_the_tree(lamp):
    services = {row["service_code"]: row for row in get("services")}
    assert services[str(lamp.pk)] == {
        "service_code": str(lamp.pk),
        "service_name": "坏灯",
        "description": "试验类 › 坏灯",
        "metadata": True,
        "type": "realtime",
        "keywords": "路灯,灯泡",
        "group": "试验类",
    }
    assert str(lamp.parent_id) not in services
    row = next(row for row in get_xml("services") if row.findtext("service_code") == str(lamp.pk))
    assert [(part.tag, part.text) for part in row] == [
        ("service_code", str(lamp.pk)),
        ("service_name", "坏灯"),
        ("description", "试验类 › 坏灯"),
        ("metadata", "true"),
        ("type", "realtime"),
        ("keywords", "路灯,灯泡"),
        ("group", "试验类"),
    ]


def test_what_is_retired_is_no_service_and_its_code_leads_to_what_replaced_it(lamp):
    new = Category.objects.create(kind="request", parent=lamp.parent, name="照明", path="试验类/照明")
    Attribute.objects.create(category=lamp, code="pole", description="灯杆编号")
    tree.retire(category=lamp, successor=new, at=MONDAY)
    assert str(lamp.pk) not in {row["service_code"] for row in get("services")}
    definition = get(f"services/{lamp.pk}")
    assert definition["service_code"] == str(new.pk)
    assert "pole" in {row["code"] for row in definition["attributes"]}


def test_a_definition_has_the_reference_and_what_the_category_asks_for(lamp):
    Attribute.objects.create(
        category=lamp,
        code="colour",
        description="灯色",
        datatype="singlevaluelist",
        values="白\n黄",
        is_required=True,
        hint="只选一种",
        order=20,
    )
    Attribute.objects.create(category=lamp, code="pole", description="灯杆编号", order=10)
    reference, pole, colour = get(f"services/{lamp.pk}")["attributes"]
    assert (reference["code"], reference["required"], reference["automated"]) == ("fixmystreet_id", False, "server_set")
    assert (pole["code"], pole["datatype"], pole["order"]) == ("pole", "string", 10)
    assert colour == {
        "variable": True,
        "code": "colour",
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": "只选一种",
        "order": 20,
        "description": "灯色",
        "values": [{"key": "白", "name": "白"}, {"key": "黄", "name": "黄"}],
    }
    xml = get_xml(f"services/{lamp.pk}")
    assert xml.tag == "service_definition"
    assert [value.findtext("name") for value in xml.findall("attributes/attribute/values/value")] == ["白", "黄"]


@pytest.mark.parametrize("code", ["0", "abc", "9" * 30])
def test_an_unknown_service_is_not_found(lamp, code):
    assert "service_code" in refused(Client().get(f"{V2}/services/{code}.json"), 404)
    answer = Client().get(f"{V2}/services/{code}.xml")
    assert answer.status_code == 404
    assert "<errors><error><code>404</code><description>service_code" in answer.content.decode()


@pytest.mark.parametrize(
    ("accept", "form"),
    [("application/json", "application/json"), ("text/xml", "text/xml"), ("*/*", "text/xml"), ("", "text/xml")],
)
def test_without_a_suffix_the_form_is_the_accepted_one(lamp, accept, form):
    answer = Client().get(f"{V2}/services", HTTP_ACCEPT=accept)
    assert answer["Content-Type"].startswith(form)
    assert answer["Vary"].startswith("Accept")


def test_a_list_has_values_and_nothing_else_has(lamp):
    Attribute(category=lamp, code="a", description="甲", datatype="singlevaluelist", values="一\n二").full_clean()
    for wrong in ({"datatype": "singlevaluelist", "values": " "}, {"datatype": "string", "values": "一"}):
        with pytest.raises(ValidationError):
            Attribute(category=lamp, code="a", description="甲", **wrong).full_clean()


def test_attributes_are_kept_at_the_desk(lamp, county_admin, street_cadre):
    form = {"category": lamp.pk, "code": "pole", "description": "灯杆编号", "datatype": "string", "order": "1"}
    assert signed_in(street_cadre).post("/admin/open311/attribute/add/", form).status_code == 403
    assert signed_in(county_admin).post("/admin/open311/attribute/add/", form).status_code == 302
    assert get(f"services/{lamp.pk}")["attributes"][1]["code"] == "pole"
