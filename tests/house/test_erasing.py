"""Whoever leaves after years of all there is: asked, quarrelled and signed, consulted an expert, helped others,
proposed and voted. Neither dump nor file nor copy nor export nor search finds them afterwards, and every figure
stands."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.privacy import rights
from cases.engine.turns import Given
from cases.models import Case, CaseEvent, Category, Rating
from cases.services import move, route
from dashboards.exports.services import make_exports
from dashboards.figures.proof import differences
from dashboards.models import Export, Rollup
from disputes.defaults.loading import load_defaults
from disputes.experts.services.threads import say
from disputes.models import Party
from disputes.services import papers
from disputes.services.talks import say_privately
from meetings.models import Cosign, Matter, Vote
from meetings.topics import services as topics
from meetings.votes import counts
from meetings.votes.counts import given, result
from notices.models import Notice
from photos.cleaning import clean
from tests.disputes.conftest import a_signature, apply, draft, fill_in, meet, sign, take_on
from tests.disputes.experts.panel import THURSDAY, a_photo, booked, enlisted, slot_of
from tests.meetings.neighbours import CLOSES, a_home, a_topic, announced, at_home, cast
from tests.support.cast import MONDAY, audit_problems, draw, signed_in, submit, whole_database
from tests.volunteers.cast import serve
from volunteers.models import HoursEntry, Need, PointsEntry
from volunteers.services import orders, people, teams

NAME, PHONE, ID_NUMBER, DOOR = "朱秀兰", "13900008888", "350725196808120020", "二单元 502"
TRACES = (NAME, PHONE, ID_NUMBER, DOOR, "秀兰")
YEAR_END = MONDAY + timedelta(days=38)


@pytest.fixture
def resident(db: None) -> User:
    return User.objects.create_user(phone=PHONE, name=NAME, password="Test-password-1")


@pytest.fixture
def asked(defaults: None, town: Any, staff: dict[str, User], resident: User) -> Case:
    """A whole loop of hers, with her name in every word that was written."""
    case = submit(resident, town, words=f"灯不亮，我是{NAME}，{PHONE}", address_note=DOOR, photos=[clean(a_photo())])
    route(case_id=case.pk, at=MONDAY)
    leader = staff["grid_leader"]
    draw(case, "sign", leader)
    draw(case, "finish", leader, f"{NAME}家的灯换好了")
    draw(case, "rate", resident, f"谢谢，{NAME}", score=5, is_solved=True)
    return case


@pytest.fixture
def quarrelled(dispute_kinds: None, town: Any, staff: dict[str, User], resident: User, neighbour: User) -> Case:
    """Settled in writing, signed by both, an exhibit in the file, the agreement issued, archived."""
    leader = staff["group_leader"]
    case = apply(resident, neighbour, town, summary=f"{NAME}家漏水")
    take_on(case, leader, neighbour)
    meet(case, leader, record=f"{NAME}说了难处。")
    draft(case, leader, form="written", facts=f"{NAME}家的水滴到楼下")
    fill_in(case)
    Party.objects.filter(person=resident).update(address=DOOR)
    mine = Party.objects.get(person=resident)
    mine.id_number = ID_NUMBER
    mine.save()
    for person in (resident, neighbour):
        sign(case, person)
    say_privately(case=case, party=mine, by=resident, at=MONDAY, words=f"我{NAME}可以让一步")
    papers.add_exhibits(case=case, entry="evidence", photos=[clean(a_signature())], by=leader, at=MONDAY)
    papers.issue(case=case, code="agreement", by=leader, at=MONDAY, verify_url="/")
    Case.objects.filter(pk=case.pk).update(state="archived", closed_at=MONDAY)
    return case


@pytest.fixture
def dispute_kinds(defaults: None) -> None:
    load_defaults()


@pytest.fixture
def consulted(dispute_kinds: None, town: Any, staff: dict[str, User], resident: User) -> Case:
    expert = enlisted("张律师", 1, town)
    case = booked(slot_of(expert), resident, town.community, matter=f"{NAME}想问押金")
    draw(case, "accept", expert.person)
    draw(case, "hold", expert.person, at=THURSDAY)
    say(case=case, by=resident, at=THURSDAY, words=f"我叫{NAME}", photos=[clean(a_photo())])
    return case


@pytest.fixture
def helped(open_visit: Any, ask: Any, team: Any, resident: User, neighbour: User) -> Case:
    """Her hours, her points, her place in a team."""
    visit = open_visit(asker=neighbour)
    people.register(person=resident, has_agreed=True, at=MONDAY, grid=visit.grid)
    teams.join(team=team, person=resident, at=MONDAY)
    ask(visit, resident)
    orders.accept(case=visit, by=resident, at=MONDAY)
    serve(visit, resident)
    return visit


@pytest.fixture
def settled_together(defaults: None, town: Any, staff: dict[str, User], resident: User, neighbour: User) -> Vote:
    """A topic of hers, a word on it, a co-signature, her home and her vote by name."""
    desk = staff["community_worker"]
    at_home(a_home(town.building, DOOR), resident)
    at_home(a_home(town.building, "101"), neighbour)
    hers = a_topic(town, resident, title=f"{NAME}想装扶手")
    topics.cosign(topic=a_topic(town, neighbour, title="晾衣架"), person=resident, at=MONDAY)
    move(case=hers.case, verb="put_forward", by=None, at=MONDAY)
    draw(hers.case, "adopt", desk, matter=Matter.objects.get(name="使用维修资金"))
    topics.comment(topic=hers, person=resident, words=f"我是{NAME}，{PHONE}", at=MONDAY)
    vote = announced(hers, desk)
    for person in (resident, neighbour):
        cast(vote, person)
    hers.case.refresh_from_db()
    counts.count(case=hers.case, by=None, at=CLOSES, version=None, given=Given())
    Case.objects.filter(pk=hers.case.pk).update(state="done", closed_at=CLOSES)
    return vote


def figures() -> dict[str, Any]:
    """All that has happened. Who is in a team is no such figure: it says who is there today."""
    kept, printed = rollups(), StringIO()
    call_command("mediation_report", year=2026, stdout=printed)
    return {
        "cases": sorted(Case.objects.values_list("kind", "state", "opened_at", "finished_at", "closed_at")),
        "events": CaseEvent.objects.count(),
        "ratings": sorted(Rating.objects.values_list("score", "is_solved")),
        "disputes": printed.getvalue(),
        "votes": [(vote.key, given(vote), result(vote)) for vote in Vote.objects.order_by("pk")],
        "cosigned": Cosign.objects.count(),
        "hours": sorted(HoursEntry.objects.values_list("hours", flat=True)),
        "points": sorted(PointsEntry.objects.values_list("points", flat=True)),
        "kept": kept,
    }


def rollups() -> list[Any]:
    """What dashboards show, proved to be what would be counted anew; who is in a team, as above, left out."""
    assert differences(at=YEAR_END) == []
    kept = Rollup.objects.values_list("node", "span", "day", "kind", "amounts")
    return [
        (*key, sorted((name, amount) for name, amount in amounts.items() if name != "members"))
        for *key, amounts in sorted(kept, key=str)
    ]


def test_whoever_leaves_is_nowhere_and_no_figure_moves(
    asked, quarrelled, consulted, helped, settled_together, resident, staff, settings
):  # fmt: skip
    Case.objects.filter(pk=consulted.pk).update(state="archived", closed_at=THURSDAY)
    signed_in(staff["grid_leader"]).post(f"/cases/{asked.number}/asker-phone/", {"reason": f"联系{NAME}上门"})
    rights.ask_for_copy(person=resident, at=MONDAY)
    rights.make_copies(at=MONDAY)
    index, before = resident.phone_index, figures()
    assert all(trace in str(dict(rights.held(resident))) for trace in TRACES), "or nothing would be proved"

    rights.erase(person=resident, at=YEAR_END)

    stolen = whole_database()
    for trace in (*TRACES, index):
        assert trace not in stolen, next(line for line in stolen.splitlines() if trace in line)
    for kept in Path(settings.MEDIA_ROOT).rglob("*"):
        assert kept.is_dir() or not any(trace.encode() in kept.read_bytes() for trace in TRACES), kept
    assert figures() == before
    assert audit_problems() == []
    resident.refresh_from_db()
    assert not any(trace in str(dict(rights.held(resident))) for trace in TRACES)


def rows_of(person: User) -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row that names this person, but for messages: what they say of somebody who leaves goes."""
    rows = {}
    for model in set(apps.get_models()) - {Notice}:
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                for row in model._base_manager.filter(**{field.name: person}).values():
                    rows[model._meta.label, row[model._meta.pk.attname]] = row
    return rows


def test_nobody_else_loses_anything(
    asked, quarrelled, consulted, helped, settled_together, town, resident, neighbour, staff
):  # fmt: skip
    """Of whoever shared a quarrel, a service and a vote with her, and has a life of their own besides."""
    people.register(person=neighbour, has_agreed=True, at=MONDAY, grid=helped.grid)
    route(case_id=submit(neighbour, town, key="his", words="路面坏了").pk, at=MONDAY)
    before = rows_of(neighbour)
    assert len({model for model, _ in before}) >= 9, "or little would be proved"
    rights.erase(person=resident, at=YEAR_END)
    after = rows_of(neighbour)
    assert [(key, row, after.get(key)) for key, row in before.items() if after.get(key) != row] == []


def test_an_open_need_keeps_its_name_until_it_is_met(asked, resident, staff):
    need = Need.objects.create(
        key=uuid4(),
        source="request",
        request=asked,
        grid=asked.grid,
        title="换灯",
        category=Category.objects.first(),
        noted_by=staff["community_worker"],
        noted_at=MONDAY,
    )
    rights.erase(person=resident, at=YEAR_END)
    need.refresh_from_db()
    assert need.title == "换灯"
    Need.objects.update(state="unmet", reason="无人能做", ended_at=YEAR_END, ended_by=staff["community_worker"])
    rights.erase(person=resident, at=YEAR_END + timedelta(days=1))
    need.refresh_from_db()
    assert need.title != "换灯"


SEARCHED = (
    "/admin/cases/case/", "/admin/grids/post/", "/admin/volunteers/volunteer/",
    "/admin/volunteers/hoursentry/", "/admin/volunteers/pointsentry/", "/admin/volunteers/team/",
)  # fmt: skip


def lists_that_find(staff: dict[str, User], query: str) -> set[tuple[str, str]]:
    """(who, where): the lists of the admin that answer with a row."""
    rows = set()
    for role, person in staff.items():
        client = signed_in(person)
        for path in SEARCHED:
            answer = client.get(path, {"q": query})
            if answer.status_code == 200 and answer.context["cl"].result_count:
                rows.add((role, path))
    return rows


def test_no_search_and_no_export_finds_whoever_left(asked, quarrelled, helped, resident, staff):
    assert {path for _, path in lists_that_find(staff, NAME)} >= {"/admin/cases/case/", "/admin/volunteers/volunteer/"}
    rights.erase(person=resident, at=YEAR_END)
    for query in (NAME, PHONE, PHONE[-4:], ID_NUMBER):
        assert lists_that_find(staff, query) == set(), query
    desk = signed_in(staff["county_admin"])
    desk.post("/admin/cases/case/", {"action": "export_list", "_selected_action": [asked.pk], "index": "0"})
    make_exports(at=timezone.now())
    with Export.objects.get().file.open("rb") as file:
        table = str(list(load_workbook(file).active.values))
    assert asked.number in table
    assert not any(trace in table for trace in TRACES)
