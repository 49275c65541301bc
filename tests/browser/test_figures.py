"""Figures in a real browser: each number on each page opens a list as long as it says; a chart and the table behind it; the
wall screen goes on and says so when the network is gone."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cases.services import route
from dashboards.figures.counting import count
from tests.support.cast import MONDAY, draw, signed_in, submit
from tests.support.machine import DESKTOP, PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]

WALL = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def busy(defaults, town, staff, resident):
    """Thirty requests: more than a page of a list holds; some answered, some rated, one sent back, one done again."""
    leader = staff["grid_leader"]
    for number in range(30):
        case = submit(resident, town, key=f"busy-{number}", words=f"第{number}盏灯坏了")
        route(case_id=case.pk, at=MONDAY)
        if number < 12:
            draw(case, "sign", leader, at=MONDAY + timedelta(minutes=10 * number))
        if number < 9:
            draw(case, "finish", leader, at=MONDAY + timedelta(hours=3))
        if number < 1:
            draw(case, "redo", resident, at=MONDAY + timedelta(hours=4))
        elif number < 6:
            draw(
                case, "rate", resident, at=MONDAY + timedelta(hours=5), score=5 - number % 3, is_solved=number % 2 == 0
            )
        if number == 20:
            draw(case, "send_back", leader, at=MONDAY + timedelta(hours=1))
    count(at=MONDAY + timedelta(hours=6))


def enter(page: Any, live_server: Any, person: Any) -> None:
    """Signed in as through all factors."""
    client = signed_in(person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def shoot(page: Any, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"figures-{name}.png", full_page=True)


def figures_of(page: Any) -> dict[str, int]:
    """Address -> the number that leads there."""
    pairs = page.eval_on_selector_all(
        "[data-figure]", "all => all.map(link => [link.getAttribute('href'), Number(link.dataset.number)])"
    )
    by_path: dict[str, int] = {}
    for path, number in pairs:
        assert by_path.setdefault(path, number) == number, f"{path} is {number} and {by_path[path]}"
    return by_path


def lines_behind(page: Any, path: str) -> int:
    """Over all its pages; of a table by community, what it comes to; of hours, what they come to."""
    lines, address = 0, path
    while True:
        page.goto(address)
        lines += page.locator("[data-line]").count()
        counts = page.eval_on_selector_all("[data-count]", "all => all.map(element => Number(element.dataset.count))")
        if counts or "/hours/" in path:
            return sum(counts) if counts else int(page.locator("[data-total]").get_attribute("data-total"))
        following = page.get_by_role("link", name="下一页")
        if not following.count():
            return lines
        base = address.partition("?")[0]
        address = base + following.get_attribute("href")


PAGES = (
    ("grid_leader", "/figures/{grid}/", PHONE),
    ("street_cadre", "/figures/{street}/?period=week", DESKTOP),
    ("county_admin", "/figures/county/?period=year", DESKTOP),
    ("street_cadre", "/cockpit/{street}/", WALL),
    ("community_secretary", "/admin/", DESKTOP),
    ("resident", "/net/", PHONE),
)


@pytest.mark.parametrize(("who", "path", "device"), PAGES, ids=[path for _, path, _ in PAGES])
def test_every_figure_is_as_long_as_its_list(busy, staff, resident, town, new_page, live_server, who, path, device):
    page = new_page(**device)
    enter(page, live_server, {**staff, "resident": resident}[who])
    page.goto(path.format(grid=town.grid.pk, street=town.street.pk))
    shoot(page, f"{who}-{urlsplit(path).path.strip('/').split('/')[0]}")
    figures = figures_of(page)
    assert len(figures) >= 8
    assert any(figures.values())
    for address, number in figures.items():
        assert lines_behind(page, address) == number, address


def test_a_chart_stands_before_its_table(busy, staff, town, new_page, live_server):
    page = new_page(**DESKTOP)
    enter(page, live_server, staff["street_cadre"])
    page.goto(f"/figures/{town.street.pk}/")
    assert page.locator("canvas[role=img]").count() >= 3
    trend = page.locator("section", has=page.get_by_role("heading", name="走势"))
    assert not trend.locator("table").is_visible()
    trend.get_by_text("看数字表").click()
    assert trend.locator("table").is_visible()
    assert trend.get_by_role("row").last.inner_text().split() == ["26年11月", "30", "9"]


def test_a_page_is_all_there_without_scripts(busy, staff, town, new_page, live_server):
    page = new_page(**PHONE, java_script_enabled=False)
    enter(page, live_server, staff["grid_leader"])
    page.goto(f"/figures/{town.grid.pk}/")
    assert page.get_by_role("table", name="诉求登记和办结").is_visible()
    assert page.locator("body").bounding_box()["width"] <= 390


def test_the_wall_goes_on_and_says_when_the_network_is_gone(busy, staff, town, new_page, live_server, settings):
    settings.COCKPIT_SECONDS = 1
    page = new_page(**WALL)
    enter(page, live_server, staff["street_cadre"])
    page.goto(f"/cockpit/{town.street.pk}/")
    assert page.locator("#link").inner_text() == ""
    page.context.set_offline(True)
    page.get_by_text("网络中断").wait_for()
    assert page.locator(".big strong").first.is_visible()
    page.context.set_offline(False)
    expect(page.locator("#link")).to_have_text("")
    page.context.clear_cookies()
    page.get_by_text("已退出登录").wait_for()
    assert page.locator(".big strong").first.is_visible()
