"""Pages of conferences and tea talks: what is typed survives a refusal, who is not invited finds nothing, lists cost the same."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids.models import Unit
from meetings.conferences import services as conferences
from meetings.models import Conference, Invitation, Resolution, Review, TeaTalk
from tests.meetings.council import (
    FRIDAY,
    OPENS,
    a_conference,
    a_talk,
    conference,
    invited,
    officer,
    resolved,
    tea_table,
    unit,
)
from tests.meetings.test_tea_talks import agreed
from tests.support.cast import MONDAY, draw, post_of, signed_in
from tests.support.pages import LIST, inside

__all__ = ["conference", "invited", "officer", "tea_table", "unit"]  # fixtures


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def coming(conference, invited) -> Conference:
    """As long ahead as the conference was from MONDAY: the pages go by the clock."""
    later = timezone.now() + timedelta(days=1)
    Conference.objects.update(from_at=later, until_at=later + timedelta(hours=2))
    conference.refresh_from_db()
    return conference


@pytest.fixture
def running(coming) -> Conference:
    began = timezone.now() - timedelta(minutes=10)
    Conference.objects.update(from_at=began, until_at=began + timedelta(hours=2))
    coming.refresh_from_db()
    return coming


CALL = {
    "title": "防汛联席会议", "date": "2026-12-01", "from_time": "15:00", "until_time": "16:30", "where": "三楼会议室",
    "agenda": "低洼楼栋\n物资",
}  # fmt: skip


def test_the_desk_calls_one_and_what_it_typed_survives(defaults, secretary, town):
    client = signed_in(secretary)
    posted = {**CALL, "grid": town.community.pk}
    page = text(client.post("/conferences/new/", {**posted, "until_time": "14:00"}))
    assert "结束时间要在开始之后" in page
    assert "防汛联席会议" in page
    assert "低洼楼栋\n物资" in page
    assert "至少写一个议题" in text(client.post("/conferences/new/", {**posted, "agenda": ""}))
    assert not Conference.objects.exists()
    answer = client.post("/conferences/new/", posted, follow=True)
    assert "邀请谁来" in text(answer)
    assert Conference.objects.get().agenda.count() == 2


def test_the_desk_invites_by_ticks_and_by_phone(conference, secretary, unit, officer, resident, neighbour):
    client, path = signed_in(secretary), f"/conferences/{conference.key}/invite/"
    client.post(path, {"act": "units", "units": [unit.pk]})
    client.post(path, {"act": "posts", "posts": [post_of(officer).pk]})
    Conference.objects.update(from_at=timezone.now() + timedelta(days=1), until_at=timezone.now() + timedelta(days=2))
    client.post(path, {"act": "units", "units": [unit.pk]})
    client.post(path, {"act": "posts", "posts": [post_of(officer).pk]})
    page = text(client.post(path, {"act": "resident", "person": "13999999999"}))
    assert "没有用这个手机号注册的人" in page
    assert "13999999999" in page
    client.post(path, {"act": "resident", "person": resident.phone})
    assert "王秀英已经在邀请名单里" in text(client.post(path, {"act": "resident", "person": resident.phone}))
    assert set(conference.invitations.values_list("invited_as", flat=True)) == {"unit", "post", "resident"}
    page = text(client.get(path))
    assert f'value="{unit.pk}"' not in page  # nothing left to tick twice


def test_a_unit_that_was_switched_off_meanwhile_is_no_choice(coming, secretary, unit):
    Invitation.objects.all().delete()
    client, path = signed_in(secretary), f"/conferences/{coming.key}/invite/"
    Unit.objects.update(is_active=False)
    client.post(path, {"act": "units", "units": [unit.pk]})
    assert not Invitation.objects.exists()


def test_whoever_is_invited_answers_and_nobody_else_finds_it(coming, resident, neighbour, grid_leader, secretary):
    path = coming.get_absolute_url()
    for person in (neighbour, grid_leader, secretary):
        for address in (path, f"{path}calendar.ics"):
            assert signed_in(person).get(address).status_code == 404
        assert signed_in(person).post(path, {"answer": "yes"}).status_code == 404
    assert Client().get(path).status_code == 302
    client = signed_in(resident)
    assert "有 1 个会议请您参加" in text(client.get("/activities/"))
    assert "请答复" in inside(client.get("/conferences/invitations/"), "//*[@class='case-card']")
    assert "低洼楼栋怎么排查" in text(client.get(path))
    page = text(client.post(path, {"answer": "substitute", "substitute": ""}))
    assert "请写谁替您来" in page
    assert "您答复了：参加" in text(client.post(path, {"answer": "yes"}, follow=True))
    calendar = client.get(f"{path}calendar.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:防汛联席会议" in text(calendar)


def test_the_desk_writes_down_what_a_unit_said_by_phone(coming, invited, secretary, neighbour):
    client, path = signed_in(secretary), f"/conferences/{coming.key}/invitations/{invited[0].pk}/"
    assert client.get(f"/conferences/{coming.key}/invitations/{invited[2].pk}/").status_code == 404  # a resident's own
    client.post(path, {"answer": "substitute", "substitute": "王工"})
    invited[0].refresh_from_db()
    assert (invited[0].answer, invited[0].substitute) == ("substitute", "王工")
    client.post(path, {"act": "represent", "person": neighbour.phone})
    invited[0].refresh_from_db()
    assert (invited[0].person, invited[0].answer) == (neighbour, "")


def test_it_is_held_resolved_and_its_minutes_read(running, invited, secretary, worker_at_desk, resident, neighbour):
    client, path = signed_in(secretary), f"/conferences/{running.key}"
    page = text(client.get(f"{path}/desk/"))
    assert "还没有登记签到" in page
    assert "请勾选到会的人" in text(client.post(f"{path}/attendance/", {}))
    came = {f"came-{invitation.pk}": "on" for invitation in invited[:2]} | {f"instead-{invited[1].pk}": "陈警官"}
    client.post(f"{path}/attendance/", came)
    day = timezone.localdate() + timedelta(days=3)
    posted = {"words": "备足沙袋与排水泵", "post": post_of(worker_at_desk).pk}
    page = text(client.post(f"{path}/resolve/", {**posted, "by_date": "2026-11-01"}))
    assert "最早是明天" in page
    assert "备足沙袋与排水泵" in page
    assert not Resolution.objects.exists()
    client.post(f"{path}/resolve/", {**posted, "by_date": f"{day}"})
    assert "郑洁" in inside(client.get(f"{path}/desk/"), LIST)
    assert "纪要还没有发布" in text(client.get(f"{path}/minutes/"))
    assert "请写几句会议情况" in text(client.post(f"{path}/close/", {"minutes": " "}))
    client.post(f"{path}/close/", {"minutes": "各单位", "save": "1"})
    assert "纪要还没有发布" in text(client.get(f"{path}/minutes/"))
    assert client.get(f"{path}/close/").context["form"]["minutes"].value() == "各单位"
    page = text(client.post(f"{path}/close/", {"minutes": "各单位同意分工。"}, follow=True))
    for words in ("各单位同意分工。", "由陈警官代为参加", "备足沙袋与排水泵", f"缺席：{invited[2].who}", "记录人："):
        assert words in inside(page)
    assert "各单位同意分工。" in text(signed_in(resident).get(f"{path}/"))
    assert signed_in(neighbour).get(f"{path}/").status_code == 404
    assert signed_in(resident).get(f"{path}/minutes/").status_code == 404  # the desk's own
    assert "不能再改" in text(client.post(f"{path}/attendance/", came))


def test_an_earlier_resolution_is_reviewed_on_its_page(conference, invited, secretary, worker_at_desk, town):
    Conference.objects.update(from_at=MONDAY - timedelta(hours=1))
    made = resolved(conference, secretary, worker_at_desk, at=MONDAY)
    draw(made.case, "sign", worker_at_desk)
    draw(made.case, "finish", worker_at_desk, "入库了")
    began = timezone.now() - timedelta(minutes=5)
    later = a_conference(secretary, town.community, at=MONDAY, from_at=OPENS + timedelta(days=2), title="推进会")
    conferences.invite_post(conference=later, post=post_of(worker_at_desk), by=secretary, at=MONDAY)
    Conference.objects.filter(pk=later.pk).update(from_at=began, until_at=began + timedelta(hours=1))
    client = signed_in(secretary)
    page = text(client.get(f"/conferences/{later.key}/desk/"))
    assert "以前的决议还有 1 项没有回顾" in page
    assert "入库了" in inside(page, LIST)
    path = f"/conferences/{later.key}/reviews/{made.pk}/"
    page = text(client.get(path))
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert "确认完成" in page
    assert "督办" not in page  # not from here
    assert "写几句进展" in text(client.post(path, {"verb": "confirm", "version": version}))
    assert "刚刚已被他人处理" in text(client.post(path, {"verb": "confirm", "version": 0, "words": "够用"}))
    assert not Review.objects.exists()
    client.post(path, {"verb": "confirm", "version": version, "words": "够用"})
    assert "够用（确认完成）" in text(client.get(f"/conferences/{later.key}/desk/"))
    made.case.refresh_from_db()
    assert made.case.outcome == "confirmed"


def test_called_off_with_a_reason(coming, secretary, resident):
    client, path = signed_in(secretary), f"/conferences/{coming.key}/call-off/"
    assert "请写明原因" in text(client.post(path, {"reason": ""}))
    client.post(path, {"reason": "台风"})
    assert "会议取消了：台风" in text(signed_in(resident).get(coming.get_absolute_url()))
    assert "STATUS:CANCELLED" in text(signed_in(resident).get(f"{coming.get_absolute_url()}calendar.ics"))


# --- 一杯茶 ----------------------------------------------------------------------------------------------------------


def filled_in(page: str) -> dict[str, str]:
    """What the form comes with."""
    fields = dict(re.findall(r'<input type="(?!radio)\w[^"]*" name="(\w+)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', page, re.S):
        if chosen := re.search(r'<option value="([^"]*)" selected', body):
            fields[name] = chosen.group(1)
    return fields | {"is_public": "on"}


def test_five_things_are_asked_the_rest_is_filled_in(defaults, staff, town, tea_table):
    leader = staff["grid_leader"]
    client = signed_in(leader)
    fields = filled_in(text(client.get("/tea-talks/new/")))
    assert (fields["place"], fields["post_1"]) == (str(tea_table.pk), str(post_of(leader).pk))
    answer = client.post(
        "/tea-talks/new/",
        {
            **fields,
            "subject": "楼道堆车",
            "discussion": "各让一步",
            "people_count": "6",
            "outcome": "agreed",
            "what_1": "装充电桩",
        },
        follow=True,
    )
    assert "商定事项已交办" in text(answer)
    talk = TeaTalk.objects.get()
    assert (talk.host, talk.place, talk.grid, talk.is_public) == (leader, tea_table, town.grid, True)
    assert timezone.now() - talk.held_at < timedelta(minutes=2)
    assert talk.agreed.get().case.holder.person == leader


def test_a_refusal_keeps_what_was_typed_and_opens_what_is_wrong(defaults, staff, tea_table):
    client = signed_in(staff["grid_leader"])
    posted = {**filled_in(text(client.get("/tea-talks/new/"))), "subject": "楼道堆车", "people_count": "6"}
    page = text(client.post("/tea-talks/new/", posted))
    assert "请选谈得怎么样" in page
    assert "楼道堆车" in page
    posted |= {"outcome": "agreed", "what_3": "回访", "by_date_3": "2026-11-01"}
    page = text(client.post("/tea-talks/new/", posted))
    assert re.search(r"<details open><summary>还有商定的事", page)
    assert "最早是明天" in page
    page = text(client.post("/tea-talks/new/", {**posted, "by_date_3": ""}))
    assert "请填写哪天以前办好" in page
    late = {**posted, "held_at": "2030-01-01T10:00", "what_3": ""}
    page = text(client.post("/tea-talks/new/", late))
    assert re.search(r"<details open><summary>时间、地点", page)
    assert "还没有谈过的不能记" in page
    assert not TeaTalk.objects.exists()


def test_everybody_reads_the_latest_talks_and_no_names(defaults, staff, town, tea_table, client):
    leader = staff["grid_leader"]
    a_talk(leader, town.grid, tea_table, present="王秀英、赵建国", discussion="王秀英先说", agreed=[agreed(leader)])
    a_talk(leader, town.grid, tea_table, subject="两户漏水", is_public=False)
    page = text(client.get(f"/centres/{tea_table.pk}/"))
    for words in ("楼道堆放电动车", "5 人", "清理楼道，装充电桩", "已交办"):
        assert words in inside(page, LIST)
    for words in ("王秀英", "赵建国", leader.name, "两户漏水", "记一杯茶"):
        assert words not in page
    assert "记一杯茶" in text(signed_in(leader).get(f"/centres/{tea_table.pk}/"))
    assert "记一杯茶" not in text(signed_in(staff["other_cadre"]).get(f"/centres/{tea_table.pk}/"))


def test_a_talk_is_read_in_its_area(defaults, staff, town, tea_table, resident):
    talk = a_talk(staff["grid_leader"], town.grid, tea_table, discussion="各让一步")
    assert "各让一步" in text(signed_in(staff["group_leader"]).get(talk.get_absolute_url()))
    assert signed_in(staff["next_grid_leader"]).get(talk.get_absolute_url()).status_code == 404
    assert signed_in(resident).get("/tea-talks/").status_code == 403


def test_a_task_leads_back_to_where_it_was_agreed(running, invited, staff, secretary, worker_at_desk, town, tea_table):
    at = timezone.now()
    made = resolved(running, secretary, worker_at_desk, at=at)
    talk = a_talk(
        staff["grid_leader"], town.grid, tea_table, agreed=[agreed(staff["grid_leader"])], outcome="continued"
    )
    up = a_talk(staff["grid_leader"], town.grid, tea_table, outcome="handed_up")
    for case, address in (
        (made.case, f"/conferences/{running.key}/desk/"), (talk.agreed.get().case, talk.get_absolute_url()),
        (up.handed_up, up.get_absolute_url()),
    ):  # fmt: skip
        page = text(signed_in(secretary).get(case.get_absolute_url()))
        assert address in page
        assert signed_in(secretary).get(address).status_code == 200
    assert talk.get_absolute_url() not in text(
        signed_in(staff["grid_leader"]).get(talk.agreed.get().case.get_absolute_url())
    )


# --- lists cost the same --------------------------------------------------------------------------------------------


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_lists_cost_the_same_with_more_rows(running, invited, secretary, worker_at_desk, town, tea_table, neighbour):
    """Of conferences, of one with its people and resolutions, of talks, of a 议事点."""
    client = signed_in(secretary)
    paths = ("/conferences/", f"/conferences/{running.key}/desk/", "/tea-talks/", f"/centres/{tea_table.pk}/")

    def more(number: int) -> None:
        resolved(running, secretary, worker_at_desk, at=timezone.now(), by_date=FRIDAY)
        a_talk(secretary, town.community, tea_table, agreed=[agreed(worker_at_desk), agreed(secretary)])
        a_conference(secretary, town.community, at=MONDAY, title=f"会 {number}")

    more(0)
    before = [queries(client, path) for path in paths]
    for number in range(1, 4):
        more(number)
    assert [queries(client, path) for path in paths] == before
