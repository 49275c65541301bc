"""Reading a page's forms as a browser does, and sending them as one."""

from typing import Any

import lxml.html
from django.http import HttpResponse
from django.test import Client

HOST = "http://testserver"
Sent = dict[str, list[str]]
FILLED = {
    "text": "写过的话 <一> & “二”", "textarea": "写过的话，\n第二行 <一> & “二”", "tel": "13900005555", "email": "a@b.cn",
    "number": "7", "date": "2026-12-24", "datetime-local": "2026-12-24T15:30", "time": "15:30", "url": "https://a.cn/",
    "month": "2026-12", "search": "找",
}  # fmt: skip
PROOFS = {"code", "id_number"}
"""Names of fields by which somebody proves who they are, whatever the form: nowhere kept."""


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


def send_from(client: Client, page: str, posted: dict[str, Any], action: str = "", **more: Any) -> HttpResponse:
    """As a browser sends a form that stands on this page."""
    return client.post(action or page, posted, HTTP_ORIGIN=HOST, HTTP_REFERER=f"{HOST}{page}", **more)


def comes_back(field: Any) -> bool:
    """Whatever a person typed, ticked or chose; not what proves who they are, nor what the page itself says."""
    kind = field.get("type", "text") if field.tag == "input" else field.tag
    is_proof = kind == "password" or field.get("name") in PROOFS or field.get("autocomplete") == "one-time-code"
    is_fixed = "disabled" in field.attrib or "readonly" in field.attrib
    return bool(field.get("name")) and kind not in {"hidden", "file", "submit", "button"} and not (is_proof or is_fixed)


def write_in(form: Any) -> Sent:
    """Writes in every field something that does not stand there yet; what a browser would send then, of these fields."""
    names = set()
    for field in form.xpath(".//input|.//textarea|.//select"):
        if not comes_back(field):
            continue
        names.add(field.get("name"))
        kind = field.get("type", "text") if field.tag == "input" else field.tag
        if kind == "checkbox":
            field.checked = not field.checked
        elif kind == "radio":
            field.checked = True  # the last of them
        elif field.tag == "select":
            offered = [option.get("value") for option in field.xpath(".//option") if option.get("value")]
            if offered:
                field.value = set(offered[-2:]) if field.multiple else offered[-1]
        elif field.tag == "textarea":
            field.text = "\n" + FILLED["textarea"]
        else:
            field.value = FILLED[kind]
    return {name: sorted(values) for name, values in fields_of(form).items() if name in names}
