"""Late cases climb the tree by themselves: reminded at half the time, told upward at the limit, moved up after it."""

from datetime import datetime, timedelta

import pytest

from cases import escalation
from cases.checks import unsound_cases
from cases.escalation import PUSH_BACK, sweep
from cases.models import Case
from grids.services import appoint, vacate
from tests.cast import MONDAY, ZONE, draw, post_of, submit


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In the week of MONDAY, the 23rd."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def verbs(case: Case) -> list[str]:
    return list(case.events.order_by("number").values_list("verb", flat=True))


def test_half_of_the_time_reminds_the_holder(request_case, grid_leader, group_leader):
    # Four working hours to sign, from 9:00: half is 11:00, the end is 15:30 after the midday break.
    assert request_case.due_at == at(23, 15, 30)
    sweep(at=at(23, 10, 59))
    assert "remind" not in verbs(request_case)
    sweep(at=at(23, 11))
    assert verbs(request_case)[-1] == "remind"
    assert grid_leader.notices.filter(words__contains="时限已过半").exists()
    assert not group_leader.notices.exists()


def test_the_limit_tells_the_level_above(request_case, group_leader):
    sweep(at=at(23, 15, 31))
    assert verbs(request_case)[-2:] == ["remind", "overdue"]
    request_case.refresh_from_db()
    assert request_case.was_late
    assert group_leader.notices.filter(words__contains="已超时，请督促").exists()


def test_half_as_long_again_moves_it_up_with_a_limit_of_its_own(request_case, grid_leader, group_leader, resident):
    sweep(at=at(23, 15, 31))
    sweep(at=at(24, 9))
    request_case.refresh_from_db()
    assert verbs(request_case)[-1] == "climb"
    assert request_case.holder.person == group_leader
    assert request_case.due_at == at(25, 18)
    assert resident.notices.filter(words__contains="现由宜和佳苑第一党小组长 孙伟负责").exists()


def test_an_unheeded_case_climbs_to_the_county_and_stays_with_a_person(request_case, staff):
    holders = [request_case.holder.role]
    for day in range(40):
        sweep(at=MONDAY + timedelta(days=day, hours=10))
        request_case.refresh_from_db()
        if holders[-1] != request_case.holder.role:
            holders.append(request_case.holder.role)
    assert holders == [
        "grid_leader",
        "group_leader",
        "branch_secretary",
        "community_secretary",
        "street_cadre",
        "county_admin",
    ]
    # Nobody stands above the county: it is told again, and the case never falls out of sight.
    assert request_case.wake_at > MONDAY + timedelta(days=39)
    assert list(unsound_cases()) == []


def test_sweeping_twice_is_once(request_case):
    sweep(at=at(23, 15, 31))
    told = verbs(request_case)
    assert sweep(at=at(23, 15, 31)) == 0
    assert verbs(request_case) == told


def test_what_the_resident_lets_pass_is_nobodys_delay(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    sweep(at=MONDAY + timedelta(days=6))
    assert not {"remind", "overdue", "climb"} & set(verbs(request_case))


def test_finishing_in_time_is_never_late(request_case, grid_leader):
    draw(request_case, "sign", grid_leader, at=at(23, 10))
    draw(request_case, "finish", grid_leader, at=at(23, 14))
    sweep(at=MONDAY + timedelta(days=30))
    request_case.refresh_from_db()
    assert not request_case.was_late


def test_whoever_leaves_hands_over_to_the_successor(request_case, town, grid_leader, neighbour):
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY - timedelta(days=1))
    vacate(post=post_of(grid_leader), at=MONDAY)
    request_case.refresh_from_db()
    assert request_case.holder.person == neighbour
    assert verbs(request_case)[-1] == "succeed"


def test_a_post_that_ends_by_its_date_is_noticed_by_the_sweep(request_case, grid_leader, group_leader):
    post = post_of(grid_leader)
    post.until_at = MONDAY + timedelta(hours=1)
    post.save()
    sweep(at=MONDAY + timedelta(minutes=59))
    request_case.refresh_from_db()
    assert request_case.holder.person == grid_leader
    sweep(at=MONDAY + timedelta(hours=1))
    request_case.refresh_from_db()
    assert request_case.holder.person == group_leader


def test_a_person_who_may_no_longer_sign_in_is_replaced(request_case, grid_leader, group_leader):
    grid_leader.is_active = False
    grid_leader.save()
    sweep(at=MONDAY)
    request_case.refresh_from_db()
    assert request_case.holder.person == group_leader


def test_one_bad_case_does_not_stop_the_line(defaults, town, staff, resident, monkeypatch):
    bad, good = submit(resident, town, key="bad"), submit(resident, town, key="good")
    handle = escalation._handle

    def stumble(case, at):
        if case.pk == bad.pk:
            raise RuntimeError("a fault of one case")
        handle(case, at)

    monkeypatch.setattr(escalation, "_handle", stumble)
    sweep(at=MONDAY)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert good.state == "dispatched"
    assert (bad.state, bad.wake_at) == ("submitted", MONDAY + PUSH_BACK)
    monkeypatch.undo()
    sweep(at=MONDAY + PUSH_BACK)
    bad.refresh_from_db()
    assert bad.state == "dispatched"


@pytest.mark.parametrize(("urgency", "due"), [("urgent", at(24, 9)), ("critical", at(23, 11))])
def test_what_is_urgent_is_promised_sooner(defaults, town, staff, resident, urgency, due):
    assert submit(resident, town, urgency=urgency).finish_by_at == due
