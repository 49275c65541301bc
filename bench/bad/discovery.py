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
    targets: list[Target] = []
    for door in world.doors:
        targets += [Address(door, STRANGER), Bodies(door, STRANGER)] if _is_new(known, door.route, "shut") else []
    for visit in seen:
        key = visit.door.route
        if visit.is_open and _is_new(known, key, "open"):
            targets += [Headers(visit.door, visit.who)]
        if visit.is_open or visit.takes_posts:
            targets += (
                [Address(visit.door, visit.who)] if visit.door.captured and _is_new(known, key, "address") else []
            )
        if visit.is_open and visit.names and _is_new(known, key, tuple(visit.names)):
            targets.append(Query(visit.door, visit.who, visit.names, visit.page.query))
        if visit.takes_posts and _is_new(known, key, "posts"):
            targets.append(Bodies(visit.door, visit.who))
        targets += [target for target in _forms(world, visit) if _is_new(known, _fingerprint(target))]
    return sorted(targets, key=lambda target: isinstance(target, Query) and target.fields)


def _is_new(known: set[object], *key: object) -> bool:
    is_new = key not in known
    known.add(key)
    return is_new


def _fingerprint(target: Filled | Api) -> object:
    if isinstance(target, Api):
        return "api", target.door.address()
    names = frozenset(target.form.fields)
    return target.door.route, names, target.button, target.address if "act" in target.door.route else ""


def _forms(world: World, visit: Seen) -> Iterator[Filled | Api]:
    for form in visit.page.forms:
        door = _door_of(world, form.action, visit.door)
        if door is not None:
            for variant in _variants(form):
                buttons: list[tuple[str, str] | None] = [*form.buttons] or [None]
                for button in buttons:
                    yield Filled(door, visit.who, form.action, variant, button, world.foreign_ids)
    if visit.takes_posts and not visit.is_open:
        fields = {name: Field(name, TEXT) for name in visit.names}
        form = Form(visit.door.address(), "post", is_multipart=False, fields=fields)
        yield Filled(visit.door, visit.who, form.action, form, None, world.foreign_ids)
    if visit.takes_posts and visit.door.route.startswith("api/"):
        yield Api(visit.door, visit.who, dict.fromkeys(visit.names, '"1"'))


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
