"""Calling as another system does, and reading what it reads."""

from typing import Any
from xml.etree import ElementTree

from django.test import Client

from cases.models import Case

V2 = "/open311/v2"


def get(path: str, **asked: Any) -> Any:
    """The JSON of a call that is answered."""
    answer = Client().get(f"{V2}/{path}.json", asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def get_xml(path: str, **asked: Any) -> ElementTree.Element:
    answer = Client().get(f"{V2}/{path}.xml", asked)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def post(path: str, sent: dict[str, Any]) -> Any:
    return Client(enforce_csrf_checks=True).post(f"{V2}/{path}.json", sent)


def filed(report: dict[str, Any], **more: Any) -> Case:
    answer = post("requests", report | more)
    assert answer.status_code in {200, 201}, answer.content.decode()
    return Case.objects.get(number=answer.json()[0]["service_request_id"])


def refused(answer: Any, status: int) -> str:
    """The sentences of a refusal in JSON, after its form was looked at."""
    assert answer.status_code == status, answer.content.decode()
    errors = answer.json()
    assert errors
    assert all(set(error) == {"code", "description"} and error["code"] == status for error in errors)
    return " ".join(error["description"] for error in errors)
