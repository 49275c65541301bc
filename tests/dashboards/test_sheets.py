"""履职单 and cards of units: each number opens its list; who may read them; one's own word beside them."""

import html
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditLine, User
from accounts.privacy.holdings import KEEPINGS
from cases.models import Case
from cases.services import route
from dashboards.assessments.privacy import HOLDINGS
from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.figures.sums import read
from dashboards.models import SheetComment
from dashboards.sheets.services import comment
from grids.models import Post, TerritoryPost, UnitKind
from grids.territory import tree as territory_tree
from grids.units.services import register_unit
from tests.dashboards.test_board import figures_on
from tests.dashboards.test_reports import text_of
from tests.support.cast import MONDAY, draw, signed_in, submit
from tests.support.pages import inside, words
from volunteers.models import DutyEntry, DutyReport, Membership

pytestmark = pytest.mark.django_db
NOW = "?period=quarter&on=2026-11-23"


@pytest.fixture
def worked(defaults, town, staff, resident):
    """李强 has finished one of two requests."""
    for key in ("one", "two"):
        case = submit(resident, town, key=key, words=f"灯坏了 {key}")
        route(case_id=case.pk, at=MONDAY)
    draw(case, "sign", staff["grid_leader"])
    draw(case, "finish", staff["grid_leader"], "换了", at=MONDAY + timedelta(hours=1))
    return staff["grid_leader"]


@pytest.fixture
def reported(town, staff, neighbour):
    """赵建国 reported to the 小区 and took part once."""
    report = DutyReport.objects.create(
        person=neighbour,
        grid=town.estate,
        state="approved",
        reported_at=MONDAY,
        decided_at=MONDAY,
        decided_by=staff["branch_secretary"],
    )
    DutyEntry.objects.create(
        report=report, date=MONDAY.date(), words="清理楼道", noted_by=staff["branch_secretary"], noted_at=MONDAY
    )
    return neighbour


def numbers(page: str) -> dict[str, int]:
    return {path.split("/")[3]: number for number, path in figures_on(page)}


def test_every_number_of_ones_own_sheet_opens_a_list_of_that_many(worked):
    client = signed_in(worked)
    page = client.get(f"/sheets/mine/{NOW}").content.decode()
    assert numbers(page) == {
        "finished": 1,
        "in-time": 1,
        "held": 2,
        "shifts": 0,
        "conferences": 0,
        "tea": 0,
        "duty": 0,
        "services": 0,
        "hours": 0,
        "calls": 0,
    }
    for number, path in figures_on(page):
        behind = client.get(path).content.decode()
        assert behind.count("data-line") == number, path
    assert "灯坏了" in inside(client.get(f"/sheets/{worked.pk}/finished/{NOW}"), "//*[@data-line]")


def test_it_is_read_from_above_and_by_nobody_else(worked, staff, resident):
    path = f"/sheets/{worked.pk}/"
    for who in ("group_leader", "branch_secretary", "community_secretary", "street_cadre", "county_admin"):
        page = signed_in(staff[who]).get(path).content.decode()
        assert "我的说明" not in page
        assert "双报到和志愿服务" not in page
    for person in (staff["next_grid_leader"], staff["other_cadre"], staff["community_worker"], resident):
        assert signed_in(person).get(path).status_code == 404
        assert signed_in(person).get(f"{path}finished/").status_code == 404
    assert signed_in(worked).get(f"/sheets/{staff['group_leader'].pk}/").status_code == 404  # not upwards
    assert signed_in(staff["group_leader"]).get(f"{path}hours/").status_code == 404  # what was given is not of the post


def test_duty_is_read_where_one_reported(reported, staff):
    page = signed_in(staff["branch_secretary"]).get(f"/sheets/{reported.pk}/{NOW}").content.decode()
    assert numbers(page) == {"duty": 1, "services": 0, "hours": 0, "calls": 0}
    behind = signed_in(staff["branch_secretary"]).get(f"/sheets/{reported.pk}/duty/{NOW}").content.decode()
    assert "清理楼道" in behind
    assert signed_in(staff["grid_leader"]).get(f"/sheets/{reported.pk}/").status_code == 404


def test_one_of_the_five_is_read_by_the_community(town, staff, neighbour):
    area = territory_tree.add_area(name="宜和第一片区", community=town.community)
    TerritoryPost.objects.create(person=neighbour, node=area, from_at=MONDAY - timedelta(days=9))
    page = signed_in(staff["community_secretary"]).get(f"/sheets/{neighbour.pk}/").content.decode()
    assert "宜和第一片区长" in page
    assert signed_in(staff["branch_secretary"]).get(f"/sheets/{neighbour.pk}/").status_code == 404


def test_how_it_stands_where_one_of_the_five_looks_after(worked, town, staff, neighbour):
    """邻里长, and 片区长 and 街巷长 above; a 楼栋长 looks after less than a grid."""
    area = territory_tree.add_area(name="宜和第一片区", community=town.community)
    lane = territory_tree.add(parent=area, name="宜和巷")
    there = territory_tree.add(parent=lane, name="宜和里", estate=town.estate)
    empty = territory_tree.add(parent=lane, name="空里")
    block = territory_tree.add(parent=there, name="3幢")
    client = signed_in(neighbour)
    for node, expected in (
        (area, [1, 1, 2]),
        (lane, [1, 1, 2]),
        (there, [1, 1, 2]),
        (empty, [0, 0, 0]),
        (block, [0, 0, 0]),
    ):
        post = TerritoryPost.objects.create(person=neighbour, node=node, from_at=MONDAY - timedelta(days=9))
        page = client.get(f"/sheets/mine/{NOW}").content.decode()
        shown = numbers(page)
        assert [shown[f"places-{code}"] for code in ("finished", "in-time", "open")] == expected, node
        for number, path in figures_on(page):
            assert client.get(path).content.decode().count("data-line") == number, path
        post.delete()
    TerritoryPost.objects.create(person=neighbour, node=there, from_at=MONDAY + timedelta(hours=2))  # after the finish
    shown = numbers(client.get(f"/sheets/mine/{NOW}").content.decode())
    assert [shown[f"places-{code}"] for code in ("finished", "in-time", "open")] == [0, 0, 2]
    TerritoryPost.objects.update(
        from_at=MONDAY - timedelta(days=9), until_at=MONDAY + timedelta(hours=2)
    )  # over, but then
    shown = numbers(client.get(f"/sheets/mine/{NOW}").content.decode())
    assert [shown[f"places-{code}"] for code in ("finished", "in-time", "open")] == [1, 1, 0]
    TerritoryPost.objects.all().delete()
    assert "places-open" not in numbers(client.get(f"/sheets/mine/{NOW}").content.decode())


def test_the_five_have_a_list_of_their_own(town, staff, neighbour, resident):
    area = territory_tree.add_area(name="宜和第一片区", community=town.community)
    lane = territory_tree.add(parent=area, name="宜和巷")
    block = territory_tree.add(parent=territory_tree.add(parent=lane, name="宜和里"), name="3幢")
    for person, node in ((neighbour, area), (resident, block)):
        TerritoryPost.objects.create(person=person, node=node, from_at=MONDAY - timedelta(days=9))
    page = signed_in(staff["community_secretary"]).get("/sheets/?tab=five").content.decode()
    assert f"/sheets/{neighbour.pk}/" in page
    assert "宜和第一片区长" in page
    assert "宜和里 3幢楼栋长" in page
    assert neighbour.name not in signed_in(staff["branch_secretary"]).get("/sheets/?tab=five").content.decode()
    assert signed_in(staff["street_cadre"]).get("/sheets/?tab=seven").status_code == 404


def test_ones_own_word_stands_beside_its_period(worked, staff):
    client = signed_in(worked)
    client.post(f"/sheets/mine/{NOW}", {"words": "十一月在外培训两周"})
    over = signed_in(staff["group_leader"])
    assert "十一月在外培训两周" in over.get(f"/sheets/{worked.pk}/{NOW}").content.decode()
    assert "本人没有说明" in over.get(f"/sheets/{worked.pk}/?on=2026-08-01").content.decode()
    refused = client.post(f"/sheets/mine/{NOW}", {"words": "长" * 501}).content.decode()
    assert "最多 500 字" in refused
    client.post(f"/sheets/mine/{NOW}", {"words": ""})
    assert not SheetComment.objects.exists()
    with pytest.raises(ValidationError):
        comment(person=worked, period=Period.of("quarter", MONDAY.date()), words="长" * 501, at=MONDAY)


def test_words_are_shown_copied_and_forgotten(worked):
    comment(person=worked, period=Period.of("quarter", MONDAY.date()), words="出差", at=MONDAY)
    held = {holding.label: holding for holding in HOLDINGS}
    (row,) = held["履职单说明"].rows(worked)
    assert (row["履职单"], row["本人说明"]) == ("2026年第4季度", "出差")
    (keeping,) = (keeping for keeping in KEEPINGS if keeping.code == "sheet_comments")
    assert keeping.clear(MONDAY - timedelta(days=1), MONDAY) == 0
    assert keeping.clear(MONDAY + timedelta(days=1), MONDAY) == 1
    comment(person=worked, period=Period.of("quarter", MONDAY.date()), words="出差", at=MONDAY)
    held["履职单说明"].erase(worked, MONDAY)
    assert not SheetComment.objects.exists()


def test_the_list_of_sheets_is_of_ones_area(worked, staff):
    page = signed_in(staff["group_leader"]).get("/sheets/").content.decode()
    assert worked.name in page
    assert staff["branch_secretary"].name not in page
    assert worked.name not in signed_in(staff["other_cadre"]).get("/sheets/").content.decode()
    assert signed_in(staff["grid_leader"]).get("/sheets/").status_code == 403


def test_a_units_card_counts_what_lies_in_the_readers_area(staff, reported, town):
    unit = register_unit(name="县水利局", kind=UnitKind.OFFICE)
    DutyReport.objects.update(unit=unit)
    client = signed_in(staff["community_secretary"])
    page = client.get(f"/units/{unit.pk}/card/{NOW}").content.decode()
    shown = {path.split("/")[4]: number for number, path in figures_on(page)}
    assert shown == {
        "services": 0,
        "hours": 0,
        "needs": 0,
        "urgent-needs": 0,
        "reported": 1,
        "conferences": 0,
        "calls": 0,
    }
    for number, path in figures_on(page):
        assert client.get(path).content.decode().count("data-line") == number
    foreign = signed_in(staff["other_cadre"]).get(f"/units/{unit.pk}/card/{NOW}").content.decode()
    assert sum(number for number, _ in figures_on(foreign)) == 0


@pytest.mark.parametrize("path", ["?period=day", "?period=decade", "?on=soon"])
def test_periods_that_are_not(worked: User, path):
    assert signed_in(worked).get(f"/sheets/mine/{path}").status_code == 404


def test_a_liaison_reads_the_card_of_their_own_unit(town, neighbour, resident, staff):
    """The post says that they are one, the roster of the unit whose."""
    own, other = (register_unit(name=name, kind=UnitKind.OFFICE) for name in ("县医院", "县图书馆"))
    Post.objects.create(person=neighbour, role="unit_liaison", grid=town.community, from_at=MONDAY)
    client = signed_in(neighbour)
    assert client.get("/units/").status_code == 403
    for person in (neighbour, resident):
        Membership.objects.create(unit=own, person=person, employment="in_service", from_at=MONDAY)
    assert "本单位的成绩单" in client.get("/sheets/mine/").content.decode()
    page = client.get("/units/").content.decode()
    assert words(page, "//main//strong") == ["县医院"]
    card = client.get(f"/units/{own.pk}/card/").content.decode()
    for shown in (page, card):  # every way that is offered is open
        ways = re.findall(r'href="(/[^"]*)"', shown.partition("<main")[2].partition("</main")[0])
        assert {client.get(html.unescape(way)).status_code for way in ways} == {200}
    for number, path in figures_on(card):
        assert client.get(path).content.decode().count("data-line") == number, path
    assert client.get(f"/units/{other.pk}/card/").status_code == 403
    assert signed_in(resident).get(f"/units/{own.pk}/card/").status_code == 403  # of the unit, and not its liaison


def test_whoever_serves_finds_their_sheet(reported):
    assert 'href="/sheets/mine/"' in signed_in(reported).get("/volunteers/me/").content.decode()


def test_the_paper_holds_what_the_sheet_says_and_names_nobody_else(worked, resident):
    """For 政治考核: posts, numbers with how they are counted, the facts behind them, one's own word, room for hand and seal."""
    comment(person=worked, period=Period.of("quarter", MONDAY.date()), words="十一月在外培训两周", at=MONDAY)
    done = Case.objects.get(finished_by=worked)
    answer = signed_in(worked).get(f"/sheets/{worked.pk}/sheet.pdf{NOW}")
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(text_of(answer.content).split())
    for wanted in (
        "履职单", "2026年第4季度", "2026年10月1日至2026年12月31日", worked.name, "网格长（2026年1月1日起）", "办结的事项",
        "由本人办结的各类事项", "现在在手", "2件", "十一月在外培训两周", done.number, "本人签字", "所在党组织负责人签字", "（印章）",
    ):  # fmt: skip
        assert wanted in text, wanted
    for kept in ("灯坏了", resident.name):
        assert kept not in text
    line = AuditLine.objects.order_by("-pk").first()
    assert (line.act, line.by, line.about) == ("export", worked.pk, worked.pk)


def test_the_paper_is_read_by_who_reads_the_sheet(worked, staff, resident, reported):
    path = f"/sheets/{worked.pk}/sheet.pdf{NOW}"
    over = "".join(text_of(signed_in(staff["group_leader"]).get(path).content).split())
    assert "办结的事项" in over
    assert "志愿服务" not in over, "what was given is not of the post"
    for person in (staff["next_grid_leader"], staff["other_cadre"], staff["community_worker"], resident):
        assert signed_in(person).get(path).status_code == 404
    duty = "".join(
        text_of(signed_in(staff["branch_secretary"]).get(f"/sheets/{reported.pk}/sheet.pdf{NOW}").content).split()
    )
    assert "清理楼道" in duty
    assert "办结的事项" not in duty


def test_in_time_is_asked_of_the_first_finish(worked, resident):
    """As on the pages of figures: what is done anew has a limit of its own."""
    done = Case.objects.get(finished_by=worked)
    draw(done, "redo", resident, "又不亮了", at=MONDAY + timedelta(hours=2))
    draw(done, "finish", worked, at=done.finish_by_at + timedelta(days=1))
    count(at=MONDAY)
    assert read(done.grid, Period.of("quarter", MONDAY.date())).now.of("in_time", "request") == 1
    assert numbers(signed_in(worked).get(f"/sheets/mine/{NOW}").content.decode())["in-time"] == 1
