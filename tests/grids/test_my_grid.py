"""我的网格: names, posts and duty phones of a door, and nothing private."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grids.models import Building, TerritoryPost
from grids.police import safety
from grids.posts import services
from grids.posts.services import set_duty_phone, vacate
from grids.territory.services import vacate_of
from tests.support.cast import MONDAY, post_of, signed_in, submit
from tests.support.heard import heard


@pytest.fixture
def page(client, town):
    def look(**more) -> str:
        asked = {"place": town.estate.pk, "building": town.building.pk, **more}
        answer = client.get("/my-grid/", asked)
        assert answer.status_code == 200
        return answer.content.decode()

    return look


def test_both_trees_from_the_door_up(page, staff, five, five_people, officer):
    text = page()
    order = [
        "宜和佳苑1号网格长", "李强", "宜和佳苑第一党小组长", "孙伟", "宜和佳苑支部书记", "吴芳", "宜和社区书记", "陈国华",
        "宜和社区民警", "马警官", "1单元户组长", "组长老冯", "3幢楼栋长", "楼长老王", "宜和里邻里长", "里长老郑",
        "宜和巷街巷长", "巷长老吴", "宜和第一片区长", "县领导老周",
    ]  # fmt: skip
    places = [text.find(word) for word in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_no_private_phone_in_any_form(page, staff, five, five_people, officer, town):
    set_duty_phone(node=town.estate, phone="0599-3321234")
    text = page()
    assert "0599-3321234" in text
    for person in (*staff.values(), *five_people.values(), officer):
        assert person.phone not in text
        assert person.masked_phone not in text


def test_the_first_to_turn_to_has_the_nearest_phone_the_others_their_own(page, staff, five, five_people, town):
    set_duty_phone(node=town.community, phone="12345")
    set_duty_phone(node=five.block, phone="0599-3321234")
    text = page()
    parts = [
        "1号网格长",
        "第一党小组长",
        "宜和佳苑支部书记",
        "宜和社区书记",
        "熊山街道干部",
        "1单元户组长",
        "3幢楼栋长",
        "宜和里邻里长",
    ]
    ends = [text.find(part) for part in parts]
    between = [text[begin:end] for begin, end in zip(ends, ends[1:], strict=False)]
    assert ["tel:12345" in part for part in between] == [True, False, False, True, False, False, False]
    assert ["tel:0599-3321234" in part for part in between] == [False] * 5 + [True, True]


def test_vacant_posts_say_who_stands_in(page, staff, five, five_people):
    vacate(post=post_of(staff["grid_leader"]), at=timezone.now())
    vacate_of(post=TerritoryPost.objects.get(person=five_people["households"]), at=timezone.now())
    text = page()
    assert "暂时空缺，由宜和佳苑第一党小组长 孙伟代为负责" in text
    assert "暂时空缺，由3幢楼栋长 楼长老王代为负责" in text


def test_a_door_in_no_grid_is_answered_by_its_estate(page, staff, five, five_people, town):
    services.uncover(building=town.building)
    text = page()
    assert "宜和佳苑1号网格长" not in text
    assert "宜和佳苑支部书记" in text


def test_where_there_are_no_five_it_is_said(page, staff, town):
    assert "还没有划定五长" in page()
    assert "请在下面选好楼栋" in page(place=town.community.pk, building="")


def test_bad_choices_keep_the_form(client, town, staff):
    other = Building.objects.create(estate=town.other_grid, name="1幢")
    wrong = client.get("/my-grid/", {"place": town.estate.pk, "building": other.pk})
    assert "不在所选小区里" in wrong.content.decode()
    for asked in ({"place": "999999"}, {"place": "x"}, {"place": ""}):
        answer = client.get("/my-grid/", asked).content.decode()
        assert "field-error" in answer


def test_buildings_come_by_themselves(client, town):
    part = client.get("/my-grid/", {"place": town.estate.pk}, HTTP_HX_REQUEST="true").content.decode()
    assert "3幢1单元" in part
    assert "<html" not in part


def test_the_front_page_leads_to_where_one_lives(defaults, staff, resident, town):
    assert 'href="/my-grid/"' in signed_in(resident).get("/").content.decode()
    submit(resident, town)
    wanted = f"/my-grid/?place={town.estate.pk}&amp;building={town.building.pk}"
    assert wanted in signed_in(resident).get("/").content.decode()


class TestSafetyNotices:
    @pytest.fixture
    def notice_form(self, town, officer):
        now = timezone.now()
        return {
            "grid": town.community.pk,
            "title": "谨防冒充客服",
            "words": "不要共享屏幕，请拨 96110。",
            "from_at": f"{timezone.localtime(now - timedelta(minutes=5)):%Y-%m-%dT%H:%M}",
            "until_at": f"{timezone.localtime(now + timedelta(days=2)):%Y-%m-%dT%H:%M}",
        }

    def test_from_the_police_to_residents_and_grid_leaders(self, notice_form, officer, staff, page, town):
        assert signed_in(officer).post("/grids/safety/", notice_form).status_code == 302
        assert "不要共享屏幕" in page()
        assert heard("谨防冒充客服", staff["grid_leader"])
        assert not staff["street_cadre"].notices.exists()

    def test_it_goes_by_its_date_and_when_withdrawn(self, notice_form, officer, page, town):
        signed_in(officer).post("/grids/safety/", notice_form)
        notice = town.community.safety_notices.get()
        assert safety.notices_for(town.grid, at=notice.until_at) == []
        signed_in(officer).post(f"/grids/safety/{notice.pk}/withdraw/")
        assert "不要共享屏幕" not in page()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [({"until_at": "2020-01-01T08:00"}, "结束时间应晚于"), ({"title": ""}, "请写一个标题"), ({"words": " "}, "请写明内容"), ({"until_at": "后天"}, "请写成 2026-11-23 09:30")],
    )  # fmt: skip
    def test_bad_input_is_said_at_its_field(self, notice_form, officer, wrong, words):
        answer = signed_in(officer).post("/grids/safety/", {**notice_form, **wrong}).content.decode()
        assert words in answer
        assert "96110" in answer or "words" in wrong
        assert not officer.posts.get().grid.safety_notices.exists()

    def test_not_elsewhere(self, notice_form, officer, town, staff):
        answer = signed_in(officer).post("/grids/safety/", {**notice_form, "grid": town.other_community.pk})
        assert "不归您发布" in answer.content.decode()
        assert signed_in(staff["grid_leader"]).get("/grids/safety/").status_code == 403
        other = safety.publish(
            grid=town.community,
            title="防骗",
            words="别转账",
            from_at=MONDAY,
            until_at=MONDAY + timedelta(days=1),
            by=officer,
            at=MONDAY,
        )
        stranger = signed_in(staff["other_cadre"])
        assert stranger.post(f"/grids/safety/{other.pk}/withdraw/").status_code == 404
