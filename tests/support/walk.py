"""Trying doors: whether a GET or a POST gets in, and whether a POST that was turned away has written anything."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from pypdf import PdfWriter

from accounts.models import User
from accounts.models.rate_count import RateCount
from papers.pdf import Setting

REFUSED = {403, 404, 405}


def _empty_paper() -> bytes:
    out, paper = BytesIO(), PdfWriter()
    paper.add_blank_page(100, 100)
    paper.write(out)
    return out.getvalue()


EMPTY_PAPER = _empty_paper()
KEPT_OF_A_REFUSAL = {"django_session", RateCount._meta.db_table}
"""Tables in which somebody turned away may leave a line: that a session is alive, and that they tried."""


def opens(client: Client, address: str) -> bool:
    answer = client.get(address)
    assert answer.status_code in {200, 302, *_told(address)} | REFUSED, f"{address}: {answer.status_code}"
    return answer.status_code in {200, *_told(address)} or (
        answer.status_code == 302 and not _leads_away(answer["Location"])
    )


def _told(address: str) -> set[int]:
    """The one door that says by its status how the portal is: without a worker, as here, not ready. And calls that say by it
    what is missing, as forms do."""
    if address == reverse("readyz"):
        return {503}
    return {400} if address.startswith("/api/") else set()


def takes_posts(client: Client, address: str, posted: dict[str, object] | None = None) -> bool:
    """Whether an empty form is let in, if only to be told what is missing."""
    return let_in(post(client, address, posted), address)


def post(client: Client, address: str, posted: dict[str, object] | None = None) -> Any:
    """The answer to an empty form. All it did is taken back."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.post(address, posted or {})
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def let_in(answer: Any, address: str) -> bool:
    if answer.status_code == 302:
        return not _leads_away(answer["Location"])
    assert answer.status_code < 500, f"{address}: {answer.status_code}"
    return answer.status_code not in REFUSED


def _leads_away(location: str) -> bool:
    """To sign in, or to a front page that opens to this person."""
    return "/sign-in/" in location or "/login/" in location or location == "/admin/"


@contextmanager
def nothing_written(what: str) -> Iterator[None]:
    """Fails when anything but the tables above is written meanwhile, rolled back or not."""
    before = written()
    yield
    changed = changed_since(before)
    assert not changed, f"{what} wrote in {sorted(changed)}"


def writes(act: Callable[[], object]) -> set[str]:
    """In which tables but those above this writes, taken back or not."""
    before = written()
    act()
    return changed_since(before)


def changed_since(before: dict[str, int]) -> set[str]:
    after = written()
    return {table for table in after if after[table] != before.get(table, 0)} - KEPT_OF_A_REFUSAL


def written() -> dict[str, int]:
    """Rows written in this transaction, by table, as PostgreSQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Templates are found and not filled in, nor papers set, nor the admin's menu, and refusals not logged: who gets in
    is decided before, and it is asked often. Sessions and whose they are are kept in memory beside their tables, or each
    request would read its own."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    signed_in_as = cache(ModelBackend().get_user)

    def get_user(self: ModelBackend, user_id: int) -> User | None:
        return copy(signed_in_as(user_id))  # a request may note on it what holds for this request alone

    monkeypatch.setattr(ModelBackend, "get_user", get_user)
    monkeypatch.setattr(Setting, "compile", lambda self, document: EMPTY_PAPER)
    monkeypatch.setattr(site, "each_context", lambda request: {})
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
