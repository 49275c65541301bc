"""A need from a request, matched and dispatched at the desk, taken on a phone, signed in and out, rated, pointed; and a
call-out whose board fills while the answers come."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_request_on_a_phone import look, sign_in_by_code, sign_in_by_password
from tests.support.heard import heard_once
from tests.support.machine import DESKTOP, PHONE
from volunteers.models import Plan, ServiceOrder
from volunteers.services import people, series

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def test_a_need_goes_round_the_loop(new_page, request_case, kinds, staff, resident, helper, other_helper):
    desk, phone, asker = new_page(**DESKTOP), new_page(**PHONE), new_page(**PHONE)

    sign_in_by_password(desk, "13800130007")
    desk.goto(f"/cases/{request_case.number}/")
    desk.get_by_role("link", name="列入需求清单").click()
    desk.get_by_label("服务分类").select_option(label="居家维修/水电维修")
    desk.get_by_label("多少人受益").fill("12")
    desk.get_by_role("button", name="列入").click()
    look(desk, "30-need")
    desk.get_by_role("link", name="请志愿者帮忙").click()
    begins = timezone.localtime() + timedelta(minutes=20)
    desk.get_by_label("开始").fill(f"{begins:%Y-%m-%dT%H:%M}")
    desk.get_by_label("结束").fill(f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    desk.get_by_label("要提醒志愿者的风险").fill("楼道没有灯，请带手电")
    look(desk, "31-order")
    desk.get_by_role("button", name="下一步：请谁").click()
    expect(desk.locator("main")).to_contain_text("郑大明（会水电维修 · 同一小区")
    desk.get_by_label(re.compile("郑大明")).check()
    look(desk, "32-proposals")
    desk.get_by_role("button", name="发出邀请").click()
    expect(desk.locator("main")).to_contain_text("待接单")

    sign_in_by_code(phone, other_helper.phone, other_helper.name)
    phone.get_by_role("link", name="志愿", exact=True).click()
    look(phone, "33-my-page")
    phone.get_by_role("link", name=re.compile(request_case.title)).click()
    expect(phone.locator("main")).to_contain_text("请带手电")
    look(phone, "34-offer")
    phone.get_by_role("button", name="我去").click()
    expect(phone.locator("main")).to_contain_text("已接单")
    order = ServiceOrder.objects.get()

    sign_in_by_code(asker, resident.phone, resident.name)
    asker.goto(f"/cases/{order.case.number}/")
    expect(asker.locator("main")).to_contain_text(order.door_code)
    look(asker, "35-asker-sees-who-comes")

    phone.get_by_label("签到码").fill("12")
    phone.get_by_role("button", name="签到").click()
    expect(phone.locator("main")).to_contain_text("签到码不对")
    look(phone, "36-wrong-code")
    phone.get_by_label("签到码").fill(order.door_code)
    phone.get_by_role("button", name="签到").click()
    expect(phone.locator("main")).to_contain_text("做完再来签退")
    # The visit is over an hour later: the clock is not ours to turn, the row is.
    order.offers.update(arrived_at=timezone.now() - timedelta(minutes=75))
    ServiceOrder.objects.update(begins_at=timezone.now() - timedelta(minutes=75))
    phone.reload()
    phone.get_by_label("做了什么").fill("换了灯泡和开关，楼道亮了。")
    look(phone, "37-at-work")
    phone.get_by_role("button", name="签退").click()
    expect(phone.locator("main")).to_contain_text("谢谢您")
    look(phone, "38-done")

    asker.reload()
    asker.get_by_role("link", name="评价", exact=True).click()
    asker.get_by_label("非常满意", exact=True).check()
    asker.get_by_label("解决了", exact=True).check()
    asker.get_by_role("button", name="评价").click()
    expect(asker.locator("main")).to_contain_text("已结单")

    phone.goto("/volunteers/ledger/")
    expect(phone.locator("main")).to_contain_text("10 积分")
    expect(phone.locator("main")).to_contain_text("公示至")
    look(phone, "39-ledger")
    for path, name in (("/volunteers/teams/", "40-teams"), ("/volunteers/duty/", "41-duty"), ("/volunteers/rewards/", "42-rewards"), ("/volunteers/register/", "43-register"), ("/volunteers/rules/", "44-rules")):  # fmt: skip
        phone.goto(path)
        look(phone, name)


def test_child_care_every_week_with_a_substitute(new_page, kinds, town, staff, worker_at_desk, resident, enlist):
    """Two checked people look after a child each week; one cannot come once, a third one does, and the next week is asked
    of the regular two again."""
    regular, partner, third, unchecked = (
        enlist(name, serial, "放学看护").person
        for serial, name in enumerate(("刘建英", "何丽娟", "邓国强", "没核查"), start=201)
    )
    today = timezone.localdate()
    for person in (regular, partner, third):
        people.note_check(volunteer=person.volunteer, on=today, by=worker_at_desk, today=today)
    desk = new_page(**DESKTOP)
    sign_in_by_password(desk, "13800130007")
    desk.goto("/volunteers/lists/")
    desk.locator("#main").get_by_role("link", name="定期服务").click()
    desk.get_by_role("link", name="安排定期服务").click()
    first = timezone.localtime() + timedelta(hours=20)
    desk.get_by_label("受助人手机号").fill(resident.phone)
    desk.get_by_label("做什么").fill("放学后看护孩子")
    desk.get_by_label("服务分类").select_option(label="儿童服务/放学看护")
    desk.get_by_label("在哪里").select_option(str(town.estate.pk))
    desk.get_by_label("服务对象").select_option(label="未成年人")
    desk.get_by_label("第一次").fill(f"{first:%Y-%m-%dT%H:%M}")
    look(desk, "60-series")
    desk.get_by_role("button", name="下一步：固定请谁").click()
    expect(desk.locator("main")).to_contain_text("要两位志愿者同去")  # one alone is never sent to a child
    desk.get_by_label("要几位").fill("2")
    desk.get_by_role("button", name="下一步：固定请谁").click()
    expect(desk.locator("main")).not_to_contain_text("没核查")
    for name in (regular.name, partner.name):
        desk.get_by_label(re.compile(name)).check()
    look(desk, "61-regular-ones")
    desk.get_by_role("button", name="就这样安排").click()
    expect(desk.locator("main")).to_contain_text(f"固定志愿者：{regular.name}、{partner.name}")
    look(desk, "62-running-series")

    assert series.open_due(at=timezone.now()) == 1
    case = ServiceOrder.objects.get().case
    phones = {person: new_page(**PHONE) for person in (regular, partner)}
    for person, phone in phones.items():
        sign_in_by_code(phone, person.phone, person.name)
        phone.goto("/volunteers/me/")
        phone.get_by_role("link", name=re.compile("放学后看护")).click()
        expect(phone.locator("main")).to_contain_text("两位一起去")
        phone.get_by_role("button", name="我去").click()
    phones[regular].get_by_role("link", name=re.compile("说去不了")).click()
    phones[regular].get_by_role("link", name="临时去不了").click()
    look(phones[regular], "63-cannot-come")
    phones[regular].get_by_role("button", name="临时去不了").click()

    substitute = phones[third] = new_page(**PHONE)
    sign_in_by_code(substitute, third.phone, third.name)
    substitute.goto("/volunteers/me/")
    substitute.get_by_role("link", name=re.compile("放学后看护")).click()
    expect(substitute.locator("main")).to_contain_text(f"已接单：{partner.name}")
    look(substitute, "64-substitute-asked")
    substitute.get_by_role("button", name="我去").click()
    expect(substitute.locator("main")).to_contain_text("已接单")

    # The day has come: the clock is not ours to turn, the row is.
    begins = timezone.now() - timedelta(minutes=5)
    ServiceOrder.objects.update(begins_at=begins, ends_at=begins + timedelta(hours=2))
    door_code = ServiceOrder.objects.get().door_code
    for person, words in ((partner, "等同伴也到了"), (third, "签到好了")):
        phones[person].goto(f"/volunteers/orders/{case.number}/")
        phones[person].get_by_label("签到码").fill(door_code)
        phones[person].get_by_role("button", name="签到").click()
        expect(phones[person].locator("main")).to_contain_text(words)
    look(phones[partner], "65-waiting-for-the-partner")
    for person in (partner, third):
        phones[person].goto(f"/volunteers/orders/{case.number}/")
        phones[person].get_by_label("做了什么").fill("陪着写了作业")
        phones[person].get_by_role("button", name="签退").click()
        expect(phones[person].locator("main")).to_contain_text("谢谢您")
    parent = new_page(**PHONE)
    sign_in_by_code(parent, resident.phone, resident.name)
    parent.goto(f"/cases/{case.number}/")
    look(parent, "66-parent-rates")
    parent.get_by_role("link", name="评价", exact=True).click()
    parent.get_by_label("非常满意", exact=True).check()
    parent.get_by_label("解决了", exact=True).check()
    parent.get_by_role("button", name="评价").click()
    expect(parent.locator("main")).to_contain_text("已结单")

    assert series.open_due(at=timezone.now() + timedelta(days=7)) == 1
    later = ServiceOrder.objects.exclude(pk=case.pk).get()
    asked = later.offers.filter(state="offered").values_list("person__name", flat=True)
    assert set(asked) == {regular.name, partner.name}


def test_taking_an_order_without_javascript(new_page, open_visit, ask, helper):
    at = timezone.now()
    ask(open_visit(at=at, begins_at=at + timedelta(minutes=20), ends_at=at + timedelta(hours=2)), helper, at=at)
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in_by_code(page, helper.phone, helper.name)
    page.goto("/volunteers/me/")
    page.get_by_role("link", name=re.compile("陪老人")).click()
    page.get_by_role("button", name="我去").click()
    page.get_by_label("签到码").fill(ServiceOrder.objects.get().door_code)
    page.get_by_role("button", name="签到").click()
    expect(page.locator("main")).to_contain_text("做完再来签退")
    ServiceOrder.objects.update(begins_at=timezone.now() - timedelta(minutes=20))
    page.reload()
    page.get_by_label("做了什么").fill("陪着取了药")
    page.get_by_role("button", name="签退").click()
    expect(page.locator("main")).to_contain_text("谢谢您")


def test_being_there_signs_in(new_page, open_visit, ask, helper):
    at = timezone.now()
    here = {"latitude": 27.36610, "longitude": 118.85880}
    case = open_visit(
        at=at, begins_at=at + timedelta(minutes=20), ends_at=at + timedelta(hours=2), check_in_by="place", **here
    )
    ask(case, helper, at=at)
    page = new_page(**PHONE, geolocation=here, permissions=["geolocation"])
    sign_in_by_code(page, helper.phone, helper.name)
    page.goto(f"/volunteers/orders/{case.number}/")
    page.get_by_role("button", name="我去").click()
    look(page, "45-place")
    page.get_by_role("button", name="签到").click()
    expect(page.locator("main")).to_contain_text("签到好了")


def test_a_call_out_and_its_board_filling_up(new_page, kinds, town, team, staff, helper, other_helper):
    plan = Plan.objects.create(name="防汛预案", hazard="flood", grid=town.community, words="河水上涨，到宜和广场集合")
    plan.teams.add(team)
    plan.tasks.create(title="转移低洼处群众", grid=town.grid)
    desk, phone = new_page(**DESKTOP), new_page(**PHONE)
    sign_in_by_password(desk, "13800130007")
    desk.goto("/callouts/")
    look(desk, "50-plans")
    desk.get_by_role("link", name="发出动员").click()
    desk.get_by_role("button", name="下一步：看会通知多少人").click()
    expect(desk.locator("main")).to_contain_text("将通知 3 人（1 支队伍）")
    look(desk, "50b-sure")
    desk.get_by_role("button", name="确认通知 3 人").click()
    expect(desk.locator("#board")).to_contain_text("3 未应", use_inner_text=True)
    phone.goto(heard_once("河水上涨", helper).path)  # nobody signed in
    look(phone, "51-call")
    phone.get_by_role("button", name="能到").click()
    expect(phone.locator("main")).to_contain_text("您答复了：能到")
    expect(desk.locator("#board")).to_contain_text("1 能到", use_inner_text=True)
    phone.goto(heard_once("河水上涨", other_helper).path)
    phone.get_by_role("button", name="已到").click()
    expect(desk.locator("#board")).to_contain_text("1 已到", use_inner_text=True)
    look(desk, "52-board")
