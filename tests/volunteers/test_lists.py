"""三张清单: a need is noted, matched with reasons, taken on, and ends one way or another; printed as staff print it."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from cases.engine.turns import ArrowRefused
from tests.meetings.neighbours import adopted, draw
from tests.support.cast import MONDAY, signed_in
from tests.support.heard import heard
from tests.support.pages import ERROR, inside
from volunteers.dispatch.candidates import for_need
from volunteers.dispatch.matching import Candidate, Node, Wish, propose
from volunteers.models import Need, Project, Resource, ServiceOrder
from volunteers.services import adoption, lists

LATER = MONDAY + timedelta(days=1)


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def need(kinds, town, grid_leader, staff):
    return lists.note_need(
        title="三位老人想学手机挂号",
        grid=town.grid,
        category=kinds["手机教学"],
        source="visit",
        by=grid_leader,
        at=MONDAY,
        people_count=3,
    )


@pytest.fixture
def resource(kinds, town, unit):
    return Resource.objects.create(
        name="=电教室",
        kind="place",
        category=kinds["手机教学"],
        unit=unit,
        grid=town.estate,
        amount="20 座",
        from_date=date(2026, 1, 1),
        free_times=["weekend_day"],
    )


@pytest.fixture
def project(need, unit, worker_at_desk, liaison):
    made = adoption.adopt(
        needs=[need],
        name="手机课堂",
        plan="每周六上午一课",
        unit=unit,
        by=worker_at_desk,
        at=MONDAY,
        from_date=date(2026, 11, 23),
        until_date=date(2026, 12, 31),
    )
    adoption.agree(project=made, by=liaison, at=MONDAY)
    return made


def test_a_request_becomes_a_need_and_its_story_says_so(request_case, kinds, worker_at_desk, resident, other_cadre):
    with pytest.raises(ArrowRefused):
        lists.need_from_case(case=request_case, category=kinds["水电维修"], by=other_cadre, at=MONDAY)
    need = lists.need_from_case(case=request_case, category=kinds["水电维修"], by=worker_at_desk, at=MONDAY)
    assert (need.source, need.title, need.grid) == ("request", request_case.title, request_case.grid)
    assert heard("补充了说明", resident)
    with pytest.raises(ValidationError, match="已经在需求清单"):
        lists.need_from_case(case=request_case, category=kinds["水电维修"], by=worker_at_desk, at=MONDAY)


def test_what_neighbours_decided_becomes_a_need_and_a_project(kinds, town, staff, unit, liaison):
    desk = staff["community_worker"]
    topic = adopted(town, desk, "邻里事务")
    with pytest.raises(ValidationError, match="已经定下来的议题"):
        lists.need_from_case(case=topic.case, category=kinds["手机教学"], by=desk, at=MONDAY)
    draw(topic, "agree", desk, "每周六教一次")
    client = signed_in(desk)
    path = f"/volunteers/needs/from/{topic.case.number}/"
    assert path in client.get(topic.case.get_absolute_url()).content.decode()
    client.post(path, {"category": kinds["手机教学"].pk, "people_count": 20})
    need = Need.objects.get()
    assert (need.source, need.request) == ("plan", topic.case)
    project = adoption.adopt(
        needs=[need],
        name="手机课堂",
        plan="每周六",
        unit=unit,
        by=desk,
        at=MONDAY,
        from_date=date(2026, 11, 23),
        until_date=date(2026, 12, 31),
    )
    assert project.grid == town.estate


def test_needs_are_noted_in_ones_own_area(kinds, town, next_grid_leader):
    fields = {"title": "学手机", "category": kinds["手机教学"], "source": "visit", "by": next_grid_leader, "at": MONDAY}
    with pytest.raises(ValidationError, match="不负责"):
        lists.note_need(grid=town.grid, **fields)
    with pytest.raises(ValidationError, match="需要什么"):
        lists.note_need(grid=town.next_grid, **{**fields, "title": " "})


def test_every_need_ends_in_one_of_three_ways(need, request_case, worker_at_desk, other_cadre):
    common = {"need": need, "by": worker_at_desk, "at": LATER}
    for wrong, match in (
        ({"state": "unmet"}, "为什么无法满足"),
        ({"state": "requested"}, "诉求编号"),
        ({"state": "adopted"}, "办结方式"),
        ({"state": "solved", "by": other_cadre}, "不在您的辖区"),
        ({"state": "solved"}, "还没有凭据"),
    ):
        with pytest.raises(ValidationError, match=match):
            lists.end_need(**{**common, **wrong})
    lists.end_need(**common, state="requested", became=request_case)
    with pytest.raises(ValidationError, match="已经办结"):
        lists.end_need(**common, state="solved")


def test_a_project_takes_needs_on_and_solves_them(project, need, worker_at_desk, other_cadre, unit, team):
    need.refresh_from_db()
    assert need.state == "adopted"
    with pytest.raises(ValidationError, match="起止日期之内"):
        lists.plan_milestone(project=project, words="开课", due_date=date(2027, 2, 1))
    with pytest.raises(ValidationError, match="还没有凭据"):
        lists.finish_project(project=project, by=worker_at_desk, at=LATER, result="教会三位老人")
    step = lists.plan_milestone(project=project, words="开课", due_date=date(2026, 11, 28))
    lists.reach(milestone=step, on=date(2026, 11, 28))
    with pytest.raises(ValidationError, match="已经完成"):
        lists.reach(milestone=step, on=date(2026, 11, 28))
    with pytest.raises(ValidationError, match="成果"):
        lists.finish_project(project=project, by=worker_at_desk, at=LATER, result="")
    with pytest.raises(ValidationError, match="不在您的辖区"):
        lists.finish_project(project=project, by=other_cadre, at=LATER, result="好")
    lists.finish_project(project=project, by=worker_at_desk, at=LATER, result="教会三位老人")
    need.refresh_from_db()
    assert need.state == "reported"
    with pytest.raises(ValidationError, match="已经结束"):
        lists.finish_project(project=project, by=worker_at_desk, at=LATER, result="再来")


def test_a_project_is_one_units_or_one_teams(need, unit, team, worker_at_desk):
    fields = {"needs": [need], "name": "课堂", "plan": "教", "by": worker_at_desk, "at": MONDAY}
    dates = {"from_date": date(2026, 11, 23), "until_date": date(2026, 12, 1)}
    for who in ({}, {"unit": unit, "team": team}):
        with pytest.raises(ValidationError, match="只选一个"):
            adoption.adopt(**fields, **dates, **who)
    with pytest.raises(ValidationError, match="开始之后"):
        adoption.adopt(**fields, unit=unit, from_date=date(2026, 12, 1), until_date=date(2026, 11, 1))


def test_matching_says_why(need, resource, kinds, town, team):
    Resource.objects.create(
        name="理发摊", kind="people", category=kinds["理发助浴"], team=team, grid=town.grid, from_date=date(2026, 1, 1)
    )
    Resource.objects.create(
        name="过期的",
        kind="people",
        category=kinds["手机教学"],
        team=team,
        grid=town.grid,
        from_date=date(2025, 1, 1),
        until_date=date(2025, 12, 31),
    )
    proposals = [(proposal.candidate.label, proposal.why) for proposal in for_need(need, at=MONDAY)]
    assert proposals == [
        ("=电教室（县教育局）", "会手机教学 · 同一小区 · 手上没有别的"),
        ("理发摊（宜和支援队）", "没写这类特长 · 同一网格 · 手上没有别的"),
    ]


GRID, ESTATE, STREET = Node(1, 5, 6), Node(1, 3, 8), Node(1, 1, 20)
WISH = Wish("助老服务/探访陪伴", (GRID, ESTATE, STREET), ("同一网格", "同一小区", "同一街道"), "weekend_day")


def person(key, **more):
    fields = {"skills": ("助老服务/探访陪伴",), "home": GRID, "free_times": ("weekend_day",), **more}
    return Candidate(key=key, label=str(key), **fields)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"skills": ("助老服务/理发助浴",)}),
        ({"skills": ("助老服务/理发助浴",), "home": STREET}, {"skills": ()}),
        ({"is_in_team": True, "home": STREET}, {}),
        ({}, {"home": Node(1, 4, 5)}),
        ({"home": Node(1, 4, 5)}, {"home": Node(1, 10, 11)}),
        ({"home": Node(1, 10, 11)}, {"home": None}),
        ({"load": 3}, {"free_times": ()}),
        ({}, {"load": 1}),
    ],
)
def test_the_order_of_proposals(better, worse):
    proposals = propose(WISH, [person("b", **worse), person("z", **better)])
    assert [proposal.candidate.key for proposal in proposals] == ["z", "b"]


def test_a_guarded_wish_names_only_checked_people():
    guarded = Wish(**{**WISH.__dict__, "is_guarded": True})
    proposals = propose(guarded, [person("unchecked"), person("checked", is_checked=True)])
    assert [proposal.candidate.key for proposal in proposals] == ["checked"]
    assert proposals[0].why.endswith("已核查")


def test_the_lists_print_as_staff_print_them(project, resource, worker_at_desk, other_cadre, grid_leader):
    client = signed_in(worker_at_desk)
    for which, title, cell in (
        ("needs", "宜和社区志愿服务需求清单", "三位老人想学手机挂号"),
        ("resources", "宜和社区志愿服务资源清单", "'=电教室"),
        ("projects", "宜和社区志愿服务项目清单", "手机课堂"),
    ):
        answer = client.get(f"/volunteers/lists/{which}.xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert (sheet["A1"].value, sheet["A3"].value, sheet["A4"].value, sheet["B4"].value) == (title, "序号", 1, cell)
        assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$3", "landscape")
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)
        assert sheet["B4"].alignment.wrap_text
        assert sheet.column_dimensions["B"].width > 20
    empty = load_workbook(io.BytesIO(signed_in(other_cadre).get("/volunteers/lists/needs.xlsx").content)).active
    assert empty.max_row == 3
    assert client.get("/volunteers/lists/people.xlsx").status_code == 404
    assert signed_in(grid_leader).get("/volunteers/lists/needs.xlsx").status_code == 403


def test_the_desk_from_a_request_to_a_service(request_case, kinds, town, staff, resident, helper):
    desk = signed_in(staff["community_worker"])
    page = text(desk.get(f"/cases/{request_case.number}/"))
    assert "列入需求清单" in page
    assert "列入需求清单" not in text(signed_in(resident).get(f"/cases/{request_case.number}/"))
    answer = desk.post(
        f"/volunteers/needs/from/{request_case.number}/", {"category": kinds["水电维修"].pk, "people_count": 2}
    )
    need = Need.objects.get()
    assert answer["Location"] == f"/volunteers/needs/{need.key}/"
    assert desk.get(f"/volunteers/needs/from/{request_case.number}/")["Location"] == answer["Location"]
    assert request_case.number in text(desk.get(answer["Location"]))
    assert signed_in(staff["other_cadre"]).get(answer["Location"]).status_code == 404
    form = desk.get(f"/volunteers/orders/new/?need={need.key}")
    assert request_case.title in text(form)
    posted = {
        "title": "修灯", "category": kinds["水电维修"].pk, "grid": town.grid.pk, "serves": "anyone", "wanted": 1,
        "begins_at": "2099-01-01T09:00", "ends_at": "2099-01-01T10:00", "check_in_by": "code",
    }  # fmt: skip
    assert "一年之内" in text(desk.post(f"/volunteers/orders/new/?need={need.key}", posted))
    day = timezone.localdate() + timedelta(days=9)
    posted |= {"begins_at": f"{day}T09:00", "ends_at": f"{day}T10:00"}
    assert desk.post(f"/volunteers/orders/new/?need={need.key}", posted).status_code == 302
    order = ServiceOrder.objects.get()
    assert order.need == need
    assert order.case.seats.get(role="asker").person == resident
    assert "转成的诉求编号" in text(desk.post(f"/volunteers/needs/{need.key}/end/", {"state": "requested"}))
    wrong = desk.post(f"/volunteers/needs/{need.key}/end/", {"state": "requested", "became": "ZH-2222-2222"})
    assert "没有这个编号" in text(wrong)
    assert "还没有凭据" in inside(desk.post(f"/volunteers/needs/{need.key}/end/", {"state": "solved"}), ERROR)
    unmet = {"state": "unmet", "reason": "没有合适的人"}
    assert desk.post(f"/volunteers/needs/{need.key}/end/", unmet).status_code == 302


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#446655").save(out, "JPEG")
    return SimpleUploadedFile("前.jpg", out.getvalue(), "image/jpeg")


def test_a_project_from_need_to_public_page(need, unit, staff, kinds, liaison):
    desk = signed_in(staff["community_worker"])
    adopt = f"/volunteers/needs/{need.key}/adopt/"
    assert "给项目起个名字" in text(desk.post(adopt, {"plan": "每周一课"}))
    posted = {
        "name": "手机课堂",
        "unit": unit.pk,
        "plan": "每周一课",
        "from_date": "2026-11-23",
        "until_date": "2099-01-01",
        "is_public": "on",
    }
    url = desk.post(adopt, posted)["Location"]
    project = Project.objects.get()
    public = f"/projects/{project.key}/"
    assert Client().get(public).status_code == 404  # the unit has not said yes
    assert "手机课堂" not in inside(Client().get("/projects/"))
    adoption.agree(project=project, by=liaison, at=timezone.now())
    desk.post(f"{url}publish/")
    assert desk.post(url, {"act": "milestone", "words": "开课", "due_date": "2026-12-01"}).status_code == 302
    assert desk.post(url, {"act": "photos", "photos": photo()}).status_code == 302
    assert desk.post(f"{url}reach/{project.milestones.get().pk}/").status_code == 302
    picture = f"{public}photos/{project.photos.get().pk}/"
    assert Client().get(public).status_code == 404
    assert Client().get(picture).status_code == 404
    assert desk.get(picture).status_code == 200
    desk.post(f"{url}publish/")
    page = text(Client().get(public))
    assert "手机课堂" in page
    assert need.title not in page
    assert Client().get(picture).status_code == 200
    assert "手机课堂" in text(Client().get("/projects/"))
    assert "写明成果" in text(desk.post(url, {"act": "finish", "result": ""}))
    assert desk.post(url, {"act": "finish", "result": "教会三位"}).status_code == 302
    assert signed_in(staff["other_cadre"]).get(url).status_code == 404


def test_the_lists_page_shows_ones_area(need, resource, project, staff, resident):
    leader = signed_in(staff["grid_leader"])
    assert need.title in text(leader.get("/volunteers/lists/"))
    assert leader.get("/volunteers/lists/?tab=x").status_code == 404
    worker = signed_in(staff["community_worker"])
    for tab, words in (("resources", "电教室"), ("projects", "手机课堂")):
        assert words in inside(worker.get(f"/volunteers/lists/?tab={tab}"), "//*[@class='case-card']")
    assert signed_in(resident).get("/volunteers/lists/").status_code == 403
    posted = {
        "title": "修灯",
        "grid": need.grid_id,
        "category": need.category_id,
        "source": "visit",
        "urgency": "normal",
    }
    assert leader.post("/volunteers/needs/new/", {**posted, "people_count": 1}).status_code == 302
