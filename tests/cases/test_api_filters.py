"""What lists of cases filter by."""

from datetime import timedelta

import pytest
import time_machine

from cases.models import Category
from tests.support.calls import App, refused
from tests.support.cast import MONDAY, submit


@pytest.fixture
def app(request_case, grid_leader):
    return App(grid_leader)


def numbers(answer):
    return [row["number"] for row in answer.json()["results"]]


def listed(app, **asked):
    return numbers(app.get("cases/", list="area", **asked))


def test_each_filter_keeps_what_it_says(app, request_case, town, resident, grid_leader):
    own = request_case.number
    assert listed(app, kind="request") == listed(app, state="dispatched") == [own]
    assert listed(app, kind="dispute") == listed(app, state="archived") == []
    assert listed(app, grid=town.community.pk) == listed(app, grid=request_case.grid_id) == [own]
    assert listed(app, opened_from="2000-01-01", opened_until=MONDAY.date()) == [own]
    assert listed(app, opened_from=MONDAY.date() + timedelta(days=1)) == []
    assert listed(app, opened_until="0001-01-01") == []
    assert listed(app, opened_until="9999-12-31") == [own]


def test_a_category_is_with_those_below_it(app, request_case):
    category = Category.objects.filter(kind="request", parent__isnull=False).first()
    type(request_case).objects.filter(pk=request_case.pk).update(category=category)
    assert listed(app, category=category.parent_id) == listed(app, category=category.pk) == [request_case.number]
    other = Category.objects.filter(kind="request", parent=None).exclude(pk=category.parent_id).first()
    assert listed(app, category=other.pk) == []


def test_late_and_not_late(request_case, grid_leader):
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        soon = App(grid_leader)
        assert (listed(soon, late="true"), listed(soon, late="false")) == ([], [request_case.number])
    with time_machine.travel(MONDAY + timedelta(days=60), tick=False):
        later = App(grid_leader)
        assert (listed(later, late="true"), listed(later, late="false")) == ([request_case.number], [])


@pytest.mark.parametrize(
    "asked", [{"kind": "x"}, {"state": "x"}, {"category": "x"}, {"category": 10**30}, {"grid": "-1"},
              {"opened_from": "gestern"}, {"opened_until": "2026-13-01"}, {"late": "perhaps"}]
)  # fmt: skip
def test_what_is_none_is_refused_at_its_name(app, asked):
    answer = app.get("cases/", list="area", **asked)
    assert refused(answer) == list(asked)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in answer.json()["errors"][0]["detail"])


def test_a_name_said_twice_is_refused(app):
    assert refused(app.client.get("/api/v1/cases/?list=area&kind=request&kind=dispute")) == ["kind"]


def test_pages_keep_the_filter(app, request_case, town, resident):
    for key in range(27):
        with time_machine.travel(MONDAY + timedelta(minutes=key + 1), tick=False):
            submit(resident, town, key=f"more-{key}")
    first = App(resident).get("cases/", list="mine", kind="request")
    assert len(numbers(first)) == 25
    second = App(resident).client.get(first.json()["next"])
    assert len(numbers(second)) == 3
    assert not set(numbers(first)) & set(numbers(second))
    assert App(resident).get("cases/", list="mine", cursor="cD1ub25lc3VjaA==").status_code == 404


def test_a_list_costs_the_same_however_long(app, request_case, town, resident, django_assert_max_num_queries):
    mine = App(resident)
    with django_assert_max_num_queries(30) as few:
        mine.get("cases/", list="mine", kind="request", grid=town.community.pk)
    for key in range(5):
        submit(resident, town, key=f"more-{key}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(numbers(mine.get("cases/", list="mine", kind="request", grid=town.community.pk))) == 6


def test_the_schema_says_what_can_be_filtered_by(client, db):
    schema = client.get("/api/schema/", {"format": "json"}).json()
    asked = {each["name"]: each for each in schema["paths"]["/api/v1/cases/"]["get"]["parameters"]}
    assert {"list", "kind", "state", "category", "grid", "opened_from", "opened_until", "late", "cursor"} <= set(asked)
    assert "request" in asked["kind"]["schema"]["enum"]
    assert asked["opened_from"]["schema"]["format"] == "date"
