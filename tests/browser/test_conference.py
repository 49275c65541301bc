"""联席会议 as it goes: staff call it and invite at a desk, whoever is invited answers on a phone; attended, resolved, and a
resolution followed to its end at the next one. 一杯茶 on a phone: how much is asked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids.models import UnitKind
from grids.units.services import pair, register_unit
from meetings.conferences import services as conferences
from meetings.models import Conference, Resolution, TeaTalk
from tests.browser.test_request_on_a_phone import look, sign_in_by_code, sign_in_by_password
from tests.meetings.council import a_conference, officer, tea_table
from tests.support.cast import MONDAY, draw
from tests.support.machine import DESKTOP, PHONE

__all__ = ["officer", "tea_table"]  # fixtures

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def call(page: Page, title: str, agenda: str) -> Conference:
    """As the secretary, tomorrow at three."""
    page.goto("/activities/")
    page.locator("#main").get_by_role("link", name="联席会议").click()
    page.get_by_role("link", name="召开联席会议").click()
    page.get_by_label("开什么会").fill(title)
    page.get_by_label("哪个社区或街道").select_option(label="宜和社区")
    page.get_by_label("哪一天").fill(f"{timezone.localdate() + timedelta(days=1)}")
    page.get_by_label("从几点").fill("15:00")
    page.get_by_label("到几点").fill("14:00")
    page.get_by_label("具体地点").fill("社区三楼会议室")
    page.get_by_label("议题，一行一个").fill(agenda)
    page.get_by_role("button", name="下一步：邀请").click()
    expect(page.locator(".field-error")).to_contain_text("结束时间要在开始之后")
    page.get_by_label("到几点").fill("16:30")
    page.get_by_role("button", name="下一步：邀请").click()
    expect(page.locator("h1")).to_contain_text("邀请谁来")
    return Conference.objects.get(title=title)


def begin(conference: Conference) -> None:
    """The day has come: the clock is not ours to turn, the row is."""
    began = timezone.now() - timedelta(minutes=5)
    Conference.objects.filter(pk=conference.pk).update(from_at=began, until_at=began + timedelta(hours=2))


def publish(page: Page, words: str) -> None:
    page.get_by_role("link", name="写纪要，签发").click()
    page.get_by_label("会议情况").fill(words)
    page.get_by_role("button", name="签发并发布").click()
    expect(page.locator("main")).to_contain_text("纪要已签发")


def test_a_conference_and_its_resolution_to_the_end(
    new_page, defaults, town, staff, officer, resident  # noqa: F811
):  # fmt: skip
    unit = register_unit(name="县水利局", kind=UnitKind.OFFICE)
    pair(unit=unit, grid=town.community, at=MONDAY)
    desk, phone = new_page(**DESKTOP), new_page(**PHONE)
    sign_in_by_password(desk, "13800130008")
    conference = call(desk, "防汛联席会议", "低洼楼栋怎么排查\n沙袋、排水泵谁来备")
    desk.get_by_label("县水利局").check()
    desk.get_by_role("button", name="邀请所选单位").click()
    desk.get_by_label("宜和社区民警 郭民警").check()
    look(desk, "80-invite")
    desk.get_by_role("button", name="邀请所选人员").click()
    desk.get_by_label("居民代表的手机号").fill(resident.phone)
    desk.get_by_role("button", name="邀请这位居民").click()
    expect(desk.locator("main")).to_contain_text("已邀请 3 方")

    sign_in_by_code(phone, resident.phone, resident.name)
    phone.goto("/notices/")
    phone.get_by_role("link", name=re.compile("请您参加“防汛联席会议”")).click()
    look(phone, "81-invited")
    phone.get_by_role("button", name="参加", exact=True).click()
    expect(phone.locator("main")).to_contain_text("您答复了：参加")
    look(phone, "82-answered")
    phone.get_by_text("请别人代为参加").click()
    phone.get_by_role("button", name="请他代为参加").click()
    expect(phone.locator(".field-error")).to_contain_text("请写谁替您来")
    look(phone, "83-no-name")

    desk.get_by_role("link", name="返回会议").click()
    expect(desk.locator("main")).to_contain_text("3 方，已答复 1")
    look(desk, "84-desk")
    begin(conference)
    desk.reload()
    desk.get_by_role("link", name="登记签到").click()
    desk.get_by_label("县水利局", exact=True).check()
    look(desk, "85-attendance")
    desk.get_by_role("button", name="保存签到").click()
    desk.get_by_role("link", name="写一项决议").click()
    desk.get_by_label("决定做什么").fill("备足沙袋与排水泵")
    desk.get_by_label("责任人").select_option(label="宜和社区工作者 郑洁")
    desk.get_by_label("责任单位").select_option(label="县水利局")
    desk.get_by_label("哪天以前完成").fill(f"{timezone.localdate() - timedelta(days=1)}")
    desk.get_by_role("button", name="形成决议并交办").click()
    expect(desk.locator(".field-error")).to_contain_text("最早是明天")
    desk.get_by_label("哪天以前完成").fill(f"{timezone.localdate() + timedelta(days=10)}")
    look(desk, "86-resolve")
    desk.get_by_role("button", name="形成决议并交办").click()
    expect(desk.locator("main")).to_contain_text("责任人 宜和社区工作者 郑洁")
    publish(desk, "各单位同意分工。")
    look(desk, "87-minutes")
    phone.goto("/notices/")
    phone.get_by_role("link", name=re.compile("纪要发布了")).click()
    expect(phone.locator("main")).to_contain_text("备足沙袋与排水泵")
    look(phone, "88-minutes-on-a-phone")

    case = Resolution.objects.get().case
    draw(case, "sign", staff["community_worker"], at=timezone.now())
    draw(case, "finish", staff["community_worker"], "沙袋 300 只、泵 4 台入库", at=timezone.now())
    Conference.objects.update(from_at=MONDAY)
    following = call(desk, "防汛推进会", "上次决议办得怎么样")
    desk.get_by_label("县水利局").check()
    desk.get_by_role("button", name="邀请所选单位").click()
    expect(desk.locator("main")).to_contain_text("已邀请 1 方")
    begin(following)
    desk.goto(f"/conferences/{following.key}/desk/")
    expect(desk.locator("main")).to_contain_text("以前的决议还有 1 项没有回顾")
    expect(desk.locator("main")).to_contain_text("沙袋 300 只、泵 4 台入库")
    look(desk, "89-next")
    desk.get_by_role("link", name="回顾：备足沙袋与排水泵").click()
    desk.get_by_label("进展怎么样，怎么定").fill("现场看过，够用。")
    desk.get_by_label("确认完成").check()
    look(desk, "90-review")
    desk.get_by_role("button", name="记下来").click()
    expect(desk.locator("main")).to_contain_text("现场看过，够用。（确认完成）")
    expect(desk.locator("main")).to_contain_text("已归档")
    look(desk, "91-done")
    case.refresh_from_db()
    assert case.outcome == "confirmed"
    desk.get_by_role("link", name="登记签到").click()
    desk.get_by_label("县水利局", exact=True).check()
    desk.get_by_label("代替 县水利局 来的人").fill("王工")
    desk.get_by_role("button", name="保存签到").click()
    publish(desk, "上次的决议办完了。")
    for words in ("由王工代为参加", "会上：现场看过，够用。（确认完成）"):
        expect(desk.locator("main")).to_contain_text(words)


def test_an_answer_without_javascript_and_in_large_print(
    new_page, defaults, town, secretary, resident
):  # fmt: skip
    at = timezone.now()
    made = a_conference(secretary, town.community, at=at, from_at=at + timedelta(days=1))
    conferences.invite_resident(conference=made, person=resident, by=secretary, at=at)
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in_by_code(page, resident.phone, resident.name)
    page.get_by_role("button", name="长辈版").click()
    page.goto(made.get_absolute_url())
    page.get_by_text("请别人代为参加").click()
    page.get_by_label("谁代为参加").fill("李姐")
    look(page, "92-large")
    page.get_by_role("button", name="请他代为参加").click()
    expect(page.locator("main")).to_contain_text("请人代为参加（李姐）")


MOST_FIELDS, MOST_TAPS = 4, 3
"""Asked for: what it was about, how it went, how many, what was agreed. Tapped, besides going into a field: the outcome and
the button, after the link that opens the form."""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_talk_over_tea_is_two_minutes_on_a_phone(
    new_page, defaults, town, staff, tea_table, scripts  # noqa: F811
):  # fmt: skip
    page = new_page(**PHONE, java_script_enabled=scripts)
    sign_in_by_password(page, "13800130003")
    fields, taps = 0, 0

    def fill(label: str, words: str) -> None:
        nonlocal fields
        page.get_by_label(label).first.fill(words)
        fields += 1

    def tap(what) -> None:
        nonlocal taps
        what.click()
        taps += 1

    page.goto(f"/centres/{tea_table.pk}/")
    tap(page.get_by_role("link", name="记一杯茶"))
    if scripts:
        look(page, "93-tea-empty")
    fill("什么事", "楼道堆放电动车")
    fill("怎么谈的", "两户各让一步，物业出一半钱装充电桩。")
    fill("来了几人", "6")
    tap(page.get_by_text("达成一致"))
    fill("做什么", "楼下装充电桩，楼道清空")
    if scripts:
        look(page, "94-tea-filled")
    tap(page.get_by_role("button", name="保存记录"))
    expect(page.locator("main")).to_contain_text("商定事项已交办")
    assert (fields, taps) == (MOST_FIELDS, MOST_TAPS)
    if scripts:
        look(page, "95-tea-recorded")
    talk = TeaTalk.objects.get()
    assert (talk.place, talk.host.name, talk.agreed.get().case.holder.person.name) == (tea_table, "李强", "李强")
    page.goto("/tea-talks/")
    if scripts:
        look(page, "96-tea-list")
    page.goto(f"/centres/{tea_table.pk}/")
    expect(page.locator("main")).to_contain_text("商定：楼下装充电桩，楼道清空")
    if scripts:
        look(page, "97-tea-table")
