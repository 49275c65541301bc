"""Volunteers, teams and 双报到: everybody's own act, and what staff and branches add to it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Consent
from grids.tree import services as tree
from tests.support.cast import MONDAY
from tests.support.heard import heard
from volunteers.models import DutyReport, Team, TeamMember, Volunteer
from volunteers.services import duty, orders, people, teams

LATER = MONDAY + timedelta(days=1)


def test_nobody_is_a_volunteer_without_agreeing(resident):
    with pytest.raises(ValidationError, match="本人同意"):
        people.register(person=resident, at=MONDAY, has_agreed=False)
    assert not Volunteer.objects.exists()


def test_registering_records_consent_and_twice_is_once(resident, town, kinds):
    fields = {"person": resident, "grid": town.estate, "skills": [kinds["探访陪伴"]], "free_times": ["weekend_day"]}
    first = people.register(**fields, at=MONDAY, has_agreed=True)
    again = people.register(**{**fields, "free_times": ["workday_day"]}, at=LATER, has_agreed=True)
    assert (again.number, again.agreed_at, again.free_times) == (first.number, MONDAY, ["workday_day"])
    assert Consent.objects.filter(person=resident, notice_version=people.NOTICE_VERSION).count() == 1
    with pytest.raises(ValidationError, match="这样的时间"):
        people.register(**{**fields, "free_times": ["midnight"]}, at=LATER, has_agreed=True)


def test_leaving_is_ones_own_act_and_coming_back_too(helper):
    volunteer = helper.volunteer
    people.leave(volunteer=volunteer, at=LATER)
    assert not Volunteer.objects.active().exists()
    with pytest.raises(ValidationError, match="已经退出"):
        people.leave(volunteer=volunteer, at=LATER)
    assert people.register(person=helper, at=LATER, has_agreed=True).is_active


def test_a_background_check_is_a_date_that_runs_out(helper, secretary, settings):
    settings.BACKGROUND_CHECK_DAYS = 365
    volunteer = helper.volunteer
    people.note_check(volunteer=volunteer, on=date(2026, 11, 1), by=secretary, today=MONDAY.date())
    volunteer.refresh_from_db()
    assert volunteer.is_checked(date(2026, 11, 23))
    assert not volunteer.is_checked(date(2027, 11, 1))
    with pytest.raises(ValidationError, match="今天之后"):
        people.note_check(volunteer=volunteer, on=date(2027, 1, 1), by=secretary, today=MONDAY.date())
    with pytest.raises(ValidationError, match="别人登记"):
        people.note_check(volunteer=volunteer, on=date(2026, 11, 1), by=helper, today=MONDAY.date())


def test_joining_and_leaving_keep_history(team, helper, town, worker_at_desk):
    with pytest.raises(ValidationError, match="已经在"):
        teams.join(team=team, person=helper, at=MONDAY)
    teams.leave(team=team, person=helper, at=LATER)
    teams.join(team=team, person=helper, at=LATER)
    assert TeamMember.objects.filter(team=team, person=helper).count() == 2


def test_a_leader_who_leaves_leads_no_more(team, team_leader):
    teams.leave(team=team, person=team_leader, at=LATER)
    team.refresh_from_db()
    assert team.leader is None


def test_teams_belong_to_ones_area(team, other_cadre, town, resident, worker_at_desk):
    with pytest.raises(ValidationError, match="不负责"):
        teams.found(name="外来队", kind=Team.Kind.SUPPORT, grid=town.community, by=other_cadre, at=MONDAY)
    with pytest.raises(ValidationError, match="不在您的辖区"):
        teams.dissolve(team=team, by=other_cadre, at=LATER)
    with pytest.raises(ValidationError, match="队长应是队员"):
        teams.appoint_leader(team=team, person=resident, by=worker_at_desk, at=MONDAY)
    with pytest.raises(ValidationError, match="先登记"):
        teams.join(team=team, person=resident, at=MONDAY)
    teams.dissolve(team=team, by=worker_at_desk, at=LATER)
    assert not team.members.filter(until_at=None).exists()


def test_a_report_waits_for_the_branch(resident, town, unit, branch_secretary, other_cadre):
    report = duty.report(person=resident, grid=town.estate, unit=unit, at=MONDAY)
    with pytest.raises(ValidationError, match="已经报到过"):
        duty.report(person=resident, grid=town.community, at=MONDAY)
    assert duty.approve(reports=[report], by=other_cadre, at=LATER) == 0
    assert list(duty.waiting_for(branch_secretary)) == [report]
    assert duty.approve(reports=[report], by=branch_secretary, at=LATER) == 1
    assert duty.approve(reports=[report], by=branch_secretary, at=LATER) == 0
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("approved", branch_secretary)
    assert len(heard("已确认您的报到", resident)) == 1


def test_one_does_not_confirm_oneself(town, branch_secretary):
    report = duty.report(person=branch_secretary, grid=town.estate, at=MONDAY)
    assert duty.approve(reports=[report], by=branch_secretary, at=LATER) == 0
    with pytest.raises(ValidationError, match="不由您审核"):
        duty.refuse(report=report, by=branch_secretary, at=LATER, reason="自己")


def test_a_refusal_says_why_and_one_may_report_again(resident, town, branch_secretary):
    report = duty.report(person=resident, grid=town.estate, at=MONDAY)
    with pytest.raises(ValidationError, match="原因"):
        duty.refuse(report=report, by=branch_secretary, at=LATER, reason=" ")
    duty.refuse(report=report, by=branch_secretary, at=LATER, reason="不住在这里")
    with pytest.raises(ValidationError, match="已经审核"):
        duty.refuse(report=report, by=branch_secretary, at=LATER, reason="不住在这里")
    duty.report(person=resident, grid=town.community, at=LATER)
    duty.end(person=resident, at=LATER)
    with pytest.raises(ValidationError, match="没有报到"):
        duty.end(person=resident, at=LATER)


def test_reporting_is_to_where_one_lives(resident, town):
    for node in (town.street, town.group, town.grid):
        with pytest.raises(ValidationError, match="社区或小区"):
            duty.report(person=resident, grid=node, at=MONDAY)


def test_duty_is_a_ledger_of_its_own(resident, town, branch_secretary, other_cadre):
    report = duty.report(person=resident, grid=town.estate, at=MONDAY)
    fields = {"date": MONDAY.date(), "words": "参加楼道清洁", "at": LATER}
    with pytest.raises(ValidationError, match="还没有确认"):
        duty.note(report=report, by=branch_secretary, **fields)
    duty.approve(reports=[report], by=branch_secretary, at=LATER)
    report.refresh_from_db()
    with pytest.raises(ValidationError, match="不在您的辖区"):
        duty.note(report=report, by=other_cadre, **fields)
    with pytest.raises(ValidationError, match="做了什么"):
        duty.note(report=report, by=branch_secretary, **{**fields, "words": ""})
    duty.note(report=report, by=branch_secretary, **fields)
    assert report.entries.count() == 1


def test_what_hangs_on_a_merged_estate_follows(resident, team, helper, town):
    target = tree.add(parent=town.community, name="江滨小区")
    report = duty.report(person=resident, grid=town.estate, at=MONDAY)
    tree.merge(source=town.estate, into=target, at=LATER)
    report.refresh_from_db()
    assert report.grid == target
    assert Volunteer.objects.get(person=helper).grid == target
    assert DutyReport.objects.filter(grid=town.estate).count() == 0


def test_a_minor_serves_with_the_word_of_a_guardian(resident, open_visit, ask, neighbour):
    common = {"person": resident, "has_agreed": True, "at": MONDAY}
    visit = open_visit(asker=neighbour)
    born = date(2009, 5, 1)
    with pytest.raises(ValidationError) as refusal:
        people.register(**common, grid=visit.grid, birth_date=born)
    assert "guardian" in refusal.value.message_dict
    resident.refresh_from_db()
    assert resident.birth_date is None
    people.register(**common, grid=visit.grid, birth_date=born, guardian="李芳")
    ask(visit, resident)
    Volunteer.objects.filter(person=resident).update(guardian="")
    with pytest.raises(ValidationError, match="要监护人同意"):
        orders.accept(case=visit, by=resident, at=MONDAY)
    Volunteer.objects.filter(person=resident).update(guardian="李芳")
    orders.accept(case=visit, by=resident, at=MONDAY)


def test_a_volunteer_who_has_come_of_age_needs_none(resident, open_visit, ask, neighbour):
    visit = open_visit(asker=neighbour)
    people.register(person=resident, has_agreed=True, at=MONDAY, grid=visit.grid, birth_date=date(2008, 11, 23))
    ask(visit, resident)
    orders.accept(case=visit, by=resident, at=MONDAY)
