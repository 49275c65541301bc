"""Figures of a node: sums of rollups, and shares of them. Each is said once here, leads to the list behind it, and says
nothing ("—") where there is nothing to divide by.

三率 as 接诉即办 defines them (北京市接诉即办工作条例 32): 响应 of those due to be answered, 解决 and 满意 of those whose asker
was reached. Their weights are settings shown beside the score, for no published ones hold here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, Sum
from django.urls import reverse

from cases.workflow import WORKFLOWS
from dashboards.figures.counting import NO_DAY
from dashboards.figures.measures import LENGTHS, MEASURES, class_words, label_of, length_measures, percentile, wilson
from dashboards.figures.periods import Period
from dashboards.models import Rollup, Span
from grids.models import Grid

NOTHING = "—"


@dataclass(frozen=True)
class Share:
    """One measure of another."""

    label: str
    part: str
    whole: str
    kind: str = ""
    """Of cases of this kind alone; "" for all."""
    is_good: bool = True
    """Whether more is better."""

    @property
    def means(self) -> str:
        part, whole = MEASURES[self.part], MEASURES[self.whole]
        formula = f"{part.label} ÷ {whole.label}。{part.label}：{part.means}。{whole.label}：{whole.means}。"
        return f"{formula}{means_of_kind(self.kind)}" + (f"按{whole.day}计入。" if whole.day else "")


def named(label: str, kind: str, *, of_kind: str = "") -> str:
    """ "诉求登记" of one kind, "登记" of all: one label never says two numbers. What is counted of one kind alone
    (`of_kind`) is named as it is."""
    return f"{WORKFLOWS[kind].label}{label}" if kind in WORKFLOWS and kind != of_kind else label


def means_of_kind(kind: str) -> str:
    """ "只算诉求。"; "" of all kinds."""
    return f"只算{WORKFLOWS[kind].label}。" if kind in WORKFLOWS else ""


SHARES: dict[str, Share] = {
    "response": Share("响应率", "responded", "due_response", "request"),
    "solved": Share("解决率", "solved", "rated", "request"),
    "satisfied": Share("满意率", "satisfied", "rated", "request"),
    "in_time": Share("按时办结率", "in_time", "due_finish"),
    "sent_back": Share("退单率", "sent_back", "dispatched", "request", is_good=False),
    "redone": Share("重办率", "redone", "finished", "request", is_good=False),
    "unrated": Share("未评价率", "unrated", "asked", is_good=False),
    "mediation": Share("调解成功率", "settled", "concluded", "dispute"),
    "in_building": Share("小事不出楼栋率", "in_building", "concluded", "dispute"),
    "coverage": Share("网格长覆盖率", "led", "grids"),
}
THREE = ("response", "solved", "satisfied")


class Sums(Counter[tuple[str, str]]):
    """(kind, measure) -> how much, of one node in one period."""

    def add(self, kind: str, amounts: dict[str, int]) -> None:
        for measure, amount in amounts.items():
            self[kind, measure] += amount

    def of(self, measure: str, kind: str = "") -> int:
        """Of one kind, or of all."""
        if kind:
            return self[kind, measure]
        return sum(amount for (_, name), amount in self.items() if name == measure)

    def share(self, code: str) -> float | None:
        """Between 0 and 1; None where there is nothing to divide by."""
        share = SHARES[code]
        whole = self.of(share.whole, share.kind)
        return self.of(share.part, share.kind) / whole if whole else None

    def classes(self, length: str, kind: str = "") -> list[int]:
        return [self.of(measure, kind) for measure in length_measures(length)]


@dataclass(frozen=True)
class Reading:
    """What a node came to, period by period, and what it has now."""

    node: Grid | None
    period: Period
    series: dict[Period, Sums]
    """Of the periods of its trend, oldest first."""
    standing: Sums
    """How many there are now."""

    @property
    def now(self) -> Sums:
        return self.series[self.period]

    @property
    def before(self) -> Sums:
        return self.series.get(self.period.before, Sums())

    def at(self, period: Period) -> "Reading":
        """The same, seen from another period of the trend."""
        return replace(self, period=period)


def read(node: Grid | None, period: Period) -> Reading:
    """One query of the node's own rows, however much lies below it."""
    periods = period.trend
    span = Span.MONTH if period.is_of_months else Span.DAY
    rows = Rollup.objects.at(node).filter(
        Q(span=span, day__range=(periods[0].first, period.last)) | Q(span=Span.NOW, day=NO_DAY)
    )
    series = {point: Sums() for point in periods}
    standing = Sums()
    for row_span, day, kind, amounts in rows.values_list("span", "day", "kind", "amounts"):
        into = standing if row_span == Span.NOW else series[Period.of(period.code, day)]
        into.add(kind, amounts)
    return Reading(node, period, series, standing)


def read_below(nodes: Iterable[Grid], period: Period) -> dict[int, tuple[Sums, Sums]]:
    """Node id -> (in the period, now), for many nodes in one query."""
    span = Span.MONTH if period.is_of_months else Span.DAY
    rows = Rollup.objects.filter(node__in=[node.pk for node in nodes]).filter(
        Q(span=span, day__range=period.days) | Q(span=Span.NOW, day=NO_DAY)
    )
    sums: dict[int, tuple[Sums, Sums]] = {node.pk: (Sums(), Sums()) for node in nodes}
    for node, row_span, kind, amounts in rows.values_list("node", "span", "kind", "amounts"):
        sums[node][row_span == Span.NOW].add(kind, amounts)
    return sums


def amount(node: Grid | None, measure: str, *, kind: str = "", days: tuple[date, date] | None = None) -> int:
    """One figure by itself; without `days` since the portal began, or how many there are now."""
    rows = Rollup.objects.at(node).measured(measure)
    rows = rows.filter(kind=kind) if kind else rows
    if days is None:
        rows = rows.filter(span__in=(Span.MONTH, Span.NOW))
    else:
        is_of_months = days[0].day == 1 and (days[1] + timedelta(days=1)).day == 1
        rows = rows.filter(span=Span.MONTH if is_of_months else Span.DAY, day__range=days)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def number(amount: int) -> str:
    """ "4,332"."""
    return f"{amount:,}"


def percent(part: int, whole: int) -> str:
    """ "98.99 %"; "—" where there is nothing to divide by."""
    return f"{100 * part / whole:.2f} %" if whole else NOTHING


def percent_of_many(part: int, whole: int) -> str:
    """The same where the share stands large or alone and what it is of is overlooked: "—" too where that is so little that
    the share says nothing."""
    return percent(part, whole) if whole >= settings.FIGURES_LEAST_BASE else NOTHING


def hours(length: float | None) -> str:
    """ "3.5 小时", "4.2 天"; "—" for none."""
    if length is None:
        return NOTHING
    return f"{length:.1f} 小时" if length < 72 else f"{length / 24:.1f} 天"


@dataclass(frozen=True)
class Scope:
    """Where and when: what an address of a list needs."""

    node: Grid | None
    period: Period

    def opens(self, measure: str, kind: str = "") -> str:
        """The list behind a measure. Of how many there are now, the period says nothing."""
        query = {"kind": kind} if kind else {}
        if measure not in MEASURES or MEASURES[measure].day:
            query |= {"period": self.period.code, "on": self.period.first.isoformat()}
        name, args = (
            ("dashboards:behind", [self.node.pk, measure]) if self.node else ("dashboards:behind-county", [measure])
        )
        return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True)
class Number:
    """A measure as it is shown: how much, than before, and where its list is."""

    measure: str
    label: str
    amount: int
    unit: str
    means: str
    path: str
    before: int | None = None

    @property
    def words(self) -> str:
        return number(self.amount)

    @property
    def change(self) -> str:
        """ "比上期 +3"; "" where nothing is compared."""
        if self.before is None:
            return ""
        return f"{self.amount - self.before:+,}" if self.amount != self.before else "持平"


def figure(
    measure: str, amount: int, path: str, *, kind: str = "", label: str = "", before: int | None = None
) -> Number:
    definition = MEASURES[measure]
    means = f"{definition.means}。{means_of_kind(kind)}" + (f"按{definition.day}计入。" if definition.day else "")
    label = label or named(definition.label, kind, of_kind=definition.kind)
    return Number(measure, label, amount, definition.unit, means, path, before)


def show(reading: Reading, measure: str, kind: str = "", label: str = "") -> Number:
    is_flow = bool(MEASURES[measure].day)
    amount = (reading.now if is_flow else reading.standing).of(measure, kind)
    before = reading.before.of(measure, kind) if is_flow else None
    path = Scope(reading.node, reading.period).opens(measure, kind)
    return figure(measure, amount, path, kind=kind, label=label, before=before)


@dataclass(frozen=True)
class Rate:
    """A share as it is shown, with both its numbers."""

    code: str
    label: str
    part: Number
    whole: Number
    means: str
    before: str

    @property
    def words(self) -> str:
        return percent(self.part.amount, self.whole.amount)

    @property
    def is_small(self) -> bool:
        """Whether so few stand behind it that it says little."""
        return 0 < self.whole.amount < settings.FIGURES_LEAST_BASE

    @property
    def words_of_many(self) -> str:
        return percent_of_many(self.part.amount, self.whole.amount)

    @property
    def interval(self) -> str:
        """Where the true share lies with 95 % confidence: "85–99 %"."""
        if not self.whole.amount:
            return ""
        low, high = wilson(self.part.amount, self.whole.amount)
        return f"{100 * low:.0f}–{100 * high:.0f} %"


def show_share(reading: Reading, code: str) -> Rate:
    share = SHARES[code]
    before = reading.before
    return Rate(
        code,
        share.label,
        show(reading, share.part, share.kind),
        show(reading, share.whole, share.kind),
        share.means,
        percent(before.of(share.part, share.kind), before.of(share.whole, share.kind)),
    )


def score(sums: Sums) -> float | None:
    """The three rates together, 0 to 100, by the weights of the settings; None where one of them cannot be said."""
    rates = [sums.share(code) for code in THREE]
    if any(rate is None for rate in rates):
        return None
    weighted = zip(settings.THREE_RATES_WEIGHTS, rates, strict=True)
    return 100 * sum(weight * (rate or 0) for weight, rate in weighted) / sum(settings.THREE_RATES_WEIGHTS)


def weights_words() -> str:
    """ "响应率 10 % + 解决率 45 % + 满意率 45 %"."""
    total = sum(settings.THREE_RATES_WEIGHTS)
    pairs = zip(THREE, settings.THREE_RATES_WEIGHTS, strict=True)
    return " + ".join(f"{SHARES[code].label} {100 * weight / total:g} %" for code, weight in pairs)


@dataclass(frozen=True)
class Length:
    """How long something took: half of them no longer than the median."""

    label: str
    median: str
    ninth: str
    """The 90th percentile."""
    base: int
    classes: list[Number]
    """How many took how long; empty classes left out at both ends."""


def show_lengths(reading: Reading, kind: str) -> list[Length]:
    """Of one kind: a request and a service that is planned for weeks have no length in common."""
    return [_length(reading, code, named(label, kind), kind) for code, label in LENGTHS.items()]


def _length(reading: Reading, code: str, label: str, kind: str) -> Length:
    classes = reading.now.classes(code, kind)
    scope = Scope(reading.node, reading.period)
    shown = [
        Number(measure, class_words(place), count, "件", f"{label_of(measure)}的事项。", scope.opens(measure, kind))
        for place, (measure, count) in enumerate(zip(length_measures(code), classes, strict=True))
        if any(classes[place:]) and any(classes[: place + 1])
    ]
    return Length(label, hours(percentile(classes, 0.5)), hours(percentile(classes, 0.9)), sum(classes), shown)


def shows_of(reading: Reading, measures: Sequence[str], kind: str = "") -> list[Number]:
    return [show(reading, measure, kind) for measure in measures]
