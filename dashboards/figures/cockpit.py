"""The wall screen 驾驶舱: a node's few large figures, its communities on the map, what is happening. Nothing on it is about
a person: the stream names a community, a kind of case and an act."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Q

from cases.models import CaseEvent
from cases.workflow import SYSTEM, WORKFLOWS
from dashboards.figures.board import REQUEST, Row, rows_below
from dashboards.figures.periods import Period
from dashboards.figures.sums import Number, Rate, Reading, read, show, show_share, shows_of
from grids.models import Grid, Level, Place
from grids.models.querysets import subtree

STREAM = 18
"""Acts in the stream."""
LARGE = ("opened", "finished")
HELD = ("open", "late")
RATES = ("response", "in_time", "solved", "satisfied", "mediation")
TOTALS = (
    "communities", "estates", "groups", "grids", "areas", "centres", "tea_tables", "stewards", "teams", "members",
    "reported", "societies",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    at: datetime
    where: str
    kind: str
    what: str
    is_late: bool


@dataclass(frozen=True)
class Spot:
    """A node below on the map, where its places are."""

    row: Row
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Screen:
    at: datetime
    today: list[Number]
    held: list[Number]
    month: list[Rate]
    year: list[Number]
    totals: list[Number]
    trend: list[tuple[str, list[Number]]]
    stream: list[Event]
    rows: list[Row]
    spots: list[Spot]


def screen(node: Grid | None, *, at: datetime, today: Period) -> Screen:
    """Requests of today, all that is in hand, shares of the month, services and mediation of the year."""
    day = read(node, today)
    month = read(node, Period.of("month", today.first))
    year = read(node, Period.of("year", today.first))
    rows = _current_below(node, month.period)
    if len(rows) == 1:  # a single spot would be no map
        rows = _current_below(rows[0].node, month.period) or rows
    return Screen(
        at,
        today=shows_of(day, LARGE, REQUEST),
        held=shows_of(day, HELD),
        month=[show_share(month, code) for code in RATES],
        year=[*shows_of(year, ("served", "needs", "urgent_needs")), show(year, "settled", "dispute")],
        totals=shows_of(day, TOTALS),
        trend=[(point.short, _of_day(day, point)) for point in today.trend],
        stream=_stream(node),
        rows=rows,
        spots=_spots(node, rows),
    )


def _current_below(node: Grid | None, period: Period) -> list[Row]:
    return [row for row in rows_below(node, period) if row.node.retired_at is None]


def _of_day(reading: Reading, day: Period) -> list[Number]:
    return shows_of(reading.at(day), LARGE, REQUEST)


def _stream(node: Grid | None) -> list[Event]:
    events = CaseEvent.objects.exclude(_between_offices()).filter(case__is_private=False)
    if node is not None:
        events = events.filter(subtree(node, prefix="case__grid__"))
    latest = list(events.select_related("case__grid").order_by("-pk")[:STREAM])
    places = _communities([event.case.grid for event in latest])
    return [
        Event(
            event.at,
            places[event.case.grid_id],
            WORKFLOWS[event.case.kind].label,
            event.done_words,
            event.standing == SYSTEM and event.verb in {"overdue", "climb"},
        )
        for event in latest
    ]


def _between_offices() -> Q:
    """Acts that a kind of case does not show to who asked: no room of people needs to hear of them either."""
    hidden = Q(pk__in=())
    for kind, workflow in WORKFLOWS.items():
        verbs = [arrow.verb for arrow in workflow.all_arrows if not arrow.is_shown_to_asker]
        hidden |= Q(case__kind=kind, verb__in=verbs)
    return hidden


def _communities(nodes: list[Grid]) -> dict[int, str]:
    """Node id -> name of the community it lies in, or of itself above one. One query."""
    above: Any = Q(pk__in=())
    for node in nodes:
        above |= Q(tree_id=node.tree_id, lft__lte=node.lft, rght__gte=node.rght, level=Level.COMMUNITY)
    communities = list(Grid.objects.filter(above))
    return {
        node.pk: next((community.name for community in communities if community.covers(node)), node.name)
        for node in nodes
    }


def _spots(node: Grid | None, rows: list[Row]) -> list[Spot]:
    """A node lies where its centres are on the average; one without any is in the table alone."""
    places = Place.objects.filter(closed_date=None)
    if node is not None:
        places = places.filter(subtree(node, prefix="grid__"))
    means = places.values("grid__tree_id", "grid__lft").annotate(Avg("latitude"), Avg("longitude")).order_by()
    positions: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for mean in means:
        for row in rows:
            if row.node.tree_id == mean["grid__tree_id"] and row.node.lft <= mean["grid__lft"] <= row.node.rght:
                positions[row.node.pk].append((mean["latitude__avg"], mean["longitude__avg"]))
    return [
        Spot(
            row,
            sum(latitude for latitude, _ in positions[row.node.pk]) / len(positions[row.node.pk]),
            sum(longitude for _, longitude in positions[row.node.pk]) / len(positions[row.node.pk]),
        )
        for row in rows
        if row.node.pk in positions
    ]
