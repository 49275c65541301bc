"""The quarterly tour on a phone: a residents' representative without a post is asked, scores place by place, the desk freezes,
a leader sees how the points came about and appeals."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dashboards.assessments.services import reviews
from dashboards.models import Evidence, Score
from tests.browser.test_request_on_a_phone import look, photo_file, sign_in_by_code, sign_in_by_password
from tests.dashboards.assessments.reviewing import SUMMER, a_set, more_estates
from tests.support.machine import DESKTOP, PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


def test_the_tour(new_page, defaults, town, staff, neighbour):
    home = more_estates(town.community, 2)[-1]
    town.street.refresh_from_db()
    cadre, at = staff["street_cadre"], timezone.now() - timedelta(minutes=5)
    indicator_set = a_set(name="近邻党建季度拉练")
    indicator_set.indicators.filter(number=1).update(weight=90)
    indicator_set.indicators.filter(number=2).update(weight=10)
    review = reviews.make_review(of=indicator_set, street=town.street, period=SUMMER, by=cadre, at=at)
    reviews.invite(review=review, person=neighbour, role="resident", home=home, by=cadre, at=at)
    reviews.open_scoring(review=review, by=cadre, at=at)

    phone = new_page(**PHONE)
    sign_in_by_code(phone, neighbour.phone, neighbour.name)
    phone.goto("/notices/")
    phone.get_by_role("link", name=re.compile("请您为“近邻党建季度拉练")).click()
    expect(phone.locator("main")).to_contain_text("您自己的辖区，不由您评分")
    look(phone, "90-places")
    phone.get_by_role("link", name=re.compile("宜和佳苑")).click()
    look(phone, "91-score")
    phone.get_by_text("写几句、拍照片").click()
    phone.get_by_label("想说的").fill("台账齐，公示栏有一处过期")
    phone.get_by_role("button", name="保存，看下一个").click()
    expect(phone.locator(".field-error")).to_contain_text("请先打分")
    expect(phone.get_by_label("想说的")).to_have_value("台账齐，公示栏有一处过期")
    phone.get_by_label("8", exact=True).check()
    phone.get_by_label("照片").set_input_files([photo_file()])
    phone.get_by_role("button", name="保存，含规范建设").click()
    expect(phone.locator("main")).to_contain_text("已打 8 分")
    look(phone, "92-scored")
    assert (Score.objects.get().points, Evidence.objects.count()) == (8, 1)
    phone.get_by_role("button", name="保存，看下一个").click()
    expect(phone.locator("h1")).to_contain_text("新建小区1")

    desk = new_page(**DESKTOP)
    sign_in_by_password(desk, "13800130009")
    desk.goto(f"/assessment/{review.key}/")
    expect(desk.locator("main")).to_contain_text("已评 1/2")
    look(desk, "93-running")
    desk.get_by_role("button", name="核定得分").click()
    expect(desk.locator("main")).to_contain_text("申诉到")
    look(desk, "94-frozen")

    leader = new_page(**PHONE)
    sign_in_by_password(leader, "13800130006")
    leader.goto("/notices/")
    leader.get_by_role("link", name=re.compile("得分已核定")).click()
    look(leader, "95-ranking")
    leader.get_by_role("link", name=re.compile("宜和佳苑")).click()
    look(leader, "96-node")
    leader.get_by_role("link", name="对规范建设申诉").click()
    leader.get_by_label("申诉理由").fill("公示栏当天已经换新")
    leader.get_by_role("button", name="提交申诉").click()
    expect(leader.locator("main")).to_contain_text("等街道答复")
    look(leader, "97-appealed")
    leader.goto("/sheets/mine/")
    look(leader, "98-sheet")
