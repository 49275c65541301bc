"""What staff tune is kept in the process, and never older than the turn that goes by it."""

from datetime import date

import pytest
from django.db import connection, transaction

from cases.limits import running as limits
from cases.limits.clock import Unit
from cases.models import CalendarDay, RoutingRule, TimeLimit
from tests.support.cast import MONDAY


def finish() -> int:
    return limits.limit_for(kind="request", stage="finish", category=None, urgency="normal").amount


def by_queryset() -> None:
    TimeLimit.objects.filter(kind="request", stage="finish", category=None, urgency="").update(amount=3)


def by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_timelimit SET amount = 3 WHERE kind = 'request' AND stage = 'finish' AND category_id IS NULL"
        )


def one_more() -> None:
    TimeLimit.objects.filter(kind="request", stage="finish").delete()
    TimeLimit.objects.create(kind="request", stage="finish", amount=3, unit=Unit.WORK_DAY)


@pytest.mark.parametrize("change", [by_queryset, by_hand, one_more])
def test_a_limit_counts_as_soon_as_it_is_set(defaults, change):
    assert finish() != 3
    change()
    assert finish() == 3


def test_what_was_taken_back_never_counted(defaults):
    before = finish()

    def breaks() -> None:
        with transaction.atomic():
            by_queryset()
            assert finish() == 3
            raise InterruptedError

    with pytest.raises(InterruptedError):
        breaks()
    assert finish() == before


def test_a_day_off_counts_as_soon_as_it_is_announced(defaults):
    day = date(2026, 11, 24)
    assert day not in limits.calendar_around(MONDAY).off
    CalendarDay.objects.create(date=day, kind=CalendarDay.Kind.OFF)
    assert day in limits.calendar_around(MONDAY).off


def test_a_rule_that_is_put_out_of_use_sends_nobody_anywhere(defaults):
    assert limits.rulebook().routing_rules
    RoutingRule.objects.update(is_active=False)
    assert not limits.rulebook().routing_rules


def test_nothing_is_read_twice_while_nothing_changes(defaults, django_assert_num_queries):
    finish()
    with django_assert_num_queries(1):  # whether it still counts
        finish()
