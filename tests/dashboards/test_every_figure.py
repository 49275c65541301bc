"""Every figure of 政和一张网, the wall, the pages of the county, a street and a community, of mediation and of volunteers is what
SQL written by hand says: on the demonstration, and again after one ordinary change of each kind. Planted once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from lxml import html

from accounts import demonstration
from accounts.models import User
from cases.services import route
from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.figures.proof import differences
from disputes.defaults.loading import load_defaults as load_dispute_defaults
from grids.models import Grid, Level, Post
from tests.dashboards.by_hand import ALWAYS, counted, mediation
from tests.disputes.conftest import apply, draft, meet, take_on
from tests.support.cast import MONDAY, Town, draw, plant_town, signed_in, submit
from tests.support.machine import seeded_once
from tests.support.pages import every_page
from tests.volunteers.cast import serve
from volunteers.models import ServiceOrder
from volunteers.services import duty, lists, orders, teams

pytestmark = pytest.mark.django_db
EVERY = 5
"""Of requests, disputes and services; the tree, its people and teams are all there."""
KINDS = {
    "诉求": "request", "矛盾纠纷": "dispute", "问诊": "consultation", "志愿服务": "service", "交办事项": "task", "议题": "topic",
    "合计": "",
}  # fmt: skip
SHARES = {
    "响应率": ("按时响应", "应响应", "request"), "解决率": ("已解决", "有评价", "request"), "满意率": ("满意", "有评价", "request"),
    "按时办结率": ("按时办结", "应办结", ""), "退单率": ("退单", "派单", "request"), "重办率": ("重办", "办结", "request"),
    "未评价率": ("未评价", "请评价", ""), "调解成功率": ("调解成功", "调解办结", "dispute"),
    "小事不出楼栋率": ("党小组化解", "调解办结", "dispute"), "网格长覆盖率": ("有网格长的网格", "网格", ""),
}  # fmt: skip
OTHER_NAMES = {
    "社区大党委": "社区", "小区党支部": "小区", "邻里党小组": "党小组", "党员中心户（网格）": "网格", "邻里服务中心": "邻里中心",
    "社区议事点": "议事点", "社会组织队伍": "社会组织", "服务次数": "志愿服务",
}  # fmt: skip
"""Label of another page -> label here, of the same number."""


def _planted() -> None:
    load_dispute_defaults()
    demonstration.begin(at=timezone.now())
    for command in ("load_defaults", "load_volunteer_defaults", "load_meeting_defaults", "seed_zhenghe"):
        call_command(command, verbosity=0)
    for command in ("seed_requests", "seed_disputes", "seed_volunteers"):
        call_command(command, every=EVERY, verbosity=0)
    for command in ("seed_experts", "seed_places", "seed_meetings"):
        call_command(command, verbosity=0)


planted = seeded_once(_planted)


@pytest.fixture
def town(planted: None) -> Town:
    """A street of its own beside the demonstration."""
    return plant_town("对照街道", "350725900")


@pytest.fixture
def county(planted: None) -> User:
    return Post.objects.filter(role="county_admin").first().person


def _read(page: Any) -> Any:
    assert page.status_code == 200
    return html.fromstring(page.content.decode())


def _listed(page: Any, where: str = "//main") -> Iterator[tuple[str, int]]:
    """Figures in lists: what stands before the number, and the number."""
    for link in page.xpath(f"{where}//a[@data-figure][strong]"):
        number = link.get("data-number") or link.find("strong").text_content()
        label = (link.text or "").strip() or (link.find("strong").tail or "").strip()
        yield label, int(number.replace(",", ""))


def _table(page: Any, heading: str) -> list[list[str]]:
    """Rows of the table under a heading, its head first."""
    (table,) = page.xpath(f"//section[h2='{heading}']//table")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tr")]


def _words(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "—"


def _share(label: str, node: Any, days: Any) -> tuple[int, int]:
    part, whole, kind = SHARES[label]
    numbers = counted(node, days, kind=kind)
    return numbers[part], numbers[whole]


def check_board(client: Any, node: Any | None, period: Period) -> None:
    path = f"/figures/{node.pk}/" if node else "/figures/county/"
    page = _read(client.get(f"{path}?period={period.code}&on={period.first}"))
    of_all, of_requests = counted(node, period.days), counted(node, period.days, kind="request")
    shown = dict(_listed(page))
    for label in ("登记", "办结", "归档", "在办", "超时未办"):
        assert shown[f"诉求{label}"] == of_requests[label], (path, label)
    for label in ("志愿服务", "服务时数", "解决问题", "急难愁盼"):
        assert shown[label] == of_all[label], (path, label)
    head, *rows = _table(page, "各类事项")
    for name, *numbers in rows:
        expected = counted(node, period.days, kind=KINDS[name])
        assert dict(zip(head[1:], map(_number, numbers), strict=True)) == {
            label: expected[label] for label in head[1:]
        }, name
    for name, words, of, *_ in _table(page, "三率和综合得分")[1:]:
        part, whole = _share(name, node, period.days)
        assert [_number(number) for number in of.split("/")] == [part, whole], (path, name)
        assert words.replace("样本少", "").strip() == _words(part, whole), (path, name)
    below = Grid.objects.filter(parent=node, retired_at=None)
    head, *rows = _table(page, "下一级")
    assert len(rows) >= below.count() > 0
    for child in list(below)[:3]:
        numbers = next(row for row in rows if row[0] == child.name)
        requests, every = (counted(child, period.days, kind=kind) for kind in ("request", ""))
        expected = [requests["登记"], requests["办结"], every["在办"], every["超时未办"]]
        assert [_number(number) for number in numbers[1:5]] == expected, child.name


def _number(words: str) -> int:
    return int(words.strip().replace(",", ""))


def check_wall(client: Any, node: Any | None) -> None:
    today = timezone.localdate()
    path = f"/cockpit/{node.pk}/" if node else "/cockpit/"
    page = _read(client.get(f"{path}?part=live"))
    day, month, year = (Period.of(code, today).days for code in ("day", "month", "year"))
    shown = dict(_listed(page, "//section[contains(@class, 'big') or contains(@class, 'totals')]"))
    requests, now = counted(node, day, kind="request"), counted(node, day)
    expected = {
        "诉求登记": requests["登记"], "诉求办结": requests["办结"], "在办": now["在办"], "超时未办": now["超时未办"],
    }  # fmt: skip
    expected |= {label: now[label] for label in shown if label not in expected}
    assert shown == expected
    for pair in page.xpath("//section[contains(@class, 'rates')]//div"):
        label = pair.find("dt").text_content()
        part, whole = _share(label, node, month)
        share = pair.xpath(".//strong")[0].text_content()
        assert share == (_words(part, whole) if whole >= 10 else "—"), label
    of_year = counted(node, year)
    for pair in page.xpath("//section[contains(@class, 'year')]//div"):
        label = pair.find("dt").text_content()
        assert _number(pair.xpath(".//strong")[0].text_content()) == of_year[label], label


def check_net(client: Any) -> None:
    page = _read(client.get("/net/"))
    shown = dict(_listed(page))
    disputes = counted(None, ALWAYS, kind="dispute")
    expected = counted(None, ALWAYS)
    assert shown.pop("民间纠纷和治安案件") == disputes["登记"]
    assert shown == {label: expected[OTHER_NAMES.get(label, label)] for label in shown}
    part, whole = disputes["调解成功"], disputes["调解办结"]
    (score,) = page.xpath("//strong[@class='score']")
    assert score.text_content() == (_words(part, whole) if whole >= 10 else "—")


def check_volunteers(client: Any, area: Any) -> None:
    """As whoever reads figures of that area sees it."""
    shown = dict(_listed(_read(client.get("/volunteers/figures/"))))
    expected = counted(area, ALWAYS)
    assert shown == {label: expected[OTHER_NAMES.get(label, label)] for label in shown}
    assert len(shown) == 13


def check_centres(client: Any, area: Any, month: Period) -> None:
    shown = dict(_listed(_read(client.get(f"/centres/figures/?month={month.first:%Y-%m}"))))
    expected = counted(area, month.days)
    assert shown == {label: expected[label] for label in ("活动常态", "居民常来")}


def check_mediation(client: Any, street: Any, year: int) -> None:
    head, (_, *numbers) = _table(_read(client.get(f"/disputes/figures/?year={year}")), "合计")
    shown, expected = dict(zip(head[1:], numbers, strict=True)), mediation(street, year)
    assert {label: _number(shown[label]) for label in expected} == expected
    for label in ("调解成功率", "小事不出楼栋率"):
        part, whole, _ = SHARES[label]
        assert shown[label] == _words(expected[part], expected[whole])


def check_all(county: User, street: Grid, readers: dict[str, User]) -> None:
    """Every page, of the county, a street and a community; and what is kept, both ways."""
    count(at=timezone.now(), wait=True)
    client = signed_in(county)
    community = Grid.objects.filter(parent=street, retired_at=None).order_by("lft").first()
    month = Period.of("month", MONDAY.date())
    for period in (month, Period.of("year", MONDAY.date())):
        for node in (None, street, community):
            check_board(client, node, period)
    for node in (None, street, community):
        check_wall(client, node)
    check_net(client)
    check_volunteers(signed_in(readers["street_cadre"]), street)
    check_volunteers(signed_in(readers["community_secretary"]), readers["community_secretary"].posts.get().grid)
    check_centres(signed_in(readers["street_cadre"]), street, month)
    check_mediation(signed_in(readers["street_cadre"]), street, 2026)
    assert differences(at=timezone.now()) == []


def _demo_readers() -> dict[str, User]:
    roles = ("street_cadre", "community_secretary")
    return {role: Post.objects.filter(role=role).order_by("pk").first().person for role in roles}


def test_the_demonstration_is_what_its_rows_say(planted, county):
    street = Grid.objects.get(level=Level.STREET, code="350725001")
    check_all(county, street, _demo_readers())
    assert counted(None, ALWAYS)["支援队员"] == 4332
    assert counted(None, ALWAYS, kind="consultation")["办结"] > 0, "finished without a state that stamps it"


def test_and_again_after_an_ordinary_change_of_each_kind(
    county, town, staff, resident, neighbour, grid_leader, group_leader, open_visit, ask, team, helper, unit
):
    before = counted(town.street, ALWAYS)
    later = MONDAY + timedelta(hours=2)
    # Three requests: one finished and rated, one done anew and late for it, one open.
    for key in ("rated", "redone", "open"):
        case = submit(resident, town, key=key, words=f"楼道灯坏了 {key}")
        route(case_id=case.pk, at=MONDAY)
        if key != "open":
            draw(case, "sign", grid_leader)
            draw(case, "finish", grid_leader, at=later)
        if key == "redone":
            draw(case, "redo", resident, "又不亮了", at=later)
            draw(case, "finish", grid_leader, at=later + timedelta(days=20))
        if key == "rated":
            draw(case, "rate", resident, at=later, score=5, is_solved=True)
    # Three disputes: settled, withdrawn by who asked, refused.
    settled, withdrawn, refused = (apply(resident, neighbour, town, key=key) for key in ("a", "b", "c"))
    take_on(settled, group_leader, neighbour)
    meet(settled, group_leader)
    draft(settled, group_leader)
    for person in (resident, neighbour):
        draw(settled, "assent", person)
    draw(withdrawn, "withdraw", resident)
    draw(refused, "refuse", neighbour)
    # A service signed out and rated, its need solved by that; one who reports; one who is in teams of two communities.
    service = open_visit()
    need = lists.note_need(
        source="visit",
        grid=town.estate,
        title="换灯",
        category=service.category,
        urgency="urgent",
        people_count=1,
        by=staff["community_worker"],
        at=MONDAY,
    )
    ServiceOrder.objects.filter(pk=service.pk).update(need=need)
    ask(service, helper)
    orders.accept(case=service, by=helper, at=MONDAY)
    serve(service, helper)
    rated_at = MONDAY + timedelta(days=3)
    draw(service, "rate", resident, at=rated_at, score=4, is_solved=True)
    lists.end_need(need=need, state="solved", by=staff["community_worker"], at=rated_at)
    report = duty.report(person=neighbour, grid=town.estate, at=MONDAY, unit=unit)
    duty.approve(reports=[report], by=staff["branch_secretary"], at=later)
    second = teams.found(
        name="东平支援队", kind="support", grid=town.other_community, by=staff["county_admin"], at=MONDAY, unit=unit
    )
    teams.join(team=second, person=helper, at=later)
    changed = counted(town.street, ALWAYS)
    assert {
        label: changed[label] - before[label] for label in ("办结", "调解成功", "志愿服务", "急难愁盼", "双报到党员")
    } == {
        "办结": 6,
        "调解成功": 1,
        "志愿服务": 1,
        "急难愁盼": 1,
        "双报到党员": 1,
    }
    assert (counted(town.street, ALWAYS)["支援队员"], counted(town.other_street, ALWAYS)["支援队员"]) == (3, 0)
    readers = {"street_cadre": staff["street_cadre"], "community_secretary": staff["community_secretary"]}
    check_all(county, town.street, readers)
    check_volunteers(signed_in(staff["other_cadre"]), town.other_street)


def test_pages_of_one_subject_say_what_the_board_says(planted, county):
    """Of a street, month by month and in the year, and of a community; and the lists are as long."""
    count(at=timezone.now(), wait=True)
    street = Grid.objects.get(level=Level.STREET, code="350725001")
    client = signed_in(_demo_readers()["street_cadre"])
    given = ("志愿服务", "服务时数", "解决问题", "急难愁盼")

    def board(node: Any, period: str, on: str) -> Any:
        return _read(client.get(f"/figures/{node.pk}/?period={period}&on={on}"))

    head, *rows = _table(_read(client.get("/volunteers/figures/")), "各月")
    assert (tuple(head[1:]), len(rows) > 3) == (given, True)
    for month, *numbers in rows:
        year, number = month.removesuffix("月").split("年")
        shown = dict(_listed(board(street, "month", f"{year}-{int(number):02}-01")))
        assert [shown[label] for label in given] == [_number(words) for words in numbers], month
    page = _read(client.get("/volunteers/figures/"))
    for place in ("宜和社区", "东门社区"):
        links = page.xpath(f"//section[h2='各社区']//a[starts-with(@aria-label, '{place}')]")
        assert links
        for link in links:
            listed = [_read(answer) for answer in every_page(client, link.get("href"))]
            (total,) = listed[0].xpath("//h1/strong/@data-total")
            assert total == link.get("data-number")
            if "hours" not in link.get("href"):
                assert sum(len(page.xpath("//*[@data-line]")) for page in listed) == int(total)
    head, (_, *numbers) = _table(_read(client.get("/disputes/figures/?year=2026")), "合计")
    shares = {
        name: words.replace("样本少", "").strip()
        for name, words, *_ in _table(board(street, "year", "2026-01-01"), "三率和综合得分")[1:]
    }
    mediated = dict(zip(head[1:], numbers, strict=True))
    assert [mediated[label] for label in ("调解成功率", "小事不出楼栋率")] == [
        shares[label] for label in ("调解成功率", "小事不出楼栋率")
    ]


def test_a_label_that_stands_on_two_pages_says_one_number(planted, county):
    """Without asking what it should be: all figures of the county, page by page."""
    count(at=timezone.now(), wait=True)
    client = signed_in(county)
    pages = {
        "board": "/figures/county/", "wall": "/cockpit/?part=live", "net": "/net/", "volunteers": "/volunteers/figures/"
    }  # fmt: skip
    shown: dict[str, dict[str, int]] = {}
    of_periods = {"诉求登记", "诉求办结", "诉求归档", "志愿服务", "服务时数", "解决问题", "急难愁盼"}
    for name, path in pages.items():
        for label, number in _listed(_read(client.get(path)), "//*"):
            if label and not (name in {"board", "wall"} and label in of_periods):
                shown.setdefault(OTHER_NAMES.get(label, label), {})[name] = number
    assert sum(len(numbers) > 1 for numbers in shown.values()) >= 10
    assert {label: numbers for label, numbers in shown.items() if len(set(numbers.values())) > 1} == {}
