"""The account itself: a new member of staff signs in for the first time at a desk, a resident looks after what is held
about them on a phone and leaves, a child is let in by its guardian."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import SecondFactor, User
from accounts.sign_in import passwords
from tests.browser.test_request_on_a_phone import look, sign_in_by_code
from tests.support.cast import MONDAY
from tests.support.machine import DESKTOP, PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]
NEW_PASSWORD = "Zhenghe-Tea-2027"


def test_the_first_sign_in_at_a_desk(new_page, worker_at_desk, county_admin):
    """Code, own password, second factor, recovery codes, and then the desk; the next time with all of them."""
    SecondFactor.objects.filter(person=worker_at_desk).delete()
    passwords.reset(person=worker_at_desk, by=county_admin, at=MONDAY)
    page = new_page(**DESKTOP)
    sign_in_by_code(page, worker_at_desk.phone, "")
    expect(page.get_by_role("heading", level=1)).to_contain_text("密码")
    for label in ("新密码", "再输一遍"):
        page.get_by_label(label).fill("12345678")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("密码")
    look(page, "80-password-refused")
    for label in ("新密码", "再输一遍"):
        page.get_by_label(label).fill(NEW_PASSWORD)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("设置动态码")
    look(page, "81-second-factor")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("动态码", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="设置好了").click()
    look(page, "82-recovery-codes")
    spare = page.locator(".code-list li").first.inner_text()
    page.goto("/admin/cases/case/")
    expect(page).to_have_title(re.compile("事项"))
    page.goto("/devices/")
    look(page, "83-devices")

    again = new_page(**DESKTOP)
    again.goto("/sign-in/password/")
    again.get_by_label("手机号").fill(worker_at_desk.phone)
    again.get_by_label("密码").fill(NEW_PASSWORD)
    again.get_by_role("button", name="登录", exact=True).click()
    again.get_by_label("动态码").fill(spare)
    look(again, "84-asks-for-the-second-factor")
    again.get_by_role("button", name="登录", exact=True).click()
    again.goto("/admin/cases/case/")
    expect(again).to_have_title(re.compile("事项"))


def test_a_resident_looks_after_what_is_held_and_leaves(new_page, request_case, resident):
    page = new_page(**PHONE)
    sign_in_by_code(page, resident.phone, resident.name)
    page.goto("/my-data/")
    expect(page.locator("main")).to_contain_text("楼道灯坏了三天")
    look(page, "85-my-data")
    page.get_by_role("button", name=re.compile("^同意")).first.click()
    expect(page.locator("main")).to_contain_text("已记录您的同意")
    page.get_by_role("link", name=re.compile("手机号")).first.click()
    look(page, "86-another-phone")
    page.goto("/my-data/erase/")
    page.get_by_role("button", name="注销并删除我的信息").click()
    expect(page.locator("main")).to_contain_text("请输入“注销”两个字")
    page.get_by_label("请输入“注销”两个字").fill("注销")
    look(page, "87-erase")
    page.get_by_role("button", name="注销并删除我的信息").click()
    expect(page.locator("body")).to_contain_text("已注销")
    look(page, "88-gone")
    assert User.objects.get(pk=resident.pk).name == "已注销"


def test_a_child_is_let_in_by_a_guardian(new_page, db):
    page = new_page(**PHONE)
    page.goto("/sign-in/")
    page.get_by_label("手机号").fill("13900001000")
    page.get_by_role("button", name="获取验证码").click()
    code = re.search(r"验证码是 (\d{6})", page.locator("main").inner_text()).group(1)
    page.get_by_label("短信验证码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_label("怎么称呼您").fill("小明")
    page.get_by_label("我未满 14 周岁").check()
    born = timezone.localdate() - timedelta(days=3000)
    page.get_by_label("出生日期").fill(f"{born:%Y-%m-%d}")
    page.get_by_role("button", name="好了，登录").click()
    page.get_by_label("监护人姓名").fill("张伟")
    page.get_by_label("监护人手机号").fill("13900002000")
    look(page, "89-guardian")
    page.get_by_role("button", name="发验证码给监护人").click()
    code = re.search(r"验证码是 (\d{6})", page.locator("main").inner_text()).group(1)
    page.get_by_label("短信验证码").fill(code)
    look(page, "90-guardian-code")
    page.get_by_label("我是监护人，看过个人信息处理告知，同意").check()
    page.get_by_role("button", name="同意，让孩子登录").click()
    expect(page.locator("body")).to_contain_text("我反映的事")
    child = User.objects.get()
    assert (child.name, child.birth_date) == ("小明", born)
