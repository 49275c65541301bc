"""政和一张网: what the county has and did, for everybody, from the same rollups as every other figure.

Things that are public anyway (nodes, places, teams, posts by title) are listed. People and cases are counted by community:
a community of fewer than five goes into 其他, so that nobody is found by being alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from dashboards.figures.lists import lines
from dashboards.figures.measures import MEASURES
from dashboards.figures.sources import Line
from dashboards.figures.sums import Sums, number, percent_of_many
from dashboards.models import Rollup, Span, Tally
from dashboards.models.querysets import TallyQuerySet
from grids.models import Level

LEAST = 5
"""The smallest group that is shown by itself."""


@dataclass(frozen=True)
class Entry:
    """One figure of the net, and how what is behind it is shown."""

    code: str
    """In its address."""
    measure: str
    label: str
    means: str
    is_listed: bool = False
    kind: str = ""

    @property
    def unit(self) -> str:
        return MEASURES[self.measure].unit


def _entry(measure: str, *, is_listed: bool = False, kind: str = "", label: str = "", code: str = "") -> Entry:
    definition = MEASURES[measure]
    return Entry(code or measure, measure, label or definition.label, definition.means, is_listed, kind)


GROUPS: dict[str, tuple[Entry, ...]] = {
    "五级网格": (
        _entry("communities", is_listed=True, label="社区大党委"),
        _entry("estates", is_listed=True, label="小区党支部"),
        _entry("groups", is_listed=True, label="邻里党小组"),
        _entry("grids", is_listed=True, label="党员中心户（网格）"),
        _entry("grid_leaders", is_listed=True),
        _entry("areas", is_listed=True),
    ),
    "网格和警格": (
        _entry("officers", is_listed=True),
        _entry("auxiliaries", is_listed=True),
        _entry("patrols", is_listed=True),
    ),
    "阵地": (
        _entry("centres", is_listed=True, label="邻里服务中心"),
        _entry("tea_tables", is_listed=True, label="社区议事点"),
    ),
    "力量": (
        _entry("stewards"),
        _entry("societies", is_listed=True, label="社会组织队伍"),
        _entry("reported"),
        _entry("teams", is_listed=True),
        _entry("members"),
    ),
    "服务": (_entry("served"), _entry("needs"), _entry("urgent_needs")),
    "调解": (
        _entry("opened", kind="dispute", label="民间纠纷和治安案件", code="disputes"),
        _entry("concluded", kind="dispute"),
        _entry("settled", kind="dispute"),
    ),
}
ENTRIES = {entry.code: entry for entries in GROUPS.values() for entry in entries}


@dataclass(frozen=True)
class Shown:
    entry: Entry
    amount: int

    @property
    def words(self) -> str:
        return number(self.amount)


@dataclass(frozen=True)
class Net:
    groups: list[tuple[str, list[Shown]]]
    success_rate: str
    """调解成功率 = 成功 ÷ 办结; cases in hand are in neither."""


def net() -> Net:
    """Everything since the portal began, and what there is now. One query."""
    rows = Rollup.objects.at(None).filter(span__in=(Span.MONTH, Span.NOW))
    sums = Sums()
    for kind, amounts in rows.values_list("kind", "amounts"):
        sums.add(kind, amounts)
    groups = [
        (label, [Shown(entry, sums.of(entry.measure, entry.kind)) for entry in entries])
        for label, entries in GROUPS.items()
    ]
    return Net(groups, percent_of_many(sums.of("settled", "dispute"), sums.of("concluded", "dispute")))


def tallies_of(entry: Entry) -> TallyQuerySet:
    """What a listed figure lists, in the order of the tree."""
    tallies = Tally.objects.of(entry.measure, kind=entry.kind)
    return tallies.order_by("grid__tree_id", "grid__lft", "pk").select_related("counted")


def lines_of(tallies: Sequence[Tally]) -> list[Line]:
    return lines(tallies, None)


def by_community(entry: Entry) -> list[tuple[str, int]]:
    """Each community with how many, in the order of the tree; small ones together. They come to the figure itself."""
    rows = Rollup.objects.filter(span__in=(Span.MONTH, Span.NOW)).measured(entry.measure)
    rows = rows.filter(kind=entry.kind) if entry.kind else rows
    whole = rows.at(None).aggregate(total=Sum("amount"))["total"] or 0
    there = rows.filter(node__level=Level.COMMUNITY).values("node__name", "node__tree_id", "node__lft")
    in_order = there.annotate(total=Sum("amount")).order_by("node__tree_id", "node__lft")
    communities = [(row["node__name"], row["total"]) for row in in_order]
    above = whole - sum(count for _, count in communities)
    return merged([*communities, *([("街道和县", above)] if above else [])])


def merged(rows: Sequence[tuple[str, int]], least: int = LEAST) -> list[tuple[str, int]]:
    """Rows of fewer than `least` become one, 其他; where that is still fewer, or hides a single row only, the next
    smallest joins it. What is left to nobody else cannot be told apart. All rows where nothing is that small."""
    small = [row for row in rows if row[1] < least]
    if not small:
        return list(rows)
    rest = sorted((row for row in rows if row[1] >= least), key=lambda row: row[1])
    while rest and (len(small) < 2 or sum(count for _, count in small) < least):
        small.append(rest.pop(0))
    kept = set(rest)
    return [*(row for row in rows if row in kept), ("其他", sum(count for _, count in small))]
