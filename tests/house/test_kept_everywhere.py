"""Every form of the house: written, refused because the session was over, and its words are back after the sign-in.

All addresses are walked as whoever may see them, and each form found there is tried; what cannot come back is told by a rule
(`comes_back`), not by a list."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from accounts.models import User
from accounts.sign_in.sessions import SIGNED, VERIFIED
from tests.house.test_permissions import case
from tests.support.addresses import address_of, arguments
from tests.support.asking import OPENS
from tests.support.cast import signed_in
from tests.support.everybody import Somebody, by_turns, each_once
from tests.support.forms import comes_back, fields_of, file_fields, forms_on, send_from, write_in
from tests.support.reckoning import Ground, may_enter

__all__ = ["case"]
SHARES = 4
READERS = 5
"""Of each page: as many as find every form that all of them find."""


def _forms(somebody: Somebody, address: str) -> list[tuple[str, Any]]:
    """(action, form) of this page that have something to write in."""
    answer = somebody.client.get(address)
    is_page = answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html")
    if not is_page or not answer.content:
        return []
    forms = [(urlsplit(urljoin(address, form.action or "")).path, form) for form in forms_on(answer)]
    return [
        (action, form)
        for action, form in forms
        if file_fields(form) or any(comes_back(field) for field in form.xpath(".//input|.//textarea|.//select"))
    ]


def _never_kept(action: str) -> frozenset[str] | None:
    """Fields that its view declares as secret, none: all of them; which views these are stands in the test below."""
    return getattr(resolve(action).func, "never_kept", None)


def _signs_in_again(client: Client, person: User) -> None:
    client.force_login(person)
    session = client.session
    session[VERIFIED], session[SIGNED] = True, timezone.now().timestamp()
    session.save()


def _try(somebody: Somebody, address: str, action: str, form: Any) -> str:
    """What did not come back, in words; "" when all did. All it does is taken back."""
    secret = _never_kept(action) or frozenset()
    written, files = {name: values for name, values in write_in(form).items() if name not in secret}, file_fields(form)
    if not (written or files):
        return ""  # of boxes that were ticked before, none: pressed again, it says the same
    posted: dict[str, Any] = {**fields_of(form), **{name: SimpleUploadedFile("一.jpg", b"x") for name in files}}
    client = Client()
    client.cookies = deepcopy(somebody.client.cookies)
    with transaction.atomic():
        page, complaint = _refused(client, somebody, address, action, posted)
        transaction.set_rollback(True)
    if complaint or page.status_code != 200:
        return complaint or f"the page answers {page.status_code}"
    again = [kept for kept in forms_on(page) if kept.xpath(".//input[@name='kept_form']")]
    if len(again) != 1:
        return f"given back in {len(again)} forms"
    stands = fields_of(again[0])
    lost = {
        name: (values, stands.get(name)) for name, values in written.items() if sorted(stands.get(name, [])) != values
    }
    is_known = somebody.person is not None  # of strangers no files are kept
    if files and is_known and f"文件 {len(files)} 个" not in again[0].text_content():
        lost["files"] = (sorted(files), None)
    return f"lost {lost}" if lost else ""


def _refused(client: Client, somebody: Somebody, address: str, action: str, posted: dict[str, Any]) -> tuple[Any, str]:
    """The page as it comes after the form was refused, and what is wrong on the way there. Where nobody has to be signed
    in, the form is refused for its token."""
    if somebody.person is not None:
        client.session.delete()
    answer = send_from(client, address, posted, action)
    target = urlsplit(answer.get("Location", ""))
    if somebody.person is None or target.path not in DOORS:
        public = Client(enforce_csrf_checks=True)
        public.cookies = deepcopy(somebody.client.cookies)
        refused = send_from(public, address, {**posted, "csrfmiddlewaretoken": "old"}, action)
        return public.get(
            address
        ), "" if refused.status_code == 403 else f"a forged form is answered {refused.status_code}"
    if target.path != DOORS[somebody.person.has_usable_password()]:
        return None, f"leads to {target.path}"
    _signs_in_again(client, somebody.person)
    return client.get(parse_qs(target.query)["next"][0]), ""


def test_what_is_kept_nowhere():
    """Signing in, choosing a secret, ballots with what finds them, and where a volunteer stood; the keys of an urn."""
    declared = {
        entry.name: entry.callback.never_kept
        for entry in _entries(get_resolver())
        if hasattr(entry.callback, "never_kept")
    }
    slips = frozenset({"first_slip", "second_slip"})
    nothing = (
        "sign-in", "sign-in-code", "newcomer", "guardian", "sign-in-password", "second-factor", "second-factor-set-up",
        "password", "vote-cast", "vote-check", "vote-desk", "check-in",
    )  # fmt: skip
    assert declared == {**dict.fromkeys(nothing, frozenset()), "vote-new": slips, "vote-open": slips}


def _entries(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _entries(entry)
        else:
            yield entry


DOORS = ("/sign-in/", "/sign-in/password/")
"""Residents', staff's."""


@pytest.fixture
def people(everybody: list[Somebody]) -> list[Somebody]:
    """Whoever works at a desk has a password; nobody else of them has."""
    User.objects.filter(is_staff=True).update(password=make_password("Test-password-1"))
    for somebody in everybody:
        if somebody.person is not None:
            somebody.person.refresh_from_db()
            somebody.client = signed_in(somebody.person)
            somebody.client.get("/privacy/")  # where this browser learns whose it is
    return everybody


@pytest.mark.parametrize("share", range(SHARES))
def test_the_words_are_back_in_every_form(case, people, town, resident, neighbour, staff, share):
    args, ground = arguments(case, town, resident, neighbour, staff), Ground(case, resident)
    tried: dict[tuple[str, frozenset[str]], str] = {}
    doors = [(door, rule) for door, rule in OPENS.items() if rule and " " not in door][share::SHARES]
    for turn, (door, rule) in enumerate(doors):
        address = address_of(door, args)
        let_in = [somebody for somebody in each_once(people) if may_enter(rule, somebody, ground.thing(door))]
        # The admin's pages are the same for whoever sees them. On a page of everybody's strangers come first: what somebody
        # wrote whose session ended waits there until they sign in.
        others = [] if door.startswith("admin:") else by_turns(let_in[1:], turn, READERS - 1)
        for somebody in [*let_in[:1], *others]:
            for action, form in _forms(somebody, address):
                if _never_kept(action) == frozenset():
                    continue
                kind = (action, frozenset(form.inputs.keys()))
                if kind not in tried:
                    tried[kind] = _try(somebody, address, action, form)
                    tried[kind] = tried[kind] and f"{door} {action} ({somebody.name}): {tried[kind]}"
    assert len(tried) > 20
    assert not any(tried.values()), "\n".join(sorted(filter(None, tried.values())))
