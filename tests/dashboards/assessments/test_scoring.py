"""Points, totals, places, the weakest tenth: what holds for any numbers."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dashboards.assessments.scoring import Line, mean_given, ranks, reached, rounded, short, total, weakest

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of what is tested."""
numbers = some.fractions(min_value=0, max_value=1000, max_denominator=1000)
points = some.decimals(min_value=0, max_value=100, places=2)
weights = some.decimals(min_value=1, max_value=50, places=2)
totals = some.dictionaries(some.integers(), some.none() | points, max_size=60)


@some.composite
def lines(draw, *, may_be_bonus=True):
    weight = draw(weights)
    given_points = draw(some.none() | some.decimals(min_value=0, max_value=weight, places=2))
    return Line(weight, given_points, draw(some.booleans()) if may_be_bonus else False)


@patient
@given(value=numbers, floor=numbers, target=numbers)
def test_a_share_of_the_points_lies_between_none_and_all(value, floor, target):
    if floor != target:
        assert 0 <= reached(value, floor, target) <= 1
        assert reached(floor, floor, target) == 0
        assert reached(target, floor, target) == 1


@patient
@given(less=numbers, more=numbers, floor=numbers, target=numbers)
def test_better_never_gives_less(less, more, floor, target):
    less, more = sorted((less, more))
    if floor < target:
        assert reached(less, floor, target) <= reached(more, floor, target)
    elif target < floor:
        assert reached(less, floor, target) >= reached(more, floor, target)


def test_from_nothing_to_all_it_is_the_share_itself():
    assert reached(Fraction(37), Fraction(0), Fraction(100)) == Fraction(37, 100)
    assert reached(Fraction(5), Fraction(20), Fraction(0)) == Fraction(3, 4)  # 退单率 5 %, none is best


@patient
@given(given_points=some.lists(points, min_size=1, max_size=30), trim_from=some.integers(3, 10))
def test_a_mean_lies_among_what_was_given(given_points, trim_from):
    mean = mean_given(given_points, trim_from=trim_from)
    assert min(given_points) <= mean <= max(given_points)


def test_one_highest_and_one_lowest_are_left_out_when_there_are_enough():
    five = [Decimal(number) for number in (0, 8, 8, 9, 10)]
    assert mean_given(five, trim_from=5) == Fraction(25, 3)
    assert mean_given(five, trim_from=6) == 7
    assert mean_given([], trim_from=5) is None


@patient
@given(some.lists(lines(), max_size=20))
def test_a_total_lies_between_nothing_and_all_weights(scored):
    came_to = total(scored)
    if came_to is not None:
        assert 0 <= came_to <= sum(line.weight for line in scored) + Decimal("0.01")


@patient
@given(some.lists(lines(may_be_bonus=False), min_size=1, max_size=20))
def test_full_points_in_all_that_counts_are_the_whole(scored):
    full = [Line(line.weight, line.weight if line.points is not None else None) for line in scored]
    came_to = total(full)
    assert came_to is None or came_to == sum(line.weight for line in scored)


@patient
@given(some.lists(lines(), min_size=1, max_size=12), some.data())
def test_more_points_never_lower_a_total(scored, data):
    place = data.draw(some.integers(0, len(scored) - 1))
    line = scored[place]
    if line.points is not None:
        better = [*scored[:place], Line(line.weight, line.weight, line.is_bonus), *scored[place + 1 :]]
        if total(scored) is not None:
            assert total(better) >= total(scored)


def test_what_is_left_out_passes_its_weight_on():
    assert total([Line(Decimal(40), Decimal(20)), Line(Decimal(60), None)]) is None  # less than half is counted
    assert total([Line(Decimal(60), Decimal(30)), Line(Decimal(40), None)]) == 50
    assert total([Line(Decimal(100), Decimal(70)), Line(Decimal(5), Decimal(3), True)]) == 73
    assert total([Line(Decimal(100), Decimal(70)), Line(Decimal(5), None, True)]) == 70


@patient
@given(totals)
def test_places_follow_totals(scores):
    places = ranks(scores)
    known = [key for key in scores if scores[key] is not None]
    assert all(places[key] is None for key in scores if key not in known)
    for key in known:
        assert places[key] == 1 + sum(scores[other] > scores[key] for other in known)
    assert not known or min(places[key] for key in known) == 1


@patient
@given(totals)
def test_the_weakest_are_a_tenth_and_those_tied_with_it(scores):
    known = {key: score for key, score in scores.items() if score is not None}
    last = weakest(scores)
    if not known:
        assert last is None
        return
    assert last.wanted == math.ceil(len(known) / 10) >= 1
    assert len(last.chosen) >= last.wanted
    assert last.is_tied == (len(last.chosen) > last.wanted)
    left = [score for key, score in known.items() if key not in last.chosen]
    assert all(score > last.edge for score in left)
    assert max(known[key] for key in last.chosen) == last.edge
    assert sum(known[key] < last.edge for key in known) < last.wanted


@pytest.mark.parametrize(("exact", "written"), [(Fraction(1, 200), "0.01"), (Fraction(2, 3), "0.67"), (7, "7.00")])
def test_numbers_are_rounded_as_people_do(exact, written):
    assert str(rounded(Fraction(exact))) == written


def test_numbers_are_written_short():
    assert [short(Decimal(text)) for text in ("10.00", "7.50", "100", "0.00")] == ["10", "7.5", "100", "0"]
