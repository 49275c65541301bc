"""Volunteers by the API: themselves, what they gave, teams, the three lists. The same rights as on the pages."""

from datetime import date, timedelta

import pytest
import time_machine

from cases.models import Case
from tests.disputes.experts.panel import a_photo
from tests.support.calls import API, App, refused
from tests.support.cast import MONDAY
from tests.volunteers.cast import VISIT
from volunteers.models import (
    DoctorSigning,
    DutyReport,
    Need,
    PointsEntry,
    Resource,
    Reward,
    ServiceOrder,
    TeamMember,
    Volunteer,
)
from volunteers.services import adoption, inspections, lists


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def need(kinds, town, grid_leader, staff):
    return lists.note_need(
        title="三位老人想学手机挂号",
        grid=town.grid,
        category=kinds["手机教学"],
        source="visit",
        by=grid_leader,
        at=MONDAY,
        people_count=3,
    )


def test_becoming_a_volunteer_and_leaving(kinds, town, resident):
    app = App(resident)
    assert (app.get("volunteer/").json()["number"], app.post("volunteer/leave/").status_code) == ("", 404)
    body = {"grid": town.estate.pk, "skills": [kinds["探访陪伴"].pk], "free_times": ["weekend_day"], "reach": "call"}
    assert refused(app.post("volunteer/", body)) == ["has_agreed"]
    assert refused(app.post("volunteer/", {**body, "free_times": ["never"], "grid": "x"})) == ["grid", "free_times"]
    told = app.twice("volunteer/", {**body, "has_agreed": True}).json()
    assert (told["is_active"], told["grid"], told["skills"], told["reach"]) == (
        True,
        town.estate.pk,
        [kinds["探访陪伴"].pk],
        "call",
    )
    assert Volunteer.objects.count() == 1
    assert (
        app.post("volunteer/", {"grid": town.community.pk, "reach": "site", "has_agreed": True}).json()["skills"] == []
    )
    assert not app.twice("volunteer/leave/").json()["is_active"]


def test_hours_points_and_what_they_are_exchanged_for(served, helper, resident, town, point_rules):
    app = App(helper)
    [entry] = app.get("hours/").json()["results"]
    assert (entry["number"], entry["hours"]) == (served.number, 2)
    assert App(resident).get("hours/").json()["results"] == []
    PointsEntry.objects.create(person=helper, points=9, words="服务", noted_at=MONDAY, key="k", case=served)
    reward = Reward.objects.create(name="雨伞", points=5, stocked=1, grid=town.grid, place="服务中心")
    [offered] = app.get("rewards/").json()
    assert (offered["id"], offered["left"]) == (reward.pk, 1)
    made = app.twice(f"rewards/{reward.pk}/redeem/")
    assert (made.status_code, app.get("volunteer/").json()["points"]) == (201, 4)
    assert refused(App(resident).post(f"rewards/{reward.pk}/redeem/")) == []
    key = made.json()["id"]
    assert App(resident).post(f"redemptions/{key}/give-back/").status_code == 404
    assert app.twice(f"redemptions/{key}/give-back/").json()["state"] == "cancelled"
    assert sorted(row["points"] for row in app.get("points/").json()["results"]) == [-5, 5, 9]
    assert app.get("volunteer/").json()["points"] == 9
    assert len(app.get("redemptions/").json()["results"]) == 1


def test_teams_to_join_and_leave(team, enlist, resident):
    newcomer = enlist("钱小明", 110).person
    app = App(newcomer)
    assert refused(App(resident).post(f"teams/{team.pk}/join/")) == []
    [row] = app.get("teams/", mine="false").json()["results"]
    assert (row["size"], row["is_mine"], row["leader"]) == (3, False, "许志刚")
    told = app.twice(f"teams/{team.pk}/join/").json()
    assert (told["size"], told["is_mine"]) == (4, True)
    assert TeamMember.objects.filter(person=newcomer).count() == 1
    assert [row["id"] for row in app.get("teams/", mine="true").json()["results"]] == [team.pk]
    assert app.twice(f"teams/{team.pk}/leave/").json()["is_mine"] is False
    assert refused(app.get("teams/", mine="perhaps", grid="x")) == ["mine", "grid"]
    assert app.post("teams/99999/join/").status_code == 404


def test_reporting_where_one_lives_and_being_confirmed(staff, resident, neighbour, town):
    app, leader = App(resident), App(staff["branch_secretary"])
    assert refused(app.post("duty/", {})) == ["grid"]
    made = app.twice("duty/", {"grid": town.estate.pk})
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    assert refused(app.post("duty/", {"grid": town.estate.pk})) == ["grid"]
    [waiting] = leader.get("duty/waiting/").json()["results"]
    assert waiting["person"] == resident.name
    assert App(neighbour).get("duty/waiting/").json()["results"] == []
    assert refused(App(neighbour).post("duty/approve/", {"reports": [waiting["id"]]})) == ["reports"]
    assert App(neighbour).post(f"duty/{waiting['id']}/refuse/", {"reason": "不是"}).status_code in {403, 404}
    assert leader.twice("duty/approve/", {"reports": [waiting["id"]]}).json() == {"count": 1}
    assert DutyReport.objects.get().state == "approved"
    assert app.twice("duty/end/").status_code == 204
    App(neighbour).post("duty/", {"grid": town.estate.pk})
    [waiting] = leader.get("duty/waiting/").json()["results"]
    assert refused(leader.post(f"duty/{waiting['id']}/refuse/", {"reason": ""})) == ["reason"]
    assert leader.twice(f"duty/{waiting['id']}/refuse/", {"reason": "不住在这里"}).status_code == 204


def test_a_family_doctor_for_oneself_and_for_somebody(kinds, staff, resident, town, grid_leader):
    app = App(resident)
    assert refused(app.post("doctor/", {"grid": town.estate.pk})) == ["has_agreed"]
    assert app.twice("doctor/", {"grid": town.estate.pk, "has_agreed": True}).status_code == 201
    assert DoctorSigning.objects.count() == 1
    assert [row["grid"] for row in app.get("doctor/").json()] == [town.estate.name]
    body = {"grid": town.grid.pk, "has_agreed": True, "name": "孙大妈", "phone": "13700001234"}
    assert app.post("doctor/for/", body).status_code == 403
    assert App(grid_leader).twice("doctor/for/", body).status_code == 201
    assert refused(App(grid_leader).post("doctor/for/", {**body, "phone": "1"})) == ["phone"]


def test_the_list_of_needs(need, kinds, grid_leader, resident, other_cadre, town, django_assert_max_num_queries):
    app = App(grid_leader)
    body = {
        "title": "陪老人取药", "grid": town.grid.pk, "category": kinds["探访陪伴"].pk, "source": "visit",
        "urgency": "normal", "people_count": 1,
    }  # fmt: skip
    with django_assert_max_num_queries(20) as few:
        app.get("needs/")
    most = len(few.captured_queries)
    assert refused(app.post("needs/", {**body, "title": "", "grid": town.other_grid.pk})) == ["title", "grid"]
    made = app.twice("needs/", body)
    assert (made.status_code, Need.objects.count()) == (201, 2)
    with django_assert_max_num_queries(most):
        assert len(app.get("needs/").json()["results"]) == 2
    teaching = kinds["手机教学"]
    for asked in ({"category": teaching.pk}, {"category": teaching.parent_id}, {"state": "open", "grid": town.grid.pk}):
        assert str(need.key) in [row["key"] for row in app.get("needs/", **asked).json()["results"]]
    assert app.get("needs/", open="false").json()["results"] == []
    assert refused(app.get("needs/", state="x", category="y", grid="z", open="w")) == [
        "state",
        "category",
        "grid",
        "open",
    ]
    assert App(resident).get("needs/").status_code == App(resident).post("needs/", body).status_code == 403
    assert App(other_cadre).get(f"needs/{need.key}/").status_code == 404
    assert app.get(f"needs/{need.key}/").json()["people_count"] == 3


@pytest.fixture
def project(need, unit, worker_at_desk, liaison):
    return adoption.adopt(
        needs=[need],
        name="手机课堂",
        plan="每周六上午一课",
        unit=unit,
        by=worker_at_desk,
        at=MONDAY,
        is_public=True,
        from_date=date(2026, 11, 23),
        until_date=date(2026, 12, 31),
    )


def test_a_project_is_taken_on_shown_and_finished(project, need, liaison, resident, grid_leader, staff, client):
    path, app = f"projects/{project.key}/", App(liaison)
    assert client.get(f"{API}/projects/").json()["results"] == []
    assert client.get(f"{API}/{path}").status_code == 404
    assert App(resident).get(f"{path}adopter/").status_code == 404
    for act in ("answer", "photos", "finish"):
        assert App(resident).post(f"{path}{act}/", {"answer": "agree"}).status_code == 404
    assert [row["state"] for row in App(grid_leader).get("projects/area/").json()["results"]] == ["asked"]
    assert App(resident).get("projects/area/").status_code == 403
    assert app.get(f"{path}adopter/").json()["plan"] == "每周六上午一课"
    assert refused(app.post(f"{path}answer/", {"answer": "decline"})) == ["words"]
    assert app.twice(f"{path}answer/", {"answer": "agree"}).json()["state"] == "running"
    [shown] = client.get(f"{API}/projects/", {"state": "running", "kind": "neighbour"}).json()["results"]
    assert shown["adopter"] == "县教育局"
    assert client.get(f"{API}/{path}").json()["need_count"] == 1
    assert app.client.post(f"{API}/{path}photos/", {"photos": [a_photo()], "is_after": "true"}).status_code == 200
    assert refused(app.post(f"{path}finish/", {"result": ""})) == ["result"]
    assert app.twice(f"{path}finish/", {"result": "办了四课"}).status_code == 200
    need.refresh_from_db()
    assert need.state == "reported"
    assert App(resident).post(f"needs/{need.key}/word/", {"is_solved": "1"}).status_code == 404
    assert App(grid_leader).get(f"needs/{need.key}/").json()["may_confirm"] is False  # who noted it down
    verifier = App(staff["branch_secretary"])
    assert verifier.get(f"needs/{need.key}/").json()["may_confirm"] is True
    assert refused(verifier.post(f"needs/{need.key}/word/", {})) == ["is_solved"]
    assert refused(verifier.post(f"needs/{need.key}/word/", {"is_solved": "1"})) == ["words"]
    told = verifier.twice(f"needs/{need.key}/word/", {"is_solved": "1", "words": "看过，都会用了"}).json()
    assert told["state"] == "solved"


def test_resources_of_my_area(kinds, town, unit, grid_leader, staff, resident, django_assert_max_num_queries):
    def resource(name):
        return Resource.objects.create(
            name=name, kind="place", category=kinds["手机教学"], unit=unit, grid=town.grid, from_date=date(2026, 1, 1)
        )

    resource("电教室")
    app = App(grid_leader)
    with django_assert_max_num_queries(20) as few:
        [row] = app.get("resources/", kind="place").json()["results"]
    assert (row["name"], row["owner"]) == ("电教室", "县教育局")
    resource("礼堂")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(app.get("resources/", kind="place").json()["results"]) == 2
    assert App(resident).get("resources/").status_code == 403


def test_a_service_is_opened_for_a_need(need, kinds, staff, resident, town):
    app = App(staff["community_worker"])
    body = {
        "title": "教手机", "category": kinds["手机教学"].pk, "grid": town.grid.pk, "serves": "anyone", "wanted": 1,
        "begins_at": VISIT.strftime("%Y-%m-%dT%H:%M"), "check_in_by": "code", "need": str(need.key),
        "ends_at": (VISIT + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"), "phone": resident.phone,
    }  # fmt: skip
    assert refused(app.post("services/", {**body, "phone": "13999999999"})) == ["phone"]
    made = app.twice("services/", body)
    assert (made.status_code, Case.objects.filter(kind="service").count()) == (201, 1)
    assert Case.objects.get(kind="service").service.need == need
    assert App(resident).post("services/", body).status_code == 403
    assert app.post("services/", {**body, "need": "00000000-0000-0000-0000-000000000000"}).status_code == 404


def test_the_leader_names_a_member(team, open_visit, staff, ask, team_leader, helper, other_helper):
    case = open_visit(team=team)
    ask(case, other_helper)
    ServiceOrder.objects.filter(case=case).update(leader_asked_at=MONDAY)
    app = App(team_leader)
    offered = app.get(f"services/{case.number}/").json()["nominees"]
    assert helper.pk in [person["id"] for person in offered]
    assert app.twice(f"services/{case.number}/nominate/{helper.pk}/").status_code == 200
    assert App(helper).post(f"services/{case.number}/nominate/{other_helper.pk}/").status_code in {400, 404}


def test_the_book_of_who_reported(staff, resident, neighbour, town):
    leader = App(staff["branch_secretary"])
    App(resident).post("duty/", {"grid": town.estate.pk})
    [waiting] = leader.get("duty/waiting/").json()["results"]
    leader.post("duty/approve/", {"reports": [waiting["id"]]})
    [row] = leader.get("duty/book/").json()["results"]
    assert App(resident).get("duty/book/").status_code == 403
    path, noted = f"duty/{row['id']}/note/", {"date": MONDAY.date().isoformat(), "words": "打扫楼道"}
    assert refused(leader.post(path, {**noted, "words": ""})) == ["words"]
    assert App(neighbour).post(path, noted).status_code == 404
    assert leader.twice(path, noted).status_code == 204
    assert DutyReport.objects.get().entries.count() == 1


def test_a_family_doctor_given_up(kinds, resident, neighbour, town):
    app = App(resident)
    key = app.post("doctor/", {"grid": town.estate.pk, "has_agreed": True}).json()["key"]
    assert App(neighbour).post(f"doctor/{key}/end/", {"reason": "不要了"}).status_code == 404
    assert refused(app.post(f"doctor/{key}/end/", {"reason": ""})) == ["reason"]
    assert app.twice(f"doctor/{key}/end/", {"reason": "搬走了"}).status_code == 204
    assert app.get("doctor/").json() == []


def test_a_request_goes_on_the_list_of_needs_once(kinds, request_case, grid_leader, resident, other_cadre):
    app, path = App(grid_leader), f"needs/from/{request_case.number}/"
    body = {"category": kinds["水电维修"].pk, "people_count": 2}
    assert refused(app.post(path, {**body, "category": 0})) == ["category"]
    first = app.twice(path, body).json()
    assert app.post(path, body).json()["key"] == first["key"]
    assert Need.objects.get().request == request_case
    assert App(resident).post(path, body).status_code == 404
    assert App(other_cadre).post(path, body).status_code == 404


def test_residents_look_at_what_was_built(staff, unit, town, resident, client):
    desk, until = staff["community_worker"], MONDAY + timedelta(days=7)
    works = inspections.start_project(
        name="雨污分流",
        kind="renovation",
        plan="挖开重铺",
        grid=town.estate,
        unit=unit,
        from_date=MONDAY.date(),
        until_date=until.date(),
        by=desk,
        at=MONDAY,
    )
    path, body = f"projects/{works.key}/", {"building": town.building.pk, "is_fine": "1"}
    assert App(resident).post(f"{path}inspect/", body).status_code == 404
    inspections.open_inspection(project=works, closes_at=until, least=2, by=desk, at=MONDAY)
    assert refused(App(resident).post(f"{path}inspect/", {"is_fine": "1"})) == ["building"]
    assert App(resident).twice(f"{path}inspect/", body).json()["tally"]["seen"] == 1
    assert client.get(f"{API}/{path}").json()["tally"]["fine"] == 1
    assert client.post(f"{API}/{path}inspect/", body).status_code == 403
