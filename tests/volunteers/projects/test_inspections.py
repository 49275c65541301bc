"""Renovations are looked at by those who live there before they are accepted; what is wrong is a task of the engine."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case
from grids.models import UnitKind
from grids.posts.services import cover
from grids.units.services import register_unit
from photos.cleaning import clean
from tests.disputes.experts.panel import a_photo
from tests.support.cast import MONDAY, draw, post_of, signed_in
from tests.support.heard import heard, heard_once
from volunteers.models import Finding, Project
from volunteers.privacy import HOLDINGS
from volunteers.services import inspections, lists
from volunteers.services.inspections import Tally

CLOSES = MONDAY + timedelta(days=7)
AFTER = CLOSES + timedelta(days=1)


@pytest.fixture
def works(defaults, town, staff) -> Project:
    return inspections.start_project(
        name="雨污分流",
        kind="renovation",
        plan="挖开重铺",
        grid=town.estate,
        unit=register_unit(name="县住建局", kind=UnitKind.OFFICE),
        from_date=MONDAY.date(),
        until_date=CLOSES.date(),
        by=staff["community_worker"],
        at=MONDAY,
    )


@pytest.fixture
def open_works(works, staff) -> Project:
    inspections.open_inspection(project=works, closes_at=CLOSES, least=2, by=staff["community_worker"], at=MONDAY)
    return works


def look(project, person, building, *, is_fine=True, words="", at=MONDAY, **more) -> Finding:
    return inspections.inspect(
        project=project, person=person, building=building, is_fine=is_fine, words=words, at=at, **more
    )


def accept(project, staff, *, at=AFTER):
    inspections.accept(project=project, by=staff["community_worker"], at=at, result="路平了，水不倒灌了")


def test_who_speaks_for_a_unit_hears_that_it_is_named(works, staff, town, unit, liaison):
    second = inspections.start_project(
        name="主街亮化",
        kind="street",
        plan="装灯",
        grid=town.estate,
        unit=unit,
        from_date=MONDAY.date(),
        until_date=CLOSES.date(),
        by=staff["community_worker"],
        at=MONDAY,
    )
    told = heard_once("牵头")
    assert (told.person, told.path) == (liaison, f"/projects/{second.key}/")


def test_nothing_is_accepted_before_its_inspection(works, staff):
    for door in (accept, lambda project, staff: lists.finish_project(project=project, by=staff["community_worker"], at=AFTER, result="好了")):  # fmt: skip
        with pytest.raises(ValidationError, match="居民验收"):
            door(works, staff)
    works.refresh_from_db()
    assert works.state == "running"


def test_residents_say_it_is_fine_and_it_is_accepted(open_works, staff, town, resident, neighbour):
    look(open_works, resident, town.building)
    with pytest.raises(ValidationError, match="还在验收"):
        accept(open_works, staff, at=MONDAY)
    with pytest.raises(ValidationError, match="只有 1 户验收，至少要 2 户"):
        accept(open_works, staff)
    look(open_works, neighbour, town.building)
    accept(open_works, staff)
    open_works.refresh_from_db()
    assert (open_works.state, open_works.ended_at) == ("finished", AFTER)
    with pytest.raises(ValidationError, match="已经结束"):
        accept(open_works, staff)


def test_a_fault_is_a_task_with_holder_and_limit_and_holds_acceptance_up(open_works, staff, town, resident, neighbour):
    look(open_works, neighbour, town.building)
    photos = [clean(a_photo())]
    finding = look(open_works, resident, town.building, is_fine=False, words="第二级台阶松了", photos=photos)
    task = finding.task
    assert (task.kind, task.state, task.grid) == ("task", "waiting", town.grid)
    assert task.holder.person == staff["community_worker"]
    assert task.due_at is not None
    assert task.attachments.count() == 1
    assert inspections.tally(open_works.inspection) == Tally(seen=2, fine=1, faults=1, open_faults=1)
    with pytest.raises(ValidationError, match="还有 1 个没有办结"):
        accept(open_works, staff)
    draw(task, "assign", staff["community_worker"], post=post_of(staff["grid_leader"]))
    draw(task, "sign", staff["grid_leader"])
    draw(task, "finish", staff["grid_leader"], "重新砌好")
    with pytest.raises(ValidationError, match="还有 1 个没有办结"):
        accept(open_works, staff)  # done, not looked at again
    draw(task, "confirm", resident, "牢了")
    accept(open_works, staff)
    assert inspections.tally(open_works.inspection).open_faults == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"is_fine": False, "words": " "}, "请写几句哪里不好"),
        ({"words": "好" * 501}, "最多 500 字"),
        ({"at": CLOSES}, "时间已经过了"),
    ],
)
def test_a_word_that_cannot_stand_is_refused(open_works, town, resident, wrong, words):
    with pytest.raises(ValidationError, match=words):
        look(open_works, resident, town.building, **wrong)
    assert not Finding.objects.exists()
    assert not Case.objects.exists()


def test_who_lives_elsewhere_or_handles_it_does_not_inspect(open_works, town, resident, staff):
    elsewhere = cover(grid=town.other_grid, name="9幢", unit="")
    with pytest.raises(ValidationError, match="不在宜和佳苑"):
        look(open_works, resident, elsewhere)
    with pytest.raises(ValidationError, match="办理这个项目的人员"):
        look(open_works, staff["community_worker"], town.building)


def test_once_a_person(open_works, town, resident):
    look(open_works, resident, town.building, is_fine=False, words="台阶松了")
    with pytest.raises(ValidationError, match="已经验收过了"):
        look(open_works, resident, town.building)
    assert Case.objects.count() == 1


def test_an_inspection_before_it_is_opened_or_of_a_neighbours_project_is_refused(works, town, resident, staff):
    with pytest.raises(ValidationError, match="不在验收"):
        look(works, resident, town.building)
    desk = staff["community_worker"]
    Project.objects.filter(pk=works.pk).update(kind="neighbour", agreed_at=MONDAY)
    works.refresh_from_db()
    with pytest.raises(ValidationError, match="不用居民验收"):
        inspections.open_inspection(project=works, closes_at=CLOSES, least=1, by=desk, at=MONDAY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"plan": ""}, "plan"),
        ({"kind": "neighbour"}, "kind"),
        ({"until_date": (MONDAY - timedelta(days=1)).date()}, "until_date"),
    ],
)
def test_faulty_works_are_refused_at_the_field(works, staff, wrong, field):
    fields = {
        "name": "亮化", "kind": "street", "plan": "装灯", "grid": works.grid, "unit": works.unit,
        "from_date": MONDAY.date(), "until_date": CLOSES.date(), **wrong,
    }  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        inspections.start_project(**fields, by=staff["community_worker"], at=MONDAY)
    assert set(refused.value.error_dict) == {field}


def test_grid_leaders_are_told_once_and_more_time_can_be_given(open_works, staff, town, resident):
    told = {notice.person for notice in heard("请居民验收")}
    assert told == {staff["grid_leader"], staff["next_grid_leader"]}
    later = AFTER + timedelta(days=3)
    inspections.open_inspection(project=open_works, closes_at=later, least=1, by=staff["community_worker"], at=AFTER)
    look(open_works, resident, town.building, at=AFTER)
    assert len(heard("请居民验收")) == 2


def test_a_strange_desk_does_nothing(open_works, staff):
    for door in (
        lambda: accept(open_works, {"community_worker": staff["other_cadre"]}),
        lambda: inspections.open_inspection(project=open_works, closes_at=AFTER, least=1, by=staff["other_cadre"], at=MONDAY),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            door()
    assert signed_in(staff["other_cadre"]).get(f"/volunteers/projects/{open_works.key}/inspection/").status_code == 404


def test_the_public_page_counts_and_quotes_nobody(open_works, town, resident, client):
    look(open_works, resident, town.building, is_fine=False, words="台阶松了")
    page = client.get(f"/projects/{open_works.key}/").content.decode()
    assert "1 户看过，0 户满意；发现 1 个问题，还有 1 个在整改" in page
    assert "台阶松了" not in page
    assert "我来验收" in page


def test_what_was_said_is_shown_erased_and_counted_on(open_works, town, resident):
    look(open_works, resident, town.building, words="做得好")
    holding = next(holding for holding in HOLDINGS if holding.label == "项目验收意见")
    assert next(iter(holding.rows(resident)))["说了什么"] == "做得好"
    holding.erase(resident, MONDAY)
    finding = Finding.objects.get()
    assert (finding.words, finding.building) == ("", None)
    assert inspections.tally(open_works.inspection).fine == 1
