"""The nearest centre, a room, an activity with a waiting list, a finished project: as residents do it on a phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grids.models import UnitKind
from grids.units.services import register_unit
from meetings.activities import services as activities
from meetings.models import Activity, Booking
from photos.cleaning import clean
from tests.browser.test_request_on_a_phone import look, photo_file, sign_in_by_code, sign_in_by_password
from tests.disputes.experts.panel import a_photo
from tests.meetings.conftest import a_centre, an_activity, centre, placed, room  # noqa: F401 (fixtures)
from tests.support.machine import DESKTOP, PHONE
from volunteers.models import Finding
from volunteers.services import inspections, lists

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town_with_centres(defaults, room, placed, town):  # noqa: F811
    a_centre(town.community, name="宜和社区老街邻里服务中心", point=(27.3720, 118.8640), functions=["医疗保健"])
    room.place.access = ["ramp", "toilet"]
    room.place.save()
    return room


def test_my_nearest_centre_and_a_room_in_it(new_page, town_with_centres, resident):
    page = new_page(**PHONE)
    sign_in_by_code(page, resident.phone, resident.name)
    page.get_by_role("link", name="邻里中心").first.click()
    page.wait_for_load_state()
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="找最近的中心").click()
    first = page.locator(".centre-card").first
    expect(first).to_contain_text("宜和社区邻里服务中心")
    expect(first).to_contain_text("走路约 5 分钟（250 米）")
    expect(page.locator(".map")).to_be_visible()
    expect(page.locator(".map path.leaflet-interactive")).to_have_count(3)
    look(page, "70-nearest")
    first.click()
    expect(page.locator("main")).to_contain_text("门口有坡道")
    look(page, "71-centre")
    page.get_by_role("link", name="预约议事厅").click()
    day = timezone.localdate() + timedelta(days=1)
    page.get_by_label("哪一天").fill(f"{day}")
    page.get_by_label("从几点").fill("09:00")
    page.get_by_label("到几点").fill("14:00")
    page.get_by_label("几个人").fill("12")
    page.get_by_label("用来做什么").fill("楼栋议事")
    page.get_by_role("button", name="预约").click()
    expect(page.locator(".field-error")).to_contain_text("一次最多用 3 小时")
    look(page, "72-too-long")
    page.get_by_label("到几点").fill("11:00")
    page.get_by_role("button", name="预约").click()
    expect(page.locator("main")).to_contain_text("约好了")
    look(page, "73-booked")
    page.get_by_role("button", name="来不了，取消").click()
    expect(page.locator("main")).to_contain_text("谢谢您让给别人")
    assert not Booking.objects.live().exists()
    page.get_by_role("button", name="长辈版").click()
    page.goto("/centres/")
    look(page, "74-centres-large")


def test_the_nearest_centre_without_javascript_and_signing_in(new_page, town_with_centres):
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto("/centres/")
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_role("button", name="选好小区后").click()
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="找最近的中心").click()
    expect(page.locator(".centre-card").first).to_contain_text("走路约 5 分钟")
    expect(page.locator(".map")).to_be_hidden()
    look(page, "75-no-js")
    page.goto(f"/here/{town_with_centres.place.door_code}/")
    page.get_by_role("button", name="我来了").click()
    expect(page.locator("main")).to_contain_text("今天已经记下了")
    assert town_with_centres.place.visit_counts.get().count == 1
    look(page, "76-here")


def test_an_activity_with_a_waiting_list(new_page, town_with_centres, worker_at_desk, resident, neighbour, town):
    at = timezone.now()
    begins = at.replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=1)  # ten in the morning
    made = an_activity(
        worker_at_desk,
        town_with_centres,
        town.community,
        at=at,
        from_at=begins,
        seats=1,
        title="包粽子学茶艺",
        kind="传统技艺",
        words="带上围裙，材料我们准备。",
    )
    activities.sign_up(activity=made, person=neighbour, at=at)
    page = new_page(**PHONE)
    page.goto("/activities/")
    look(page, "77-activities")
    page.get_by_role("link", name=re.compile("包粽子学茶艺")).click()
    page.get_by_role("link", name="登录后报名").click()
    page.get_by_label("手机号").fill(resident.phone)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("短信验证码").fill(re.search(r"验证码是 (\d{6})", page.locator("main").inner_text()).group(1))
    page.get_by_role("button", name="登录", exact=True).click()
    look(page, "78-full")
    page.get_by_role("button", name="排队候补").click()
    expect(page.locator("main")).to_contain_text("您在候补第 1 位")
    look(page, "79-waiting")
    activities.leave(activity=made, person=neighbour, at=timezone.now())
    page.goto("/notices/")
    expect(page.locator("main")).to_contain_text("有人让出名额")
    page.get_by_role("link", name=re.compile("有人让出名额")).click()
    expect(page.locator("main")).to_contain_text("报名成功（从候补递补）")
    # The day has come: the clock is not ours to turn, the row is.
    Activity.objects.filter(pk=made.pk).update(from_at=timezone.now() - timedelta(minutes=1))
    page.reload()
    page.get_by_role("link", name="签到").click()
    page.get_by_label("签到码").fill(made.check_in_code)
    page.get_by_role("button", name="签到").click()
    expect(page.locator("main")).to_contain_text("您已签到")
    look(page, "80-checked-in")


def test_residents_inspect_a_finished_project(new_page, defaults, town, staff, resident):
    at, desk = timezone.now(), staff["community_worker"]
    works = inspections.start_project(
        name="宜和佳苑雨污分流",
        kind="renovation",
        plan="挖开重铺雨污水管，路面铺沥青。",
        grid=town.estate,
        unit=register_unit(name="县住建局", kind=UnitKind.OFFICE),
        from_date=at.date() - timedelta(days=90),
        until_date=at.date(),
        by=desk,
        at=at,
        budget_note="上级补助 120 万元",
    )
    for is_after in (False, True):
        lists.add_photos(project=works, photos=[clean(a_photo())], is_after=is_after, at=at)
    page, office = new_page(**PHONE), new_page(**DESKTOP)
    sign_in_by_password(office, desk.phone)
    office.goto(f"/volunteers/projects/{works.key}/")
    office.get_by_role("link", name="居民验收").click()
    office.get_by_label("验收到什么时候").fill(f"{timezone.localtime() + timedelta(days=7):%Y-%m-%dT%H:%M}")
    office.get_by_label("至少几户验收").fill("1")
    look(office, "81-open-inspection")
    office.get_by_role("button", name="请居民验收").click()
    sign_in_by_code(page, resident.phone, resident.name)
    page.goto("/projects/")
    look(page, "82-projects")
    page.get_by_role("link", name=re.compile("雨污分流")).click()
    look(page, "83-project")
    page.get_by_role("link", name="我来验收").click()
    page.get_by_label("您住哪一栋").select_option(label="宜和佳苑 3幢1单元")
    page.get_by_label("不好，要整改").check()
    page.get_by_role("button", name="交验收意见").click()
    expect(page.locator("main")).to_contain_text("请写几句哪里不好")
    page.get_by_label("想说的话").fill("门口的井盖松了，踩上去响。")
    page.get_by_label("照片").set_input_files([photo_file()])
    look(page, "84-inspect")
    page.get_by_role("button", name="交验收意见").click()
    expect(page.locator("main")).to_contain_text("待交办")
    expect(page.locator("main")).to_contain_text("郑洁")
    look(page, "85-task")
    office.reload()
    expect(office.locator("main")).to_contain_text("发现 1 个问题，还有 1 个在整改")
    office.get_by_label("成果").fill("路平了")
    office.get_by_role("button", name="验收通过").click()
    expect(office.locator("main")).to_contain_text("居民还在验收")
    look(office, "86-not-yet")
    assert Finding.objects.get().task.holder is not None


def test_the_desk_makes_an_activity_and_reads_figures(new_page, town_with_centres, worker_at_desk, neighbour):
    page = new_page(**DESKTOP)
    sign_in_by_password(page, worker_at_desk.phone)
    page.goto("/activities/")
    page.get_by_role("link", name="发布活动").click()
    page.get_by_label("活动", exact=True).fill("家庭医生义诊")
    page.get_by_label("类型").select_option(label="家服务 · 健康义诊")
    page.get_by_label("哪个社区或小区").select_option(label="宜和社区")
    page.get_by_label("哪一天").fill(f"{timezone.localdate() + timedelta(days=1)}")
    page.get_by_label("从几点").fill("09:00")
    page.get_by_label("到几点").fill("11:00")
    page.get_by_label("名额").fill("40")
    page.get_by_label("用哪间房").select_option(label="宜和社区邻里服务中心 议事厅（30 人）")
    page.get_by_role("button", name="发布").click()
    expect(page.locator(".field-error")).to_contain_text("只能坐 30 人")
    look(page, "87-new-activity")
    page.get_by_label("名额").fill("20")
    page.get_by_role("button", name="发布").click()
    activities.sign_up(activity=Activity.objects.get(), person=neighbour, at=timezone.now())
    page.reload()
    look(page, "88-activity-desk")
    page.goto("/centres/figures/")
    look(page, "89-figures")
    page.goto("/centres/circle/")
    expect(page.locator(".map path.leaflet-interactive").first).to_be_visible()
    look(page, "90-circle")
    page.goto(f"/centres/{town_with_centres.place_id}/desk/")
    look(page, "91-centre-desk")
