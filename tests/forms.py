"""Reading a page's forms as a browser does, and sending them as one."""

from typing import Any

import lxml.html
from django.http import HttpResponse
from django.test import Client

HOST = "http://testserver"
Sent = dict[str, list[str]]


def forms_on(answer: HttpResponse) -> list[Any]:
    """The forms of this page that are sent by POST."""
    return [form for form in lxml.html.fromstring(answer.content.decode()).forms if form.method == "POST"]


def form_on(answer: HttpResponse, action: str = "") -> Any:
    """The one that posts there; without an address, back to its own page."""
    return next(form for form in forms_on(answer) if (form.action or "") == action)


def fields_of(form: Any) -> Sent:
    """What a browser would send of it now, but for files."""
    sent: Sent = {}
    for name, value in form.form_values():
        # A browser takes a line's end that begins a textarea as not being there; this reader does not.
        is_text = form.inputs[name].tag == "textarea" if not isinstance(form.inputs[name], list) else False
        sent.setdefault(name, []).append(value.removeprefix("\n") if is_text else value)
    return {name: values for name, values in sent.items() if name not in file_fields(form)}


def file_fields(form: Any) -> set[str]:
    return {field.get("name") for field in form.xpath('.//input[@type="file"]') if field.get("name")}


def value_of(form: Any, name: str) -> str:
    return fields_of(form).get(name, [""])[-1]


def send_from(client: Client, page: str, said: dict[str, Any], action: str = "", **more: Any) -> HttpResponse:
    """As a browser sends a form that stands on this page."""
    return client.post(action or page, said, HTTP_ORIGIN=HOST, HTTP_REFERER=f"{HOST}{page}", **more)
