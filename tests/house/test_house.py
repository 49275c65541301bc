"""What import-linter cannot see: foreign keys, templates, the list of addresses, personal data, tasks, query counts, and
what mypy leaves out."""

import ast
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.personal_data import unsorted_fields
from cases.engine.soundness import problems
from cases.workflow import WORKFLOWS
from grids.tree import services as tree
from tests.support import frozen
from tests.support.cast import Town, draw, signed_in, submit
from tests.support.source import tree_of

CONTRACTS = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS = [layer.split(" | ") for layer in reversed(CONTRACTS[0]["layers"])]
"""From the lowest up, as import-linter is told."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
OURS = [model for model in apps.get_models() if model._meta.app_label in FLOOR]

PUBLIC = {
    "home", "healthz", "readyz", "large-print", "accounts:sign-in", "accounts:sign-in-code",
    "accounts:sign-in-password", "accounts:guardian", "accounts:second-factor", "accounts:sign-out",
    "accounts:privacy", "accounts:oidc", "accounts:oidc-back", "grids:my-grid", "grids:duty-calendar", "cases:track", "cases:paper-verify",
    "volunteers:rules", "volunteers:projects", "volunteers:project",
    "volunteers:project-photo", "volunteers:call",
    "volunteers:brands", "volunteers:brand",
    "meetings:centres", "meetings:map", "meetings:centre", "meetings:centre-photo", "meetings:here",
    "meetings:activities", "meetings:feed", "meetings:activity", "meetings:activity-calendar",
    "meetings:topics", "meetings:topic", "meetings:vote", "meetings:vote-check", "meetings:covenants",
    "meetings:covenant", "meetings:covenant-poster",
    "manifest", "service-worker", "offline", "api-schema", "api-docs", "accounts:ticket",
    "dashboards:net", "dashboards:net-behind", "dashboards:open-data", "dashboards:open-data-file",
    "open311:discovery", "open311:services", "open311:service", "open311:requests", "open311:request", "open311:token",
    "open311:updates",
}  # fmt: skip
"""Everything else asks for a sign-in."""


def test_every_room_has_its_floor():
    assert {*settings.ROOMS, "zhenghe"} <= FLOOR.keys()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model):
    own = model._meta.app_label
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.related_model._meta.app_label in FLOOR:
            other = field.related_model._meta.app_label
            assert other == own or FLOOR[other] < FLOOR[own], f"{model._meta.label}.{field.name} points at {other}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared_personal_or_plain(model):
    assert unsorted_fields(model) == set()


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=lambda workflow: workflow.kind)
def test_declared_states_and_arrows_are_sound(workflow):
    assert problems(workflow) == []


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_name_only_addresses_of_rooms_below(path):
    room = path.relative_to(settings.BASE_DIR / "templates").parts[0]
    known = _names()
    for name in re.findall(r"{% url '([^']+)'", path.read_text()):
        assert name in known or name.startswith("admin:"), f"{name} is no address"
        named = name.partition(":")[0]
        if room in FLOOR and named in FLOOR and named != room:
            assert FLOOR[named] < FLOOR[room], f"{room} links up or across to {name}"


def test_every_address_is_public_or_asks_for_a_sign_in(client, db):
    for name, pattern in _names().items():
        if name in PUBLIC or name.startswith("api:"):
            continue
        args = _made_up(pattern)
        response = client.get(reverse(name, kwargs=args))
        refused = response.status_code == 405 or (response.status_code == 302 and "/sign-in/" in response["Location"])
        assert refused, f"{name} answers a stranger with {response.status_code}"


OPEN_CALLS = {
    "api:activity", "api:activity-list", "api:centre", "api:centre-list", "api:net", "api:open-data", "api:open-data-set",
    "api:project", "api:project-list", "api:topic", "api:topic-list", "api:vote",
}  # fmt: skip
"""Read by everybody, as the page of the same thing."""


def test_the_api_answers_nobody_who_is_not_signed_in(client, db):
    for name, pattern in _names().items():
        if name.startswith("api:"):
            address = reverse(name, kwargs=_made_up(pattern))
            is_step = name.startswith("api:sign-in") or name == "api:my-grid"  # open; refused for want of what it asks
            refusals = {400, 403, 405} if is_step else {404} if name == "api:vote-check" else {403, 405}
            assert client.post(address).status_code in refusals, name
            if name in OPEN_CALLS:
                assert client.get(address).status_code in {200, 404}, name
            else:
                assert client.get(address).status_code in refusals | {405}, name


def test_the_list_of_open_calls_is_true():
    assert _names().keys() >= OPEN_CALLS


def test_the_list_of_public_addresses_is_true():
    assert _names().keys() >= PUBLIC


@pytest.mark.parametrize("path", sorted(settings.BASE_DIR.glob("*/tasks.py")), ids=lambda path: path.parent.name)
def test_tasks_make_one_call(path):
    functions = [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        assert len(function.body) == 1, f"{path}: {function.name} does more than one thing"
        assert not function.args.args, f"{path}: {function.name} takes something by position"


@pytest.mark.parametrize("room", [*FLOOR, "tests", "bench"])
def test_files_stay_small(room):
    for path in (settings.BASE_DIR / room).rglob("*.py"):
        if "migrations" not in path.parts:
            assert len(path.read_text().splitlines()) <= 420, f"{path} should be two files"


MOST_ENTRIES = 24


def test_a_folder_shows_at_most_so_much():
    """But for the first one, where the rooms stand."""
    inside: dict[str, set[str]] = {}
    for file in _kept_files():
        for folder in list(file.parents)[:-1]:
            inside.setdefault(str(folder), set()).add(file.relative_to(folder).parts[0])
    assert {folder: len(names) for folder, names in inside.items() if len(names) > MOST_ENTRIES} == {}


def test_what_three_files_share_in_their_name_is_a_package():
    """A folder of their own name is one: WeChat wants the four files of a page so."""
    beginnings: dict[tuple[str, str], set[str]] = {}
    for file in _kept_files():
        begins, _, rest = file.stem.lstrip("_").partition("_")
        if "migrations" not in file.parts and begins != "test" and file.stem != file.parent.name:
            beginnings.setdefault((str(file.parent), begins), set()).add(file.name)
    assert {where: names for where, names in beginnings.items() if len(names) >= 3} == {}


def _kept_files() -> list[Path]:
    """What git keeps, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [Path(name) for name in listed.splitlines() if (settings.BASE_DIR / name).exists()]


def test_types_are_checked_of_everything_but_migrations_and_tests():
    checker = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["mypy"]
    assert (checker["strict"], checker["files"], checker.get("overrides")) == (True, ["."], None)
    left_out = re.compile("|".join(checker["exclude"]))
    for room in [*FLOOR, "tables", "locks", "bench"]:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            assert bool(left_out.search(name)) == ("migrations" in path.parts), name


def _names() -> dict[str, str]:
    """Name -> route of every address of ours (the admin's have their own permissions and tests)."""
    routes: dict[str, str] = {}

    def walk(resolver: URLResolver, names: str, route: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                if entry.namespace != "admin":
                    walk(entry, f"{names}{entry.namespace}:" if entry.namespace else names, route + str(entry.pattern))
            elif isinstance(entry, URLPattern) and entry.name:
                routes[f"{names}{entry.name}"] = route + str(entry.pattern)

    walk(get_resolver(), "", "")
    return routes


def _made_up(route: str) -> dict[str, str]:
    values = {"number": "ZH-2222-2222", "key": "0a0b0c0d-0000-4000-8000-000000000000", "photo_id": 1, "verb": "sign"}
    values |= {"purpose": "location", "suffix": ".json"} | {name: 1 for name in re.findall(r"<int:(\w+)>", route)}
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    return {name: values.get(name, "x") for name in names}


COUNTS = frozen.FOLDER / "query_counts.json"
PAGES = {
    "resident home": ("resident", "/"),
    "resident place": ("resident", "/requests/new/"),
    "resident case": ("resident", "/cases/{number}/"),
    "resident list": ("resident", "/cases/"),
    "resident notices": ("resident", "/notices/"),
    "leader to-do": ("grid_leader", "/cases/"),
    "leader case": ("grid_leader", "/cases/{number}/"),
    "leader area": ("grid_leader", "/cases/?tab=area"),
    "leader act": ("grid_leader", "/cases/{number}/sign/"),
    "secretary late": ("community_secretary", "/cases/?tab=late"),
    "staff register": ("community_worker", "/requests/register/"),
    "staff cases": ("community_worker", "/admin/cases/case/"),
    "staff tree": ("street_cadre", "/admin/grids/grid/"),
    "staff posts": ("street_cadre", "/admin/grids/post/"),
    "staff gaps": ("street_cadre", "/grids/gaps/"),
    "staff rosters": ("street_cadre", "/grids/staffing/"),
    "staff grid desk": ("street_cadre", "/grids/"),
    "staff 五长": ("street_cadre", "/admin/grids/territory/"),
    "volunteer's own": ("resident", "/volunteers/me/"),
    "volunteer's ledger": ("resident", "/volunteers/ledger/"),
    "staff three lists": ("community_worker", "/volunteers/lists/"),
    "staff call-outs": ("community_worker", "/callouts/"),
    "resident centres": ("resident", "/centres/"),
    "resident activities": ("resident", "/activities/"),
    "resident bookings": ("resident", "/bookings/"),
    "resident invitations": ("resident", "/conferences/invitations/"),
    "resident projects": ("resident", "/projects/"),
    "staff conferences": ("community_worker", "/conferences/"),
    "leader tea talks": ("grid_leader", "/tea-talks/"),
    "leader records a talk": ("grid_leader", "/tea-talks/new/"),
    "secretary's figures": ("community_secretary", "/centres/figures/"),
    "street mediation": ("street_cadre", "/disputes/figures/"),
    "street mediation behind": ("street_cadre", "/disputes/figures/opened/?kind=dispute&own={street}"),
    "street volunteering": ("street_cadre", "/volunteers/figures/"),
    "street volunteering behind": ("street_cadre", "/volunteers/figures/served/?node={community}"),
    "leader figures": ("grid_leader", "/figures/{grid}/"),
    "street figures": ("street_cadre", "/figures/{street}/"),
    "street figures behind": ("street_cadre", "/figures/{street}/opened/"),
    "street cockpit": ("street_cadre", "/cockpit/{street}/"),
    "street report": ("street_cadre", "/reports/node/{street}/"),
    "staff reports": ("street_cadre", "/reports/"),
    "staff exports": ("street_cadre", "/exports/"),
    "staff imports": ("community_worker", "/imports/"),
    "public open data": ("resident", "/open-data/"),
    "public open data file": ("resident", "/open-data/monthly.json"),
    "public net": ("resident", "/net/"),
    "public net behind": ("resident", "/net/members/"),
    "api list": ("grid_leader", "/api/v1/cases/?list=area"),
    "api case": ("grid_leader", "/api/v1/cases/{number}/"),
    "api list filtered": (
        "grid_leader",
        "/api/v1/cases/?list=area&kind=request&state=dispatched&grid={community}&late=false",
    ),
    "api experts": ("resident", "/api/v1/experts/"),
    "api topics": ("resident", "/api/v1/topics/"),
    "api votes": ("resident", "/api/v1/votes/"),
    "api activities": ("resident", "/api/v1/activities/"),
    "api tea talks": ("grid_leader", "/api/v1/tea-talks/"),
    "api centres": ("resident", "/api/v1/centres/"),
    "api teams": ("resident", "/api/v1/teams/"),
    "api volunteer": ("resident", "/api/v1/volunteer/"),
    "api needs": ("grid_leader", "/api/v1/needs/"),
    "api resources": ("grid_leader", "/api/v1/resources/"),
    "api projects": ("resident", "/api/v1/projects/"),
    "api figures": ("street_cadre", "/api/v1/figures/{street}/"),
    "api net": ("resident", "/api/v1/net/"),
}


def test_query_counts_are_as_written_down(request_case, staff, resident, town):
    """A count that grows shows as a line of a diff: UPDATE_QUERY_COUNTS=1 writes the file anew."""
    people = {**staff, "resident": resident}
    draw(request_case, "note", staff["grid_leader"], "看过现场")
    counted = {
        name: _queries(people[who], _filled(path, town, number=request_case.number))
        for name, (who, path) in PAGES.items()
    }
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        COUNTS.write_text(json.dumps(counted, indent=2, ensure_ascii=False) + "\n")
    assert counted == json.loads(COUNTS.read_text())


def test_lists_cost_the_same_with_more_rows(request_case, staff, resident, town):
    people = {**staff, "resident": resident}
    lists = {name: page for name, page in PAGES.items() if "{number}" not in page[1]}
    before = {name: _queries(people[who], _filled(path, town)) for name, (who, path) in lists.items()}
    for number in range(6):
        submit(resident, town, key=f"more-{number}")
        tree.add(parent=town.group, name=f"更多{number}")
    after = {name: _queries(people[who], _filled(path, town)) for name, (who, path) in lists.items()}
    assert after == before


def _filled(path: str, town: Town, **more: str) -> str:
    return path.format(grid=town.grid.pk, street=town.street.pk, community=town.community.pk, **more)


def _queries(person: User, path: str) -> int:
    client = signed_in(person)
    client.get(path)  # the first look warms caches of content types and the like
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(queries)


def test_the_admin_speaks_chinese_throughout():
    """What django.po says is what django.mo answers: compiled after the last change."""
    source = (settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE)
    assert len(pairs) > 60
    assert {english: gettext(english) for english, _ in pairs} == dict(pairs)
