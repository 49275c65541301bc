"""What the computed indicators of a set come to at many nodes: from the rollups, in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.conf import settings

from dashboards.assessments.scoring import reached, rounded, short
from dashboards.figures.measures import MEASURES
from dashboards.figures.periods import Period
from dashboards.figures.sums import SHARES, Sums, read_below
from dashboards.models import Indicator
from grids.models import Grid


@dataclass(frozen=True)
class Input:
    part: int
    whole: int | None = None
    """None where nothing is divided."""
    left_out: str = ""
    """Why it gives no points."""

    @property
    def exact(self) -> Fraction | None:
        if self.whole is None:
            return Fraction(self.part)
        return Fraction(self.part, self.whole) if self.whole else None


Inputs = dict[int, Input]
"""Indicator -> input, of one node."""


def read_inputs(indicators: Sequence[Indicator], nodes: Iterable[Grid], period: Period) -> dict[int, Inputs]:
    """Node -> its inputs, of the computed indicators alone."""
    computed = [indicator for indicator in indicators if not indicator.is_by_hand]
    sums = read_below(nodes, period)
    return {
        node: {indicator.pk: _input(indicator, flow, now) for indicator in computed}
        for node, (flow, now) in sums.items()
    }


def _input(indicator: Indicator, flow: Sums, now: Sums) -> Input:
    if indicator.source == Indicator.Source.SHARE:
        share = SHARES[indicator.code]
        part, whole = flow.of(share.part, share.kind), flow.of(share.whole, share.kind)
        least = settings.FIGURES_LEAST_BASE
        return Input(part, whole, "" if whole >= least else f"分母 {whole}，少于 {least}，不计分")
    part = _amount(indicator.code, flow, now)
    if not indicator.per:
        return Input(part)
    whole = _amount(indicator.per, flow, now)
    return Input(part, whole, "" if whole else f"没有{MEASURES[indicator.per].label}，不计分")


def _amount(measure: str, flow: Sums, now: Sums) -> int:
    return (flow if MEASURES[measure].day else now).of(measure)


def value_of(indicator: Indicator, measured: Input) -> Decimal | None:
    """As it is shown: per cent of a share, else how many."""
    if measured.exact is None:
        return None
    return rounded(measured.exact * _scale(indicator))


def points_of(indicator: Indicator, measured: Input) -> Decimal | None:
    if measured.left_out or measured.exact is None:
        return None
    floor, target = lines_of(indicator)
    portion = reached(measured.exact * _scale(indicator), Fraction(floor), Fraction(target))
    return rounded(portion * Fraction(indicator.weight))


def lines_of(indicator: Indicator) -> tuple[Decimal, Decimal]:
    """Where a computed one gives nothing and all; the database holds both."""
    assert indicator.floor is not None
    assert indicator.target is not None
    return indicator.floor, indicator.target


def _scale(indicator: Indicator) -> int:
    return 100 if indicator.source == Indicator.Source.SHARE else 1


def means_of(indicator: Indicator) -> str:
    """What is measured or looked at, in words."""
    if indicator.is_by_hand:
        return "；".join(
            words for words in (indicator.words, indicator.evidence and f"佐证：{indicator.evidence}") if words
        )
    if indicator.source == Indicator.Source.SHARE:
        return SHARES[indicator.code].means
    measure = MEASURES[indicator.code]
    means = f"{measure.label}：{measure.means}。" + (f"按{measure.day}计入。" if measure.day else "按核定那天计。")
    return f"{means}除以{MEASURES[indicator.per].label}数。" if indicator.per else means


def formula_of(indicator: Indicator, trim_from: int) -> str:
    """ "60 % 及以下 0 分，95 % 及以上 10 分，中间按比例"."""
    weight = short(indicator.weight)
    if indicator.is_by_hand:
        return f"{indicator.scorer_words}打分取平均，满分 {weight} 分；{trim_from} 人及以上去掉一个最高分、一个最低分"
    floor, target = lines_of(indicator)
    unit = " %" if indicator.source == Indicator.Source.SHARE else ""
    below, above = ("以下", "以上") if floor < target else ("以上", "以下")
    return f"{short(floor)}{unit} 及{below} 0 分，{short(target)}{unit} 及{above} {weight} 分，中间按比例"
