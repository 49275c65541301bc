"""我的网格 and the police grid as people use them: a resident and an officer on phones, staff at a desk and on a phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grids.police import safety
from grids.posts.services import set_duty_phone, uncover
from tests.browser.test_request_on_a_phone import look, sign_in_by_password
from tests.grids.conftest import five, five_people, officer
from tests.support.cast import draw
from tests.support.machine import DESKTOP, PHONE

__all__ = ["five", "five_people", "officer"]

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def _publish(town, officer) -> None:
    now = timezone.now()
    safety.publish(
        grid=town.community,
        title="谨防冒充客服退款诈骗",
        by=officer,
        at=now,
        from_at=now,
        until_at=now + timedelta(days=7),
        words="接到要您共享屏幕才能退款的电话，请挂断并拨打 96110 核实。",
    )


def test_finding_my_grid_and_my_five(new_page, staff, town, five, five_people, officer):
    set_duty_phone(node=town.community, phone="0599-3321234")
    set_duty_phone(node=five.block, phone="0599-3325678")
    _publish(town, officer)
    page = new_page(**PHONE)
    page.goto("/")
    page.get_by_role("link", name="我的网格：谁负责我家").click()
    look(page, "60-my-grid-ask")
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="看谁负责").click()
    main = page.locator("main")
    for words in ("宜和佳苑1号网格长", "李强", "3幢楼栋长", "楼长老王", "宜和第一片区长", "县领导老周", "96110"):
        expect(main).to_contain_text(words)
    expect(page.get_by_role("link", name="值班电话 0599-3325678").first).to_be_visible()
    look(page, "61-my-grid")
    page.get_by_role("button", name="长辈版").click()
    look(page, "62-my-grid-large")


def test_my_grid_without_javascript(new_page, staff, town, five, five_people):
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto("/my-grid/")
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_role("button", name="看谁负责").click()
    expect(page.locator("main")).to_contain_text("宜和佳苑支部书记")
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="看谁负责").click()
    expect(page.locator("main")).to_contain_text("组长老冯")


def test_staff_fill_a_roster_and_plan_duty(new_page, staff, town):
    page = new_page(**PHONE)
    sign_in_by_password(page, "13800130008")
    page.get_by_role("link", name="菜单").click()
    page.get_by_text("网格和人").click()
    page.get_by_role("link", name="网格工作").click()
    look(page, "63-grid-desk")
    page.get_by_role("link", name=re.compile("警格缺人的社区")).click()
    look(page, "64-staffing")
    page.get_by_role("link", name=re.compile("宜和社区")).click()
    people = [("社区民警", "马警官"), ("专职辅警", "辅警甲"), ("专职辅警", "辅警乙")]
    people += [("巡防队员", f"巡防{name}") for name in "甲乙丙丁"]
    for serial, (role, name) in enumerate(people):
        page.get_by_label("岗位").select_option(label=role)
        page.get_by_label("手机号").fill(f"1390000{serial:04d}")
        page.get_by_label("姓名").fill(name)
        if serial == 0:
            look(page, "65-roster-to-fill")
        page.get_by_role("button", name="登记到名册").click()
    expect(page.locator("main")).to_contain_text("1+2+4+0，齐了")
    look(page, "66-roster-full")

    page.get_by_role("link", name="联勤值班").click()
    page.get_by_label("开始").fill("2030-12-01T19:00")
    page.get_by_label("结束").fill("2030-12-01T18:00")
    page.get_by_label("宜和社区民警 马警官").check()
    page.get_by_role("button", name="排班").click()
    expect(page.locator("main")).to_contain_text("值班结束时间应晚于开始时间")
    look(page, "67-duty-refused")
    page.get_by_label("结束").fill("2030-12-01T22:00")
    page.get_by_role("button", name="排班").click()
    page.get_by_role("button", name="建立日历链接").click()
    expect(page.locator(".secret")).to_contain_text(".ics")
    look(page, "68-duty")


def test_referring_a_case_to_the_police_and_their_answer(new_page, request_case, staff, grid_leader, officer):
    draw(request_case, "sign", grid_leader)
    leader, police = new_page(**PHONE), new_page(**PHONE)
    sign_in_by_password(leader, "13800130003")
    leader.goto(f"/cases/{request_case.number}/")
    leader.get_by_role("link", name="转警格", exact=True).click()
    leader.get_by_label("说明").fill("夜里有人在楼下起哄，灯也被砸了，请民警看看。")
    look(leader, "70-refer")
    leader.get_by_role("button", name="转警格").click()
    expect(leader.locator("main")).to_contain_text("已转警格")
    look(leader, "71-referred")

    sign_in_by_password(police, "13800130020")
    look(police, "72-police-list")
    police.get_by_role("link", name=re.compile("楼道灯坏了")).click()
    expect(police.locator("main")).to_contain_text("夜里有人在楼下起哄")
    look(police, "73-police-case")
    police.get_by_role("link", name="警格答复").click()
    police.get_by_label("说明").fill("已找到当事少年，教育后家长赔偿灯具。")
    look(police, "74-police-answer")
    police.get_by_role("button", name="警格答复").click()
    expect(police.locator("main")).to_contain_text("没有等您答复的事项")

    leader.goto(f"/cases/{request_case.number}/")
    expect(leader.locator("main")).to_contain_text("家长赔偿灯具")
    look(leader, "75-answered")
    police.goto("/grids/safety/")
    look(police, "76-safety")


def test_gaps_lead_to_where_they_are_mended(new_page, staff, town, five):
    uncover(building=town.building)
    page = new_page(**DESKTOP)
    sign_in_by_password(page, "13800130009")
    page.goto("/grids/gaps/")
    look(page, "77-gaps")
    page.get_by_role("link", name=re.compile("楼栋没有网格")).click()
    page.get_by_role("link", name="划入3幢1单元").click()
    page.get_by_role("link", name="划入网格").click()
    look(page, "78-cover")
    page.locator("select[name=grid]").select_option(value=str(town.grid.pk), force=True)
    page.get_by_role("button", name="划入网格").click()
    expect(page.locator("body")).to_contain_text("已完成")
    page.goto("/admin/grids/territory/")
    look(page, "79-territory")
    page.get_by_role("link", name="3幢").first.click()
    look(page, "80-territory-node")
    page.goto(f"/admin/grids/territorypost/add/?node={five.block.pk}")
    page.get_by_label("手机号").fill("13900007777")
    page.get_by_label("姓名").fill("新楼长")
    look(page, "81-territory-appoint")
    page.get_by_role("button", name="任命五长").click()
    expect(page.locator("body")).to_contain_text("已任命")
