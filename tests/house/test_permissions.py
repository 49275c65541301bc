"""Every door × every role × its place. What each door declares (accounts/entry.py) stands in tests/frozen/permissions.csv, made
from the declarations with UPDATE_PERMISSIONS=1 and read by people as a difference; what a rule means is reckoned apart from
the code (tests/support/reckoning.py). Each rule is asked of everybody at one of its doors, each door of the few who tell its rule
from all others (tests/support/tellers.py). That this finds what is wrong is proved by tests/house/test_wrong_rights.py."""

import os
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from cases.services import route
from dashboards.models import Export
from disputes.models import Expert
from grids.models import Post
from grids.rights.doors import lines
from grids.roles import ROLES
from tests.accounts.test_rights import photo
from tests.disputes.experts.panel import slot_of
from tests.support import frozen
from tests.support.addresses import address_of, arguments, names
from tests.support.asking import OPENS, POSTS, TABLE, Walk, written_out
from tests.support.cast import MONDAY, draw, signed_in, submit
from tests.support.reckoning import Ground, may_enter
from tests.support.walk import takes_posts, writes

SHARES = 2
"""The walk is long: so many tests of it run side by side."""
MOST_REQUESTS = 7_000
"""Of the whole walk."""
ASKED = [door for door in OPENS if os.environ.get("DOORS", "") in door]
"""DOORS=meetings asks only those with that in their name."""


@pytest.fixture
def case(defaults, town, staff, resident) -> Case:
    made = submit(resident, town, photos=[photo()])
    route(case_id=made.pk, at=MONDAY)
    made.refresh_from_db()
    return made


@pytest.fixture
def walk(case, everybody, town, resident, neighbour, staff, unpainted) -> Walk:
    return Walk(everybody, arguments(case, town, resident, neighbour, staff), Ground(case, resident))


def test_the_table_says_what_the_doors_declare(db):
    """UPDATE_PERMISSIONS=1 writes it anew; the difference is for people to read."""
    text = written_out(lines())
    if os.environ.get("UPDATE_PERMISSIONS"):
        TABLE.write_text(text)
    assert TABLE.read_text() == text


def test_every_address_has_a_row(db):
    assert set(names()) == {door for door in OPENS if " " not in door}


def test_roles_are_declared_as_the_table_says():
    assert frozen.differences("roles", map(_cells, ROLES)) == []


def _cells(code: str) -> frozen.Row:
    role = ROLES[code]
    return {
        "role": code,
        "levels": " ".join("county" if level is None else str(level) for level in role.levels),
        "leads": str(role.leads),
        "is_desk": str(role.is_desk),
        "is_personal": str(role.is_personal),
        "verbs": " ".join(sorted(role.verbs)),
    }


@pytest.mark.parametrize("share", range(SHARES))
def test_doors_open_as_the_table_says(walk, share):
    wrong = []
    for door in ASKED[share::SHARES]:
        wrong += walk.wrong_at(door)
    for door in walk.some_doors_a_rule()[share::SHARES]:
        if door in ASKED:
            wrong += walk.wrong_for(OPENS[door], door, walk.everybody)
    assert not wrong, "\n".join(wrong)
    assert walk.requests <= MOST_REQUESTS / SHARES


def test_no_page_of_ours_answers_another_method(walk):
    doors = [door for door in ASKED if " " not in door and not door.startswith("admin:")]
    answered = {}
    for door in doors:
        allowed = walk.tellers.allowed(OPENS[door] or POSTS[door], door)
        for somebody in [somebody for somebody in walk.everybody if somebody.name in allowed][:1]:
            answered[door] = somebody.client.generic("PROPFIND", address_of(door, walk.args)).status_code
    assert len(answered) > 0.9 * len(doors)
    assert {door: code for door, code in answered.items() if code not in {403, 405}} == {}


def test_acts_on_many_rows_are_for_whom_the_table_says(walk, case, everybody, staff, resident):
    draw(case, "send_back", staff["grid_leader"])
    at = timezone.now()
    slot = slot_of(Expert.objects.get(), at + timedelta(days=5), at=at).pk  # nobody's yet
    rows = {"cases_case": case.pk, "disputes_slot": slot}
    posted = {"apply": "1", "post": staff["grid_leader"].posts.get().pk, "words": "请办理"}
    acts = [door.split(" ") for door in POSTS if " " in door]
    assert len(acts) == 3
    wrong = []
    for door, act in acts:
        model = door.removeprefix("admin:").removesuffix("_changelist")
        ticked = {"action": act, "_selected_action": [rows[model]], "index": "0", **posted}
        for somebody in everybody:
            acted = bool(writes(lambda: takes_posts(somebody.client, reverse(door), ticked)))  # noqa: B023
            if acted != may_enter(POSTS[f"{door} {act}"], somebody, Ground(case, resident).thing(door)):
                wrong.append(f"{act} {'is done' if acted else 'is refused'} for {somebody.name}")
    assert not wrong, "\n".join(wrong)


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
        f"/api/v1/cases/{case.number}/",
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
    for path in (f"/cases/{case.number}/", f"/api/v1/cases/{case.number}/", f"/cases/{case.number}/sign/"):
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
