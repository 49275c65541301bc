"""The page of each level: what it shows, to whom, and that every figure opens a list as long as it says."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from cases.services import route
from dashboards.figures.counting import count
from dashboards.figures.measures import EDGES, class_words, length_class, percentile, wilson
from dashboards.figures.periods import Period
from dashboards.figures.sums import percent
from tests.support.cast import MONDAY, draw, signed_in, submit
from tests.support.pages import inside, words

AT = MONDAY + timedelta(hours=2)


@pytest.fixture
def month(request_case, staff, resident, town):
    """One request answered and rated, one in hand."""
    draw(request_case, "sign", staff["grid_leader"], at=MONDAY + timedelta(minutes=30))
    draw(request_case, "finish", staff["grid_leader"], "换了灯", at=AT)
    draw(request_case, "rate", resident, at=AT, score=5, is_solved=True)
    submit(resident, town, key="second", words="井盖坏了")
    count(at=AT)
    return request_case


FIGURE = re.compile(r'<a data-figure data-number="(\d+)" href="([^"]+)"')


def figures_on(page: str) -> list[tuple[int, str]]:
    return [(int(number), path.replace("&amp;", "&")) for number, path in FIGURE.findall(page)]


@pytest.mark.parametrize(
    "who", ["grid_leader", "group_leader", "branch_secretary", "community_secretary", "county_admin"]
)
def test_every_figure_opens_a_list_of_that_many(month, staff, town, who):
    client = signed_in(staff[who])
    page = client.get("/figures/", follow=True).content.decode()
    figures = figures_on(page)
    assert len({path for _, path in figures}) > 15
    for number, path in figures:
        behind = client.get(path).content.decode()
        assert behind.count("data-line") == number, path
        assert f'data-total="{number}"' in behind, path


def test_it_says_what_was_done(month, staff, town):
    page = signed_in(staff["grid_leader"]).get("/figures/", follow=True).content.decode()
    assert "宜和佳苑1号网格" in page
    assert '综合得分 <strong class="score">100.0</strong> = 响应率 10 % + 解决率 45 % + 满意率 45 %' in page
    assert "样本少" in words(page, "//td//*[@class='badge']")


def test_nothing_divided_by_nothing_says_nothing(staff, town):
    page = signed_in(staff["grid_leader"]).get("/figures/", follow=True).content.decode()
    assert '综合得分 <strong class="score">—</strong>' in page


def test_each_reads_their_own_area_and_below(month, staff, town):
    secretary, leader = signed_in(staff["community_secretary"]), signed_in(staff["grid_leader"])
    for node in (town.community, town.estate, town.grid):
        assert secretary.get(f"/figures/{node.pk}/").status_code == 200
    for path in (f"/figures/{town.street.pk}/", f"/figures/{town.other_grid.pk}/", "/figures/county/"):
        assert secretary.get(path).status_code == 403
        assert secretary.get(f"{path}opened/").status_code == 403
    assert leader.get(f"/figures/{town.next_grid.pk}/").status_code == 403
    assert leader.get(f"/figures/{town.grid.pk}/opened/").status_code == 200
    assert signed_in(staff["county_admin"]).get("/figures/county/").status_code == 200


def test_a_private_case_counts_and_keeps_its_words(month, staff, town):
    month.is_private = True
    month.save()
    page = signed_in(staff["group_leader"]).get(f"/figures/{town.group.pk}/closed/").content.decode()
    assert "楼道灯" not in page
    assert "内容不公开" in page


@pytest.mark.parametrize(
    "path", ["/figures/{}/?period=decade", "/figures/{}/?on=yesterday", "/figures/{}/nonsense/", "/figures/999999/"]
)
def test_what_is_not_there(month, staff, town, path):
    assert signed_in(staff["county_admin"]).get(path.format(town.grid.pk)).status_code == 404


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_a_page_takes_at_most_twelve_queries(month, staff, town, period):
    client = signed_in(staff["street_cadre"])
    path = f"/figures/{town.street.pk}/?period={period}"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 12, "\n".join(query["sql"][:110] for query in queries)


def test_lengths_are_read_off_their_classes():
    assert [length_class(hours) for hours in (0, 0.5, 0.7, 23.9, 24, 5000)] == [0, 1, 1, 9, 10, len(EDGES)]
    assert percentile([0] * 21, 0.5) is None
    assert percentile([0, 4, 0, 4] + [0] * 17, 0.5) == 1
    assert percentile([0] * 20 + [3], 0.9) == EDGES[-1]
    assert class_words(0) == "0–0.5 小时"
    assert class_words(12) == "2–3 天"
    assert class_words(20) == "60 天以上"


def test_shares_of_few_are_wide():
    low, high = wilson(1, 1)
    assert low == pytest.approx(0.2065, abs=0.001)
    assert high == 1
    assert percent(98, 99) == "98.99 %"
    assert percent(0, 0) == "—"


@pytest.mark.parametrize(
    ("code", "day", "words"),
    [
        ("day", "2026-11-24", "2026年11月24日"), ("week", "2026-11-24", "2026年11月23日—11月29日"),
        ("month", "2026-11-24", "2026年11月"), ("quarter", "2026-11-24", "2026年第4季度"), ("year", "2026-11-24", "2026年"),
    ],
)  # fmt: skip
def test_periods_join_without_a_gap(code, day, words):
    from datetime import date

    period = Period.of(code, date.fromisoformat(day))
    assert period.words == words
    for stretch in (period, *period.trend):
        assert stretch.before.after == stretch
        assert stretch.before.last + timedelta(days=1) == stretch.first
    assert period.trend[-1] == period


def test_a_list_says_what_it_keeps_back(request_case, staff, town, resident):
    """Of three that are late, one is private: the figure counts it, the lists do not name it and say so."""
    cases = [request_case]
    for key in ("second", "private"):
        cases.append(submit(resident, town, key=key, words=f"井盖坏了 {key}"))
        route(case_id=cases[-1].pk, at=MONDAY)
    Case.objects.filter(pk=cases[-1].pk).update(is_private=True)
    past = Case.objects.order_by("-due_at").first().due_at + timedelta(hours=1)
    count(at=past)
    with time_machine.travel(past, tick=False):
        client = signed_in(staff["community_secretary"])
        late = client.get(f"/figures/{town.community.pk}/")
        listed = client.get("/cases/?tab=late")
        others = signed_in(staff["other_cadre"]).get("/cases/?tab=late")
    assert "现在超时未办 3 件，其中 1 件涉及隐私，不在此列出。" in inside(late, "//section[h2='超时最久的']")
    assert len(words(late, "//section[h2='超时最久的']//*[contains(@class, 'case-card')]")) == 2
    assert len(words(listed, "//main//*[contains(@class, 'case-card')]")) == 2
    assert "另有 1 件涉及隐私，不在此列出。" in inside(listed)
    assert "涉及隐私" not in inside(others)


def test_requests_stand_apart_from_what_offices_do(month, staff, town, open_visit):
    open_visit()
    count(at=AT)
    page = signed_in(staff["community_secretary"]).get(f"/figures/{town.community.pk}/?period=month&on=2026-11-23")
    assert words(page, "//section[h2='诉求']//li/a")[0].startswith("诉求登记 2 件")
    rows = {row[0]: row[1] for row in (line.split() for line in words(page, "//section[h2='各类事项']//tr")[1:])}
    assert rows == {"诉求": "2", "志愿服务": "1", "合计": "3"}
    below = words(page, "//section[h2='下一级']//tbody/tr[1]/*")
    assert below[:4] == ["宜和佳苑", "2", "1", "2"], "requests that came and were finished, all that is in hand"
