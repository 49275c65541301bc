"""A copy of the demonstration, beside it a street of the tests' with an object behind every door, and people who may open
them: one for each role at each of its places, whoever acts on cases of the demonstration, and a stranger."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from unittest.mock import patch

from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from accounts.models import User
from bench import _database
from cases.engine.access import arrows_for
from cases.models import Case
from cases.services import route as route_case
from cases.workflow import WORKFLOWS
from disputes.models import Expert
from grids.models import Post
from grids.posts.services import appoint
from grids.rights import doors as house
from papers.pdf import Setting
from tests.accounts.test_rights import photo
from tests.support.addresses import address_of, arguments
from tests.support.cast import MONDAY, Town, plant_town, signed_in, submit
from tests.support.everybody import appoint_everybody

DEFAULTS = (
    "load_defaults",
    "load_dispute_defaults",
    "load_volunteer_defaults",
    "load_meeting_defaults",
    "load_assessment_defaults",
)
TREE = ("seed_zhenghe",)
CASES = ("seed_requests", "seed_disputes", "seed_volunteers")
REST = ("seed_experts", "seed_places", "seed_meetings", "seed_assessment")
FEW = 20
"""Every 20th of the demonstration's cases, as script/server --small plants them."""
ACTS = ("cases:act", "api:case-act")
CAPTURE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
STRANGER, ACTOR = "stranger", "actor"


class Door(NamedTuple):
    """An address with something behind it."""

    route: str
    """As Django writes it."""
    captured: dict[str, str]
    who: str = ""
    """Who is to try it; "" for everybody."""

    def address(self, **others: str) -> str:
        return filled(self.route, {**self.captured, **others})


class World(NamedTuple):
    routes: list[house.Door]
    doors: list[Door]
    people: dict[str, Client]
    at_desks: set[str]
    """Who has a desk: nobody else gets into the admin."""
    foreign_ids: list[str]
    """Of a grid, a post, a person and a case that are no business of those at the doors."""


def filled(route: str, captured: dict[str, str]) -> str:
    parts = re.sub(r"(?<![\[\\])\^|\$$|\\Z$", "", route)
    return "/" + CAPTURE.sub(lambda match: captured[match[1] or match[2]], parts)


NO_PAGES = patch.object(Setting, "compile", lambda setting, document: b"%PDF-1.4")
"""Typst works in threads, which no fork takes along: who has set a page before cannot set one in a process of its own."""


@NO_PAGES
def plant(database: str, *, with_cases: bool) -> World:
    _database.own(database, *DEFAULTS, *(TREE if with_cases else ()))
    for command in CASES if with_cases else ():
        _database.run(command, every=FEW)
    for command in REST if with_cases else ():
        _database.run(command)
    town, case, people = _street()
    things = arguments(case, town, people["asker"], people["neighbour"], people)
    people["expert on the panel"] = Expert.objects.latest("pk").person
    acts, actors = _acts(people)
    every = house.doors()
    clients = {name: signed_in(person) for name, person in {**people, **actors}.items()}
    return World(
        routes=every,
        doors=[*(_door(route, things) for route in every if route.name not in ACTS), *acts],
        people={STRANGER: Client(), **clients},
        at_desks={name for name, person in people.items() if person.is_staff},
        foreign_ids=[str(key) for key in _foreign(town)],
    )


def _street() -> tuple[Town, Case, dict[str, User]]:
    """The street, a case in it, and its people: one for each role, whose name they have here."""
    town = plant_town("试用街道", "350725900")
    resident, neighbour = (
        User.objects.create_user(phone=f"1380013000{number}", name=name)
        for number, name in enumerate(("王秀英", "赵建国"))
    )
    people: dict[str, User] = {}
    for somebody in appoint_everybody(town, resident, neighbour):
        if somebody.person and not somebody.name.endswith((" sister", " foreign")):
            people.setdefault(somebody.role or somebody.name, somebody.person)
    leader = User.objects.create_user(phone="13800130004", name="周敏")
    appoint(person=leader, role="grid_leader", grid=town.next_grid, from_at=MONDAY)
    case = submit(resident, town, photos=[photo()])
    route_case(case_id=case.pk, at=MONDAY)
    case.refresh_from_db()
    return town, case, people


def _foreign(town: Town) -> Iterator[int]:
    post = Post.objects.filter(grid__tree_id=town.other_street.tree_id).latest("pk")
    yield from (town.other_grid.pk, post.pk, post.person_id)
    yield from Case.objects.exclude(grid__tree_id=town.street.tree_id).order_by("pk").values_list("pk", flat=True)[:1]


def _door(route: house.Door, things: dict[str, Any]) -> Door:
    wanted = [first or second for first, second in CAPTURE.findall(route.path)]
    if wanted and route.name and not route.name.startswith("admin:"):
        match = resolve(address_of(route.name, things))
        captured: dict[str, Any] = match.captured_kwargs  # type: ignore[attr-defined]  # the stubs leave it out
        return Door(route.path, {name: str(captured[name]) for name in wanted})
    model = "_".join(route.path.split("/")[1:3])
    return Door(route.path, {name: _of_the_admin(name, things.get(model, 1)) for name in wanted})


def _of_the_admin(name: str, key: Any) -> str:
    if name == "content_type_id":
        return str(ContentType.objects.get_for_model(Case).pk)
    return {"app_label": "cases", "url": "nowhere"}.get(name) or str(quote(key))


def _acts(people: dict[str, User]) -> tuple[list[Door], dict[str, User]]:
    """For each kind of case and each verb without a door of its own: page and API of a case on which somebody may draw it
    now, else of any of the kind."""
    paths = [route.path for route in house.doors() if route.name in ACTS]
    doors, actors = [], {}
    for kind, workflow in WORKFLOWS.items():
        verbs = {arrow.verb for arrow in workflow.arrows if not arrow.door}
        drawn = _drawn(kind, verbs)
        for verb in sorted(verbs) if drawn else ():
            case, person = drawn.get(verb) or next(iter(drawn.values()))
            actors[f"{ACTOR} {person.pk}"] = person
            doors += [Door(path, {"number": case.number, "verb": verb}, f"{ACTOR} {person.pk}") for path in paths]
    return doors, actors


def _drawn(kind: str, verbs: set[str]) -> dict[str, tuple[Case, User]]:
    """Verb -> a case and who may draw it there."""
    at, by_verb = timezone.now(), dict[str, tuple[Case, User]]()
    for case in Case.objects.filter(kind=kind).select_related("holder__person").order_by("state", "-pk")[:200]:
        for person in _about(case) if verbs - by_verb.keys() else ():
            for arrow in arrows_for(person, case, at=at):
                by_verb.setdefault(arrow.verb, (case, person))
    return by_verb


def _about(case: Case) -> set[User]:
    """Who sits on it, holds it, or stands above it."""
    seated = case.seats.filter(until_at=None).select_related("person", "post__person")
    above = User.objects.filter(
        posts__grid__in=case.grid.get_ancestors(), posts__role__in=("street_cadre", "community_worker")
    )
    on_it = (seat.person or (seat.post.person if seat.post else None) for seat in seated)
    people = {person for person in on_it if person is not None} | set(above)
    return people | ({case.holder.person} if case.holder else set())
