"""Points that lapse at the end of a year by published rules: told ahead, taken by a counter-entry, the oldest spent first."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from cases.limits.clock import ZONE
from cases.models import Case
from tests.support.cast import signed_in
from tests.support.heard import heard, heard_once
from volunteers.models import PointsEntry, PointsExpiry, Reward, ServiceOrder
from volunteers.services import expiry, points


def on(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


NEW_YEAR = on(2027, 1, 1, 1)


@pytest.fixture
def at_years_end(db) -> PointsExpiry:
    return PointsExpiry.objects.create(from_date=date(2026, 6, 1), years=0, words="当年用完")


@pytest.fixture
def umbrella(town) -> Reward:
    return Reward.objects.create(name="雨伞", points=4, stocked=99, grid=town.estate, place="邻里服务中心")


@pytest.fixture
def give(open_visit: Callable[..., Case]):
    """Points for a service that was done just then."""

    def award(person, amount: int, at: datetime) -> PointsEntry:
        key = f"test:{PointsEntry.objects.count()}"
        case = open_visit()
        ServiceOrder.objects.filter(case=case).update(begins_at=at, ends_at=at + timedelta(minutes=1))
        return PointsEntry.objects.create(person=person, points=amount, words="服务", case=case, noted_at=at, key=key)

    return award


def test_without_a_rule_nothing_lapses(helper, give):
    give(helper, 10, on(2020, 1, 1))
    assert expiry.run(at=NEW_YEAR) == 0
    PointsExpiry.objects.create(from_date=date(2026, 1, 1), years=None)
    assert expiry.run(at=NEW_YEAR) == 0
    assert points.balance(helper) == 10


def test_what_is_left_of_the_year_lapses_once_by_a_counter_entry(helper, give, at_years_end, umbrella):
    give(helper, 10, on(2026, 3, 1))
    points.redeem(reward=umbrella, person=helper, at=on(2026, 12, 1))
    give(helper, 5, on(2027, 1, 1, 0))
    assert expiry.run(at=on(2026, 12, 31, 23)) == 0
    assert [expiry.run(at=NEW_YEAR) for _ in range(3)] == [1, 0, 0]
    entry = PointsEntry.objects.get(expiry=at_years_end)
    assert (entry.points, entry.words) == (-6, "2026 年及以前的积分到期")
    assert points.balance(helper) == 5  # what the new year brought stays
    assert expiry.run(at=on(2027, 6, 1)) == 0


def test_the_oldest_points_are_spent_first(helper, give, umbrella, db):
    PointsExpiry.objects.create(from_date=date(2026, 1, 1), years=1)
    give(helper, 6, on(2025, 5, 1))
    give(helper, 9, on(2026, 5, 1))
    points.redeem(reward=umbrella, person=helper, at=on(2026, 6, 1))
    assert expiry.run(at=NEW_YEAR) == 1
    assert points.balance(helper) == 9  # 2 were left of 2025
    assert expiry.run(at=on(2028, 1, 1, 1)) == 1
    assert points.balance(helper) == 0


def test_whoever_exchanged_before_the_nightly_run_was_in_time(helper, give, at_years_end, umbrella):
    give(helper, 10, on(2026, 3, 1))
    points.redeem(reward=umbrella, person=helper, at=on(2027, 1, 1, 0))
    expiry.run(at=NEW_YEAR)
    assert points.balance(helper) == 0
    assert PointsEntry.objects.get(expiry=at_years_end).points == -6


def test_given_back_and_corrected_points_are_counted_right(helper, give, at_years_end, umbrella, worker_at_desk):
    wrong = give(helper, 7, on(2026, 3, 1))
    give(helper, 10, on(2026, 4, 1))
    points.correct(entry=wrong, reason="重复", by=worker_at_desk, at=on(2026, 5, 1))
    back = points.redeem(reward=umbrella, person=helper, at=on(2026, 6, 1))
    points.cancel(redemption=back, by=helper, at=on(2026, 7, 1))
    expiry.run(at=NEW_YEAR)
    assert PointsEntry.objects.get(expiry=at_years_end).points == -10
    assert points.balance(helper) == 0


def test_it_is_told_a_month_ahead_and_once(helper, other_helper, give, at_years_end):
    give(helper, 10, on(2026, 3, 1))
    expiry.run(at=on(2026, 11, 30))
    assert not heard("到期", helper)
    for day in (2, 3, 31):
        expiry.run(at=on(2026, 12, day))
    assert heard_once("到期", helper).words == "您有 10 积分到 2026 年 12 月 31 日到期，可以先兑换"
    assert not heard("到期", other_helper)


def test_the_rule_in_force_on_the_last_day_counts(helper, give, at_years_end):
    give(helper, 10, on(2026, 3, 1))
    PointsExpiry.objects.create(from_date=date(2026, 12, 31), years=None)
    PointsExpiry.objects.create(from_date=date(2027, 1, 1), years=0)
    assert expiry.run(at=NEW_YEAR) == 0


def test_rules_and_what_will_lapse_are_read_by_everybody_and_the_owner(helper, give, client):
    this_year = timezone.localdate().year
    PointsExpiry.objects.create(from_date=date(this_year, 1, 1), years=0, words="街道 3 号文")
    assert "积分保留到当年年底" in client.get("/volunteers/rules/").content.decode()
    give(helper, 10, timezone.now())
    assert "有 10 积分到今年 12 月 31 日到期" in signed_in(helper).get("/volunteers/ledger/").content.decode()


def test_a_rule_is_published_a_month_ahead(staff, kinds):
    desk, url = signed_in(staff["county_admin"]), "/admin/volunteers/pointsexpiry/add/"
    today = timezone.localdate()
    assert "至少提前 30 天" in desk.post(url, {"from_date": today.isoformat(), "years": 0}).content.decode()
    later = today.replace(year=today.year + 1)
    assert desk.post(url, {"from_date": later.isoformat(), "years": 0, "words": ""}).status_code == 302
    assert PointsExpiry.objects.get().says == "积分保留到当年年底，到期清零，先得的先用"
