"""翻牌子 on phones: a resident turns cards, books, consults online with a picture; the expert answers and it becomes a
mediation the resident agrees to."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from cases.models import Case
from disputes.defaults.loading import load_defaults
from disputes.models import Booking, Dispute, Slot
from tests.browser.test_request_on_a_phone import look, photo_file, sign_in_by_code, sign_in_by_password
from tests.disputes.experts.panel import enlisted, slot_of
from tests.disputes.experts.test_consultation import PDF
from tests.support.machine import PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def panel(defaults, town, staff) -> User:
    """Three experts with free times; returns the lawyer."""
    load_defaults()
    at = timezone.now()
    tomorrow = (timezone.localtime(at) + timedelta(days=1)).replace(hour=15, minute=0, second=0, microsecond=0)
    people = (
        ("张律师", "lawyer", "房屋租赁"),
        ("何桂芳", "mediator", "邻里物业"),
        ("林静怡", "psychologist", "心理疏导"),
    )
    for serial, (name, kind, field) in enumerate(people, 1):
        expert = enlisted(
            name, serial, town, kind=kind, field=field, until_at=at + timedelta(days=300), introduction="说话不绕弯子。"
        )
        for hours in (0, 1, 24):
            slot_of(expert, tomorrow + timedelta(hours=hours), at=at, place="社区邻里服务中心" if hours else "")
    return User.objects.get(name="张律师")


def let_it_begin(number: str) -> None:
    """The agreed time has come."""
    slot = Slot.objects.get(bookings__consultation__case__number=number, bookings__state=Booking.State.ACCEPTED)
    now = timezone.now()
    Slot.objects.filter(pk=slot.pk).update(from_at=now - timedelta(minutes=5), until_at=now + timedelta(minutes=55))


def book(page: Page) -> str:
    page.goto("/")
    look(page, "60-home")
    page.get_by_role("link", name="想问问懂行的人，找专家").click()
    page.get_by_label("想问什么").select_option(label="房屋租赁")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("main")).not_to_contain_text("林静怡")
    look(page, "61-cards")
    page.get_by_role("link", name="张律师").click()
    page.get_by_role("button", name="约这个时间").click()
    expect(page.locator("main")).to_contain_text("请写几句想问什么")
    page.get_by_label("想问什么").fill("房东说墙面有划痕，不退押金 2000 元，怎么办？")
    page.get_by_role("radio").first.check()
    look(page, "62-expert")
    page.get_by_role("button", name="约这个时间").click()
    expect(page.locator("main")).to_contain_text("待接单")
    look(page, "63-booked")
    return Case.objects.get(kind="consultation").number


def open_hours(page: Page) -> None:
    """The expert opens one more free time and takes another back."""
    page.get_by_role("link", name="我的时段").click()
    day = timezone.localdate() + timedelta(days=5)
    page.get_by_label("哪一天").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("从几点").fill("10:00")
    page.get_by_label("到几点").fill("09:00")
    page.get_by_role("button", name="开放这段时间").click()
    expect(page.get_by_label("到几点")).to_have_attribute("aria-invalid", "true")
    look(page, "78-hours-refused")
    page.get_by_label("到几点").fill("11:00")
    page.get_by_role("button", name="开放这段时间").click()
    expect(page.locator("main")).to_contain_text("居民可以约了")
    look(page, "79-hours")
    page.get_by_role("button", name="撤下").last.click()
    expect(page.locator("main")).to_contain_text("撤下了")


def test_from_the_cards_to_a_mediation(new_page, panel, town, resident):
    asker, expert = new_page(**PHONE), new_page(**PHONE)
    sign_in_by_code(asker, resident.phone, resident.name)
    number = book(asker)

    sign_in_by_password(expert, panel.phone)
    look(expert, "64-expert-to-do")
    open_hours(expert)
    expert.goto(f"/cases/{number}/")
    look(expert, "65-expert-asked")
    expert.get_by_role("button", name="接单").click()
    expect(expert.locator("main")).to_contain_text("已约定")

    asker.goto(f"/cases/{number}/")
    asker.get_by_role("link", name="和专家说话").click()
    asker.get_by_label("想说的话").fill("这是合同和墙面的照片。")
    asker.get_by_label("照片").set_input_files([photo_file()])
    asker.get_by_label("文件").set_input_files([{"name": "租房合同.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    asker.get_by_role("button", name="发出去").click()
    expect(asker.locator("#thread")).to_contain_text("墙面的照片")
    look(asker, "66-thread")

    let_it_begin(number)
    expert.goto(f"/cases/{number}/")
    expert.get_by_role("button", name="开始问诊").click()
    expert.get_by_role("link", name="和居民说话").click()
    look(expert, "67-expert-thread")
    expert.get_by_label("想说的话").fill("正常磨损不用赔。建议走调解，省时间。")
    expert.get_by_role("button", name="发出去").click()
    expert.get_by_role("link", name="建议转调解").click()
    expert.get_by_label("哪一类纠纷").select_option("0602")
    look(expert, "68-propose")
    expert.get_by_role("button", name="建议转调解").click()

    asker.goto(f"/cases/{number}/")
    look(asker, "69-asked-to-agree")
    asker.get_by_role("link", name="看看转调解").click()
    asker.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    asker.get_by_label("哪一栋").select_option(label="3幢1单元")
    asker.get_by_label("和谁有纠纷").fill("房东老吴")
    look(asker, "70-agree")
    asker.get_by_role("button", name="同意，申请调解").click()
    expect(asker.locator("main")).to_contain_text("矛盾纠纷")
    look(asker, "71-mediation")
    assert Dispute.objects.get().parties.count() == 2

    asker.goto(f"/cases/{number}/")
    look(asker, "72-consultation")
    asker.get_by_role("link", name="结束问诊").click()
    asker.get_by_role("button", name="结束问诊").click()
    asker.get_by_role("link", name="评价", exact=True).click()
    asker.get_by_label("非常满意", exact=True).check()
    asker.get_by_label("对专家说几句").fill("讲得明白。")
    look(asker, "73-rate")
    asker.get_by_role("button", name="评价").click()
    expect(asker.locator("main")).to_contain_text("已归档")
    look(asker, "74-done")

    asker.get_by_role("button", name="长辈版").click()
    lawyer = f"/experts/{panel.expert.pk}/"
    for path, name in (
        ("/experts/", "75-large-cards"),
        (lawyer, "75-large-expert"),
        (f"/consultations/{number}/", "76-large-thread"),
    ):
        asker.goto(path)
        look(asker, name)


def test_booking_and_writing_without_javascript(new_page, panel, resident):
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in_by_code(page, resident.phone, resident.name)
    number = book(page)
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="改时间").click()
    look(page, "77-change")
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="改时间").click()
    expect(page.locator("main")).to_contain_text("居民改了时间")
    page.get_by_role("link", name="取消预约").click()
    page.get_by_role("button", name="取消预约").click()
    expect(page.locator("main")).to_contain_text("已取消")
