"""The table of mediation of one year, as the page shows it and the command prints it. Nothing is counted here: the whole, the
places and the months are read from what is kept, types are a cut of the same tallies.

What is taken down in December and settled in January is one of both years: 登记 and 受理 count when it was taken down, 办结 and
成功 when it ended, 在调 now."""

from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from cases.models import Case
from dashboards.figures.areas import Area, Monthly, read_area, read_monthly
from dashboards.figures.cuts import Cut
from dashboards.figures.measures import MEASURES
from dashboards.figures.periods import Period
from dashboards.figures.splits import Split
from dashboards.figures.sums import NOTHING, SHARES, Number, Sums, number, percent
from disputes.models import Clause, Dispute, DisputeType, Performance
from grids.models import Level

BEHIND, KIND = "dashboards:mediation-behind", "dispute"
COLUMNS: tuple[tuple[str, str], ...] = (
    ("opened", ""), ("taken_on", ""), ("concluded", ""), ("settled", ""), ("mediating", ""), ("", "mediation"),
    ("in_building", ""), ("in_estate", ""), ("in_community", ""), ("in_street", ""), ("", "in_building"),
)  # fmt: skip
"""(measure, "") or ("", share), as the table has them."""
OF_TABLE = tuple(measure for measure, _ in COLUMNS if measure)
KEPT = {"done": "全部履行", "partly": "部分履行", "not_done": "未履行", "unrecorded": "未登记"}
"""What became of an agreement, by the last word on each of its clauses: every one kept; some; none; nothing written down."""


def _by_type() -> QuerySet[Any]:
    rows: QuerySet[Any] = Dispute.objects.annotate(thing=F("pk"), value=Coalesce("type__parent", "type"))
    return rows


def _by_own_node() -> QuerySet[Any]:
    rows: QuerySet[Any] = Case.objects.filter(kind=KIND).annotate(thing=F("pk"), value=F("grid"))
    return rows


def _by_performance() -> QuerySet[Any]:
    last = Performance.objects.filter(clause=OuterRef("pk")).order_by("-pk").values("degree")[:1]
    clauses = Clause.objects.filter(agreement__dispute=OuterRef("pk"), agreement__effective_at__isnull=False)
    noted = clauses.annotate(last=Subquery(last))
    done, partly, not_done = Performance.Degree.DONE, Performance.Degree.PARTLY, Performance.Degree.NOT_DONE
    kept = Choice(
        When(~Exists(noted.filter(last__isnull=False)), then=Value("unrecorded")),
        When(~Exists(noted.filter(Q(last=None) | Q(last__in=[partly, not_done]))), then=Value("done")),
        When(~Exists(noted.filter(last__in=[done, partly])), then=Value("not_done")),
        default=Value("partly"),
    )
    rows: QuerySet[Any] = Dispute.objects.annotate(thing=F("pk"), value=kept)
    return rows


def _type(text: str, area: Area) -> tuple[str, str]:
    names = dict(DisputeType.objects.filter(parent=None, code=text).values_list("code", "name"))
    return _named(text, names, "{}")


def _street(text: str, area: Area) -> tuple[int, str]:
    streets = {str(node.pk): node.name for node in area.nodes.filter(level=Level.STREET)}
    code, name = _named(text, streets, "{}（本级）")
    return int(code), name


def _kept(text: str, area: Area) -> tuple[str, str]:
    return _named(text, KEPT, "协议{}")


def _named(text: str, names: dict[str, str], words: str) -> tuple[str, str]:
    if text not in names:
        raise Http404
    return text, words.format(names[text])


TYPES = Split("type", dict.fromkeys(OF_TABLE, (_by_type,)), _type)
"""First-level types of 综治."""
OWN = Split("own", dict.fromkeys(OF_TABLE, (_by_own_node,)), _street)
"""What lies at a street itself, in no community."""
KEEPING = Split("kept", {"settled": (_by_performance,)}, _kept)
SPLITS = (TYPES, OWN, KEEPING)


@dataclass(frozen=True)
class Row:
    """One line of the table: all of them, a type, a place, a month."""

    label: str
    cut: Cut
    came: Monthly | Sums
    """What it came to."""
    is_month: bool = False
    """Then there is nothing to say of how many there are now."""

    def amount(self, measure: str) -> int:
        return self.came.of(measure, KIND)

    @property
    def cells(self) -> list[Number | tuple[str, str]]:
        """A number each, or a share as words with the list of its whole."""
        return [self._share(share) if share else self._number(measure) for measure, share in COLUMNS]

    @property
    def words(self) -> list[str]:
        return [cell.words if isinstance(cell, Number) else cell[0] for cell in self.cells]

    def _number(self, measure: str) -> Number | tuple[str, str]:
        if self.is_month and not MEASURES[measure].day:
            return NOTHING, ""
        return self.cut.number(measure, self.amount(measure), KIND)

    def _share(self, code: str) -> tuple[str, str]:
        share = SHARES[code]
        whole = self.amount(share.whole)
        return percent(self.amount(share.part), whole), self.cut.opens(share.whole, KIND) if whole else ""


@dataclass(frozen=True)
class Part:
    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Table:
    year: int
    head: list[tuple[str, str]]
    """Label, and what it means."""
    parts: list[Part]
    days_to_settle: str
    """Median of days from taking down to the agreement's effect, to the minute; "—" for none."""
    settled: str
    """Where those are listed."""
    kept: list[tuple[str, str, str]]
    """Label, how many agreements of this year, where they are listed; none left out."""


def table(area: Area, year: Period) -> Table:
    cut = Cut(area, BEHIND, period=year)
    came = read_area(area, year.days)
    whole = Row("合计", cut, came)
    periods = [Period.of("month", month) for month in sorted(came.months)]
    months = [
        Row(period.words, replace(cut, period=period), came.months[period.first], is_month=True) for period in periods
    ]
    parts = [
        Part("合计", [whole]), Part("按类别", _types(cut)), Part("按社区", _places(cut)), Part("按月份", _with_any(months)),
    ]  # fmt: skip
    kept = KEEPING.table(area, ["settled"], year.days, KIND)
    return Table(
        year.first.year,
        [_head(cell, share) for cell, (_, share) in zip(whole.cells, COLUMNS, strict=True)],
        parts,
        _days_to_settle(cut),
        cut.opens("settled", KIND),
        [
            (
                label,
                number(kept[code].of("settled", KIND)) if code in kept else "0",
                replace(cut, split=KEEPING, value=code).opens("settled", KIND),
            )
            for code, label in KEPT.items()
        ],
    )


def _head(cell: Any, share: str) -> tuple[str, str]:
    return (SHARES[share].label, SHARES[share].means) if share else (cell.label, cell.means)


def _with_any(rows: list[Row]) -> list[Row]:
    return [row for row in rows if any(row.amount(measure) for measure in OF_TABLE)]


def _types(cut: Cut) -> list[Row]:
    sums = TYPES.table(cut.area, OF_TABLE, cut.days, KIND)
    names = DisputeType.objects.filter(pk__in=sums).order_by("code").values_list("code", "name")
    return [Row(name, replace(cut, split=TYPES, value=code), sums[code]) for code, name in names]


def _places(cut: Cut) -> list[Row]:
    """Communities, and what lies in none under its street. What a merged-away grid kept counts where it lay."""
    nodes = list(cut.area.nodes.filter(level__lte=Level.COMMUNITY).order_by("tree_id", "lft"))
    came = read_monthly([node for node in nodes if node.level == Level.COMMUNITY], cut.days)
    own = OWN.table(cut.area, OF_TABLE, cut.days, KIND)
    rows = [
        Row(node.name, replace(cut, node=node), came[node.pk])
        if node.level == Level.COMMUNITY
        else Row(f"{node.name}（本级）", replace(cut, split=OWN, value=node.pk), own[node.pk])
        for node in nodes
    ]
    return _with_any(rows)


def _days_to_settle(cut: Cut) -> str:
    settled = Case.objects.filter(pk__in=cut.tallies("settled", kind=KIND).order_by().values("counted__thing"))
    lengths = [
        (ended or closed) - opened
        for opened, ended, closed in settled.values_list("opened_at", "finished_at", "closed_at")
    ]
    return f"{median(lengths) / timedelta(days=1):.1f}" if lengths else NOTHING
