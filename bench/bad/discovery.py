"""Which doors open to whom, what their pages ask for, and what is therefore to be tried."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from bench.bad import asking
from bench.bad.asking import Sent
from bench.bad.pages import TEXT, Field, Form, Page
from bench.bad.pages import read as read_page
from bench.bad.trials import Address, Api, Bodies, Filled, Headers, Query, Target
from bench.bad.world import ACTOR, STRANGER, Door, World

NO_FIELDS = {"csrfmiddlewaretoken", "_method"}
REFUSED = {301, 302, 403, 404, 405}
MOST_OF_A_MENU = 8
"""Of a menu that says what a form does, so many entries are tried."""


class Seen(NamedTuple):
    door: Door
    who: str
    is_open: bool
    takes_posts: bool
    names: list[str]
    """Looked up in the query by the page, or in the form by an address that answers no GET."""
    page: Page


def visitors(world: World, door: Door) -> list[str]:
    if door.who:
        return [door.who]
    names = {*world.at_desks, STRANGER} if door.route.startswith("admin/") else world.people
    return [name for name in world.people if name in names and not name.startswith(ACTOR)]


def look(world: World, door: Door, who: str) -> Seen:
    client, address = world.people[who], door.address()
    asking.read.clear()
    answer = asking.ask(client, Sent("GET", address))
    is_open, names, page = answer.status == 200, set(asking.read), Page()
    if answer.kind == "text/html" and is_open:
        page = read_page(answer.text, address)
    takes_posts = any(_route_of(form.action) == door.route for form in page.forms if form.method == "post")
    if answer.status == 405 or door.route.startswith("api/"):
        asking.read.clear()
        told = asking.ask(client, Sent("POST", address))
        takes_posts = told.status not in REFUSED or (told.status == 302 and "/sign-in/" not in told.location)
        names = set(asking.read) if takes_posts else set()
    return Seen(door, who, is_open, takes_posts, sorted(names - NO_FIELDS), page)


def targets(world: World, seen: Iterable[Seen]) -> list[Target]:
    """Each door once, as the first to whom it opens; each form once for every set of fields it has. Lists that take dozens
    of words in their query come last: they take longest."""
    known: set[object] = set()
    found: list[Target] = []
    for door in world.doors:
        found += [Address(door, STRANGER), Bodies(door, STRANGER)] if _is_new(known, door.route, "shut") else []
    for one in seen:
        key = one.door.route
        if one.is_open and _is_new(known, key, "open"):
            found += [Headers(one.door, one.who)]
        if one.is_open or one.takes_posts:
            found += [Address(one.door, one.who)] if one.door.captured and _is_new(known, key, "address") else []
        if one.is_open and one.names and _is_new(known, key, tuple(one.names)):
            found.append(Query(one.door, one.who, one.names, one.page.said))
        if one.takes_posts and _is_new(known, key, "posts"):
            found.append(Bodies(one.door, one.who))
        found += [target for target in _forms(world, one) if _is_new(known, _fingerprint(target))]
    return sorted(found, key=lambda target: isinstance(target, Query) and target.fields)


def _is_new(known: set[object], *key: object) -> bool:
    is_new = key not in known
    known.add(key)
    return is_new


def _fingerprint(target: Filled | Api) -> object:
    if isinstance(target, Api):
        return "api", target.door.address()
    names = frozenset(target.form.fields)
    return target.door.route, names, target.button, target.address if "act" in target.door.route else ""


def _forms(world: World, one: Seen) -> Iterator[Filled | Api]:
    for form in one.page.forms:
        door = _door_of(world, form.action, one.door)
        if door is not None:
            for variant in _variants(form):
                buttons: list[tuple[str, str] | None] = [*form.buttons] or [None]
                for button in buttons:
                    yield Filled(door, one.who, form.action, variant, button, world.foreign_ids)
    if one.takes_posts and not one.is_open:
        fields = {name: Field(name, TEXT) for name in one.names}
        form = Form(one.door.address(), "post", is_multipart=False, fields=fields)
        yield Filled(one.door, one.who, form.action, form, None, world.foreign_ids)
    if one.takes_posts and one.door.route.startswith("api/"):
        yield Api(one.door, one.who, dict.fromkeys(one.names, '"1"'))


def _variants(form: Form) -> Iterator[Form]:
    """A menu named "action" (of the admin's lists) says what the form does: each is a form of its own."""
    menu = form.fields.get("action")
    if not menu:
        yield form
        return
    for value in [value for value in menu.values if value][:MOST_OF_A_MENU]:
        fields = {**form.fields, "action": Field("action", menu.kind, menu.type, menu.values, [value])}
        yield Form(form.action, form.method, form.is_multipart, fields, form.buttons)


def _route_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return ""


def _door_of(world: World, action: str, here: Door) -> Door | None:
    """Of the form's own address, with what that captures."""
    if urlsplit(action).netloc:
        return None
    route = _route_of(action)
    if route == here.route:
        return here
    return next((door for door in world.doors if door.route == route), None)
