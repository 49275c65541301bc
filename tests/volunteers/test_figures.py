"""Figures: counted once whatever way one looks, narrowed by unit, team, community and month, for whoever may read them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grids.models import Grid
from tests.support.cast import MONDAY, draw, signed_in
from tests.volunteers.cast import VISIT, serve
from volunteers.figures import card as figures
from volunteers.figures import lists as behind
from volunteers.figures.card import Scope
from volunteers.models import Membership, Need, TeamMember
from volunteers.services import hours, lists, orders

AFTER, LATER = VISIT + timedelta(hours=3), VISIT + timedelta(days=30)


@pytest.fixture
def done(open_visit, ask, helper, other_helper, resident, team, unit, kinds, staff):
    """One service, of two people of one unit, asked of their team; it met a need."""
    for person in (helper, other_helper):
        Membership.objects.create(unit=unit, person=person, employment="in_service", from_at=MONDAY)
    desk = staff["community_worker"]
    need = lists.note_need(
        title="陪取药", grid=team.grid, category=kinds["探访陪伴"], source="visit", by=desk, at=MONDAY, urgency="urgent"
    )  # fmt: skip
    case = ask(open_visit(wanted=2, team=team, need=need), helper, other_helper)
    for person in (helper, other_helper):
        orders.accept(case=case, by=person, at=MONDAY)
    serve(case, helper, other_helper)
    draw(case, "rate", resident, "好", at=AFTER, score=5, is_solved=True)
    lists.end_need(need=need, state=Need.State.SOLVED, by=desk, at=AFTER)
    return case


def scope(**narrowed) -> Scope:
    return Scope(Grid.objects.all(), LATER, **narrowed)


def numbers(row) -> dict[str, int]:
    return {figure.code: figure.number for figure in row.figures}


ALL = {"services": 1, "needs": 0, "urgent-needs": 1, "hours": 4}


def test_a_service_of_two_counts_once_for_their_unit_and_their_team(done, unit, team):
    assert [numbers(row) for row in figures.by_unit(scope())] == [{"people": 2, **ALL}]
    assert [numbers(row) for row in figures.by_team(scope())] == [{"people": 3, **ALL}]
    (month,) = figures.by_month(scope())
    assert (month.label, numbers(month)) == ("2026年11月", ALL)
    communities = {row.label: numbers(row) for row in figures.by_community(scope())}
    assert communities["宜和社区"] == ALL
    assert all(not any(counts.values()) for name, counts in communities.items() if name != "宜和社区")


def test_what_is_behind_comes_to_the_same_in_every_scope(done, unit, team, town):
    november = VISIT.date().replace(day=1)
    for where in (scope(unit=unit), scope(team=team), scope(community=town.community), scope(month=november)):
        for code, number in ALL.items():
            source = behind.BEHIND[code]
            assert source.total(source.rows(where)) == number, (where.words, code)
    assert figures.measures(scope(month=november.replace(month=12)))[0].number == 0
    assert figures.measures(scope(unit=unit, month=november))[3].number == 4


def test_a_correction_is_counted_in(done, helper, worker_at_desk):
    entry = done.hours_entries.get(person=helper)
    hours.correct(entry=entry, hours=0, reason="没有去", by=worker_at_desk, at=AFTER)
    assert figures.measures(scope())[3].number == 2
    assert figures.by_month(scope())[0].number("hours") == 2


def test_whoever_is_in_two_teams_is_listed_once(done, team, helper, town):
    other = type(team).objects.create(name="另一支援队", kind="support", grid=town.community, founded_at=MONDAY)
    TeamMember.objects.create(team=other, person=helper, from_at=MONDAY)
    source = behind.BEHIND["members"]
    number = next(
        figure.number for figure in figures.overview(Grid.objects.all(), at=LATER) if figure.code == "members"
    )
    assert source.total(source.rows(scope())) == number == 3


def test_pages_lead_on_and_names_of_people_stand_nowhere(done, staff, unit, team, helper, town):
    desk = signed_in(staff["community_worker"])
    page = desk.get("/volunteers/figures/").content.decode()
    for figure in figures.overview(Grid.objects.all(), at=timezone.now()):
        assert f"/volunteers/figures/{figure.code}/" in page
        assert desk.get(f"/volunteers/figures/{figure.code}/").status_code == 200
    card = desk.get(f"/volunteers/figures/units/{unit.pk}/").content.decode()
    assert "在职 2 人" in card
    people = desk.get(f"/volunteers/figures/people/?unit={unit.pk}").content.decode()
    assert "宜和佳苑" in people
    team_card = desk.get(f"/volunteers/figures/teams/{team.pk}/").content.decode()
    for text in (page, card, people, team_card):
        assert helper.name not in text


def test_a_scope_that_is_not_there_or_not_mine_is_not_found(done, staff, unit, team):
    desk, foreign = signed_in(staff["community_worker"]), signed_in(staff["other_cadre"])
    for query in ("unit=x", "month=2026-13", "community=0", "unit=0"):
        assert desk.get(f"/volunteers/figures/services/?{query}").status_code == 404, query
    assert desk.get("/volunteers/figures/nothing/").status_code == 404
    assert desk.get("/volunteers/figures/people/").status_code == 404
    assert foreign.get(f"/volunteers/figures/services/?team={team.pk}").status_code == 404
    assert "<strong>0</strong></h1>" in foreign.get(f"/volunteers/figures/services/?unit={unit.pk}").content.decode()
