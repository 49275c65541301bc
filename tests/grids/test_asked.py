"""What an address asks for may be anything."""

import pytest
from django.test import Client

from tests.support.cast import signed_in
from web.params import whole_number

DIGITS = "9" * 5000
"""More than Python makes a number of."""


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), (DIGITS, None), ("", None), (None, None), ("-1", None),
     ("1.5", None), ("1e400", None), ("٣", None), ("²", None), (" 7", None)],
)  # fmt: skip
def test_a_number_that_a_row_may_have_or_none(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "path",
    ["/centres/?building={}", "/activities/?community={}", "/topics/?community={}", "/brands/?year={}"],
)
@pytest.mark.parametrize("text", [DIGITS, "9" * 19, "²", "-1"])
def test_pages_for_everybody_take_anything(db, path, text):
    assert Client().get(path.format(text)).status_code in (200, 404)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31", "x"])
@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_a_day_beyond_all_figures_is_no_page(county_admin, day, period):
    answer = signed_in(county_admin).get("/figures/county/", {"period": period, "on": day})
    assert answer.status_code == 404


@pytest.mark.parametrize("key", ["1e400", "²", DIGITS, "\ud800", "x"])
def test_a_ticked_row_that_cannot_be_is_said_to_be_none(county_admin, key):
    """The list comes back with a sentence, not a fault."""
    client = signed_in(county_admin)
    ticked = {"action": "merge", "_selected_action": key.encode("utf-8", "surrogatepass")}
    answer = client.post("/admin/grids/grid/", ticked)
    assert answer.status_code in (200, 302, 400)
