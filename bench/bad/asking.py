"""One request to the portal in this process, all it wrote taken back, and what was wrong with the answer."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http.cookies import SimpleCookie
from pathlib import Path
from traceback import extract_tb
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.contrib.admin import site
from django.db import Error, connection, transaction
from django.forms import BaseForm
from django.http import QueryDict
from django.test import Client

SLOW = 5.0
"""Seconds after which an answer is a fault, when it is asked for again and takes as long."""
LINE = 8190
"""Bytes of an address that a web server takes (gunicorn, limit_request_line): what is longer never gets here."""
INSIDE = re.compile(r"Traceback|\b[A-Z]\w*(?:Error|Exception)\b|File &quot;|site-packages|\w\.py\b|psycopg|<module>")
SCRIPTS = re.compile(r"<script.*?</script>|<style.*?</style>", re.S)
SERVER = {"SERVER_NAME": "localhost", "raise_request_exception": False}

read: set[str] = set()
"""Names that the views have looked up in a query or a form since it was last emptied."""
refused: set[str] = set()
"""Names of fields that a form has refused since it was last emptied."""


class Sent(NamedTuple):
    method: str
    address: str
    """Percent-encoded, with its query."""
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: dict[str, str] = {}  # noqa: RUF012


class Answer(NamedTuple):
    status: int
    seconds: float
    kind: str
    text: str
    location: str
    fault: str
    """What the portal raised, and where."""
    is_told: bool = False
    """The address exists to say by its status how the portal is."""

    @property
    def wrong(self) -> str:
        if self.status >= 500 and not self.is_told:
            return f"{self.status} {self.fault}"
        if shown := INSIDE.search(SCRIPTS.sub("", self.text)):
            return f"{self.status}, shows {shown[0]!r}"
        return f"{self.status} after {self.seconds:.1f} s" if self.seconds > SLOW else ""


def ask(client: Client, sent: Sent) -> Answer:
    answer = _ask(client, sent)
    return _ask(client, sent) if answer.seconds > SLOW else answer  # something else may have kept the machine busy


def _ask(client: Client, sent: Sent) -> Answer:
    client.raise_request_exception = False
    cookies = SimpleCookie()
    cookies.update(client.cookies)
    headers: dict[str, Any] = {**sent.headers}
    began = time.monotonic()
    with _undone():
        response: Any = client.generic(
            sent.method, sent.address, sent.body, sent.content_type or "", SERVER_NAME="localhost", **headers
        )
        content = b"".join(response.streaming_content) if response.streaming else response.content
        fault = _where(response.exc_info) or _constraints()
    took = time.monotonic() - began
    client.cookies = cookies
    kind = response.get("Content-Type", "").partition(";")[0]
    text = content.decode(errors="replace") if kind.startswith("text/") or "json" in kind else ""
    status = 500 if fault and not response.exc_info else response.status_code
    is_told = sent.address.startswith("/readyz") and not fault
    return Answer(status, took, kind, text, response.get("Location", ""), fault, is_told)


@contextmanager
def _undone() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as the tests' own: a durable block inside is let be
    with block:
        yield
        transaction.set_rollback(True)


def _constraints() -> str:
    """What the commit would have refused."""
    if connection.needs_rollback:
        return ""
    try:
        connection.check_constraints()
    except Error as fault:
        return f"{type(fault).__name__} at the commit: {str(fault).splitlines()[0]}"
    return ""


def _where(exc_info: Any) -> str:
    """The fault and the last line of ours on its way."""
    if not exc_info:
        return ""
    kind, fault, trace = exc_info
    frames = [
        frame
        for frame in extract_tb(trace)
        if "site-packages" not in frame.filename and "/bench/" not in frame.filename
    ]
    ours = [frame for frame in frames if frame.filename.startswith(str(settings.BASE_DIR))]
    last = (ours or extract_tb(trace))[-1]
    place = Path(last.filename)
    name = place.relative_to(settings.BASE_DIR) if ours else f"{place.parent.name}/{place.name}"
    words = " ".join(str(fault).split())
    return f"{kind.__name__} in {name}:{last.lineno} {last.name}: {words[:120]}"


def encoded(fields: list[tuple[str, bytes]]) -> bytes:
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in fields).encode()


def watch() -> None:
    """From now on `read` and `refused` are kept, and the admin's menu is put together once for each person."""
    for name in ("__getitem__", "__contains__", "getlist"):
        setattr(QueryDict, name, _reading(getattr(QueryDict, name)))
    clean, menu, kept = BaseForm.full_clean, site.get_app_list, dict[Any, Any]()

    def full_clean(self: BaseForm) -> None:
        clean(self)
        refused.update(self.add_prefix(name) for name in self.errors)

    def get_app_list(request: Any, app_label: str | None = None) -> Any:
        key = (request.user.pk, app_label)
        if key not in kept:
            kept[key] = menu(request, app_label)
        return kept[key]

    BaseForm.full_clean = full_clean  # type: ignore[method-assign]  # looks on
    site.get_app_list = get_app_list  # type: ignore[method-assign]


def _reading(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def reading(self: QueryDict, name: Any, *args: Any, **options: Any) -> Any:
        if isinstance(name, str):
            read.add(name)
        return method(self, name, *args, **options)

    return reading
