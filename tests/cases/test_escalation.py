"""Late cases climb the tree by themselves: reminded at half the time, told upward at the limit, moved up after it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from cases import escalation
from cases.engine.checks import unsound_cases
from cases.escalation import PUSH_BACK, sweep
from cases.models import Case, CaseEvent, Category
from grids.models import Post
from grids.posts.services import appoint, vacate
from tests.support.cast import MONDAY, ZONE, draw, post_of, submit
from tests.support.heard import heard


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
    assert heard("时限已过半", grid_leader)
    assert not group_leader.notices.exists()


def test_the_limit_tells_the_level_above(request_case, group_leader):
    sweep(at=at(23, 15, 31))
    assert verbs(request_case)[-2:] == ["remind", "overdue"]
    request_case.refresh_from_db()
    assert request_case.was_late
    assert heard("已超时，请督促", group_leader)


def test_half_as_long_again_moves_it_up_with_a_limit_of_its_own(request_case, grid_leader, group_leader, resident):
    sweep(at=at(23, 15, 31))
    sweep(at=at(24, 9))
    request_case.refresh_from_db()
    assert verbs(request_case)[-1] == "climb"
    assert request_case.holder.person == group_leader
    assert request_case.due_at == at(25, 18)
    assert heard("现由宜和佳苑第一党小组长 孙伟负责", resident)


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


@pytest.mark.parametrize("is_routed", [False, True], ids=["to_route", "to_remind"])
def test_one_bad_case_does_not_stop_the_line(defaults, town, staff, resident, monkeypatch, is_routed):
    bad, good = submit(resident, town, key="bad"), submit(resident, town, key="good")
    if is_routed:
        sweep(at=MONDAY)
    due, done = (Case.objects.get(pk=good.pk).wake_at, "remind") if is_routed else (MONDAY, "dispatch")
    handle = escalation._handle

    def stumble(case, at):
        if case.pk == bad.pk:
            raise RuntimeError("a fault of one case")
        handle(case, at)

    monkeypatch.setattr(escalation, "_handle", stumble)
    sweep(at=due)
    last = CaseEvent.objects.order_by("case", "-number").distinct("case").values_list("case", "verb")
    assert dict(last)[good.pk] == done
    assert dict(last)[bad.pk] != done
    assert Case.objects.get(pk=bad.pk).wake_at == due + PUSH_BACK
    monkeypatch.undo()
    sweep(at=due + PUSH_BACK)
    assert dict(last.all())[bad.pk] == done


def test_what_the_database_could_not_do_is_tried_again_by_the_next_sweep(defaults, town, staff, resident, monkeypatch):
    case = submit(resident, town)

    def fail(case, at):
        raise OperationalError("could not extend file: No space left on device")

    monkeypatch.setattr(escalation, "_handle", fail)
    sweep(at=MONDAY)
    monkeypatch.undo()
    sweep(at=MONDAY + timedelta(seconds=settings.SWEEP_SECONDS))
    case.refresh_from_db()
    assert case.state == "dispatched"


@pytest.mark.parametrize(("urgency", "due"), [("urgent", at(24, 9)), ("critical", at(23, 11))])
def test_what_is_urgent_is_promised_sooner(defaults, town, staff, resident, urgency, due):
    assert submit(resident, town, urgency=urgency).finish_by_at == due


@pytest.fixture
def climbed(request_case, grid_leader, group_leader) -> Case:
    """Signed, then left lying: the group leader has it since 4 December 9:00, the promise was 30 November."""
    draw(request_case, "sign", grid_leader, at=at(23, 10))
    sweep(at=at(30, 18, 1))
    sweep(at=december(4, 9))
    request_case.refresh_from_db()
    assert request_case.holder.person == group_leader
    assert request_case.due_at == december(7, 18)
    return request_case


def december(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


def test_going_on_after_a_climb_keeps_the_limit_of_ones_own(climbed, group_leader, resident):
    promised = climbed.finish_by_at
    draw(climbed, "start", group_leader, at=december(4, 10))
    assert (climbed.finish_by_at, climbed.due_at) == (promised, december(7, 18))
    sweep(at=december(4, 10, 1))
    climbed.refresh_from_db()
    assert verbs(climbed)[-1] == "start"
    assert climbed.holder.person == group_leader
    # It is late again, and climbs, when the limit of one's own is over.
    sweep(at=december(7, 18, 1))
    assert verbs(climbed)[-1] == "overdue"


def test_going_on_late_wins_no_time_and_is_reported_once(request_case, grid_leader, group_leader):
    draw(request_case, "sign", grid_leader, at=at(23, 10))
    sweep(at=at(30, 18, 1))
    draw(request_case, "start", grid_leader, at=december(1, 9))
    sweep(at=december(1, 9, 1))
    assert verbs(request_case)[-1] == "start"
    sweep(at=december(4, 9))
    request_case.refresh_from_db()
    assert verbs(request_case).count("overdue") == 1
    assert request_case.holder.person == group_leader


def test_signing_in_the_moment_the_promise_ends_gives_time_of_ones_own(defaults, town, staff, resident):
    case = submit(resident, town, urgency="urgent", category=Category.objects.get(path="环境卫生"))
    sweep(at=at(23, 9))
    case.refresh_from_db()
    end = case.finish_by_at
    draw(case, "sign", case.holder.person, at=end)
    assert case.due_at > end
    assert case.was_late


def test_signing_what_climbed_keeps_the_limit_of_ones_own(defaults, town, staff, resident):
    case = submit(resident, town, urgency="urgent", category=Category.objects.get(path="环境卫生"))
    sweep(at=at(23, 9))
    for hour in (10, 11):
        sweep(at=at(23, hour, 1))
    sweep(at=at(24, 9, 30))  # the promise of 24 hours has passed while nobody signed
    case.refresh_from_db()
    due, holder = case.due_at, case.holder
    assert case.finish_by_at < at(24, 10) < due
    draw(case, "sign", holder.person, at=at(24, 10))
    assert (case.due_at, case.was_late) == (due, True)
    sweep(at=at(24, 10, 1))
    case.refresh_from_db()
    assert (case.holder, verbs(case)[-1]) == (holder, "sign")


def test_whoever_gets_a_late_case_has_time_of_their_own(climbed, worker_at_desk, next_grid_leader, grid_leader):
    draw(climbed, "transfer", worker_at_desk, at=december(7, 9), post=post_of(grid_leader))
    draw(climbed, "sign", grid_leader, at=december(7, 10))
    assert climbed.due_at == december(8, 18)  # a working day from when they got it
    draw(climbed, "start", grid_leader, at=december(8, 17))
    assert climbed.due_at == december(8, 18)
    sweep(at=december(8, 17, 1))
    climbed.refresh_from_db()
    assert climbed.holder.person == grid_leader


def test_what_is_sent_up_late_is_not_taken_away_at_once(climbed, group_leader, branch_secretary):
    draw(climbed, "send_up", group_leader, at=december(7, 9))
    draw(climbed, "sign", branch_secretary, at=december(7, 10))
    sweep(at=december(7, 10, 1))
    climbed.refresh_from_db()
    assert climbed.holder.person == branch_secretary
    assert climbed.due_at == december(8, 18)


def test_an_heir_is_not_late_for_what_was_late_before(request_case, grid_leader, group_leader, neighbour, town):
    draw(request_case, "sign", grid_leader, at=at(23, 10))
    sweep(at=at(30, 18, 1))
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY)
    vacate(post=post_of(grid_leader), at=december(3, 11))
    sweep(at=december(3, 13))  # when it would have climbed
    request_case.refresh_from_db()
    assert request_case.holder.person == neighbour
    assert (request_case.finish_by_at, request_case.due_at) == (at(30, 18), december(4, 18))


def test_what_resumes_late_has_its_promise_anew(climbed, group_leader, secretary):
    draw(climbed, "shelve", secretary, at=december(4, 10), amount=30)
    resumed = datetime(2026, 12, 21, 9, tzinfo=ZONE)
    draw(climbed, "resume", group_leader, at=resumed)
    sweep(at=resumed + timedelta(minutes=1))
    assert climbed.due_at == climbed.finish_by_at > resumed
    assert verbs(climbed)[-1] == "resume"


def test_an_extension_does_not_cut_short_who_took_over_late(request_case, grid_leader, group_leader, branch_secretary):
    draw(request_case, "sign", grid_leader, at=at(23, 10))
    draw(request_case, "ask_extension", grid_leader, at=at(24, 10), amount=1)
    sweep(at=at(30, 18, 1))
    sweep(at=december(4, 9))
    draw(request_case, "grant_extension", branch_secretary, at=december(4, 10))
    assert (request_case.finish_by_at, request_case.due_at) == (december(1, 18), december(7, 18))
    assert (request_case.was_late, request_case.missed_at) == (True, at(30, 18))
    sweep(at=december(4, 10, 1))
    request_case.refresh_from_db()
    assert request_case.holder.person == group_leader


def test_nothing_is_reported_and_taken_away_in_one_sweep(request_case, grid_leader, group_leader):
    """After days without a worker too: whoever is told has half of the limit again."""
    sweep(at=at(27, 9))
    request_case.refresh_from_db()
    assert verbs(request_case)[-1] == "overdue"
    assert request_case.holder.person == grid_leader
    sweep(at=at(27, 11))
    assert verbs(request_case)[-1] == "climb"


def test_changing_the_category_to_a_limit_long_past_takes_nothing_away_at_once(
    request_case, grid_leader, worker_at_desk
):
    draw(request_case, "sign", grid_leader)
    category = Category.objects.get(path="公共设施/照明")
    draw(request_case, "reclassify", worker_at_desk, at=at(25, 9), category=category, urgency="critical")
    sweep(at=at(25, 9, 1))
    request_case.refresh_from_db()
    assert request_case.holder.person == grid_leader


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_find_one_heir(defaults, town, staff, resident, group_leader):
    cases = [submit(resident, town, key=f"key-{number}") for number in range(6)]
    sweep(at=MONDAY)
    Post.objects.filter(role="grid_leader", grid=town.grid).update(until_at=MONDAY + timedelta(minutes=1))

    def work(_):
        try:
            sweep(at=MONDAY + timedelta(minutes=2))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(work, range(8)))
    assert CaseEvent.objects.filter(verb="succeed").count() == len(cases)
    assert set(Case.objects.values_list("holder__person", flat=True)) == {group_leader.pk}


def test_an_heir_that_the_database_did_not_let_in_is_sought_again_by_the_next_sweep(
    request_case, grid_leader, monkeypatch
):
    Post.objects.filter(person=grid_leader).update(until_at=MONDAY + timedelta(minutes=1))

    def fail(*, case, at):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(escalation.acts, "succeed", fail)
    sweep(at=MONDAY + timedelta(minutes=2))
    monkeypatch.undo()
    sweep(at=MONDAY + timedelta(minutes=2, seconds=settings.SWEEP_SECONDS))
    assert verbs(request_case)[-1] == "succeed"


def test_a_case_without_an_heir_is_tried_again_later_and_stops_nobody(
    request_case, town, resident, grid_leader, monkeypatch
):
    other = submit(resident, town, key="other")
    sweep(at=MONDAY)
    Post.objects.filter(person=grid_leader).update(until_at=MONDAY + timedelta(minutes=1))
    tried = []
    succeed = escalation.acts.succeed

    def stumble(*, case, at):
        tried.append(case.pk)
        if case.pk == request_case.pk:
            raise RuntimeError("nobody in post")
        succeed(case=case, at=at)

    monkeypatch.setattr(escalation.acts, "succeed", stumble)
    for minutes in (2, 3, 4):
        sweep(at=MONDAY + timedelta(minutes=minutes))
    assert tried == [request_case.pk, other.pk]
    monkeypatch.undo()
    sweep(at=MONDAY + timedelta(minutes=2) + PUSH_BACK)
    assert verbs(request_case)[-1] == "succeed"


def test_what_was_sent_in_while_the_clock_ran_ahead_is_routed_now(defaults, town, staff, resident):
    case = submit(resident, town, at=MONDAY + timedelta(hours=1))
    sweep(at=MONDAY)
    case.refresh_from_db()
    assert case.state == "dispatched"


def test_an_heir_that_a_clock_running_ahead_sought_is_sought_again(request_case, grid_leader):
    Post.objects.filter(person=grid_leader).update(until_at=MONDAY + timedelta(minutes=1))
    Case.objects.filter(pk=request_case.pk).update(heir_sought_at=MONDAY + timedelta(hours=1))
    sweep(at=MONDAY + timedelta(minutes=2))
    assert verbs(request_case)[-1] == "succeed"
