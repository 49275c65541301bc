"""Reports and exports as their people meet them: a secretary at a desk, a grid leader on a phone, anybody at open data."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dashboards.exports import services as exports
from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.models import Report
from dashboards.open_data import services as open_data
from dashboards.reports import services as reports
from tests.browser.test_request_on_a_phone import look, sign_in_by_password
from tests.support.cast import MONDAY, draw, submit
from tests.support.machine import DESKTOP, PHONE, TODAY

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]
AT = MONDAY + timedelta(hours=2)


@pytest.fixture
def week(request_case, resident, town, staff):
    draw(request_case, "sign", staff["grid_leader"], at=MONDAY + timedelta(minutes=30))
    draw(request_case, "finish", staff["grid_leader"], "换了灯", at=AT)
    draw(request_case, "rate", resident, at=AT, score=5, is_solved=True)
    for number in range(7):
        submit(resident, town, key=f"more-{number}", words="井盖坏了")
    count(at=AT)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_report_is_read_taken_along_and_sent(new_page, week, town, staff, size, request):
    page, name = new_page(**size), request.node.callspec.id
    sign_in_by_password(page, "13800130003")
    page.goto(f"/reports/node/{town.grid.pk}/?period=month")
    expect(page.get_by_role("heading", name="宜和佳苑1号网格月报")).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    look(page, f"report-{name}")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载 PDF").click()
    assert fetched.value.suggested_filename == "宜和佳苑1号网格2026年11月月报.pdf"
    page.get_by_role("link", name="定期发给我").click()
    page.get_by_label("日报").check()
    look(page, f"subscribe-{name}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("订好了。")).to_be_visible()
    reports.send_due(at=TODAY + timedelta(days=1))
    page.goto("/reports/")
    look(page, f"reports-{name}")
    page.get_by_role("link", name="日报 2026年11月25日").click()
    expect(page.get_by_text("这份报告发出以后不再改动")).to_be_visible()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_export_is_watched_and_fetched(new_page, week, town, staff, has_scripts):
    page = new_page(**PHONE, java_script_enabled=has_scripts)
    sign_in_by_password(page, "13800130003")
    month = Period.of("month", TODAY.date())
    export = exports.ask_for_figure(
        person=staff["grid_leader"], node=town.grid, measure="opened", kind="", period=month, at=TODAY
    )
    page.goto(export.get_absolute_url())
    expect(page.get_by_text("正在做：")).to_be_visible()
    if has_scripts:
        look(page, "export-waiting")
    exports.make_exports(at=TODAY)
    if not has_scripts:
        page.get_by_role("link", name="看做到哪了").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载 Excel").click()
    assert fetched.value.suggested_filename == "宜和佳苑1号网格登记20261124.xlsx"
    if has_scripts:
        look(page, "export-ready")
        page.goto("/exports/")
        look(page, "exports")


def test_open_data_is_taken_by_anybody(new_page, week):
    open_data.publish(at=TODAY + timedelta(days=30))
    for size, name in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page = new_page(**size)
        page.goto("/open-data/")
        page.get_by_text("有哪些列，怎样计算").first.click()
        look(page, f"open-data-{name}")
        with page.expect_download() as fetched:
            page.get_by_role("link", name="CSV").first.click()
        assert fetched.value.suggested_filename == "zhenghe-monthly.csv"
