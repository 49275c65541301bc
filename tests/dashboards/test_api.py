"""Figures by the API: those of the page, for exactly who sees the page; the net and open data for everybody."""

from datetime import timedelta

import pytest
import time_machine

from dashboards.figures.counting import count
from tests.dashboards.test_board import AT, figures_on, month
from tests.support.calls import API, App
from tests.support.cast import signed_in

__all__ = ["month"]
"""The board's own."""


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(AT + timedelta(hours=1), tick=True):
        yield


def numbers(told):
    """Each figure that is not nothing, with its list, however deep it stands: the page links no others."""
    if isinstance(told, dict):
        own = {(told["amount"], told["path"])} if told.get("path") and told["amount"] else set()
        return own.union(*map(numbers, told.values()))
    return set().union(*map(numbers, told)) if isinstance(told, list) else set()


@pytest.mark.parametrize("who", ["grid_leader", "group_leader", "branch_secretary", "community_secretary"])
def test_the_figures_are_those_of_the_page(month, staff, who):
    app = App(staff[who])
    [node] = app.get("figures/").json()
    told = app.get(f"figures/{node['id']}/").json()
    page = app.client.get(f"/figures/{node['id']}/").content.decode()
    assert len(numbers(told)) > 8
    assert numbers(told) <= set(figures_on(page))
    assert all(number["means"] and number["label"] and number["unit"] for number in told["requests"])
    assert (told["score"], told["period"]["code"]) == ("100.0", "month")


def test_a_list_is_behind_each(month, staff):
    app = App(staff["grid_leader"])
    [node] = app.get("figures/").json()
    for number in app.get(f"figures/{node['id']}/").json()["requests"]:
        assert app.client.get(number["path"]).content.decode().count("data-line") == number["amount"]


def test_for_exactly_who_sees_the_page(month, staff, resident, town, client):
    for person in (resident, *staff.values()):
        own = signed_in(person)
        for path in (
            "figures/county/",
            f"figures/{town.grid.pk}/",
            f"figures/{town.other_grid.pk}/",
            "figures/999999/",
        ):
            told, shown = own.get(f"{API}/{path}").status_code, own.get(f"/{path}").status_code
            assert told == shown, (person.name, path)
    assert client.get(f"{API}/figures/county/").status_code == 403
    assert App(resident).get("figures/").status_code == 403


def test_another_period(month, staff):
    app = App(staff["county_admin"])
    assert app.get("figures/county/", period="year").json()["period"]["first"] == "2026-01-01"
    past = app.get("figures/county/", period="month", on="2025-01-31").json()
    assert {number["amount"] for number in past["requests"] if number["before"] is not None} == {0}
    assert app.get("figures/county/", period="aeon").status_code == 404
    assert app.get("figures/county/", on="x").status_code == 404


def test_the_net_is_for_everybody(month, client):
    count(at=AT)
    told = client.get(f"{API}/net/").json()
    page = client.get("/net/").content.decode()
    figures = [figure for group in told["groups"] for figure in group["figures"]]
    assert len(figures) > 15
    for figure in figures:
        assert figure["path"] in page
        assert client.get(figure["path"]).status_code == 200


def test_open_data_is_for_everybody(month, client):
    assert [row["name"] for row in client.get(f"{API}/open-data/").json()] == ["monthly", "stock"]
    for name in ("monthly", "stock"):
        assert client.get(f"{API}/open-data/{name}/").json() == client.get(f"/open-data/{name}.json").json()
    assert client.get(f"{API}/open-data/nothing/").status_code == 404
