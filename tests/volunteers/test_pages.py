"""The pages on a phone and at the desk: each act through its door, strangers outside, what was typed kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case
from tests.support.cast import signed_in
from tests.support.pages import BUTTON, ERROR, MESSAGE, NOTICE, inside, value, words
from tests.volunteers.cast import state_of
from volunteers.models import (
    DutyReport,
    HoursEntry,
    Offer,
    PointsEntry,
    Redemption,
    Reward,
    ServiceOrder,
    TeamMember,
    Volunteer,
)
from volunteers.services import orders


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def soon(open_visit):
    """An order that begins in half an hour, on the real clock as the pages read it."""
    at = timezone.now()
    begins = at + timedelta(minutes=30)
    return open_visit(at=at, begins_at=begins, ends_at=begins + timedelta(hours=2))


@pytest.fixture
def offered(soon, ask, helper):
    return ask(soon, helper, at=timezone.now())


def test_registering_keeps_what_was_chosen_when_refused(resident, kinds, town):
    client = signed_in(resident)
    posted = {"grid": town.estate.pk, "skills": [kinds["理发助浴"].pk], "free_times": ["weekend_day"], "reach": "site"}
    answer = client.post("/volunteers/register/", posted)
    assert "本人同意" in text(answer)
    assert f'value="{kinds["理发助浴"].pk}" id' in text(answer)
    assert "checked" in text(answer)
    assert client.post("/volunteers/register/", {**posted, "has_agreed": "on"}).status_code == 302
    assert Volunteer.objects.get(person=resident).is_active
    assert client.get("/volunteers/register/").status_code == 200
    client.post("/volunteers/leave/")
    assert not Volunteer.objects.active().exists()
    assert "已经退出" in text(client.post("/volunteers/leave/", follow=True))


def test_accepting_arriving_and_leaving_on_the_phone(offered, helper, resident):
    client, url = signed_in(helper), f"/volunteers/orders/{offered.number}/"
    assert "想请您帮忙" in text(client.get("/volunteers/me/"))
    assert "我去" in inside(client.get(url), BUTTON)
    assert "接下了" in inside(client.post(f"{url}accept/", follow=True), MESSAGE)
    assert "签到码不对" in text(client.post(f"{url}check-in/", {"code": "x"}))
    assert offered.service.door_code in text(signed_in(resident).get(f"/cases/{offered.number}/"))
    assert offered.service.door_code not in text(client.get(url))
    assert "签到好了" in text(client.post(f"{url}check-in/", {"code": offered.service.door_code}, follow=True))
    assert "做完再来签退" in inside(client.get(url))
    early = client.post(f"{url}check-out/", {"words": "陪着去了"})
    assert "还没到约定的时间" in inside(early, ERROR)
    assert value(early, "words") == "陪着去了"
    ServiceOrder.objects.update(begins_at=timezone.now() - timedelta(minutes=1))
    assert "请写几句" in text(client.post(f"{url}check-out/", {"words": ""}))
    assert "辛苦您" in inside(client.post(f"{url}check-out/", {"words": "陪着去了"}, follow=True), MESSAGE)
    assert HoursEntry.objects.count() == 1
    assert "谢谢您" in inside(client.get(url), NOTICE)
    assert "公示至" in inside(client.get("/volunteers/ledger/"), "//td")
    assert client.get("/volunteers/published/").status_code == 200


def test_declining_is_one_tap(offered, helper):
    answer = signed_in(helper).post(f"/volunteers/orders/{offered.number}/decline/", follow=True)
    assert "没关系" in inside(answer, MESSAGE)
    assert state_of(offered, helper) == "declined"


def test_strangers_find_no_order(offered, other_helper, neighbour, grid_leader):
    for person in (other_helper, neighbour, grid_leader):
        client, url = signed_in(person), f"/volunteers/orders/{offered.number}/"
        assert client.get(url).status_code == 404
        for act in ("accept", "decline", "check-in", "check-out"):
            assert client.post(f"{url}{act}/").status_code == 404
    assert state_of(offered, offered.service.offers.get().person) == "offered"


def test_the_desk_opens_a_service_and_asks(kinds, town, staff, helper, resident):
    begins = timezone.localtime() + timedelta(days=1)
    posted = {
        "phone": resident.phone, "title": "陪读书", "category": kinds["探访陪伴"].pk, "grid": town.grid.pk,
        "serves": "anyone", "wanted": 1, "begins_at": f"{begins:%Y-%m-%dT%H:%M}",
        "ends_at": f"{begins + timedelta(hours=1):%Y-%m-%dT%H:%M}", "check_in_by": "code",
    }  # fmt: skip
    desk = signed_in(staff["community_worker"])
    assert desk.get("/volunteers/orders/new/").status_code == 200
    answer = desk.post("/volunteers/orders/new/", {**posted, "serves": "minor"})
    assert "两位志愿者同去" in text(answer)
    assert 'value="陪读书"' in text(answer)
    assert "还没有登录过" in text(desk.post("/volunteers/orders/new/", {**posted, "phone": "13999999999"}))
    answer = desk.post("/volunteers/orders/new/", posted)
    case = Case.objects.get(kind="service")
    assert answer["Location"] == f"/volunteers/orders/{case.number}/offer/"
    page = text(desk.get(answer["Location"]))
    assert "吴小红（会探访陪伴 · 同一小区 · 没写何时有空 · 手上没有别的）" in page
    assert "至少选一位" in text(desk.post(answer["Location"], {"version": case.version}))
    assert "已被他人处理" in text(desk.post(answer["Location"], {"version": 9, "people": [helper.pk]}))
    assert desk.post(answer["Location"], {"version": case.version, "people": [helper.pk]}).status_code == 302
    assert Offer.objects.get().why.startswith("会探访陪伴")
    assert "请谁去" not in text(desk.get(f"/cases/{case.number}/"))
    for who in ("grid_leader", "other_cadre"):
        assert signed_in(staff[who]).get(answer["Location"]).status_code in {403, 404}
    assert signed_in(staff["grid_leader"]).get("/volunteers/orders/new/").status_code == 403


def test_the_leader_asks_a_member_from_the_page(open_visit, team, ask, helper, other_helper, team_leader):
    at = timezone.now()
    case = open_visit(at=at, begins_at=at + timedelta(days=1), ends_at=at + timedelta(days=1, hours=1), team=team)
    ask(case, helper, at=at)
    orders.decline(case=case, by=helper, at=at)
    client, url = signed_in(team_leader), f"/volunteers/orders/{case.number}/"
    assert "郑大明" in words(client.get(url), BUTTON)
    assert "已经问郑大明" in text(client.post(f"{url}nominate/{other_helper.pk}/", follow=True))
    assert state_of(case, other_helper) == "offered"


def test_rewards_on_the_phone(helper, town):
    client = signed_in(helper)
    reward = Reward.objects.create(name="雨伞", points=5, stocked=1, grid=town.estate, place="服务中心")
    assert "您有 0 分" in text(client.post(f"/volunteers/rewards/{reward.pk}/redeem/", follow=True))
    PointsEntry.objects.create(person=helper, points=5, words="试", noted_at=timezone.now(), key="x")
    page = text(client.post(f"/volunteers/rewards/{reward.pk}/redeem/", follow=True))
    redemption = Redemption.objects.get()
    assert redemption.code in page
    back = f"/volunteers/redemptions/{redemption.pk}/give-back/"
    assert "积分退回来" in text(client.post(back, follow=True))
    assert "已经领取或取消" in text(client.post(back, follow=True))
    assert "还没有公示期满" in text(client.post("/volunteers/certificates/issue/", {"id_kind": "居民身份证"}))


def test_rules_are_public(kinds):
    from volunteers.models import PointRule

    PointRule.objects.create(what="service", points=5, from_date=timezone.localdate())
    assert "完成一次服务" in text(Client().get("/volunteers/rules/"))


def test_teams_and_reporting_on_the_phone(team, helper, resident, enlist, town, branch_secretary):
    newcomer = enlist("林小小", 120).person
    client = signed_in(newcomer)
    assert "宜和支援队" in text(client.get("/volunteers/teams/"))
    assert "您加入了" in text(client.post(f"/volunteers/teams/{team.pk}/join/", follow=True))
    assert "您退出了" in text(client.post(f"/volunteers/teams/{team.pk}/leave/", follow=True))
    assert "您不在" in inside(client.post(f"/volunteers/teams/{team.pk}/leave/", follow=True), MESSAGE)
    assert TeamMember.objects.filter(person=newcomer).count() == 1
    assert "先登记" in inside(signed_in(resident).post(f"/volunteers/teams/{team.pk}/join/", follow=True), NOTICE)

    assert "请选择居住的小区" in text(client.post("/volunteers/duty/", {}))
    assert "报到已提交" in text(client.post("/volunteers/duty/", {"grid": town.estate.pk}, follow=True))
    report = DutyReport.objects.get()
    branch = signed_in(branch_secretary)
    assert "林小小" in inside(branch.get("/volunteers/duty/"), "//form")
    assert client.get(f"/volunteers/duty/{report.pk}/refuse/").status_code == 404
    assert branch.get(f"/volunteers/duty/{report.pk}/refuse/").status_code == 200
    assert "已确认 1 人" in text(branch.post("/volunteers/duty/approve/", {"report": report.pk}, follow=True))
    assert "没有选到" in text(branch.post("/volunteers/duty/approve/", {"report": "x"}, follow=True))
    client.post("/volunteers/duty/end/")
    report.refresh_from_db()
    assert report.state == "ended"
