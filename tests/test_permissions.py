"""Every door × every role × its place, held against two tables: tests/permissions.csv says to whom a door opens,
tests/roles.csv what a role may do. A new address without a row fails; so does a door that opens wider or less wide.

  everybody     without signing in            signed_in   anybody who is
  step          whoever has done the step before it, and nobody is signed in by it
  owner         whose it is                   link        whoever has the unguessable link
  sees          who may see the case          handles     who stands to it otherwise than as its asker
  verb:X        a post with the verb anywhere area:X      a post with the verb at the object's node or above
  party         either side of a dispute      mediates    who leads the node that holds it
  above         who supervises from above it  desk …      and works at a desk
  county:X      a post of the county with the verb
  works         whoever is in post in the object's community, and who dispatches or keeps safe there
  runs          whoever supervises the whole street      reads      whoever reads figures in the street or above it
  leads         whoever leads the assessed 小区
  nobody        closed                        a | b       the one or the other

`posts` says to whom a POST opens, where that is not the same; a door without `opens_to` answers no GET."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from cases.services import route
from cases.workflow import ASKER, DISPATCHER, HOLDER, SUPERVISOR
from dashboards.models import Export
from disputes.models import Expert
from grids.models import Level, Post
from grids.roles import ROLES
from tests import frozen
from tests.accounts.test_rights import photo
from tests.addresses import address_of, arguments, names
from tests.cast import MONDAY, draw, signed_in, submit
from tests.dashboards.assessment_doors import standings
from tests.disputes.panel import slot_of
from tests.everybody import Somebody
from tests.walk import nothing_written, opens, takes_posts, writes

TABLE = list(csv.DictReader(Path(__file__).with_name("permissions.csv").open()))
OPENS = {row["door"]: row["opens_to"] for row in TABLE}
"""To whom a GET opens; "" to nobody, for the door answers none."""
POSTS = {row["door"]: row["posts"] or row["opens_to"] for row in TABLE}


@pytest.fixture
def case(defaults, town, staff, resident) -> Case:
    made = submit(resident, town, photos=[photo()])
    route(case_id=made.pk, at=MONDAY)
    made.refresh_from_db()
    return made


def test_every_address_has_a_row_and_every_row_an_address(db):
    known = set(names())
    assert known - OPENS.keys() == set(), "say in tests/permissions.csv to whom they open"
    assert OPENS.keys() - known == set()


def test_roles_are_declared_as_the_table_says():
    assert frozen.differences("roles", map(_cells, ROLES)) == []


def _cells(code: str) -> frozen.Row:
    role = ROLES[code]
    return {
        "role": code, "levels": " ".join("county" if level is None else str(level) for level in role.levels),
        "leads": str(role.leads), "is_desk": str(role.is_desk), "is_personal": str(role.is_personal),
        "verbs": " ".join(sorted(role.verbs)),
    }  # fmt: skip


DESKS = {row["role"] for row in frozen.read("roles") if row["is_desk"] == "True"}
SHARES = 4
"""The walk is long: so many tests of it run side by side."""


@pytest.mark.parametrize("share", range(SHARES))
def test_doors_open_as_the_table_says(case, everybody, town, resident, neighbour, staff, share, unpainted):
    args = arguments(case, town, resident, neighbour, staff)
    wrong = []
    for door, rule in list(OPENS.items())[share::SHARES]:
        address = address_of(door, args)
        asked = _asked(rule, everybody)
        allowed = _allowed(rule, asked, case, resident)
        found = {somebody.name for somebody in asked if opens(somebody.client, address)}
        wrong += [f"{door} opens to {names}" for names in [sorted(found - allowed)] if names]
        wrong += [f"{door} is closed to {names}" for names in [sorted(allowed - found)] if names]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("share", range(SHARES))
def test_doors_take_posts_as_the_table_says(case, everybody, town, resident, neighbour, staff, share, unpainted):
    """An empty form of each: whoever the door is closed to is turned away, and nothing is written."""
    args = arguments(case, town, resident, neighbour, staff)
    wrong = []
    for door, rule in list(POSTS.items())[share::SHARES]:
        address = address_of(door, args)
        asked = _asked(rule, everybody)
        allowed = _allowed(rule, asked, case, resident)
        with nothing_written(door):
            outside = [one for one in asked if one.name not in allowed]
            taken = [one.name for one in outside if takes_posts(one.client, address)]
        wrong += [f"{door} takes a form of {taken}"] if taken else []
        if not OPENS[door]:
            refused = [one.name for one in asked if one.name in allowed and not takes_posts(one.client, address)]
            wrong += [f"{door} takes no form of {refused}"] if refused else []
    assert not wrong, "\n".join(wrong)


BULK_ACTIONS = {
    ("cases_case", "dispatch_in_bulk"): "desk area:dispatch",
    ("cases_case", "export_list"): "desk area:dispatch",
    ("disputes_slot", "withdraw"): "desk area:appoint",
}
"""Acts on many ticked rows of a list of the admin, and who may."""


def test_acts_on_many_rows_are_for_whom_the_table_says(case, everybody, town, resident, neighbour, staff, unpainted):
    declared = {
        (f"{model._meta.app_label}_{model._meta.model_name}", action)
        for model, listed in site._registry.items()
        for action in listed.actions or ()
        if model._meta.app_label != "auth"
    }
    assert declared == BULK_ACTIONS.keys()
    args = arguments(case, town, resident, neighbour, staff)
    draw(case, "send_back", staff["grid_leader"])
    at = timezone.now()
    args["disputes_slot"] = slot_of(Expert.objects.get(), at + timedelta(days=5), at=at).pk  # nobody's yet
    said = {"apply": "1", "post": staff["grid_leader"].posts.get().pk, "words": "请办理"}
    wrong = []
    for (model, action), rule in BULK_ACTIONS.items():
        address = reverse(f"admin:{model}_changelist")
        ticked = {"action": action, "_selected_action": [args[model]], "index": "0", **said}
        for somebody in everybody:
            acts = bool(writes(lambda: takes_posts(somebody.client, address, ticked)))  # noqa: B023
            if acts != _expected(rule, somebody, case, resident):
                wrong.append(f"{action} {'is done' if acts else 'is refused'} for {somebody.name}")
    assert not wrong, "\n".join(wrong)


def _asked(rule: str, everybody: list[Somebody]) -> list[Somebody]:
    """Where a rule knows no place, one place is like another: those whose place it is and the county are asked, for a verb
    had anywhere those of a foreign street too."""
    if rule.removeprefix("desk ").startswith("verb:"):
        return [one for one in everybody if not one.name.endswith(" sister")]
    if rule in {"everybody", "signed_in", "owner", "link", "step", "nobody"}:
        return [one for one in everybody if not one.name.endswith((" sister", " foreign"))]
    return everybody


def _allowed(rule: str, everybody: list[Somebody], case: Case, owner: User) -> set[str]:
    return {somebody.name for somebody in everybody if rule and _expected(rule, somebody, case, owner)}


def _expected(rule: str, somebody: Somebody, case: Case, owner: User) -> bool:
    if "|" in rule and ":" not in rule:
        return any(_expected(one, somebody, case, owner) for one in rule.split("|"))
    if rule == "everybody" or rule == "link":
        return True
    if somebody.person is None or rule in {"nobody", "step"}:
        return False
    if rule.startswith("desk"):
        if somebody.role not in DESKS:
            return False
        rule = rule.removeprefix("desk").strip() or "signed_in"
    kind, _, verb = rule.partition(":")
    return {
        **standings(somebody, case),
        "signed_in": lambda: True,
        "owner": lambda: somebody.person == owner,
        "works": lambda: _works_in(somebody, case),
        "sees": lambda: somebody.person == owner or somebody.may("see", case.grid),
        "party": lambda: somebody.name in {"asker", "neighbour"},
        "mediates": lambda: somebody.role == "group_leader" and somebody.node == case.grid.parent,
        "above": lambda: somebody.may("supervise", case.grid) and somebody.node != case.grid.parent,
        "handles": lambda: bool(_standing(somebody, case, owner) - {ASKER}),
        "verb": lambda: any(somebody.has(one) for one in verb.split("|")),
        "county": lambda: somebody.has(verb) and somebody.node is None,
        "area": lambda: any(
            somebody.may(one, case.grid) for one in verb.split("|")
        ),  # every object of the walk lies there
    }[kind]()


def _works_in(somebody: Somebody, case: Case) -> bool:
    community = case.grid.get_ancestors().get(level=Level.COMMUNITY)
    is_in_it = somebody.node is not None and community.covers(somebody.node)
    return is_in_it or any(somebody.may(verb, community) for verb in ("dispatch", "safety"))


def _standing(somebody: Somebody, case: Case, asker: User) -> set[str]:
    """As the table says, without asking the code under test. The holder is 李强, of the same role and node."""
    found = {ASKER} if somebody.person == asker else set()
    if somebody.role == "grid_leader" and somebody.node == case.grid:
        found.add(HOLDER)
    if somebody.may("dispatch", case.grid):
        found.add(DISPATCHER)
    if somebody.may("supervise", case.grid) and (somebody.node is None or somebody.node.level < case.grid.level):
        found.add(SUPERVISOR)
    return found


def test_residents_guess_in_vain(case, neighbour, town, staff):
    """Another's case, photo, draft and number sequence, tried by guessing."""
    client = signed_in(neighbour)
    token = case.attachments.get().token
    for path in (
        f"/cases/{case.number}/",
        f"/cases/{case.number}/photos/{token}/",
        f"/cases/{case.number}/photos/{token}/thumbnail/",
        f"/cases/{case.number}/sign/",
        f"/requests/{case.number}/done/",
        f"/api/cases/{case.number}/",
        f"/t/{case.number}/guess/",
        f"/media/{case.attachments.get().file.name}",
        f"/static/../{case.attachments.get().file.name}",
    ):
        assert client.get(path).status_code == 404, path
    own = submit(neighbour, town, key="own")
    # Numbers are drawn, not counted: the next one says nothing of how many there are.
    assert own.number[:7] != case.number[:7] or own.number != case.number
    assert client.get(f"/cases/{own.number}/photos/{token}/").status_code == 404  # another case's photo by one's own


def test_a_post_that_ends_closes_every_door_at_once(case, staff):
    leader = staff["grid_leader"]
    client = signed_in(leader)
    assert client.get(f"/cases/{case.number}/").status_code == 200
    Post.objects.filter(person=leader).update(until_at=MONDAY)
    for path in (f"/cases/{case.number}/", f"/api/cases/{case.number}/", f"/cases/{case.number}/sign/"):
        assert client.get(path).status_code == 404
    desk = staff["community_worker"]
    client = signed_in(desk)
    assert client.get("/admin/cases/case/").status_code == 200
    Post.objects.filter(person=desk).update(until_at=MONDAY)
    assert client.get("/admin/cases/case/").status_code == 403
    assert client.get("/requests/register/").status_code == 403


def test_exports_hold_the_area_and_no_more(case, staff, town):
    elsewhere = signed_in(staff["other_cadre"])
    elsewhere.post("/admin/cases/case/", {"action": "export_list", "_selected_action": [case.pk], "index": "0"})
    elsewhere.post("/cases/export/?tab=area")
    assert not Export.objects.exists()
