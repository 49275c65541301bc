"""Hours are those of the agreed time that were served, points follow them, and years go by when a service was."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from hypothesis import example, given
from hypothesis import strategies as st

from cases.engine.turns import ArrowRefused, Given
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard
from tests.support.pages import MAIN, inside
from tests.volunteers.cast import VISIT
from volunteers.models import HoursEntry, PointsEntry, PointsExpiry, Volunteer
from volunteers.services import expiry, hours, orders, points, visits

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AGREED = VISIT + 2 * HOUR
"""When the visit of the cast is to end."""


@pytest.fixture
def taken(visit, ask, helper, point_rules):
    ask(visit, helper)
    orders.accept(case=visit, by=helper, at=MONDAY)
    return visit


def come_and_go(case, person, *, arrived, left) -> None:
    visits.check_in(case=case, by=person, at=arrived, code=case.service.door_code)
    visits.check_out(case=case, by=person, at=left, given=Given("做完了"))


def rate(case, person, *, at, score=4) -> None:
    draw(case, "rate", person, "好", at=at, score=score, is_solved=True)


def test_who_signs_out_the_next_morning_served_until_the_agreed_end(taken, helper, resident, worker_at_desk):
    come_and_go(taken, helper, arrived=VISIT, left=VISIT + 13 * HOUR)
    entry = HoursEntry.objects.get()
    assert (entry.hours, entry.minutes) == (2, 120)
    assert len(heard("签退晚于约定", worker_at_desk)) == 1
    rate(taken, resident, at=VISIT + 14 * HOUR)
    assert points.balance(helper) == 5 + 2 * 2


def test_the_organiser_confirms_what_was_done_longer_and_points_follow(taken, helper, resident, worker_at_desk):
    come_and_go(taken, helper, arrived=VISIT, left=AGREED + 90 * MINUTE)
    rate(taken, resident, at=AGREED + 2 * HOUR)
    page = signed_in(worker_at_desk).get(f"/cases/{taken.number}/")
    entry = HoursEntry.objects.get()
    assert "吴小红：120 分钟，记 2 小时" in inside(page, "//section[@aria-labelledby='service']//li")
    assert f"/admin/volunteers/hoursentry/{entry.pk}/correct" in page.content.decode()
    assert "120 分钟" not in inside(signed_in(resident).get(f"/cases/{taken.number}/"), MAIN)
    hours.correct(entry=entry, hours=3, reason="医院排队，家属证实", by=worker_at_desk, at=AGREED + 3 * HOUR)
    assert points.balance(helper) == 5 + 2 * 3


def test_hours_put_right_before_the_rating_are_what_is_awarded(taken, helper, resident, worker_at_desk):
    come_and_go(taken, helper, arrived=VISIT, left=AGREED)
    entry = HoursEntry.objects.get()
    hours.correct(entry=entry, hours=0, reason="没有去", by=worker_at_desk, at=AGREED)
    rate(taken, resident, at=AGREED + HOUR, score=5)
    assert points.balance(helper) == 0


def test_hours_taken_back_take_their_points_and_what_was_countered_stays(taken, helper, resident, worker_at_desk):
    come_and_go(taken, helper, arrived=VISIT, left=AGREED)
    rate(taken, resident, at=AGREED + HOUR, score=5)
    for_praise = PointsEntry.objects.get(key__endswith=":praise")
    points.correct(entry=for_praise, reason="评错了", by=worker_at_desk, at=AGREED + 2 * HOUR)
    hours.correct(entry=HoursEntry.objects.get(), hours=0, reason="没有去", by=worker_at_desk, at=AGREED + 3 * HOUR)
    assert points.balance(helper) == 0
    assert set(PointsEntry.objects.filter(key__startswith="hours:").values_list("points", flat=True)) == {-5, -4}


def test_in_and_out_in_a_minute_earns_nothing(taken, helper, resident):
    come_and_go(taken, helper, arrived=VISIT, left=VISIT + MINUTE)
    rate(taken, resident, at=VISIT + HOUR, score=5)
    assert points.balance(helper) == 0
    assert HoursEntry.objects.get().hours == 0


def test_nobody_signs_out_before_it_began(taken, helper, worker_at_desk, resident):
    early = VISIT - 30 * MINUTE
    visits.check_in(case=taken, by=helper, at=early, code=taken.service.door_code)
    with pytest.raises(ArrowRefused, match="还没到约定的时间"):
        visits.check_out(case=taken, by=helper, at=early, given=Given("做完了"))
    assert not HoursEntry.objects.exists()
    draw(taken, "finish_for", worker_at_desk, "提前做完了", at=VISIT - 5 * MINUTE)
    rate(taken, resident, at=VISIT + HOUR, score=5)
    assert points.balance(helper) == 0  # until the organiser confirms how long it was
    hours.correct(entry=HoursEntry.objects.get(), hours=1, reason="提前一小时去的", by=worker_at_desk, at=AGREED)
    assert points.balance(helper) == 5 + 2 + 3


def test_what_was_agreed_shorter_than_the_least_counts_when_served_whole(
    open_visit, ask, helper, resident, point_rules
):
    case = ask(open_visit(ends_at=VISIT + 10 * MINUTE), helper)
    orders.accept(case=case, by=helper, at=MONDAY)
    come_and_go(case, helper, arrived=VISIT, left=VISIT + 10 * MINUTE)
    rate(case, resident, at=VISIT + HOUR)
    assert points.balance(helper) == 5


def test_nobody_serves_at_two_places_at_once(open_visit, ask, helper):
    first, second = (ask(open_visit(title=title), helper) for title in ("取药", "修灯"))
    for case in (first, second):
        orders.accept(case=case, by=helper, at=MONDAY)
    visits.check_in(case=first, by=helper, at=VISIT, code=first.service.door_code)
    with pytest.raises(ArrowRefused, match="还没有从“取药”签退"):
        visits.check_in(case=second, by=helper, at=VISIT, code=second.service.door_code)
    visits.check_out(case=first, by=helper, at=VISIT + HOUR, given=Given("好了"))
    visits.check_in(case=second, by=helper, at=VISIT + HOUR, code=second.service.door_code)
    assert second.state == "serving"


def test_the_ranking_of_a_year_is_of_what_was_served_in_it(open_visit, ask, helper):
    """Served on New Year's Eve, signed out and published in the new year."""
    Volunteer.objects.filter(person=helper).update(is_ranked=True)
    eve = VISIT.replace(month=12, day=31, hour=20)
    case = ask(open_visit(begins_at=eve, ends_at=eve + 2 * HOUR), helper)
    orders.accept(case=case, by=helper, at=MONDAY)
    come_and_go(case, helper, arrived=eve, left=eve + 6 * HOUR)
    assert localdate(HoursEntry.objects.get().noted_at).year == 2027
    assert hours.ranking(at=eve + timedelta(days=20)) == []
    assert hours.counted(helper, at=eve + timedelta(days=20)) == 2


def test_points_are_of_the_year_of_their_service_and_lapse_only_when_they_were_there(open_visit, ask, helper, resident):
    """Served in 2026, awarded in 2027: with 2026 they could not lapse, with 2027 they do."""
    PointsExpiry.objects.create(from_date=date(2026, 6, 1), years=0)
    eve = VISIT.replace(month=12, day=30)
    case = ask(open_visit(begins_at=eve, ends_at=eve + 2 * HOUR), helper)
    orders.accept(case=case, by=helper, at=MONDAY)
    come_and_go(case, helper, arrived=eve, left=eve + 2 * HOUR)
    rate(case, resident, at=eve + timedelta(days=4))
    assert points.balance(helper) == 5 + 2 * 2
    assert expiry.expire(year=2026, at=eve + timedelta(days=5)) == 0
    assert expiry.lapsing_of(helper, year=2027) == 9
    PointsExpiry.objects.create(from_date=date(2027, 6, 1), years=1)
    assert expiry.lapsing_of(helper, year=2027) == 9  # of 2026, kept one more year


OFFSET = st.integers(-60, 15 * 60)
"""Minutes from the agreed beginning."""


@given(length=st.integers(1, 24 * 60), arrived=OFFSET, stayed=st.integers(0, 15 * 60))
@example(length=120, arrived=0, stayed=13 * 60)
@example(length=120, arrived=-30, stayed=0)
def test_minutes_served_are_those_of_the_agreed_time_one_was_there(length, arrived, stayed):
    """Counted minute by minute, as somebody with a clock would."""
    there = sum(arrived <= minute < arrived + stayed for minute in range(length))
    served = hours.served_minutes(
        arrived_at=VISIT + arrived * MINUTE,
        left_at=VISIT + (arrived + stayed) * MINUTE,
        begins_at=VISIT,
        ends_at=VISIT + length * MINUTE,
    )
    assert served == there


@pytest.mark.parametrize(
    ("arrived", "stayed", "corrected", "score"),
    [(-60, 75, None, 5), (-10, 24, None, 5), (0, 14, None, 5), (0, 15, None, 5), (0, 59, None, 4), (0, 60, None, 5),
     (0, 119, None, 3), (60, 600, None, 5), (119, 60, None, 5), (0, 1, 2, 5), (0, 120, 1, 4), (0, 700, 4, 5), (90, 60, None, 5)],
)  # fmt: skip
def test_points_are_worth_the_hours_whatever_way_they_came(
    taken, helper, resident, worker_at_desk, arrived, stayed, corrected, score
):
    """5 a service, 2 an hour, 3 for praise; nothing for less than a quarter of an hour. Put right before or after the
    rating, they come to the same."""
    begin = VISIT + arrived * MINUTE
    come_and_go(taken, helper, arrived=begin, left=max(begin + stayed * MINUTE, VISIT))
    minutes = max(0, min(arrived + stayed, 120) - max(arrived, 0))
    served = minutes if corrected is None else corrected * 60
    rate(taken, resident, at=VISIT + 20 * HOUR, score=score)
    if corrected is not None:
        correction = {"entry": HoursEntry.objects.get(), "reason": "核实过", "by": worker_at_desk}
        hours.correct(**correction, hours=corrected, at=VISIT + 21 * HOUR)
    expected = 5 + 2 * (served // 60) + 3 * (score == 5) if served >= 15 else 0
    assert points.balance(helper) == expected


def test_a_correction_is_refused_to_who_served(taken, helper, worker_at_desk):
    come_and_go(taken, helper, arrived=VISIT, left=AGREED)
    with pytest.raises(ValidationError, match="不由您更正"):
        hours.correct(entry=HoursEntry.objects.get(), hours=9, reason="做了很久", by=helper, at=AGREED)
