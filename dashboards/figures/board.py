"""What one level of the tree sees: the same for a grid, a party group, an estate, a community, a street, the county.
Queries only, and as few of them however much lies below."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Sum

from cases.models import Case, Category
from cases.reading.story import Card, cards
from cases.workflow import WORKFLOWS
from dashboards.figures.measures import CATEGORY, MEASURES
from dashboards.figures.periods import Period
from dashboards.figures.sums import (
    SHARES,
    THREE,
    Length,
    Number,
    Rate,
    Reading,
    Scope,
    Sums,
    named,
    number,
    percent,
    read,
    score,
    show,
    show_lengths,
    show_share,
    shows_of,
)
from dashboards.models import Rollup, Span, Tally
from grids.models import Grid, Level
from grids.models.querysets import subtree

MOST = 5
"""Of what is hot, late or has changed most, so many are named; the rest stands behind the figure."""
FEW = 500
"""Late cases that are looked up one by one."""
REQUEST = "request"
"""What residents asked for stands at the head and apart: services and tasks of the offices themselves are many, and would
hide it. All kinds together stand in a table of their own."""
FLOWS = ("opened", "finished", "closed")
HELD = ("open", "late")
GIVEN = ("served", "hours", "needs", "urgent_needs")


@dataclass(frozen=True)
class Row:
    """A node below, and what it came to."""

    node: Grid
    numbers: list[Number]
    rates: list[tuple[str, bool]]
    """As words, and whether the base is too small to say much."""


@dataclass(frozen=True)
class Kind:
    """One kind of case, or all together."""

    label: str
    numbers: list[Number]


@dataclass(frozen=True)
class Late:
    """Those that are late longest, and how many there are that may not be named here."""

    cards: list[Card]
    all: Number
    private: int


@dataclass(frozen=True)
class Hot:
    label: str
    amount: int
    path: str


@dataclass(frozen=True)
class Board:
    reading: Reading
    main: list[Number]
    given: list[Number]
    three: list[Rate]
    rates: list[Rate]
    score: str
    lengths: list[Length]
    trend: list[tuple[str, list[Number]]]
    kinds: list[Kind]
    changes: list[str]
    rows: list[Row]
    categories: list[Hot]
    places: list[Hot]
    late: Late


def board(node: Grid | None, period: Period, *, at: datetime) -> Board:
    reading = read(node, period)
    scored = score(reading.now)
    return Board(
        reading,
        main=shows_of(reading, (*FLOWS, *HELD), REQUEST),
        given=[show(reading, measure) for measure in GIVEN],
        three=[show_share(reading, code) for code in THREE],
        rates=[show_share(reading, code) for code in SHARES if code not in THREE],
        score=f"{scored:.1f}" if scored is not None else "—",
        lengths=show_lengths(reading, REQUEST),
        trend=[(point.short, _of_period(reading, point)) for point in period.trend],
        kinds=_by_kind(reading),
        changes=_changes(reading),
        rows=rows_below(node, period),
        categories=_hot_categories(reading),
        places=_hot_places(node, period),
        late=_latest(reading, at),
    )


def _of_period(reading: Reading, period: Period) -> list[Number]:
    return shows_of(reading.at(period), ("opened", "finished"), REQUEST)


def _by_kind(reading: Reading) -> list[Kind]:
    """Those that there are any of, and the sum."""
    kinds = [Kind(workflow.label, _of_kind(reading, kind)) for kind, workflow in WORKFLOWS.items()]
    there = [kind for kind in kinds if any(number.amount for number in kind.numbers)]
    return [*there, Kind("合计", _of_kind(reading, ""))] if there else []


def _of_kind(reading: Reading, kind: str) -> list[Number]:
    return shows_of(reading, (*FLOWS, *HELD), kind)


def _changes(reading: Reading) -> list[str]:
    """What differs most from the period before, in sentences; the largest first."""
    changes = []
    requests = shows_of(reading, (*FLOWS, "redone", "sent_back"), REQUEST)
    for flow in (*requests, *shows_of(reading, GIVEN)):
        assert flow.before is not None, "flows are compared"
        if flow.amount != flow.before:
            size = abs(flow.amount - flow.before)
            way = "多" if flow.amount > flow.before else "少"
            changes.append(
                (size, f"{flow.label}比上期{way} {number(size)} {flow.unit}（{number(flow.before)} → {flow.words}）")
            )
    return [words for _, words in sorted(changes, key=lambda pair: -pair[0])[:MOST]]


OF_ROWS = (("opened", REQUEST), ("finished", REQUEST), ("open", ""), ("late", ""))
"""What was asked for, and all that is in hand."""
RATES_OF_ROWS = ("response", "in_time", "satisfied")


def heads() -> list[tuple[str, str]]:
    """Of the table of nodes below: labels, and what they mean."""
    measures = [(named(MEASURES[measure].label, kind), MEASURES[measure].means) for measure, kind in OF_ROWS]
    return [*measures, *((SHARES[code].label, SHARES[code].means) for code in RATES_OF_ROWS)]


def rows_below(node: Grid | None, period: Period) -> list[Row]:
    """The nodes below in the order of the tree. Every current node has a rollup of itself, so one query finds them
    and what they came to."""
    span = Span.MONTH if period.is_of_months else Span.DAY
    rows = Rollup.objects.filter(node__parent=node.pk if node else None, node__isnull=False)
    rows = rows.filter(Q(span=Span.NOW) | Q(span=span, day__range=period.days))
    names = ("node", "node__name", "node__level", "node__tree_id", "node__lft", "node__rght", "node__retired_at")
    by_node: dict[int, tuple[Grid, Sums, Sums]] = {}
    for row in rows.values(*names, "span", "kind", "amounts"):
        if row["node"] not in by_node:
            below = Grid(pk=row["node"], name=row["node__name"], level=row["node__level"])
            below.tree_id, below.retired_at = row["node__tree_id"], row["node__retired_at"]
            below.lft, below.rght = row["node__lft"], row["node__rght"]
            by_node[below.pk] = below, Sums(), Sums()
        by_node[row["node"]][2 if row["span"] == Span.NOW else 1].add(row["kind"], row["amounts"])
    in_order = sorted(by_node.values(), key=lambda entry: (entry[0].tree_id, entry[0].lft))
    return [_row(below, Reading(below, period, {period: flow}, now)) for below, flow, now in in_order]


def _row(node: Grid, reading: Reading) -> Row:
    rates = [show_share(reading, code) for code in RATES_OF_ROWS]
    return Row(
        node,
        [show(reading, measure, kind) for measure, kind in OF_ROWS],
        [(percent(rate.part.amount, rate.whole.amount), rate.is_small) for rate in rates],
    )


def _hot_categories(reading: Reading) -> list[Hot]:
    amounts = reading.now.items()
    opened = Counter(
        {name: amount for (kind, name), amount in amounts if kind == REQUEST and name.startswith(CATEGORY)}
    )
    most = opened.most_common(MOST)
    named = Category.objects.in_bulk([int(name.removeprefix(CATEGORY)) for name, _ in most])
    scope = Scope(reading.node, reading.period)
    categories = [(named.get(int(name.removeprefix(CATEGORY))), name, amount) for name, amount in most]
    return [Hot(category.path, amount, scope.opens(name, REQUEST)) for category, name, amount in categories if category]


def _hot_places(node: Grid | None, period: Period) -> list[Hot]:
    """Two levels further down: of a street its estates, of a community its party groups. The nodes just below stand in
    their own table. Of the county none: its streets are that table."""
    if node is None or node.level + 2 > Level.HOUSEHOLD:
        return []
    span = Span.MONTH if period.is_of_months else Span.DAY
    below = Rollup.objects.filter(subtree(node, prefix="node__"), node__level=node.level + 2)
    rows = below.filter(span=span, day__range=period.days, kind=REQUEST).measured("opened")
    rows = rows.values(pk=F("node"), name=F("node__name")).annotate(total=Sum("amount")).order_by("-total", "pk")
    return [
        Hot(row["name"], row["total"], Scope(Grid(pk=row["pk"]), period).opens("opened", REQUEST))
        for row in rows[:MOST]
    ]


def _latest(reading: Reading, at: datetime) -> Late:
    """Those that are late, the longest first; private ones are behind the figure, without their words, and here it is
    said how many. Where few are late, they are looked up by their tallies; where many are, the limits of the whole county
    are read off in order, which ends with the fifth that lies here. Either would walk far in the other's place."""
    all_late = show(reading, "late")
    if not all_late.amount:
        return Late([], all_late, 0)
    counted = Tally.objects.of("late").below(reading.node).values("counted__thing")
    late = Case.objects.overdue(at).filter(is_private=False)
    if all_late.amount <= FEW:
        late = late.filter(pk__in=counted)
    elif reading.node is not None:
        late = late.filter(subtree(reading.node, prefix="grid__"))
    longest = cards(list(late.with_cards().order_by("due_at", "pk")[:MOST]), at=at)
    return Late(longest, all_late, Case.objects.filter(is_private=True, pk__in=counted).count())


def line_up(node_id: int) -> list[Grid]:
    """The node and its ancestors, from the top; empty where there is none. One query."""
    return list(Grid.objects.upward_from(Grid(pk=node_id)))[::-1]
