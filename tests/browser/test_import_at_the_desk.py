"""A hotline's table at the desk: tried, confirmed, taken in by the worker, sorted in bulk, taken back."""

import pytest
from playwright.sync_api import expect

from cases.models import Case
from tests.browser.test_request_on_a_phone import look, sign_in_by_password
from tests.support.machine import DESKTOP, PHONE, wait_until

pytestmark = [pytest.mark.needs_browser, pytest.mark.needs_worker, pytest.mark.django_db(transaction=True)]
WORKER = "13800130007"
HEAD = "受理编号,来电时间,诉求标题,诉求描述,事发地址,诉求类别,来电号码"
PLACED = [f"{n},2026-11-20 08:00,路灯{n},路灯不亮,宜和佳苑3幢1单元,物业管理,0599-3332211" for n in range(1, 4)]
UNPLACED = [
    "11,2026-11-20 09:00,电梯困人,宜和佳苑电梯困人两次,,,13987654321",
    "12,2026-11-20 09:10,门坏了,宜和佳苑单元门坏了，物业说没钱修,,,",
    "13,2026-11-20 09:20,说不清,说不清是什么事,,,",
]
BAD = ["21,去年冬天,垃圾,垃圾没人收,,,"]


def a_file(*rows: str) -> dict:
    return {"name": "热线.csv", "mimeType": "text/csv", "buffer": "\n".join((HEAD, *rows)).encode()}


def bring_in(page, *rows: str) -> None:
    page.goto("/requests/import/")
    page.get_by_label("来源").fill("12345 热线")
    page.get_by_label("看不出地点的归到").select_option(label="　宜和社区")
    page.get_by_label("表格文件").set_input_files([a_file(*rows)])
    page.get_by_role("button", name="先试一遍").click()
    expect(page.locator("main")).to_contain_text("试过了，还没有导入", timeout=60_000)


def test_a_table_is_tried_taken_in_sorted_and_taken_back(new_page, worker, defaults, town, staff):
    worker.start()
    page = new_page(**DESKTOP)
    sign_in_by_password(page, WORKER)
    bring_in(page, *PLACED, *UNPLACED, *BAD)
    expect(page.get_by_role("status").last).to_contain_text("共 7 行：可新增 6，以前已导入 0，不能导入 1")
    expect(page.get_by_role("row", name="待分拣 3")).to_be_visible()
    expect(page.get_by_role("row", name="宜和佳苑1号网格 3")).to_be_visible()
    expect(page.get_by_role("row", name="8 看不懂时间")).to_be_visible()
    look(page, "import-1-tried")
    assert not Case.objects.exists()
    page.get_by_role("button", name="导入这 6 行").click()
    expect(page.locator("main")).to_contain_text("共 7 行：新增 6，以前已导入 0，没有导入 1", timeout=60_000)
    look(page, "import-2-in")
    wait_until(lambda: Case.objects.filter(state="dispatched").count() == 3)

    page.locator("#import").get_by_role("link", name="待分拣").click()
    look(page, "import-3-queue")
    page.get_by_label("勾选本页全部").check()
    page.get_by_role("button", name="分拣").click()
    expect(page.locator("main")).to_contain_text("看不出地点和分类，请选好再分拣")
    look(page, "import-4-stays")
    page.get_by_label("地点").select_option(label="　　宜和佳苑")
    page.get_by_label("分类").select_option(label="咨询建议")
    page.get_by_role("button", name="分拣").click()
    expect(page.locator("main")).to_contain_text("没有等着分拣的诉求")
    wait_until(lambda: Case.objects.filter(state="dispatched").count() == 6)

    page.goto("/imports/")
    page.get_by_role("link", name="12345 热线").click()
    page.get_by_role("link", name="撤回这次导入").click()
    page.get_by_label("为什么撤回").fill("热线发错了表")
    page.get_by_role("button", name="全部撤回").click()
    expect(page.locator("main")).to_contain_text("全部撤回")
    look(page, "import-5-taken-back")
    assert set(Case.objects.values_list("state", "outcome")) == {("withdrawn", "taken_back")}
    bring_in(page, *PLACED, *UNPLACED)
    expect(page.get_by_role("status").last).to_contain_text("可新增 6，以前已导入 0")


def test_nobody_has_acted_and_all_of_it_goes_on_a_phone_without_scripts(new_page, worker, defaults, town, staff):
    worker.start()
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in_by_password(page, WORKER)
    page.goto("/requests/import/")
    page.get_by_label("来源").fill("12345 热线")
    page.get_by_label("表格文件").set_input_files([a_file(*PLACED, *UNPLACED)])
    page.get_by_role("button", name="先试一遍").click()
    _look_until(page, "试过了，还没有导入")
    look(page, "import-6-phone")
    page.get_by_role("button", name="导入这 6 行").click()
    _look_until(page, "新增 6")
    wait_until(lambda: Case.objects.filter(state="dispatched").count() == 3)
    page.goto("/requests/sorting/")
    look(page, "import-7-queue-on-a-phone")
    page.goto("/imports/")
    page.get_by_role("link", name="12345 热线").click()
    page.get_by_role("link", name="撤回这次导入").click()
    look(page, "import-8-take-back")
    page.get_by_label("为什么撤回").fill("热线发错了表")
    page.get_by_role("button", name="全部撤回").click()
    expect(page.locator("main")).to_contain_text("全部撤回")
    assert set(Case.objects.values_list("state", "outcome")) == {("withdrawn", "taken_back")}


def _look_until(page, words: str) -> None:
    """Without scripts the page is asked again by hand."""

    def is_there() -> bool:
        if words not in page.locator("main").inner_text():
            page.get_by_role("link", name="看到哪了").click()
        return words in page.locator("main").inner_text()

    wait_until(is_there)
