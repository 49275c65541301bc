"""Lists page by page: every row once, forth and back, also where the sorting fields are the same or empty, and whatever an
address says."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import F
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from tests.support.cast import MONDAY, signed_in, submit
from tests.support.pages import every_page, links, words
from web import pages
from web.pages import page_of

PAGER = "//nav[@class='pager']//a"
ORDERS = [("-opened_at", "-pk"), ("opened_at", "pk"), ("-finished_at", "pk"), ("finished_at", "-pk"), ("title",),
          ("grid__name", "-finished_at", "category__path", "pk")]  # fmt: skip


@pytest.fixture
def many(defaults, town, staff, resident) -> list[Case]:
    """Seven, of which some came at the same moment and some are finished."""
    cases = [submit(resident, town, key=f"{n}", at=MONDAY + timedelta(hours=n // 3)) for n in range(7)]
    for case in cases[1:6:2]:
        Case.objects.filter(pk=case.pk).update(finished_at=MONDAY + timedelta(days=case.pk % 2))
    return cases


def walked(rows, ask: str, step: str, size: int) -> list[int]:
    """The pages one comes by, from the one that `ask` names on."""
    pages = []
    while ask is not None:
        page = page_of(rows, QueryDict(ask), size)
        pages.append([row.pk for row in page.object_list])
        ask = getattr(page, step)
    return pages


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_every_row_stands_on_one_page(many, order, size):
    rows = Case.objects.order_by(*order)
    ordered = list(rows.order_by(*order, *(() if order[-1].endswith("pk") else ("pk",))).values_list("pk", flat=True))
    forth = walked(rows, "", "next", size)
    assert sum(forth, []) == ordered
    assert all(len(page) == size for page in forth[:-1])
    back = walked(rows, f"{pages.END}=1", "previous", size)
    assert back[0] == ordered[-size:]
    assert dict.fromkeys(pk for page in reversed(back) for pk in page) == dict.fromkeys(ordered)


def test_a_list_in_memory_has_numbers():
    page = page_of(list(range(10)), QueryDict("tab=x&page=2"), 4)
    assert (list(page.object_list), page.words, page.rest) == ([4, 5, 6, 7], "第 2 / 3 页", "tab=x")
    assert (page.previous, page.next, page.last) == ("page=1", "page=3", "page=3")


def test_rows_sorted_by_an_expression_have_numbers(many):
    page = page_of(Case.objects.order_by(F("finished_at").asc(nulls_first=True), "pk"), QueryDict(""), 4)
    assert page.next == "page=2"


def test_a_row_that_went_does_not_lose_the_place(many):
    rows = Case.objects.order_by("pk")
    first = page_of(rows, QueryDict(""), 3)
    left = rows.exclude(pk=first.object_list[-1].pk)
    second = page_of(left, QueryDict(first.next), 3)
    assert [row.pk for row in second.object_list] == [case.pk for case in many[3:6]]


def test_where_nothing_follows_any_more_the_first_page_is_shown(many):
    rows = Case.objects.order_by("pk")
    first = page_of(rows, QueryDict(""), 3)
    left = rows.filter(pk__lte=first.object_list[-1].pk)
    page = page_of(left, QueryDict(first.next), 3)
    assert [row.pk for row in page.object_list] == [case.pk for case in many[:3]]
    assert not page.is_one_of_many


@pytest.mark.parametrize("place", ["x", "", "WyJhIl0:1:2", "\x00"])
@pytest.mark.parametrize("name", [pages.AFTER, pages.BEFORE])
def test_a_place_nobody_gave_is_the_first_page(many, name, place):
    page = page_of(Case.objects.order_by("-opened_at", "-pk"), QueryDict(urlencode({name: place})), 3)
    assert page.previous is None
    assert len(page.object_list) == 3


def test_a_place_in_another_list_is_the_first_page(many):
    place = page_of(Case.objects.order_by("title", "pk"), QueryDict(""), 3).next
    for order in (("pk",), ("-opened_at", "-pk")):
        assert page_of(Case.objects.order_by(*order), QueryDict(place), 3).previous is None


def test_beyond_so_many_it_is_said_that_there_are_more(many, monkeypatch):
    rows = Case.objects.order_by("pk")
    assert page_of(rows, QueryDict(""), 3).words == "共 7 条"
    monkeypatch.setattr(pages, "MOST", 5)
    assert page_of(rows, QueryDict(""), 3).words == "共 5 条以上"
    assert page_of(rows, QueryDict(""), 7).words == ""


def test_links_lead_through_the_list_and_stay_in_it(many, secretary, monkeypatch):
    monkeypatch.setattr("cases.views.PAGE", 3)
    client = signed_in(secretary)
    assert words(client.get("/cases/?tab=area"), PAGER) == ["下一页", "末页"]
    shown = [links(page, "//a[contains(@class, 'case-card')]") for page in every_page(client, "/cases/?tab=area")]
    assert [len(paths) for paths in shown] == [3, 3, 1]
    assert set(sum(shown, [])) == {case.get_absolute_url() for case in many}


def test_no_page_is_skipped_over(many):
    """What stands before a page is not read for it."""
    rows = Case.objects.order_by("-opened_at", "-pk")
    with CaptureQueriesContext(connection) as queries:
        page_of(rows, QueryDict(page_of(rows, QueryDict(""), 3).next), 3)
    assert not any("OFFSET" in query["sql"] for query in queries)
