"""A mistyped day of birth, from the register page to the message."""

from playwright.sync_api import expect

from tests.browser.test_request_on_a_phone import look, sign_in_by_password
from tests.support.machine import DESKTOP


def test_it_is_put_right_beside_the_register(new_page, defaults, town, staff, resident):
    page = new_page(**DESKTOP)
    sign_in_by_password(page, staff["community_worker"].phone)
    page.goto("/requests/register/")
    page.get_by_role("link", name="核对身份证后更正").click()
    page.get_by_label("居民的手机号").fill(resident.phone)
    page.get_by_role("button", name="更正").click()
    expect(page.locator("main")).to_contain_text("请先核对身份证原件和本人")
    expect(page.get_by_label("居民的手机号")).to_have_value(resident.phone)
    look(page, "99-birth-date")
    page.get_by_label("身份证上的出生日期").fill("1968-01-01")
    page.get_by_label("已看过身份证原件").check()
    page.get_by_role("button", name="更正").click()
    expect(page.locator("main")).to_contain_text("出生日期已更正")
