"""The ten-minute circle against a reference that asks every pair, and the suggested place against everything else."""

import random
from itertools import combinations
from math import cos, hypot, isclose, pi, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grids.county.nearby import RIM, Door, Ground, Walk, best_spot, left_out, nearest, share

SEAT = (27.3654, 118.8587)
GROUND = Ground(SEAT[0])
WALK = Walk(minutes=10, speed=50, detour=1.25)
near_town = st.tuples(st.floats(27.35, 27.38), st.floats(118.84, 118.88))
some_doors = st.lists(st.tuples(near_town, st.none() | st.integers(0, 40)), max_size=12).map(
    lambda rows: [Door(number, point, households) for number, (point, households) in enumerate(rows)]
)


def metres(a, b):
    """By degrees, without the code under test."""
    north = 6_371_008.8 * pi / 180
    return hypot((a[0] - b[0]) * north, (a[1] - b[1]) * north * cos(radians(SEAT[0])))


def gain_at(point, doors, reach=WALK.reach):
    """Households, then doors, that a centre at this point reaches: each distance asked."""
    reached = [door for door in doors if metres(point, door.point) <= reach]
    return sum(door.households or 0 for door in reached), len(reached)


def test_ten_minutes_are_500_metres_of_way_and_400_as_the_crow_flies():
    assert WALK.reach == 400
    assert WALK.minutes_for(400) == 10


@given(doors=some_doors, centres=st.lists(near_town, max_size=8))
@settings(max_examples=200, deadline=None)
def test_who_is_reached_is_as_every_pair_says(doors, centres):
    out = left_out(doors, centres, walk=WALK, ground=GROUND)
    expected = {door.key for door in doors if all(metres(door.point, centre) > WALK.reach for centre in centres)}
    assert {door.key for door in out} == expected
    reached = [door for door in doors if door.key not in expected]
    reach = share(doors, out)
    assert (reach.doors, reach.all_doors) == (len(reached), len(doors))
    assert reach.households == sum(door.households or 0 for door in reached)
    assert reach.all_households == sum(door.households or 0 for door in doors)


def test_nothing_to_count_is_no_share():
    assert share([], []).of_doors is None
    assert share([Door(1, SEAT)], []).of_households is None


@given(doors=some_doors.filter(bool))
@settings(max_examples=200, deadline=None)
def test_no_place_is_better_than_the_suggested_one(doors):
    """A best disc can be pushed until two doors lie on its rim, or one: all such discs are tried."""
    best = best_spot(doors, walk=WALK, ground=GROUND)
    gain = gain_at(best.point, doors)
    assert gain == (best.households, len(best.doors))
    assert gain >= max(gain_at(point, doors, WALK.reach - RIM) for point in _discs(doors))


def _discs(doors):
    reach = WALK.reach - RIM - 1e-6
    yield from (door.point for door in doors)
    spots = [GROUND.spot(door.point) for door in doors]
    for (ax, ay), (bx, by) in combinations(spots, 2):
        away = hypot(ax - bx, ay - by)
        if 0 < away <= 2 * reach:
            off = (reach**2 - away**2 / 4) ** 0.5
            for side in (off, -off):
                yield GROUND.point(((ax + bx) / 2 - (by - ay) / away * side, (ay + by) / 2 + (bx - ax) / away * side))


@pytest.mark.parametrize("seed", range(5))
def test_the_suggested_place_beats_200_random_places(seed):
    chance = random.Random(seed)
    doors = [
        Door(number, (chance.uniform(27.35, 27.38), chance.uniform(118.84, 118.88)), chance.randint(0, 30))
        for number in range(400)
    ]
    centres = [(chance.uniform(27.35, 27.38), chance.uniform(118.84, 118.88)) for _ in range(10)]
    out = left_out(doors, centres, walk=WALK, ground=GROUND)
    best = best_spot(out, walk=WALK, ground=GROUND)
    gain = gain_at(best.point, out)
    tried = [(chance.uniform(27.35, 27.38), chance.uniform(118.84, 118.88)) for _ in range(200)]
    assert gain > max(gain_at(point, out) for point in tried)
    after = left_out(doors, [*centres, best.point], walk=WALK, ground=GROUND)
    assert len(out) - len(after) == len(best.doors)


def test_nobody_left_out_needs_no_place():
    assert best_spot([], walk=WALK, ground=GROUND) is None


def test_the_nearest_come_first():
    places = {"远": (27.40, 118.86), "近": (27.366, 118.859), "中": (27.37, 118.86)}
    by_distance = nearest(SEAT, places, point_of=lambda name: places[name], ground=GROUND)
    assert [name for _, name in by_distance] == ["近", "中", "远"]
    assert all(isclose(away, metres(SEAT, places[name])) for away, name in by_distance)
