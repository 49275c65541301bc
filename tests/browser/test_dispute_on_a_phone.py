"""A dispute climbs 党小组 → 支部 → 社区 on phones and ends in an agreement both confirm."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from disputes.defaults import load_defaults
from tests.browser.test_request_on_a_phone import look, sign_in_by_code, sign_in_by_password
from tests.machine import PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def act(page: Page, number: str, label: str, **said: str) -> None:
    """Opens the case, presses one act, says what it asks for."""
    page.goto(f"/cases/{number}/")
    button = page.get_by_role("link", name=label, exact=True).or_(page.get_by_role("button", name=label, exact=True))
    button.first.click()
    for field, words in said.items():
        page.get_by_label(field).fill(words)
    if said:
        page.get_by_role("button", name=label, exact=True).click()


def meet(page: Page, number: str, name: str) -> None:
    """Plans a session a moment ahead, lets the moment pass, writes down who came and what was said."""
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="约调解会").click()
    soon = timezone.localtime(timezone.now() + timedelta(minutes=2))
    page.get_by_label("什么时候").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.get_by_label("在哪里").fill("宜和社区议事亭")
    look(page, f"{name}-plan")
    page.get_by_role("button", name="约调解会").click()
    case = Case.objects.get(number=number)
    case.dispute.sessions.filter(state="planned").update(starts_at=timezone.now() - timedelta(minutes=1))
    page.goto(f"/cases/{number}/")
    look(page, f"{name}-planned")
    page.get_by_role("link", name="记录调解会").click()
    for box in page.get_by_role("group", name="到场的当事人").get_by_role("checkbox").all():
        box.check()
    page.get_by_label("谈了什么").fill("双方都说了难处，喝了茶，气消了一些。")
    look(page, f"{name}-record")
    page.get_by_role("button", name="记录调解会").click()
    expect(page.locator("main")).to_contain_text("调解记录")


def test_a_dispute_climbs_three_levels_and_ends_in_an_agreement(new_page, defaults, town, staff, resident, neighbour):
    load_defaults()
    asker, other = new_page(**PHONE), new_page(**PHONE)
    group, branch, community = new_page(**PHONE), new_page(**PHONE), new_page(**PHONE)

    sign_in_by_code(asker, resident.phone, resident.name)
    look(asker, "40-home")
    asker.get_by_role("link", name="邻里家事有纠纷，申请调解").click()
    asker.get_by_label("在哪个小区").select_option(label="　宜和佳苑")
    asker.get_by_label("哪一栋").select_option(label="3幢1单元")
    look(asker, "41-where")
    asker.get_by_role("button", name="下一步").click()
    asker.get_by_label("哪一类纠纷").select_option(label="邻里纠纷 › 用水排水通行通风采光")
    asker.get_by_label("怎么回事").fill("楼上空调滴水，说过几次没有修，阳台一直是湿的。")
    asker.get_by_label("和谁有纠纷").fill("赵建国")
    asker.get_by_label("对方手机号").fill(neighbour.phone)
    look(asker, "42-what")
    asker.get_by_role("button", name="下一步").click()
    look(asker, "43-confirm")
    asker.get_by_role("button", name="提交申请").click()
    expect(asker.locator("main")).to_contain_text("征求意愿")
    look(asker, "44-asked")
    number = re.search(r"ZH-\w{4}-\w{4}", asker.locator("main").inner_text()).group(0)

    sign_in_by_code(other, neighbour.phone, neighbour.name)
    other.goto(f"/cases/{number}/")
    look(other, "45-other-asked")
    other.get_by_role("button", name="同意调解").click()
    expect(other.locator("main")).to_contain_text("同意调解")

    sign_in_by_password(group, staff["group_leader"].phone)
    group.goto(f"/cases/{number}/")
    look(group, "46-leader")
    act(group, number, "受理")
    group.get_by_role("button", name="受理", exact=True).click()
    act(group, number, "确定调解员")
    look(group, "47-mediators")
    group.get_by_role("button", name="确定调解员").click()
    meet(group, number, "48-group")
    act(group, number, "上交上一级", 说明="差距还大，请支部接着谈。")

    sign_in_by_password(branch, staff["branch_secretary"].phone)
    meet(branch, number, "49-branch")
    act(branch, number, "上交上一级", 说明="还差一步，请社区接着谈。")
    expect(branch.locator("main")).not_to_contain_text("空调")

    sign_in_by_password(community, staff["community_secretary"].phone)
    meet(community, number, "50-community")
    community.get_by_role("link", name="拟定协议").click()
    community.get_by_label("主要事实和争议事项").fill("赵建国家空调滴水，弄湿王秀英家阳台。")
    community.get_by_label("各方责任").fill("赵建国负责修理。")
    community.get_by_label("做什么").first.fill("赵建国请师傅修好空调排水管。")
    community.get_by_label("怎么履行").first.fill("上门维修，费用自理")
    community.get_by_role("button", name="拟好了").click()
    expect(community.locator("main")).to_contain_text("没有写履行期限")
    look(community, "51-no-deadline")
    day = timezone.localdate() + timedelta(days=7)
    community.get_by_label("什么时候前").first.fill(f"{day:%Y-%m-%d}")
    community.get_by_role("button", name="拟好了").click()
    expect(community.locator("main")).to_contain_text("待确认")
    look(community, "52-drafted")

    for page, name in ((asker, "53-asker-confirms"), (other, "54-other-confirms")):
        page.goto(f"/cases/{number}/")
        look(page, name)
        page.get_by_role("button", name="确认协议").click()
    expect(other.locator("main")).to_contain_text("履行中")
    look(other, "55-in-force")
    case = Case.objects.get(number=number)
    assert (case.outcome, case.dispute.settled_level) == ("settled_oral", 1)
    assert case.dispute.sessions.filter(state="held").count() == 3

    asker.goto(f"/disputes/{number}/talk/")
    asker.get_by_label("想说的话").fill("谢谢您几次上门。")
    asker.get_by_role("button", name="留言").click()
    look(asker, "56-talk")
