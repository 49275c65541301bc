"""The staff's desk: each sees their own area, may do what their posts allow, and every act goes through the services."""

import pytest

from accounts.models import AuditWords, RetentionPeriod, User
from accounts.models.audit import Act
from cases.models import Category, RoutingRule, TimeLimit
from grids.models import Grid, Post
from tests.support.cast import draw, post_of, signed_in
from tests.support.pages import ERROR, inside

STAFF = ["community_worker", "community_secretary", "street_cadre", "county_admin", "other_cadre"]


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.parametrize("who", ["grid_leader", "group_leader", "branch_secretary"])
def test_those_without_a_desk_are_sent_away(request_case, staff, who):
    assert signed_in(staff[who]).get("/admin/").status_code == 302


@pytest.mark.parametrize("who", STAFF)
def test_each_sees_the_cases_of_their_area(request_case, staff, who):
    seen = request_case.number in page(signed_in(staff[who]), "/admin/cases/case/")
    assert seen == (who != "other_cadre")


def test_a_case_of_elsewhere_is_not_there(request_case, other_cadre):
    answer = signed_in(other_cadre).get(f"/admin/cases/case/{request_case.pk}/change/")
    assert answer.status_code == 302  # the admin's own way to say "not there"


@pytest.mark.parametrize(
    ("model", "allowed"),
    [
        ("cases/routingrule", {"street_cadre", "county_admin", "other_cadre"}),
        ("cases/timelimit", {"county_admin"}),
        ("cases/calendarday", {"county_admin"}),
        ("cases/category", {"county_admin"}),
        ("residents/channel", {"county_admin"}),
    ],
)
def test_rules_are_for_those_who_may_change_them(defaults, staff, model, allowed):
    for who in STAFF:
        client = signed_in(staff[who])
        for url in (f"/admin/{model}/", f"/admin/{model}/add/"):
            assert (client.get(url).status_code == 200) == (who in allowed), (who, url)


@pytest.mark.parametrize("url", ["/admin/cases/case/add/", "/admin/cases/case/{pk}/delete/", "/admin/grids/grid/add/"])
def test_the_admin_makes_and_deletes_nothing_by_itself(request_case, county_admin, url):
    assert signed_in(county_admin).get(url.format(pk=request_case.pk)).status_code == 403


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("state__exact=dispatched", True),
        ("state__exact=archived", False),
        ("late=open", True),
        ("late=now", True),
        ("late=was", False),
        ("kind__exact=request", True),
        ("urgency__exact=critical", False),
        ("opened_at_from=2026-11-23&opened_at_to=2026-11-23", True),
        ("opened_at_from=2026-11-25", False),
        ("q=楼道灯", True),
        ("q=井盖", False),
    ],
)
def test_filters(request_case, county_admin, query, is_found):
    assert (request_case.number in page(signed_in(county_admin), f"/admin/cases/case/?{query}")) == is_found


def test_the_filter_by_grid_takes_all_below(request_case, town, county_admin):
    client = signed_in(county_admin)
    assert request_case.number in page(client, f"/admin/cases/case/?subtree={town.community.pk}")
    assert request_case.number not in page(client, f"/admin/cases/case/?subtree={town.other_community.pk}")


def test_the_case_page_tells_the_story_and_offers_the_acts(request_case, worker_at_desk, grid_leader):
    draw(request_case, "send_back", grid_leader, "不在我的网格")
    text = page(signed_in(worker_at_desk), f"/admin/cases/case/{request_case.pk}/change/")
    assert "不在我的网格" in text
    assert f"/cases/{request_case.number}/dispatch/" in text


def test_dispatching_in_bulk_names_what_could_not_be_dispatched(request_case, worker_at_desk, grid_leader):
    client = signed_in(worker_at_desk)
    posted = {"action": "dispatch_in_bulk", "_selected_action": [request_case.pk], "apply": "1"}
    answer = client.post("/admin/cases/case/", {**posted, "post": post_of(grid_leader).pk}, follow=True)
    text = answer.content.decode()
    assert f"{request_case.number}：现在是“已派单”，不能做这一步。" in text
    assert "已派单 0 件" in text


def test_dispatching_in_bulk_to_a_stranger_is_refused(request_case, worker_at_desk, grid_leader, other_cadre):
    draw(request_case, "send_back", grid_leader)
    posted = {"action": "dispatch_in_bulk", "_selected_action": [request_case.pk], "apply": "1"}
    signed_in(worker_at_desk).post("/admin/cases/case/", {**posted, "post": post_of(other_cadre).pk})
    request_case.refresh_from_db()
    assert request_case.state == "submitted"


def test_a_rule_and_a_limit_are_rows_staff_change(defaults, county_admin):
    client = signed_in(county_admin)
    posted = {"name": "新规则", "order": 5, "kind": "request", "category": "", "urgency": "", "grid": "",
              "role": "grid_leader", "co_role": "", "is_active": "on"}  # fmt: skip
    client.post("/admin/cases/routingrule/add/", posted)
    assert RoutingRule.objects.filter(name="新规则").exists()
    posted = {"kind": "request", "stage": "finish", "category": "", "urgency": "", "amount": 3, "unit": "work_day"}
    text = client.post("/admin/cases/timelimit/add/", {**posted, "source": ""}).content.decode()
    assert TimeLimit.objects.filter(kind="request", stage="finish", category=None, urgency="").count() == 1
    assert "包含 事项类型，阶段，分类 和 紧急程度 的 办理时限 已经存在。" in text


def test_a_street_writes_rules_of_its_own_and_no_others(defaults, town, street_cadre, other_cadre):
    client = signed_in(street_cadre)
    posted = {"name": "本街道规则", "order": 5, "kind": "request", "category": "", "urgency": "",
              "role": "grid_leader", "co_role": "", "is_active": "on"}  # fmt: skip
    for grid in ("", town.other_grid.pk):
        client.post("/admin/cases/routingrule/add/", {**posted, "grid": grid})
        assert not RoutingRule.objects.filter(name="本街道规则").exists()
    client.post("/admin/cases/routingrule/add/", {**posted, "grid": town.community.pk})
    made = RoutingRule.objects.get(name="本街道规则")
    whole_county = RoutingRule.objects.filter(grid=None).first()
    for rule, who in ((whole_county, street_cadre), (made, other_cadre)):
        address = f"/admin/cases/routingrule/{rule.pk}/"
        assert signed_in(who).post(f"{address}change/", {**posted, "grid": ""}).status_code == 403
        assert signed_in(who).post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert RoutingRule.objects.filter(pk__in=(made.pk, whole_county.pk)).count() == 2


def test_no_record_is_kept_less_than_a_month(county_admin):
    client = signed_in(county_admin)
    page = client.post("/admin/accounts/retentionperiod/add/", {"code": "notice", "days": "1"})
    assert "30" in inside(page, ERROR)
    assert not RetentionPeriod.objects.exists()
    client.post("/admin/accounts/retentionperiod/add/", {"code": "notice", "days": "60"})
    assert RetentionPeriod.objects.get().days == 60


def test_a_category_is_retired_not_deleted(defaults, county_admin):
    lamp = Category.objects.get(path="公共设施/照明")
    client = signed_in(county_admin)
    assert client.get(f"/admin/cases/category/{lamp.pk}/delete/").status_code == 403
    posted = {"kind": "request", "parent": lamp.parent_id, "name": "楼道照明", "keywords": "灯",
              "retired_at_0": "", "retired_at_1": ""}  # fmt: skip
    client.post(f"/admin/cases/category/{lamp.pk}/change/", posted)
    lamp.refresh_from_db()
    assert lamp.path == "公共设施/楼道照明"


def test_the_tree_is_changed_where_one_may(town, staff):
    merge = f"/admin/grids/grid/{town.grid.pk}/merge/"
    assert "下级网格 0 个" in page(signed_in(staff["street_cadre"]), merge)
    assert signed_in(staff["community_worker"]).get(merge).status_code == 403
    assert signed_in(staff["other_cadre"]).get(merge).status_code == 404


def test_a_refused_change_of_the_tree_stands_on_the_form(town, street_cadre):
    client = signed_in(street_cadre)
    text = client.post(f"/admin/grids/grid/{town.group.pk}/add_below/", {"name": "宜和佳苑1号网格", "code": ""})
    assert "下面已有" in text.content.decode()
    client.post(f"/admin/grids/grid/{town.group.pk}/add_below/", {"name": "宜和佳苑3号网格", "code": ""})
    assert Grid.objects.get(name="宜和佳苑3号网格").code == "350725001008003"


def test_appointing_a_new_person_and_ending_the_post(town, street_cadre):
    client = signed_in(street_cadre)
    posted = {"phone": "139 0000 0000", "name": "新人", "role": "grid_leader", "grid": town.grid.pk}
    assert client.post("/admin/grids/post/add/", posted).status_code == 302
    post = Post.objects.get(person__name="新人")
    assert User.objects.with_phone("13900000000") == post.person
    assert client.post(f"/admin/grids/post/{post.pk}/end_post/").status_code == 302
    post.refresh_from_db()
    assert post.until_at is not None


def test_nobody_appoints_to_the_county_but_the_county(town, street_cadre):
    posted = {"phone": "13900000000", "name": "新人", "role": "county_admin", "grid": ""}
    text = signed_in(street_cadre).post("/admin/grids/post/add/", posted).content.decode()
    assert "县级职务由县级管理员任命" in text
    assert not User.objects.filter(name="新人").exists()


def test_a_door_is_put_into_a_grid(town, street_cadre):
    client = signed_in(street_cadre)
    client.post("/admin/grids/building/add/", {"grid": town.grid.pk, "name": "5幢", "unit": ""})
    assert town.grid.covered_buildings.filter(name="5幢").exists()
    text = client.post("/admin/grids/building/add/", {"grid": town.grid.pk, "name": "5幢", "unit": ""})
    assert "一个门只能属于一个网格" in text.content.decode()


def test_the_trail_of_settings_says_what_was_chosen(defaults, town, county_admin):
    """As whoever chose it read it: no value of a program."""
    rule = RoutingRule.objects.create(name="旧规则", order=7, kind="request", role="grid_leader")
    posted = {"name": "旧规则", "order": 7, "kind": "request", "category": "", "urgency": "urgent",
              "grid": town.community.pk, "role": "community_worker", "co_role": ""}  # fmt: skip
    signed_in(county_admin).post(f"/admin/cases/routingrule/{rule.pk}/change/", posted)
    words = AuditWords.objects.get(line__act=Act.SETTING).words.split("；")
    assert set(words) == {
        "紧急程度：空 → 紧急",
        f"范围：空 → {town.community.name}",
        "派给：网格长 → 社区工作者",
        "启用：是 → 否",
    }
