"""A browser of one person: cookies, forms, redirects. No JavaScript: what works here works on any phone."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

PATIENCE = 10.0
"""Seconds a person looks at a page that does not come."""
MOST_REDIRECTS = 5
BUTTONS = {"submit", "button", "image", "file"}
SENT_IF_CHOSEN = {"checkbox", "radio", *BUTTONS}


class NotAnswered(Exception):
    """No connection, no answer within PATIENCE, or an answer of 500 and above."""


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    """What a browser would send, nothing typed."""
    names: set[str] = field(default_factory=set)
    """Of all its fields, also of those that send nothing untouched: files, buttons, choices without a default."""


@dataclass
class Page:
    path: str
    status: int
    location: str
    text: str

    def form(self, *names: str) -> Form | None:
        """The form that has these fields."""
        return next((form for form in _forms(self.text) if form.names >= set(names)), None)

    def form_to(self, ending: str) -> Form | None:
        """The form whose address ends like this."""
        return next((form for form in _forms(self.text) if form.action.endswith(ending)), None)

    @property
    def words(self) -> str:
        """The beginning of what a person reads on it."""
        main = self.text.partition("<main")[2] or self.text
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", f"<main{main}")).split())[:200]


@dataclass(frozen=True)
class Attempt:
    """One request: when it began and ended (monotonic seconds), and whether it was answered."""

    began: float
    ended: float
    is_answered: bool


class Browser:
    def __init__(self, port: int, address: str, note: Callable[[Attempt], None]) -> None:
        self.port, self.address, self.note = port, address, note
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """The page behind an address, redirects followed."""
        page = self.ask("GET", path)
        for _ in range(MOST_REDIRECTS):
            if not page.location:
                return page
            page = self.ask("GET", page.location)
        raise NotAnswered(f"{path} sends in a circle")

    def send(self, page: Page, form: Form, typed: Mapping[str, str], photo: bytes | None = None) -> Page:
        """Send a form of this page. The answer is not followed: where it points to is part of what was said."""
        values = {**form.fields, **typed}
        target = urljoin(page.path, form.action) if form.action else page.path
        if photo is None:
            return self.ask("POST", target, urlencode(values).encode(), "application/x-www-form-urlencoded")
        body, content_type = _multipart(values, photo)
        return self.ask("POST", target, body, content_type)

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Page:
        """One request, noted. Raises NotAnswered."""
        began = time.monotonic()
        try:
            page = self._ask(method, path, body, content_type)
        except (OSError, HTTPException) as fault:
            self.note(Attempt(began, time.monotonic(), False))
            raise NotAnswered(f"{method} {path}: {type(fault).__name__} {fault}") from fault
        is_answered = page.status < 500
        self.note(Attempt(began, time.monotonic(), is_answered))
        if not is_answered:
            raise NotAnswered(f"{method} {path}: {page.status}")
        return page

    def _ask(self, method: str, path: str, body: bytes, content_type: str) -> Page:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, self._headers(path, content_type))
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            for header in answer.headers.get_all("Set-Cookie") or ():
                self._keep(header)
            location = answer.headers.get("Location", "")
        finally:
            connection.close()
        return Page(path, answer.status, _path_of(urljoin(path, location)) if location else "", text)

    def _headers(self, path: str, content_type: str) -> dict[str, str]:
        headers = {
            "Referer": f"http://127.0.0.1:{self.port}{path}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,  # as the county's proxy writes it: everybody has an address of their own
        }
        return {**headers, "Content-Type": content_type} if content_type else headers

    def _keep(self, header: str) -> None:
        pair, *attributes = header.split(";")
        name, _, value = pair.partition("=")
        if any(attribute.strip().lower() == "max-age=0" for attribute in attributes) or not value.strip('"'):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _multipart(fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="photos"; filename="photo.jpg"\r\nContent-Type: image/jpeg'
    parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + photo + f"\r\n--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _forms(text: str) -> list[Form]:
    reader = _FormReader()
    reader.feed(text)
    return reader.forms


class _FormReader(HTMLParser):
    """The forms of a page with what a browser would send untouched (a button's own value is only sent when pressed)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", "")))
        elif self.forms:
            self._read(tag, values, self.forms[-1].fields)
            self.forms[-1].names.add(values.get("name", ""))

    def _read(self, tag: str, values: dict[str, str], fields: dict[str, str]) -> None:
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "input" and name:
            if kind not in SENT_IF_CHOSEN or (kind not in BUTTONS and "checked" in values):
                fields[name] = values.get("value", "")
        elif tag == "textarea":
            self._area, fields[name] = name, ""
        elif tag == "select":
            self._select = name
            fields.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in values:
            fields[self._select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, text: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += text
