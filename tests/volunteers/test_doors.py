"""Every door of this room that writes, tried by everybody: what works for the right person does nothing for anybody else.

Each door is sent the same good form by each person in turn; what the database holds afterwards says whether it worked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import User
from cases.models import Case, CaseEvent, Seat
from grids.models import Grid
from grids.rights.jurisdiction import may
from grids.units.services import register_unit
from imports.services import run_imports
from tests.support.cast import signed_in
from tests.volunteers.doors import service_doors
from volunteers.models import CallOut, DutyReport, Milestone, Plan, Project, Reward, Series, ServiceOrder, TeamMember

OWNER = "owner"
WATCHED = [*apps.get_app_config("volunteers").get_models(include_auto_created=True), Case, CaseEvent, Seat]


@dataclass(frozen=True)
class Door:
    who: str
    """OWNER, or the verb that a post at the place or above must have."""
    path: str
    posted: dict[str, Any]


@pytest.fixture
def owner(resident) -> User:
    """Whom the objects of tests/volunteers/doors.py are about."""
    return resident


@pytest.fixture
def doors(defaults, town, staff, owner, helper, request_case) -> dict[str, Door]:
    named = service_doors(request_case, town, owner, staff)
    now, grid = timezone.now(), town.grid.pk
    tomorrow = timezone.localtime(now + timedelta(days=1))
    kind = ServiceOrder.objects.first().case.category_id
    offered = Case.objects.get(number=named["volunteers:accept"]["number"])
    planned = Case.objects.get(number=named["volunteers:offer"]["number"])
    DutyReport.objects.filter(state="waiting").update(person=helper)  # nobody decides on their own
    waiting = DutyReport.objects.get(state="waiting")
    Plan.objects.update(is_active=True)
    project = Project.objects.get(key=named["volunteers:project-desk"]["key"])
    Milestone.objects.create(
        project=project, words="开了头", due_date=project.from_date, reached_date=project.from_date
    )  # something to show
    service = {"title": "陪取药", "category": kind, "grid": grid, "serves": "anyone", "wanted": 1}
    times = {"begins_at": f"{tomorrow:%Y-%m-%dT%H:%M}", "ends_at": f"{tomorrow + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    days = {"from_date": "2026-11-23", "until_date": "2026-12-23"}
    forms: dict[str, tuple[str, dict[str, Any]]] = {
        "accept": (OWNER, {}),
        "decline": (OWNER, {}),
        "give-back": (OWNER, {}),
        "order-new": ("dispatch", {**service, **times, "check_in_by": "code"}),
        "offer": ("dispatch", {"version": planned.version, "people": [helper.pk]}),
        "series-new": ("dispatch", {**service, "next_at": times["begins_at"], "minutes": 60, "every_days": 7}),
        "series-helpers": ("dispatch", {"people": [helper.pk]}),
        "series-end": ("dispatch", {}),
        "need-new": ("see", {"title": "代买菜", "grid": grid, "category": kind, "source": "visit", "urgency": "normal", "people_count": 1}),
        "need-end": ("dispatch", {"state": "unmet", "reason": "没有人手"}),
        "need-adopt": ("dispatch", {"name": "代买菜", "plan": "每周一次", "team": TeamMember.objects.first().team_id, **days}),
        "project-desk": ("dispatch", {"act": "finish", "result": "都办了"}),
        "project-publish": ("dispatch", {}),
        "milestone-reach": ("dispatch", {}),
        "call-out-end": ("dispatch", {"words": "水退了"}),
        "duty-approve": ("supervise", {"report": waiting.pk}),
        "duty-refuse": ("supervise", {"reason": "住址不在本小区"}),
        "duty-note": ("supervise", {"date": "2026-11-23", "words": "清洁日"}),
    }  # fmt: skip
    doors = {
        name: Door(who, reverse(f"volunteers:{name}", kwargs=named.get(f"volunteers:{name}")), form)
        for name, (who, form) in forms.items()
    }
    for verb, form in (("cancel", {"words": "不用了"}), ("reschedule", {**times, "words": "老人有事"})):
        path = reverse("cases:act", args=[offered.number, verb])
        doors[f"case {verb}"] = Door("dispatch", path, {**form, "version": offered.version})
    return doors


@pytest.fixture
def people(staff, owner, neighbour, helper, other_helper, auditor) -> dict[str, User]:
    return {
        **staff,
        OWNER: owner,
        "neighbour": neighbour,
        "volunteer": helper,
        "other_volunteer": other_helper,
        "auditor": auditor,
    }


def held() -> list[Any]:
    """All that this room and its cases hold."""
    return [list(model.objects.order_by("pk").values_list()) for model in WATCHED]


def works_for(people: dict[str, User], door: Door, before: list[Any]) -> Iterator[str]:
    """For whom the door does something."""
    for name, person in people.items():
        with transaction.atomic():
            signed_in(person).post(door.path, door.posted)
            if held() != before:
                yield name
            transaction.set_rollback(True)


def test_each_door_works_for_whom_it_is_and_for_nobody_else(doors, people, town):
    before = held()
    for name, door in doors.items():
        right = {
            who
            for who, person in people.items()
            if (who == OWNER if door.who == OWNER else may(person, door.who, town.grid))
        }
        assert right, name
        assert set(works_for(people, door, before)) == right, name


@pytest.fixture
def offered(doors) -> Case:
    """What the owner is asked for."""
    return Case.objects.get(number=doors["accept"].path.split("/")[-3])


@pytest.fixture
def accepted(offered, owner) -> Case:
    """The owner has accepted an order that begins now."""
    case = offered
    signed_in(owner).post(reverse("volunteers:accept", args=[case.number]))
    now = timezone.now()
    ServiceOrder.objects.filter(pk=case.pk).update(
        begins_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    case.refresh_from_db()
    return case


def test_only_who_comes_signs_in_and_out(accepted, people, owner):
    code = {"code": accepted.service.door_code}
    arrive = Door(OWNER, reverse("volunteers:check-in", args=[accepted.number]), code)
    assert list(works_for(people, arrive, held())) == [OWNER]
    signed_in(owner).post(arrive.path, code)
    leave = Door(OWNER, reverse("volunteers:check-out", args=[accepted.number]), {"words": "陪着取了药"})
    assert list(works_for(people, leave, held())) == [OWNER]
    finish = Door("dispatch", reverse("cases:act", args=[accepted.number, "finish_for"]), {"words": "忘了签退"})
    accepted.refresh_from_db()
    finish.posted["version"] = accepted.version
    assert set(works_for(people, finish, held())) == DESKS


DESKS = {"community_worker", "community_secretary", "street_cadre", "county_admin"}


def test_only_the_desk_says_who_did_not_come(accepted, people):
    posted = {"absentee": accepted.service.offers.get().pk, "version": accepted.version}
    door = Door("dispatch", reverse("cases:act", args=[accepted.number, "note_absence"]), posted)
    assert set(works_for(people, door, held())) == DESKS


def test_only_the_desk_of_the_plan_calls_out(doors, people):
    CallOut.objects.update(ended_at=timezone.now())
    plan = Plan.objects.get()
    address = reverse("volunteers:call-out", args=[plan.pk])
    reach = signed_in(people["county_admin"]).post(address, {"words": "集合"}).context["reach"]
    door = Door("dispatch", address, {"words": "集合", "told": reach.people})
    assert set(works_for(people, door, held())) == DESKS


def test_only_the_leader_names_a_member(offered, people, owner, other_helper):
    team = TeamMember.objects.get(person=owner).team
    TeamMember.objects.create(team=team, person=other_helper, from_at=timezone.now() - timedelta(days=1))
    ServiceOrder.objects.filter(pk=offered.pk).update(team=team, leader_asked_at=timezone.now())
    door = Door(OWNER, reverse("volunteers:nominate", args=[offered.number, other_helper.pk]), {})
    assert list(works_for(people, door, held())) == [OWNER]


def test_nobody_takes_what_they_have_no_points_for(doors, people, owner):
    reward = Reward.objects.get()
    Reward.objects.update(stocked=9)
    owner.points_entries.create(points=20, words="试", noted_at=timezone.now(), key="given")
    door = Door(OWNER, reverse("volunteers:redeem", args=[reward.pk]), {})
    assert list(works_for(people, door, held())) == [OWNER]


def roster(place: str) -> Callable[[], SimpleUploadedFile]:
    book = Workbook()
    book.active.append(["姓名", "手机号", "单位", "身份", "报到社区/小区"])
    book.active.append(["钱多多", "13900139123", "县水利局", "在职党员", place])
    out = BytesIO()
    book.save(out)
    return lambda: SimpleUploadedFile("名单.xlsx", out.getvalue())


def test_a_roster_reports_nobody_outside_ones_area(doors, people, town):
    register_unit(name="县水利局", kind="office")
    file = roster(town.community.name)
    for name, person in people.items():
        with transaction.atomic():
            client = signed_in(person)
            answer = client.post(reverse("volunteers:roster"), {"file": file()})
            if answer.status_code == 302:
                run_imports(at=timezone.now())
                client.post(f"{answer['Location']}confirm/")
                run_imports(at=timezone.now())
            came = DutyReport.objects.filter(grid=town.community).exists()
            assert came == (name in DESKS), name
            transaction.set_rollback(True)


def test_the_series_of_another_area_does_not_show(doors, staff, town):
    assert Series.objects.get().grid in Grid.objects.filter(pk=town.grid.pk)
    assert "每周探访" not in signed_in(staff["other_cadre"]).get("/volunteers/series/").content.decode()
    assert "每周探访" in signed_in(staff["community_worker"]).get("/volunteers/series/").content.decode()
