"""The roster 1+2+4+N, joint duty, its calendar feed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.models import User
from grids.models import DutyFeed, Grid, Level, Post, Shift, StaffingNorm
from grids.police import duty, staffing
from grids.posts.services import appoint, vacate
from grids.tree import services as tree
from tests.support.cast import MONDAY, post_of, signed_in
from tests.support.heard import heard
from tests.support.pages import ERROR, PARTIES, inside, value

WANTED = {"police_officer": 1, "police_auxiliary": 2, "patrol": 4}
HOUR = timedelta(hours=1)


@pytest.fixture
def communities(town) -> list[Grid]:
    for serial in range(1, 5):
        tree.add(parent=town.street, name=f"第{serial}社区")
    return list(Grid.objects.filter(level=Level.COMMUNITY).order_by("pk"))


def fill(community: Grid, wanted: dict[str, int]) -> None:
    for role, number in wanted.items():
        for _ in range(number):
            serial = User.objects.count()
            person = User.objects.create_user(phone=f"1371{serial:07d}", name=f"队员{serial}")
            appoint(person=person, role=role, grid=community, from_at=MONDAY)


def short(communities, at=MONDAY) -> dict[str, dict[str, int]]:
    return {roster.community.name: roster.missing for roster in staffing.rosters(communities, at=at) if roster.missing}


def test_the_check_names_exactly_the_communities_with_a_seeded_fault(communities):
    for community in communities:
        fill(community, WANTED)
    assert short(communities) == {}
    gone = Post.objects.filter(grid=communities[2], role="patrol").first()
    vacate(post=gone, at=MONDAY + HOUR)
    Post.objects.filter(grid=communities[4], role="police_officer").update(until_at=MONDAY + HOUR)
    assert short(communities, MONDAY + HOUR) == {
        communities[2].name: {"patrol": 1},
        communities[4].name: {"police_officer": 1},
    }


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(staff=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 5), st.integers(0, 2)), min_size=6, max_size=6))  # fmt: skip
def test_who_is_short_under_any_staffing(communities, staff):
    Post.objects.filter(role__in=[*WANTED, "guard"]).delete()
    for community, (officers, auxiliaries, patrols, guards) in zip(communities, staff, strict=True):
        fill(
            community, {"police_officer": officers, "police_auxiliary": auxiliaries, "patrol": patrols, "guard": guards}
        )
    expected = {
        community.name
        for community, (officers, auxiliaries, patrols, _) in zip(communities, staff, strict=True)
        if officers < 1 or auxiliaries < 2 or patrols < 4
    }
    assert set(short(communities)) == expected


def test_the_norm_is_data(communities):
    fill(communities[0], WANTED)
    StaffingNorm.objects.create(role="patrol", number=5)
    StaffingNorm.objects.create(role="police_auxiliary", number=0)
    assert short(communities[:1]) == {communities[0].name: {"patrol": 1}}
    assert staffing.norm() == {"police_officer": 1, "patrol": 5}


def test_block_leaders_count_among_the_others(town, five, five_people):
    (roster,) = staffing.rosters([town.community], at=MONDAY)
    assert roster.counts == {"楼栋长": 1}
    assert roster.words == "0+0+0+1"


class TestRosterPage:
    def test_staff_fill_it_and_end_it(self, town, staff):
        client, url = signed_in(staff["community_secretary"]), f"/grids/staffing/{town.community.pk}/"
        posted = {"role": "police_officer", "phone": "13900009999", "name": "马警官", "from_date": "", "until_date": ""}
        assert "还缺社区民警 1 名、专职辅警 2 名、巡防队员 4 名" in client.get(url).content.decode()
        assert client.post(url, posted).status_code == 302
        page = client.get(url).content.decode()
        assert "马警官" in inside(page, PARTIES)
        assert "还缺专职辅警 2 名" in page
        assert "13900009999" not in page
        post = Post.objects.get(role="police_officer")
        client.post(f"{url}end/{post.pk}/")
        assert "马警官" not in client.get(url).content.decode().split("登记一位")[0].split("</h1>")[1]

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"phone": "123"}, "手机号"),
            ({"name": ""}, "请填写姓名"),
            ({"until_date": "2020-01-01"}, "晚于开始时间"),
            ({"role": "county_admin"}, "选"),
            ({"from_date": "明天"}, "请写成 2026-11-23"),
        ],
    )
    def test_bad_input_is_said_and_kept(self, town, staff, wrong, words):
        client, url = signed_in(staff["community_secretary"]), f"/grids/staffing/{town.community.pk}/"
        posted = {
            "role": "patrol",
            "phone": "13900009999",
            "name": "巡防甲",
            "from_date": "",
            "until_date": "",
            **wrong,
        }
        page = client.post(url, posted).content.decode()
        assert words in inside(page, ERROR)
        assert value(page, "name") == posted["name"]
        assert not Post.objects.filter(role="patrol").exists()

    def test_twice_is_said_at_the_phone(self, town, staff):
        client, url = signed_in(staff["community_secretary"]), f"/grids/staffing/{town.community.pk}/"
        posted = {"role": "patrol", "phone": "13900009999", "name": "巡防甲", "from_date": "", "until_date": ""}
        client.post(url, posted)
        page = client.post(url, posted).content.decode()
        assert page.index("不用重复任命") > page.index('id="id_phone"') - 400

    def test_not_another_communitys(self, town, staff):
        assert signed_in(staff["other_cadre"]).get(f"/grids/staffing/{town.community.pk}/").status_code == 404


class TestDuty:
    @pytest.fixture
    def planned(self, town, officer, grid_leader, secretary) -> Shift:
        at = timezone.now()
        return duty.plan_shift(
            community=town.community,
            posts=[post_of(officer), post_of(grid_leader)],
            begins_at=at + HOUR,
            ends_at=at + 4 * HOUR,
            note="沿街巡查",
            by=secretary,
            at=at,
        )

    def test_people_are_told_and_told_when_it_is_called_off(self, planned, officer, grid_leader, secretary, town):
        for person in (officer, grid_leader):
            assert heard("请您值班", person)
        client = signed_in(secretary)
        client.post(f"/grids/duty/{town.community.pk}/shifts/{planned.pk}/call-off/")
        assert not Shift.objects.exists()
        assert heard("已撤销", officer)

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"ends_at": MONDAY - HOUR}, "ends_at", "结束时间应晚于开始时间"),
            ({"ends_at": MONDAY}, "ends_at", "结束时间应晚于开始时间"),
            ({"posts": []}, "posts", "至少选一位"),
        ],
    )
    def test_shifts_that_make_no_sense(self, town, officer, secretary, wrong, field, words):
        shift = {"posts": [post_of(officer)], "begins_at": MONDAY, "ends_at": MONDAY + HOUR, **wrong}
        with pytest.raises(ValidationError, match=words) as refused:
            duty.plan_shift(community=town.community, by=secretary, at=MONDAY, **shift)
        assert set(refused.value.message_dict) == {field}

    def test_a_shift_that_ends_before_it_begins_is_said_at_its_field_and_kept(self, town, officer, secretary):
        posted = {
            "begins_at": "2026-12-01T19:00",
            "ends_at": "2026-12-01T18:00",
            "posts": [post_of(officer).pk],
            "note": "东门",
        }
        page = signed_in(secretary).post(f"/grids/duty/{town.community.pk}/", posted).content.decode()
        assert "值班结束时间应晚于开始时间" in page
        assert value(page, "note") == "东门"
        assert 'value="2026-12-01T18:00"' in page

    def test_nobody_twice_at_once_and_nobody_who_is_not_in_post(self, planned, town, officer, secretary, staff):
        at = timezone.now()
        common = {"community": town.community, "by": secretary, "at": at}
        with pytest.raises(ValidationError, match="已有值班"):
            duty.plan_shift(posts=[post_of(officer)], begins_at=at + 2 * HOUR, ends_at=at + 3 * HOUR, **common)
        with pytest.raises(ValidationError, match="不在宜和社区任职"):
            duty.plan_shift(posts=[post_of(staff["other_cadre"])], begins_at=at, ends_at=at + HOUR, **common)
        duty.plan_shift(posts=[post_of(officer)], begins_at=at + 4 * HOUR, ends_at=at + 5 * HOUR, **common)

    def test_who_leaves_is_on_no_coming_shift(self, planned, officer, grid_leader):
        vacate(post=post_of(officer), at=timezone.now())
        assert [post.person for post in planned.posts.all()] == [grid_leader]
        vacate(post=post_of(grid_leader), at=timezone.now())
        assert not Shift.objects.exists()

    def test_the_feed_is_a_calendar(self, planned, town, grid_leader, client):
        inside = signed_in(grid_leader)
        inside.post(f"/grids/duty/{town.community.pk}/feed/", {"new": "1"})
        feed = DutyFeed.objects.get()
        assert len(feed.token) >= 43
        answer = client.get(f"/duty/{feed.token}.ics")
        assert answer["Content-Type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event.decoded("dtstart").astimezone(ZoneInfo("UTC")) == planned.begins_at.replace(microsecond=0)
        assert str(event["summary"]) == "宜和社区值班：马警官、李强"
        assert str(event["location"]) == "沿街巡查"
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))

    def test_the_link_is_guessed_in_vain_taken_back_and_dies_with_the_post(self, planned, town, grid_leader, client):
        inside, at = signed_in(grid_leader), timezone.now()
        for guess in ("guess", "%00", "%ED%A0%80", "甲", "a" * 5000):
            assert client.get(f"/duty/{guess}.ics").status_code == 404
        url = f"/grids/duty/{town.community.pk}/feed/"
        inside.post(url, {"new": "1"})
        first = DutyFeed.objects.get().token
        inside.post(url, {"new": "1"})
        second = DutyFeed.objects.get(revoked_at=None).token
        assert [client.get(f"/duty/{token}.ics").status_code for token in (first, second)] == [404, 200]
        vacate(post=post_of(grid_leader), at=at)
        assert client.get(f"/duty/{second}.ics").status_code == 404

    def test_revoking_without_a_new_one(self, planned, town, grid_leader, client):
        feed = duty.new_feed(person=grid_leader, community=town.community, at=timezone.now())
        signed_in(grid_leader).post(f"/grids/duty/{town.community.pk}/feed/", {"revoke": "1"})
        assert client.get(f"/duty/{feed.token}.ics").status_code == 404

    def test_those_of_other_communities_do_not_read_it(self, planned, town, staff, resident):
        for person in (staff["other_cadre"], resident):
            assert signed_in(person).get(f"/grids/duty/{town.community.pk}/").status_code == 404

    def test_who_is_on_duty_does_not_plan(self, planned, town, grid_leader):
        client = signed_in(grid_leader)
        assert "排一班" not in client.get(f"/grids/duty/{town.community.pk}/").content.decode()
        assert client.post(f"/grids/duty/{town.community.pk}/", {}).status_code == 403
        assert client.post(f"/grids/duty/{town.community.pk}/shifts/{planned.pk}/call-off/").status_code == 403
