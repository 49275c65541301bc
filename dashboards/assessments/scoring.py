"""Points of an assessment, from what was measured and what was given by hand to totals, ranks and the weakest tenth. Pure.

Exact until the end: fractions, rounded once to hundredths where a number is written down. A total is the sum of the points
written down, so that whoever adds up the page comes to the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Generic, TypeVar

HUNDREDTH = Decimal("0.01")
FULL = 100
"""What the weights of a set add up to, extra points left out."""
LEAST_COUNTED = Fraction(1, 2)
"""Of its weights so much must be counted for a total: else one lucky indicator would make the first place."""
WEAKEST_SHARE = Fraction(1, 10)
Key = TypeVar("Key")


def rounded(exact: Fraction) -> Decimal:
    """To hundredths, halves up, as people round."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def short(number: Decimal) -> str:
    """As people write it: "10", "7.5"."""
    return f"{number.normalize():f}"


def reached(value: Fraction, floor: Fraction, target: Fraction) -> Fraction:
    """How much of an indicator's points a value is worth, 0 to 1: nothing at the floor or worse, all at the target or
    better, in between in proportion. Less is better where the target lies below the floor. From 0 to 100 % it is the share
    itself. Raises ZeroDivisionError where floor and target are one."""
    return max(Fraction(0), min(Fraction(1), (value - floor) / (target - floor)))


def mean_given(given: Sequence[Decimal], *, trim_from: int) -> Fraction | None:
    """What scorers gave on the average; from `trim_from` scorers on without one highest and one lowest (去掉最高最低分).
    None for nobody."""
    if not given:
        return None
    in_order = sorted(given)
    if len(in_order) >= max(trim_from, 3):
        in_order = in_order[1:-1]
    return sum((Fraction(points) for points in in_order), Fraction(0)) / len(in_order)


@dataclass(frozen=True)
class Line:
    """One indicator of one node."""

    weight: Decimal
    points: Decimal | None
    """None where it is left out: too few stand behind it, or nobody scored it."""
    is_bonus: bool = False


def total(lines: Iterable[Line]) -> Decimal | None:
    """Points together; what is left out passes its weight to the others in proportion. Extra points are added on top and
    stand in for nothing. None where less than half of the weights is counted."""
    lines = list(lines)
    base = [line for line in lines if not line.is_bonus]
    counted = [(line.weight, line.points) for line in base if line.points is not None]
    whole, share = sum(Fraction(line.weight) for line in base), sum(Fraction(weight) for weight, _ in counted)
    if not share or share < LEAST_COUNTED * whole:
        return None
    points = sum((Fraction(points) for _, points in counted), Fraction(0)) * whole / share
    extra = sum(Fraction(line.points) for line in lines if line.is_bonus and line.points is not None)
    return rounded(points + extra)


def ranks(totals: Mapping[Key, Decimal | None]) -> dict[Key, int | None]:
    """Those with the same total share a place, and the next ones come after all of them: 1, 2, 2, 4."""
    known = [total for total in totals.values() if total is not None]
    return {key: None if total is None else 1 + sum(other > total for other in known) for key, total in totals.items()}


@dataclass(frozen=True)
class Weakest(Generic[Key]):
    wanted: int
    """A tenth of those that have a total, rounded up."""
    chosen: list[Key]
    edge: Decimal
    """The total of the best of them."""

    @property
    def is_tied(self) -> bool:
        """Whether more were chosen than wanted, for those at the edge have the same total."""
        return len(self.chosen) > self.wanted


def weakest(totals: Mapping[Key, Decimal | None]) -> Weakest[Key] | None:
    """The lowest tenth, at least one. Nobody at the edge is let off by chance: who has the same total is in as well.
    None where nobody has a total."""
    in_order = sorted((total, place) for place, total in enumerate(totals.values()) if total is not None)
    if not in_order:
        return None
    wanted = -(-len(in_order) * WEAKEST_SHARE.numerator // WEAKEST_SHARE.denominator)
    edge = in_order[wanted - 1][0]
    return Weakest(wanted, [key for key, total in totals.items() if total is not None and total <= edge], edge)
