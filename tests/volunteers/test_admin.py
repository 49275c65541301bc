"""The room in the admin: whose rows, and the few acts that are written there."""

import pytest
from django.utils import timezone

from tests.support.cast import MONDAY, signed_in
from tests.support.pages import ERROR, inside
from tests.volunteers.cast import serve
from volunteers.models import HoursEntry, Plan, PointRule, Resource, Reward
from volunteers.services import orders

MODELS = ["volunteer", "hoursentry", "pointsentry", "redemption", "team", "resource", "series", "reward", "plan"]


@pytest.mark.parametrize("model", MODELS)
def test_the_desk_sees_its_lists_and_others_do_not(model, staff, team, kinds):
    url = f"/admin/volunteers/{model}/"
    assert signed_in(staff["community_worker"]).get(url).status_code == 200
    assert signed_in(staff["grid_leader"]).get(url).status_code in {302, 403}


@pytest.mark.parametrize("model", ["team", "resource", "reward", "plan", "certificateoffice"])
def test_what_staff_keep_has_a_form(model, staff, kinds):
    assert signed_in(staff["community_worker"]).get(f"/admin/volunteers/{model}/add/").status_code == 200


def test_rows_lie_in_ones_area(staff, team, town, kinds):
    Plan.objects.create(name="防汛预案", hazard="flood", grid=town.community, words="集合")
    Reward.objects.create(name="雨伞", points=5, stocked=1, grid=town.estate, place="服务中心")
    Resource.objects.create(
        name="课堂", kind="place", category=kinds["手机教学"], team=team, grid=town.estate, from_date=MONDAY.date()
    )
    for model, words in (("plan", "防汛预案"), ("reward", "雨伞"), ("resource", "课堂"), ("team", "宜和支援队")):
        url = f"/admin/volunteers/{model}/"
        assert words in inside(signed_in(staff["community_worker"]).get(url), "//tbody//th")
        assert words not in signed_in(staff["other_cadre"]).get(url).content.decode()


def test_a_check_and_a_correction_from_the_desk(visit, ask, helper, staff):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    serve(visit, helper)
    desk, stranger = signed_in(staff["community_worker"]), signed_in(staff["other_cadre"])
    entry = HoursEntry.objects.get()
    correct = f"/admin/volunteers/hoursentry/{entry.pk}/correct/"
    assert stranger.get(correct).status_code == 404
    assert "一样" in inside(desk.post(correct, {"hours": 2, "reason": "试"}), ERROR)
    assert desk.post(correct, {"hours": 1, "reason": "提前走了"}).status_code == 302
    assert HoursEntry.objects.filter(corrects=entry).count() == 1
    check = f"/admin/volunteers/volunteer/{helper.pk}/note_check/"
    assert desk.get(check).status_code == 200
    assert "今天之后" in desk.post(check, {"on": "2099-01-01"}).content.decode()
    assert desk.post(check, {"on": "2026-01-05"}).status_code == 302
    helper.volunteer.refresh_from_db()
    assert helper.volunteer.checked_by == staff["community_worker"]


def test_rules_that_hold_are_not_rewritten(staff, kinds):
    county = signed_in(staff["county_admin"])
    past = PointRule.objects.first()
    to_come = PointRule.objects.create(what="service", points=9, from_date=timezone.localdate().replace(year=2099))
    change = "/admin/volunteers/pointrule/{}/change/"
    posted = {"what": "service", "points": 7, "least_minutes": 15, "from_date": "2099-01-01", "words": ""}
    assert county.post(change.format(past.pk), posted).status_code == 403
    assert county.post(change.format(to_come.pk), posted).status_code == 302
    assert signed_in(staff["community_worker"]).get("/admin/volunteers/pointrule/").status_code == 403
