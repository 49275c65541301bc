"""Figures of volunteering: counted once whatever way one looks, narrowed by unit, team, community and month, for whoever may
read them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboards.figures.areas import Area
from dashboards.figures.counting import count
from dashboards.figures.periods import Period
from dashboards.figures.splits import TEAMS
from dashboards.volunteering import tables
from tests.dashboards.cuts import amounts, come_to, cut, overview
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import inside, words
from tests.volunteers.cast import VISIT, serve
from volunteers.models import Membership, Need, TeamMember
from volunteers.services import hours, lists, orders

AFTER, LATER = VISIT + timedelta(hours=3), VISIT + timedelta(days=30)
NOVEMBER = Period.of("month", VISIT.date())


@pytest.fixture
def done(open_visit, ask, helper, other_helper, resident, team, unit, kinds, staff):
    """One service, of two people of one unit, asked of their team; it met a need."""
    for person in (helper, other_helper):
        Membership.objects.create(unit=unit, person=person, employment="in_service", from_at=MONDAY)
    desk = staff["community_worker"]
    need = lists.note_need(
        title="陪取药", grid=team.grid, category=kinds["探访陪伴"], source="visit", by=desk, at=MONDAY, urgency="urgent"
    )
    case = ask(open_visit(wanted=2, team=team, need=need), helper, other_helper)
    for person in (helper, other_helper):
        orders.accept(case=case, by=person, at=MONDAY)
    serve(case, helper, other_helper)
    draw(case, "rate", resident, "好", at=AFTER, score=5, is_solved=True)
    lists.end_need(need=need, state=Need.State.SOLVED, by=desk, at=AFTER)
    return case


ALL = {"served": 1, "needs": 0, "urgent_needs": 1, "hours": 4}


def test_a_service_of_two_counts_once_for_their_unit_and_their_team(done, unit, team):
    numbers, shown = overview(LATER)
    assert {measure: numbers[measure] for measure in ALL} == ALL
    assert shown["units"] == {unit.name: {"people": 2, **ALL}}
    assert shown["teams"] == {team.name: {"people": 3, **ALL}}
    assert shown["months"] == {"2026年11月": ALL}
    communities = shown["communities"]
    assert communities.pop("宜和社区") == ALL
    assert not any(number for numbers in communities.values() for number in numbers.values())


def test_what_is_behind_comes_to_the_same_in_every_cut(done, unit, team, town):
    of_team = cut(split=TEAMS, value=team.pk)
    for where in (cut(unit=unit), of_team, cut(node=town.community), cut(period=NOVEMBER)):
        for measure, number in ALL.items():
            assert come_to(where, measure, at=LATER) == number, (where.words, measure)
    assert come_to(cut(period=NOVEMBER.after), "served", at=LATER) == 0
    assert come_to(cut(unit=unit, period=NOVEMBER), "hours", at=LATER) == 4
    for where in (cut(unit=unit), of_team):
        numbers, months = tables.card(where, 2)
        assert amounts(numbers) == {"people": 2, **ALL}
        assert {row.label: amounts(row.numbers) for row in months.rows} == {"2026年11月": ALL}


def test_who_belongs_to_two_units_counts_for_both_and_who_left_for_none(done, unit, helper, other_helper):
    second = type(unit).objects.create(name="县第二医院", kind=unit.kind)
    Membership.objects.create(unit=second, person=helper, employment="retired", from_at=MONDAY)
    Membership.objects.filter(unit=unit, person=other_helper).update(until_at=AFTER)
    numbers, shown = overview(LATER)
    assert shown["units"][unit.name]["hours"] == shown["units"][second.name]["hours"] == 2
    assert shown["units"][unit.name]["served"] == shown["units"][second.name]["served"] == 1
    assert numbers["hours"] == 4
    assert come_to(cut(unit=second), "hours", at=LATER) == 2


def test_the_card_of_a_unit_by_period_says_the_same(done, unit, staff):
    count(at=LATER, wait=True)
    desk = signed_in(staff["community_worker"])
    for code, number in (("services", 1), ("hours", 4), ("needs", 0), ("urgent-needs", 1)):
        for on, expected in ((NOVEMBER.first, number), (NOVEMBER.after.first, 0)):
            page = desk.get(f"/units/{unit.pk}/card/{code}/?period=month&on={on}")
            assert inside(page, f"//h1/strong[text()='{expected}']"), (code, on)
            lines = words(page, "//*[contains(@class, 'case-card')]")
            assert bool(lines) is bool(expected)
            assert all(line.strip() for line in lines)


def test_a_correction_is_counted_in(done, helper, worker_at_desk):
    entry = done.hours_entries.get(person=helper)
    hours.correct(entry=entry, hours=0, reason="没有去", by=worker_at_desk, at=AFTER)
    numbers, shown = overview(LATER)
    assert (numbers["hours"], shown["months"]["2026年11月"]["hours"]) == (2, 2)


def test_whoever_is_in_two_teams_is_listed_once(done, team, helper, town):
    other = type(team).objects.create(name="另一支援队", kind="support", grid=town.community, founded_at=MONDAY)
    TeamMember.objects.create(team=other, person=helper, from_at=MONDAY)
    assert overview(LATER)[0]["members"] == come_to(cut(), "members", at=LATER) == 3


def test_pages_lead_on_and_names_of_people_stand_nowhere(done, staff, unit, team, helper, town):
    count(at=timezone.now(), wait=True)
    desk = signed_in(staff["community_worker"])
    page = desk.get("/volunteers/figures/").content.decode()
    for measure in tables.OVERALL:
        assert f"/volunteers/figures/{measure}/" in page
        assert desk.get(f"/volunteers/figures/{measure}/").status_code == 200
    card = desk.get(f"/volunteers/figures/units/{unit.pk}/").content.decode()
    assert "在职 2 人" in card
    people = desk.get(f"/volunteers/figures/units/{unit.pk}/people/").content.decode()
    assert "宜和佳苑" in people
    team_card = desk.get(f"/volunteers/figures/teams/{team.pk}/").content.decode()
    for text in (page, card, people, team_card):
        assert helper.name not in text


def test_a_cut_that_is_not_there_or_not_mine_is_not_found(done, staff, unit, team, town):
    count(at=timezone.now(), wait=True)
    desk, foreign = signed_in(staff["community_worker"]), signed_in(staff["other_cadre"])
    for query in (
        "unit=x",
        "period=moon",
        "period=month&on=2026-13-01",
        "node=0",
        "node=x",
        "unit=0",
        f"node={town.other_grid.pk}",
    ):
        assert desk.get(f"/volunteers/figures/served/?{query}").status_code == 404, query
    for path in ("nothing/", "people/", "units/0/people/", "teams/0/people/", "opened/", f"members/?unit={unit.pk}"):
        assert desk.get(f"/volunteers/figures/{path}").status_code == 404, path
    assert foreign.get(f"/volunteers/figures/served/?team={team.pk}").status_code == 404
    assert 'data-total="1"' in desk.get(f"/volunteers/figures/served/?unit={unit.pk}").content.decode()
    assert 'data-total="0"' in foreign.get(f"/volunteers/figures/served/?unit={unit.pk}").content.decode()


def test_two_posts_of_which_one_lies_below_the_other_count_once(done, staff, town):
    """And two apart are one area."""
    read = [post.grid for who in ("community_secretary", "grid_leader") for post in staff[who].posts.all()]
    assert Area.of([town.grid, town.community, town.grid]).tops == Area.of(read).tops == (town.community,)
    assert overview(LATER, Area.of(read))[0]["hours"] == 4
    apart = Area.of([town.estate, town.other_street])
    assert len(apart.tops) == 2
    numbers, shown = overview(LATER, apart)
    assert numbers["hours"] == shown["months"]["2026年11月"]["hours"] == 4
    assert "宜和社区" not in shown["communities"]
    assert Area.of([town.grid, None]).tops == (None,)
