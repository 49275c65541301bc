"""The main job as its people do it: a resident and a grid leader on phones, a real worker between them."""

import io
import os
import re
from pathlib import Path

import pyotp
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.cast import PASSWORD, SECOND_FACTOR
from tests.support.machine import PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def look(page: Page, name: str) -> None:
    """Keeps a picture where SCREENSHOTS says, and proves the page fits the phone's width."""
    page.wait_for_load_state()
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{name} is {width} px wide"


def sign_in_by_code(page: Page, phone: str, name: str) -> None:
    page.goto("/sign-in/")
    prove_phone(page, phone)
    if "/first-time/" in page.url:
        page.get_by_label("怎么称呼您").fill(name)
        page.get_by_label("我看过个人信息处理告知，同意").check()
        page.get_by_role("button", name="好了，登录").click()


def prove_phone(page: Page, phone: str) -> None:
    """From the residents' door on."""
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    code = re.search(r"验证码是 (\d{6})", page.locator("main").inner_text()).group(1)
    page.get_by_label("短信验证码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()


def sign_in_by_password(page: Page, phone: str) -> None:
    page.goto("/sign-in/password/")
    prove_password(page, phone)


def prove_password(page: Page, phone: str) -> None:
    """From the staff's door on."""
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    if page.get_by_label("动态码").count():
        page.get_by_label("动态码").fill(pyotp.TOTP(SECOND_FACTOR).now())
        page.get_by_role("button", name="登录", exact=True).click()


def photo_file() -> dict:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#446655").save(out, "JPEG")
    return {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_resident_and_grid_leader_go_round_the_loop(new_page, worker, defaults, town, staff):
    worker.start()
    resident, leader = new_page(**PHONE), new_page(**PHONE)

    sign_in_by_code(resident, "13900001111", "王女士")
    look(resident, "01-home")
    resident.get_by_role("link", name="我要反映").last.click()
    resident.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    resident.get_by_label("哪一栋").select_option(label="3幢1单元")
    look(resident, "02-where")
    resident.get_by_role("button", name="下一步").click()
    resident.get_by_label("是什么事").fill("3幢1单元的楼道灯坏了三天，晚上老人上下楼看不见。")
    resident.get_by_label("照片").set_input_files([photo_file()])
    look(resident, "03-what")
    resident.get_by_role("button", name="下一步").click()
    look(resident, "04-confirm")
    resident.get_by_label("公共设施 › 照明").check()
    resident.get_by_role("button", name="提交").click()
    answer = resident.locator("#answer")
    expect(answer).to_contain_text("宜和佳苑1号网格长 李强")
    expect(answer).to_contain_text("最迟")
    look(resident, "05-done")
    number = re.search(r"ZH-\w{4}-\w{4}", resident.locator("main").inner_text()).group(0)

    sign_in_by_password(leader, "13800130003")
    look(leader, "06-todo")
    leader.get_by_role("link", name=re.compile("楼道灯坏了三天")).click()
    look(leader, "07-case")
    leader.get_by_role("button", name="签收").click()
    expect(leader.locator("main")).to_contain_text("已签收")
    leader.get_by_role("link", name="办结").click()
    leader.get_by_label("说明").fill("换了声控灯，试过能亮。")
    leader.get_by_label("照片").set_input_files([photo_file()])
    look(leader, "08-finish")
    leader.get_by_role("button", name="办结").click()
    expect(leader.locator("main")).to_contain_text("待评价")

    resident.goto(f"/cases/{number}/")
    look(resident, "09-to-rate")
    resident.get_by_role("link", name="不满意，请重办").click()
    resident.get_by_label("说明").fill("今晚又不亮了。")
    resident.get_by_role("button", name="不满意，请重办").click()
    expect(resident.locator("main")).to_contain_text("重办中")

    leader.goto(f"/cases/{number}/")
    leader.get_by_role("link", name="办结").click()
    leader.get_by_label("说明").fill("线路也换了。")
    leader.get_by_role("button", name="办结").click()

    resident.goto(f"/cases/{number}/")
    resident.get_by_role("link", name="评价", exact=True).click()
    resident.get_by_label("非常满意", exact=True).check()
    resident.get_by_label("解决了", exact=True).check()
    look(resident, "10-rate")
    resident.get_by_role("button", name="评价").click()
    expect(resident.locator("main")).to_contain_text("已归档")
    look(resident, "11-archived")

    resident.goto("/notices/")
    look(resident, "12-notices")
    resident.goto("/")
    resident.get_by_role("button", name="长辈版").click()
    look(resident, "13-large-print")


def test_submitting_and_tracking_without_javascript(new_page, defaults, town, staff, resident):
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in_by_code(page, resident.phone, resident.name)
    page.goto("/requests/new/")
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_role("button", name="选好小区后").click()
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("是什么事").fill("井盖松了")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("最迟")
    page.get_by_role("link", name="http").click()
    expect(page.locator("main")).to_contain_text("办到哪一步了")
