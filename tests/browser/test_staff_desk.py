"""The staff's desk on a desktop: sign in, find a late case, dispatch it, look at the tree, merge two grids."""

import pytest
from playwright.sync_api import expect

from grids.models import Grid
from tests.browser.test_request_on_a_phone import look, sign_in_by_password
from tests.support.cast import draw
from tests.support.machine import DESKTOP

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def test_a_worker_dispatches_what_came_back(new_page, request_case, grid_leader):
    draw(request_case, "send_back", grid_leader, "不在我的网格")
    page = new_page(**DESKTOP)
    sign_in_by_password(page, "13800130007")
    page.goto("/admin/cases/case/")
    look(page, "20-staff-cases")
    page.get_by_role("link", name=request_case.number).click()
    expect(page.locator("body")).to_contain_text("已退单")
    look(page, "21-staff-case")
    page.get_by_role("link", name="派单", exact=True).click()
    page.get_by_label("派给谁").select_option(label="宜和佳苑1号网格长 李强")
    look(page, "22-staff-dispatch")
    page.get_by_role("button", name="派单").click()
    expect(page.locator("main")).to_contain_text("指定承办")


def test_dispatching_in_bulk(new_page, request_case, grid_leader):
    draw(request_case, "send_back", grid_leader)
    page = new_page(**DESKTOP)
    sign_in_by_password(page, "13800130007")
    page.goto("/admin/cases/case/")
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("dispatch_in_bulk")
    page.locator("button[name=index]").click()
    look(page, "23-staff-bulk")
    page.locator("select[name=post]").select_option(label="宜和佳苑1号网格长 李强", force=True)
    page.get_by_role("button", name="批量派单").click()
    expect(page.locator("body")).to_contain_text("已派单 1 件")


def test_merging_two_grids_shows_what_moves_along(new_page, request_case, town, street_cadre):
    page = new_page(**DESKTOP)
    sign_in_by_password(page, "13800130009")
    page.goto("/admin/grids/grid/")
    look(page, "24-staff-tree")
    page.goto(f"/admin/grids/grid/{town.grid.pk}/change/")
    page.get_by_role("link", name="合并到…").click()
    expect(page.locator("body")).to_contain_text("未办结事项 1 件")
    look(page, "25-staff-merge")
    page.locator("select[name=into]").select_option(value=str(town.next_grid.pk), force=True)
    page.get_by_role("button", name="合并到…").click()
    expect(page.locator("body")).to_contain_text("已完成")
    assert Grid.objects.get(pk=town.grid.pk).successor_id == town.next_grid.pk
    request_case.refresh_from_db()
    assert request_case.grid_id == town.next_grid.pk
