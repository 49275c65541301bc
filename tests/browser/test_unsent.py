"""The session ends while somebody writes: their words and photos are back after the sign-in, on the phone and at the desk."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cases.models import Attachment
from residents.models import Draft
from tests.browser.test_request_on_a_phone import (
    look,
    photo_file,
    prove_password,
    prove_phone,
    sign_in_by_code,
    sign_in_by_password,
)
from tests.support.cast import draw
from tests.support.machine import PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]
RESIDENT, LEADER = "13900001111", "13800130003"
WORDS = "3幢1单元的楼道灯坏了三天，\n晚上看不见 <危险>。"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_resident_finds_words_and_photo_again(new_page, defaults, town, staff, has_scripts):
    page = new_page(**PHONE, java_script_enabled=has_scripts)
    sign_in_by_code(page, RESIDENT, "王女士")
    page.goto("/requests/new/")
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    if not has_scripts:
        page.get_by_role("button", name="选好小区后").click()
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("是什么事").fill(WORDS)
    page.get_by_label("照片").set_input_files([photo_file()])
    Session.objects.all().delete()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("status")).to_contain_text("内容已经留好")
    look(page, "unsent-1-door")
    prove_phone(page, RESIDENT)
    expect(page.get_by_label("是什么事")).to_have_value(WORDS)
    expect(page.locator(".given-back")).to_contain_text("楼道.jpg")
    look(page, "unsent-2-back")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    draft = Draft.objects.get()
    assert draft.words == WORDS
    assert draft.photos.count() == 1


def test_a_grid_leader_finds_their_act_again(new_page, request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    page = new_page(**PHONE)
    sign_in_by_password(page, LEADER)
    page.goto(f"/cases/{request_case.number}/")
    page.get_by_role("link", name="办结").click()
    page.get_by_label("说明").fill(WORDS)
    page.get_by_label("照片").set_input_files([photo_file()])
    Session.objects.all().delete()
    page.get_by_role("button", name="办结").click()
    expect(page).to_have_url(re.compile("/sign-in/password/"))
    prove_password(page, LEADER)
    expect(page.get_by_label("说明")).to_have_value(WORDS)
    look(page, "unsent-3-act")
    page.get_by_role("button", name="办结").click()
    expect(page.locator("main")).to_contain_text("待评价")
    assert Attachment.objects.filter(case=request_case, event__verb="finish").count() == 1
