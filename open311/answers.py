"""Answers in both forms of the standard, XML and JSON, and how it says no: a list of {code, description}."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from xml.etree import ElementTree

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from accounts.limiter import TooOften

XML, JSON = ".xml", ".json"
FORMATS = {XML: "text/xml", JSON: "application/json"}
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
"""Name of a list -> that of what is in it, in XML."""
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Answer:
    root: str
    """Of the XML; JSON has none."""
    content: Any
    status: int = 200


class Refusal(Exception):
    """What was asked for cannot be done: status, and a sentence for each fault."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(*sentences)
        self.status, self.sentences = status, sentences


def answering(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """A door of a function that gives an `Answer`, in the form that is asked for; refusals are said in that form, too."""

    @wraps(view)
    def answered(request: HttpRequest, suffix: str, **captured: Any) -> HttpResponse:
        wait = None
        try:
            answer = view(request, **captured)
        except Refusal as refusal:
            answer = _refused(refusal.status, *refusal.sentences)
        except PermissionDenied as refusal:
            answer = _refused(403, str(refusal))
        except Http404:
            answer = _refused(404, "没有找到。")
        except TooOften as refusal:
            answer, wait = _refused(429, *refusal.messages), refusal.wait
        except ValidationError as refusal:
            answer = _refused(400, *sentences_of(refusal))
        response = _written(answer, suffix or _preferred(request))
        if wait is not None:
            response["Retry-After"] = str(wait)
        return response

    return answered


def sentences_of(refusal: ValidationError) -> list[str]:
    """ "lat: …" where a field is at fault."""
    if not hasattr(refusal, "error_dict"):
        return refusal.messages
    return [f"{name}: {words}" for name, several in refusal.message_dict.items() for words in several]


def _refused(status: int, *sentences: str) -> Answer:
    return Answer("errors", [{"code": status, "description": words} for words in sentences], status)


def _preferred(request: HttpRequest) -> str:
    """XML, which every client of the standard reads, unless JSON is asked for."""
    chosen = request.get_preferred_type(["text/xml", "application/xml", "application/json"])
    return JSON if chosen == "application/json" else XML


def _written(answer: Answer, suffix: str) -> HttpResponse:
    response: HttpResponse
    if suffix == JSON:
        response = JsonResponse(
            answer.content, safe=False, status=answer.status, json_dumps_params={"ensure_ascii": False}
        )
    else:
        root = ElementTree.Element(answer.root)
        _fill(root, answer.content)
        written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        response = HttpResponse(written, status=answer.status, content_type="text/xml; charset=utf-8")
    response["Vary"] = "Accept"
    return response


def _fill(element: ElementTree.Element, content: Any) -> None:
    if isinstance(content, list):
        for item in content:
            _fill(ElementTree.SubElement(element, ITEMS[element.tag]), item)
    elif isinstance(content, dict):
        for name, value in content.items():
            _fill(ElementTree.SubElement(element, name), value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = NO_XML.sub("", str(content))
