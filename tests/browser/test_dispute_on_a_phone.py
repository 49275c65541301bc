"""A dispute on phones from end to end: taken down, up from 党小组 by hand and from 支部 by lateness, over tea at the 社区,
and a written agreement that both sign with a finger; the issued paper carries both hands."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cases.escalation import sweep
from cases.models import Case, Wake
from disputes.defaults.loading import load_defaults
from tests.browser.test_request_on_a_phone import look, sign_in_by_code, sign_in_by_password
from tests.disputes.conftest import look as keep
from tests.disputes.papers.test_papers import squeezed
from tests.support.machine import PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def apply_against(page: Page, phone: str) -> str:
    """Three screens; returns the number."""
    page.get_by_role("link", name="邻里家事有纠纷，申请调解").click()
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    look(page, "41-where")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("漏水、排水、采光、通风").check()
    page.get_by_label("怎么回事").fill("楼上空调滴水，说过几次没有修，阳台一直是湿的。")
    page.get_by_label("您希望怎么解决").fill("修好空调，不再滴水。")
    page.get_by_label("和谁有纠纷").fill("赵建国")
    page.get_by_label("对方手机号").fill(phone)
    look(page, "42-what")
    page.get_by_role("button", name="下一步").click()
    look(page, "43-confirm")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("征求意愿")
    look(page, "44-asked")
    return re.search(r"ZH-\w{4}-\w{4}", page.locator("main").inner_text()).group(0)


def act(page: Page, number: str, label: str, **fields: str) -> None:
    """Opens the case, presses one act, says what it asks for."""
    page.goto(f"/cases/{number}/")
    button = page.get_by_role("link", name=label, exact=True).or_(page.get_by_role("button", name=label, exact=True))
    button.first.click()
    for field, words in fields.items():
        page.get_by_label(field).fill(words)
    if fields:
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
    page.get_by_role("group", name="谈得怎么样").get_by_role("radio").first.check()
    look(page, f"{name}-record")
    page.get_by_role("button", name="记录调解会").click()
    expect(page.locator("main")).to_contain_text("调解记录")


def let_it_get_late(number: str) -> None:
    """The level's limit and the grace after it are over; the sweep comes by."""
    now = timezone.now()
    Case.objects.filter(number=number).update(wake_for=Wake.CLIMB, wake_at=now - timedelta(minutes=1))
    sweep(at=now)


def write_agreement(page: Page, number: str) -> None:
    """A written one, refused while a clause has no deadline."""
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="拟定协议").click()
    page.get_by_label("书面协议").check()
    page.get_by_label("主要事实和争议事项").fill("赵建国家空调滴水，弄湿王秀英家阳台。")
    page.get_by_label("各方责任").fill("赵建国负责修理。")
    page.get_by_label("做什么").first.fill("赵建国请师傅修好空调排水管。")
    page.get_by_label("怎么履行").first.fill("上门维修，费用自理")
    page.get_by_role("button", name="拟好了").click()
    deadline = page.get_by_label("什么时候前").first
    expect(deadline).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("做什么").first).to_have_value("赵建国请师傅修好空调排水管。")
    look(page, "51-no-deadline")
    deadline.fill(f"{timezone.localdate() + timedelta(days=7):%Y-%m-%d}")
    page.get_by_role("button", name="拟好了").click()
    expect(page.locator("main")).to_contain_text("待确认")
    look(page, "52-drafted")


def fill_in_details(page: Page, number: str, *, born: str, door: str) -> None:
    """What a written agreement says of a party, by the party."""
    page.goto(f"/disputes/{number}/papers/")
    page.get_by_role("region", name="当事人基本情况").get_by_role("link").click()
    page.get_by_label("性别").select_option(index=1)
    page.get_by_label("出生年份").fill(born)
    page.get_by_label("住址").fill(door)
    page.get_by_role("button", name="保存").click()


def sign_by_hand(page: Page, number: str, name: str, *, slant: int) -> None:
    """Two strokes; everybody's hand has a slant of its own."""
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="签名确认").click()
    pad = page.get_by_label("签名框")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for left, down in ((40, 30), (180, 60)):
        page.mouse.move(box["x"] + left, box["y"] + down)
        page.mouse.down()
        page.mouse.move(box["x"] + left + slant, box["y"] + down + 70, steps=6)
        page.mouse.move(box["x"] + left + 100, box["y"] + down + 10, steps=6)
        page.mouse.up()
    look(page, name)
    page.get_by_role("button", name="同意协议并签名").click()
    expect(page.locator("main")).to_contain_text("签好了")


def issue_agreement(page: Page, number: str) -> None:
    page.goto(f"/disputes/{number}/papers/")
    look(page, "57-papers")
    page.get_by_role("listitem").filter(has_text="人民调解协议书").get_by_role("button", name="签发").click()
    expect(page.locator("main")).to_contain_text("已签发《人民调解协议书》")


def read_agreement(page: Page, number: str) -> bytes:
    """The paper as a party gets it."""
    page.goto(f"/disputes/{number}/papers/")
    look(page, "58-my-papers")
    link = page.get_by_role("region", name="已签发").get_by_role("link", name="打开")
    return page.request.get(link.get_attribute("href")).body()


def test_from_the_building_to_a_signed_agreement(new_page, defaults, town, staff, resident, neighbour):
    load_defaults()
    asker, other = new_page(**PHONE), new_page(**PHONE)
    group, branch, community = new_page(**PHONE), new_page(**PHONE), new_page(**PHONE)

    sign_in_by_code(asker, resident.phone, resident.name)
    look(asker, "40-home")
    number = apply_against(asker, neighbour.phone)
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
    expect(group.locator("main")).not_to_contain_text("空调")

    sign_in_by_password(branch, staff["branch_secretary"].phone)
    meet(branch, number, "49-branch")
    let_it_get_late(number)
    branch.goto(f"/cases/{number}/")
    expect(branch.locator("main")).not_to_contain_text("空调")

    sign_in_by_password(community, staff["community_secretary"].phone)
    meet(community, number, "50-community")
    write_agreement(community, number)

    fill_in_details(asker, number, born="1968", door="宜和佳苑3幢1单元301室")
    fill_in_details(other, number, born="1969", door="宜和佳苑3幢1单元401室")
    sign_by_hand(asker, number, "53-asker-signs", slant=60)
    sign_by_hand(other, number, "54-other-signs", slant=20)
    expect(other.locator("main")).to_contain_text("履行中")
    look(other, "55-in-force")
    case = Case.objects.get(number=number)
    assert (case.outcome, case.dispute.settled_level) == ("settled_written", 1)
    assert case.dispute.sessions.filter(state="held").count() == 3

    issue_agreement(community, number)
    pdf = PdfReader(BytesIO(keep(read_agreement(other, number), "signed-on-phones")))
    text = squeezed("".join(page.extract_text() for page in pdf.pages))
    for words in ("王秀英", "赵建国", "301室", "401室", "修好空调排水管", "宜和社区人民调解委员会", "陈国华"):
        assert words in text
    assert "孙伟" not in text, "the mediator of a level it left"
    assert sum(len(page.images) for page in pdf.pages) == 2, "both hands"

    asker.goto(f"/disputes/{number}/talk/")
    asker.get_by_label("想说的话").fill("谢谢您几次上门。")
    asker.get_by_role("button", name="留言").click()
    look(asker, "59-talk")
