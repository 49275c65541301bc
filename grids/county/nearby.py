"""The ten-minute circle (十分钟服务圈): which doors have a centre within a walk, and where one more would help most. Pure.

GB 50180-2018 draws its ten-minute circle at about 500 m of way. A way is longer than the straight line by the detour
factor, so a centre reaches every door within minutes × speed ÷ detour of it, as the crow flies: a disc on the ground. A
county is small enough for a flat ground: `Ground` lays degrees out in metres about one latitude, and everything of one
computation lies on the same ground."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, hypot, pi, radians, sin
from typing import Generic, TypeVar

EARTH = 6_371_008.8
"""Mean radius in metres."""
Point = tuple[float, float]
"""Latitude and longitude in degrees."""
Spot = tuple[float, float]
"""Metres east and north on a `Ground`."""
Key = TypeVar("Key", bound=Hashable)
RIM = 0.5
"""Metres by which a suggested place keeps away from the rim of who it would reach: nobody's ten minutes hang on rounding."""


@dataclass(frozen=True)
class Walk:
    """How far people walk: `minutes` at `speed` (metres a minute), where ways are `detour` times the straight line."""

    minutes: float
    speed: float
    detour: float

    @property
    def reach(self) -> float:
        """Metres, as the crow flies."""
        return self.minutes * self.speed / self.detour

    def minutes_for(self, straight: float) -> float:
        return straight * self.detour / self.speed


class Ground:
    """Flat ground about a latitude. Over a county's 60 km the metres of a walk are right to some centimetres."""

    def __init__(self, latitude: float) -> None:
        self._north = EARTH * pi / 180
        self._east = self._north * cos(radians(latitude))

    def spot(self, point: Point) -> Spot:
        return point[1] * self._east, point[0] * self._north

    def point(self, spot: Spot) -> Point:
        return spot[1] / self._north, spot[0] / self._east

    def metres(self, a: Point, b: Point) -> float:
        (ax, ay), (bx, by) = self.spot(a), self.spot(b)
        return hypot(ax - bx, ay - by)


@dataclass(frozen=True)
class Door(Generic[Key]):
    """A building: where it stands, how many households live in it (None: not known)."""

    key: Key
    point: Point
    households: int | None = None


@dataclass(frozen=True)
class Share:
    """Doors and households within the walk, of all that are counted. Where nothing is counted there is no share."""

    doors: int
    all_doors: int
    households: int
    all_households: int

    @property
    def of_doors(self) -> float | None:
        return self.doors / self.all_doors if self.all_doors else None

    @property
    def of_households(self) -> float | None:
        return self.households / self.all_households if self.all_households else None


@dataclass(frozen=True)
class Suggestion(Generic[Key]):
    """A place for one more centre, and whom it would reach that no centre reaches now."""

    point: Point
    doors: tuple[Door[Key], ...]

    @property
    def households(self) -> int:
        return sum(door.households or 0 for door in self.doors)


class Near:
    """Finds which of some points lie within reach of another, by squares of the ground as wide as the reach."""

    def __init__(self, points: Iterable[Point], *, reach: float, ground: Ground) -> None:
        self._reach, self._ground = reach, ground
        self._squares: dict[tuple[int, int], list[Spot]] = {}
        for spot in map(ground.spot, points):
            self._squares.setdefault(self._square(spot), []).append(spot)

    def _square(self, spot: Spot) -> tuple[int, int]:
        return int(spot[0] // self._reach), int(spot[1] // self._reach)

    def reaches(self, point: Point) -> bool:
        x, y = self._ground.spot(point)
        column, row = self._square((x, y))
        around = ((column + east, row + north) for east in (-1, 0, 1) for north in (-1, 0, 1))
        return any(
            hypot(x - cx, y - cy) <= self._reach for square in around for cx, cy in self._squares.get(square, ())
        )


def left_out(doors: Iterable[Door[Key]], centres: Iterable[Point], *, walk: Walk, ground: Ground) -> list[Door[Key]]:
    """Doors from which every centre is too far."""
    near = Near(centres, reach=walk.reach, ground=ground)
    return [door for door in doors if not near.reaches(door.point)]


def share(doors: Sequence[Door[Key]], out: Iterable[Door[Key]]) -> Share:
    """Of these doors, how many are not among those left `out`."""
    missed = {door.key for door in out}
    reached = [door for door in doors if door.key not in missed]
    return Share(len(reached), len(doors), _households(reached), _households(doors))


def _households(doors: Iterable[Door[Key]]) -> int:
    return sum(door.households or 0 for door in doors)


def nearest(
    point: Point, places: Iterable[Key], *, point_of: Callable[[Key], Point], ground: Ground
) -> list[tuple[float, Key]]:
    """Places with their distance in metres as the crow flies, nearest first; of those as near, in their order."""
    return sorted(
        ((ground.metres(point, point_of(place)), place) for place in places), key=lambda by_distance: by_distance[0]
    )


def best_spot(out: Sequence[Door[Key]], *, walk: Walk, ground: Ground) -> Suggestion[Key] | None:
    """Where on the ground one more centre would reach most households that none reaches now (of equals, most doors).

    Exact, not one of some candidates: a best disc can be pushed until some door it reaches lies on its rim. So for each
    door in turn, walk around the circle on which a centre has that door on its rim, and keep the stretch where the doors
    that are reached weigh most: O(n² log n) for n doors, n being those left out. None when nobody is left out."""
    reach = walk.reach - RIM
    weights = [(door.households or 0) * (len(out) + 1) + 1 for door in out]  # a household outweighs all doors
    spots = [ground.spot(door.point) for door in out]
    best: tuple[int, Spot] | None = None
    for centre in spots:
        gain, angle = _heaviest_stretch(centre, spots, weights, reach)
        if best is None or gain > best[0]:
            best = gain, (centre[0] + reach * cos(angle), centre[1] + reach * sin(angle))
    if best is None:
        return None
    point = ground.point(best[1])
    reached = Near([point], reach=walk.reach, ground=ground)
    return Suggestion(point, tuple(door for door in out if reached.reaches(door.point)))


def _heaviest_stretch(centre: Spot, spots: Sequence[Spot], weights: Sequence[int], reach: float) -> tuple[int, float]:
    """Of the circle of radius `reach` about `centre`, the middle of the stretch from which most weight is reached."""
    marks: list[tuple[float, bool, int]] = []
    total = 0
    for spot, weight in zip(spots, weights, strict=True):
        away = hypot(spot[0] - centre[0], spot[1] - centre[1])
        if away == 0:
            total += weight  # the door itself, and those in the same building
        elif away <= 2 * reach:
            middle, half = atan2(spot[1] - centre[1], spot[0] - centre[0]), acos(away / (2 * reach))
            begins, ends = (middle - half) % (2 * pi), (middle + half) % (2 * pi)
            total += weight if begins > ends else 0  # this stretch goes over the angle at which we begin
            marks += [(begins, False, weight), (ends, True, weight)]
    if not marks:
        return total, 0.0
    marks.sort()  # at one angle, who comes in goes before who goes out
    heaviest, angle = total, marks[0][0] / 2
    for number, (at, leaves, weight) in enumerate(marks):
        total += -weight if leaves else weight
        if total > heaviest:
            following = marks[number + 1][0] if number + 1 < len(marks) else 2 * pi
            heaviest, angle = total, (at + following) / 2
    return heaviest, angle
