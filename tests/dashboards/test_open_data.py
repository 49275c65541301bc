"""Open data: honest sums, nothing small, nothing that gives a small one away, nobody's words."""

import csv
import io
import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboards.figures.counting import count
from dashboards.figures.measures import MEASURES
from dashboards.models import Publication, Rollup, Span
from dashboards.open_data import services as open_data
from dashboards.open_data.services import DATASETS
from dashboards.open_data.suppression import LEAST, Sum, kept_back
from tests.support.cast import MONDAY, ZONE, draw, submit

JANUARY = datetime(2027, 1, 2, 4, 10, tzinfo=ZONE)


def published(name="monthly", at=JANUARY):
    open_data.publish(at=at)
    return Publication.objects.get(dataset=name).content


def kept(node, measure, amount, *, day=date(2026, 11, 1), span=Span.MONTH, kind="request"):
    row, _ = Rollup.objects.get_or_create(node=node, span=span, day=day, kind=kind, defaults={"amounts": {}})
    row.amounts[measure] = amount
    row.save()


def row_of(content, level, month="2026-11", name=None):
    rows = [row for row in content["rows"] if row["level"] == level and row.get("month", month) == month]
    return next(row for row in rows if name in (None, row["name"]))


@pytest.fixture
def counted(town):
    """26 opened: 12 and 11 in communities, 3 at a street."""
    for node, amount in ((None, 26), (town.community, 12), (town.other_community, 11)):
        kept(node, "opened", amount)
    for node, part, whole in ((None, 19, 20), (town.community, 10, 10), (town.other_community, 9, 10)):
        kept(node, "due_response", whole)
        kept(node, "responded", part)
    return town


def test_numbers_are_those_of_the_figures(request_case, staff, resident, town):
    draw(request_case, "sign", staff["grid_leader"], at=MONDAY + timedelta(minutes=30))
    for number in range(11):
        submit(resident, town, key=f"more-{number}")
    count(at=MONDAY)
    row = row_of(published(), "全县")
    assert row["opened"] == 12
    assert row["finished"] == 0
    assert "responded" in row["suppressed"]
    assert row["responded"] is row["response_rate"] is None


def test_small_ones_and_what_gives_them_away_are_kept_back(counted):
    content = published()
    rest = row_of(content, "其他")
    communities = [row_of(content, "社区", name=name) for name in ("宜和社区", "东平社区")]
    assert rest["opened"] is None
    assert row_of(content, "全县")["opened"] == 26
    assert sorted("opened" in community["suppressed"] for community in communities) == [False, True]
    # Shares whose counts are published stand; those of nothing are empty and not kept back.
    assert row_of(content, "全县")["response_rate"] == 95
    assert communities[0]["response_rate"] == 100
    assert communities[0]["solved_rate"] is None
    assert "solved_rate" not in communities[0]["suppressed"]


def test_a_share_of_few_is_kept_back(town):
    for node in (None, town.community):
        kept(node, "rated", 4)
        kept(node, "satisfied", 4)
    row = row_of(published(), "社区", name="宜和社区")
    assert row["satisfied_rate"] is None
    assert {"rated", "satisfied", "satisfied_rate"} <= set(row["suppressed"])


def test_hours_are_kept_back_with_the_services_they_were_given_in(town):
    for node, served, hours in ((None, 22, 60), (town.community, 2, 9), (town.other_community, 20, 51)):
        kept(node, "served", served, kind="service")
        kept(node, "hours", hours, kind="")
    rows = [row for row in published()["rows"]]
    for row in rows:
        assert ("hours" in row["suppressed"]) == ("served" in row["suppressed"])
    assert any("hours" in row["suppressed"] for row in rows)


def test_a_month_appears_when_it_is_over(counted):
    assert published(at=datetime(2026, 11, 30, 4, 10, tzinfo=ZONE))["rows"] == []
    months = {row["month"] for row in published(at=datetime(2026, 12, 1, 4, 10, tzinfo=ZONE))["rows"]}
    assert months == {"2026-11"}


def test_what_there_is_now(town):
    count(at=MONDAY)
    content = published("stock", at=MONDAY)
    row = row_of(content, "社区", name="宜和社区")
    assert (row["communities"], row["estates"], row["groups"], row["grids"]) == (1, 1, 1, 2)
    assert row["code"] == "350725001008"
    assert row_of(content, "全县")["grids"] == 3


def test_nobodys_words_and_no_numbers_of_people(counted, request_case, client):
    count(at=MONDAY)
    open_data.publish(at=JANUARY)
    for name in DATASETS:
        for form in ("csv", "json"):
            text = client.get(f"/open-data/{name}.{form}").content.decode("utf-8-sig")
            for words in ("楼道灯", "王秀英", "李强", "1380013", request_case.number):
                assert words not in text


def test_the_csv_opens_in_excel_and_says_the_same(counted, client):
    open_data.publish(at=JANUARY)
    answer = client.get("/open-data/monthly.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    content = json.loads(client.get("/open-data/monthly.json").content)
    assert len(rows) == len(content["rows"]) == 4
    for row, other in zip(rows, content["rows"], strict=True):
        for column in content["columns"]:
            name = column["name"]
            expected = "*" if name in other["suppressed"] else "" if other[name] is None else str(other[name])
            assert row[name] == expected
    assert {"dataset", "licence", "updates", "suppression", "columns", "rows", "updated_at"} <= content.keys()


def test_column_names_are_stable():
    """Who has built on them goes on to find them."""
    assert [column.name for column in DATASETS["monthly"].columns] == [
        "opened",
        "finished",
        "due_response",
        "responded",
        "response_rate",
        "rated",
        "solved",
        "solved_rate",
        "satisfied",
        "satisfied_rate",
        "due_finish",
        "in_time",
        "in_time_rate",
        "concluded",
        "settled",
        "mediation_rate",
        "served",
        "hours",
        "needs",
        "urgent_needs",
    ]
    assert [column.name for column in DATASETS["stock"].columns] == [
        "communities",
        "estates",
        "groups",
        "grids",
        "centres",
        "tea_tables",
        "teams",
        "societies",
        "members",
        "stewards",
        "reported",
        "open",
    ]
    assert all(column.means for dataset in DATASETS.values() for column in dataset.columns)


def test_it_is_fetched_anew_only_when_it_changed(counted, client):
    open_data.publish(at=JANUARY)
    first = client.get("/open-data/monthly.csv")
    assert first["Last-Modified"] == "Fri, 01 Jan 2027 20:10:00 GMT"
    again = client.get("/open-data/monthly.csv", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/open-data/monthly.json", headers={"if-none-match": first["ETag"]}).status_code == 200
    open_data.publish(at=JANUARY + timedelta(days=1))
    assert client.get("/open-data/monthly.csv")["Last-Modified"] == first["Last-Modified"]
    kept(None, "needs", 50, kind="")
    open_data.publish(at=JANUARY + timedelta(days=2))
    other = client.get("/open-data/monthly.csv", headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200
    assert other["Last-Modified"] != first["Last-Modified"]


def test_the_page_says_what_there_is_to_anybody(counted, client):
    open_data.publish(at=JANUARY)
    page = client.get("/open-data/").content.decode()
    for words in ("每月办理情况", "/open-data/stock.json", "注明来源", MEASURES["served"].means):
        assert words in page


def test_it_is_published_where_it_never_was(town, client):
    assert client.get("/open-data/stock.csv").status_code == 200
    assert Publication.objects.count() == 2


@pytest.mark.parametrize("path", ["/open-data/people.csv", "/open-data/monthly.xlsx"])
def test_what_is_not_there(db, client, path):
    assert client.get(path).status_code == 404


# What somebody can work out who has all that is published, by every sum at once: bounds of each cell that is kept back,
# narrowed until nothing narrows any more. Told nothing of how cells were chosen.
MANY = 10**6


def bounds(amounts, sums, hidden):
    low = {cell: 1 if cell in hidden else amount for cell, amount in amounts.items()}
    high = {cell: MANY if cell in hidden else amount for cell, amount in amounts.items()}
    while True:
        before = dict(low), dict(high)
        for equation in sums:
            parts = list(equation.parts)
            low[equation.total] = max(low[equation.total], sum(low[part] for part in parts))
            high[equation.total] = min(high[equation.total], sum(high[part] for part in parts))
            for part in parts:
                others = [other for other in parts if other != part]
                low[part] = max(low[part], low[equation.total] - sum(high[other] for other in others))
                high[part] = min(high[part], high[equation.total] - sum(low[other] for other in others))
        if (low, high) == before:
            return low, high


tables = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=6), min_size=1, max_size=5).filter(
    lambda rows: len({len(row) for row in rows}) == 1
)


def built(rows):
    """Months of communities, and the county's sum of each."""
    amounts = {(month, place): amount for month, row in enumerate(rows) for place, amount in enumerate(row)}
    sums = []
    for month, row in enumerate(rows):
        amounts[month, "county"] = sum(row)
        sums.append(Sum((month, "county"), [(month, place) for place in range(len(row))]))
    return amounts, sums


def is_told(amounts, sums, hidden):
    low, high = bounds(amounts, sums, hidden)
    return [cell for cell in hidden if high[cell] - low[cell] < LEAST - 1]


@given(tables)
@example([[1, 1]])
@example([[4, 4, 0]])
@example([[3]])
@example([[1, 7, 7]])
def test_no_small_number_is_told_by_the_sums_of_its_month(rows):
    amounts, sums = built(rows)
    hidden = kept_back(amounts, sums)
    assert {cell for cell, amount in amounts.items() if 0 < amount < LEAST} <= hidden
    assert not {cell for cell in hidden if not amounts[cell]}
    assert is_told(amounts, sums, hidden) == []


@given(tables)
@example([[3], [50]])
@example([[3, 0], [2, 0], [9, 9]])
@example([[1, 1], [1, 1]])
def test_nor_by_what_the_county_came_to_in_all_months(rows):
    """Unless there was so little in all months together that it cannot be helped: that sum stands on other pages."""
    amounts, sums = built(rows)
    months = [equation.total for equation in sums]
    amounts["ever"] = sum(amounts[month] for month in months)
    sums = [*sums, Sum("ever", months)]
    hidden = kept_back(amounts, sums, public={"ever"})
    told = is_told(amounts, sums, hidden)
    assert not told or all(cell in hidden for cell, amount in amounts.items() if amount and cell != "ever")


def test_without_the_care_for_sums_a_number_would_be_told():
    """The attack of this test works: with small ones alone kept back it finds them."""
    amounts, sums = built([[3, 20, 30]])
    assert is_told(amounts, sums, {(0, 0)}) == [(0, 0)]
