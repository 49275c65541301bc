"""A secret vote from the slips of its witnesses to its result: at the desk, on a phone, at the desk again."""

import pytest
from playwright.sync_api import expect

from meetings.models import Vote
from tests.browser.test_request_on_a_phone import look, sign_in_by_code, sign_in_by_password
from tests.browser.test_topic_on_a_phone import case_page, close, give, neighbours, open_now
from tests.meetings.neighbours import adopted
from tests.support.machine import DESKTOP, PHONE

__all__ = ["neighbours"]  # a fixture
pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def test_from_the_slips_to_the_result(new_page, neighbours, resident, staff, town):
    desk, phone = new_page(**DESKTOP), new_page(**PHONE)
    sign_in_by_password(desk, staff["community_worker"].phone)
    topic = adopted(
        town, staff["community_worker"], "涉及全体居民利益的重要问题", grid=town.community, title="几点关灯"
    )
    case_page(desk, topic)
    desk.get_by_role("link", name="发起表决").click()
    desk.get_by_label("不记名投票").check()
    desk.get_by_role("button", name="公告").click()
    slips = desk.locator(".key-slip code").all_inner_texts()
    look(desk, "95-slips")
    desk.emulate_media(media="print")
    expect(desk.locator("form").last).to_be_hidden()  # what is printed is the slips
    look(desk, "96-slips-printed")
    desk.emulate_media(media="screen")
    desk.get_by_label("三位监票人的姓名").fill("郑大爷、孙阿姨、吴老师")
    desk.get_by_label("先抄一张钥匙").fill(slips[0])
    desk.get_by_label("再抄另一张").fill(slips[2].lower())
    desk.get_by_role("button", name="锁上票箱并公告").click()
    expect(desk.locator("main")).to_contain_text("郑大爷、孙阿姨、吴老师")
    vote = open_now(topic)

    sign_in_by_code(phone, resident.phone, resident.name)
    give(phone, vote, "同意", "97-secret-ballot")
    close(vote)
    case_page(desk, topic)
    desk.get_by_role("link", name="开箱计票").click()
    desk.get_by_label("先抄一张钥匙").fill(slips[1])
    desk.get_by_label("再抄另一张").fill(slips[0])
    look(desk, "98-open-urn")
    desk.get_by_role("button", name="开箱计票").click()
    expect(desk.locator("main")).to_contain_text("请三位监票人当场撕掉钥匙纸条")
    expect(desk.locator("main")).to_contain_text("计票结果")
    assert Vote.objects.get().ballots.get().option.words == "同意"
