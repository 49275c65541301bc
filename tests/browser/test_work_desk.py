"""今天要办 on a desktop: the next case is one key away, and is dealt with beside the list."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import SecondFactor
from tests.browser.test_request_on_a_phone import look, prove_password, sign_in_by_password
from tests.support.cast import draw, submit
from tests.support.machine import DESKTOP

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(new_page, request_case, grid_leader):
    """Of the community's worker, to whom one case came back."""
    draw(request_case, "send_back", grid_leader, "不在我的网格")
    page = new_page(**DESKTOP)
    sign_in_by_password(page, "13800130007")
    expect(page).to_have_url(re.compile("/desk/$"))
    page.wait_for_load_state()
    return page


def test_a_case_is_dispatched_beside_the_list(page, request_case):
    look(page, "70-desk")
    page.keyboard.press("j")
    pane = page.locator("#reading")
    expect(pane).to_contain_text("已退单")
    look(page, "71-desk-reading")
    pane.get_by_role("link", name="派单", exact=True).click()
    pane.get_by_label("派给谁").select_option(label="宜和佳苑1号网格长 李强")
    pane.get_by_role("button", name="派单").click()
    expect(pane).to_contain_text("指定承办")
    expect(page).to_have_url(re.compile("/desk/$"))
    request_case.refresh_from_db()
    assert request_case.holder is not None


def test_keys_go_down_and_up_and_are_letters_where_one_writes(page, resident, town):
    submit(resident, town, words="垃圾桶满了", key="second")
    page.goto("/desk/?queue=open")
    titles = page.locator("[data-row] a").all_inner_texts()
    assert len(titles) == 2
    pane = page.locator("#reading")
    for key, title in (("j", titles[0]), ("j", titles[1]), ("j", titles[1]), ("k", titles[0])):
        page.keyboard.press(key)
        expect(pane.locator("h1")).to_have_text(title)
        expect(page.locator("[data-row][aria-current] a")).to_have_text(title)
    pane.get_by_role("link", name="补充说明").click()
    pane.locator("textarea").first.fill("")
    pane.locator("textarea").first.press_sequentially("jk")
    expect(pane.locator("textarea").first).to_have_value("jk")
    page.keyboard.press("Tab")
    page.locator("[data-row] a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cases/"))


def test_a_session_that_ends_beside_the_list_loses_no_word(page):
    page.keyboard.press("j")
    pane = page.locator("#reading")
    pane.get_by_role("link", name="补充说明").click()
    pane.locator("textarea").first.fill("电话里说好了，明天上门。")
    Session.objects.all().delete()
    SecondFactor.objects.update(last_step=0)  # its code is good once
    pane.locator("form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    prove_password(page, "13800130007")
    expect(page.locator("textarea").first).to_have_value("电话里说好了，明天上门。")


def test_without_javascript_the_list_leads_to_whole_pages(page, browser, live_server, request_case):
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    plain.goto(f"{live_server.url}/desk/")
    plain.locator("[data-row] a").first.click()
    expect(plain).to_have_url(re.compile(request_case.get_absolute_url()))
    plain.context.close()
