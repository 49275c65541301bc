"""The figures of mediation, each with how it is counted and which cases stand behind it. Queries only.

调解成功率 = 调解成功 ÷ 办结 (成功 + 不成功); cases in hand are in neither. Nothing divided by nothing is "—", not 0 %.

Of a year or a month count: 登记, 受理 and 在办 what was taken down in it, 办结 and 成功 what ended in it, as everywhere
(dashboards/figures/measures.py). So a dispute of December that is settled in January is one of both years."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from disputes.models import Clause, Dispute, Performance
from disputes.models.querysets import SETTLED, DisputeQuerySet, Moments, year_of
from grids.models import Grid, Level

NOTHING = "—"
TAKEN = Q(case__signed_at__isnull=False)
"""受理: both sides willing, taken on for mediation."""
CONCLUDED = TAKEN & ~Q(case__outcome="")
"""办结: taken on and ended, settled or not. In neither: those in hand, and those never taken on."""
IS_SETTLED = TAKEN & Q(case__outcome__in=SETTLED)
"""调解成功: an agreement came into force, oral or written."""


def _settled_at(level: Level) -> Q:
    return IS_SETTLED & Q(settled_level=level)


OPENED, ENDED = "case__opened_at", "ended_at"
COUNTED: dict[str, tuple[str, Q, str]] = {
    "received": ("登记", Q(), OPENED),
    "taken": ("受理", TAKEN, OPENED),
    "concluded": ("办结", CONCLUDED, ENDED),
    "settled": ("成功", IS_SETTLED, ENDED),
    "in_hand": ("在办", TAKEN & Q(case__outcome=""), OPENED),
    "at_group": ("党小组", _settled_at(Level.GROUP), ENDED),
    "at_branch": ("支部", _settled_at(Level.ESTATE), ENDED),
    "at_community": ("社区", _settled_at(Level.COMMUNITY), ENDED),
    "at_street": ("街道", _settled_at(Level.STREET), ENDED),
}
"""Each figure once, and when it counts: the counts of the table and the lists behind them are read from here."""
RATES = {"success_rate": ("成功率", "settled"), "in_building_share": ("小事不出楼栋", "at_group")}
"""Shares of the concluded. Each opens what it is a share of."""
COLUMNS = (
    "received", "taken", "concluded", "settled", "in_hand", "success_rate", "at_group", "at_branch", "at_community",
    "at_street", "in_building_share",
)  # fmt: skip
KEPT = {"done": "全部履行", "partly": "部分履行", "not_done": "未履行", "unrecorded": "未登记"}
"""What became of an agreement, by the last word on each of its clauses: every one kept; some; none; nothing written down."""


def percent(part: int, whole: int) -> str:
    """ "98.99 %"; "—" where there is nothing to divide by."""
    return f"{100 * part / whole:.2f} %" if whole else NOTHING


@dataclass(frozen=True)
class Cell:
    words: str
    opens: str
    """The figure whose cases stand behind it."""


@dataclass(frozen=True)
class Row:
    """One line of the table: all of them, a type, a community, a month."""

    label: str
    counts: dict[str, int]
    filters: str = ""
    """Query of the admin's list that shows the cases of this line."""

    def words(self, column: str) -> str:
        """A count, or a share of the concluded."""
        if column in RATES:
            return percent(self.counts[RATES[column][1]], self.counts["concluded"])
        return str(self.counts[column])

    @property
    def cells(self) -> list[Cell]:
        return [Cell(self.words(name), "concluded" if name in RATES else name) for name in COLUMNS]


HEAD = [(RATES if name in RATES else COUNTED)[name][0] for name in COLUMNS]


def _within(moment: str, moments: Moments) -> Q:
    return Q(**{f"{moment}__gte": moments[0], f"{moment}__lt": moments[1]})


def moment_of(figure: str) -> str:
    """When a case of this figure counts."""
    return ENDED if figure in KEPT else COUNTED[figure if figure in COUNTED else "received"][2]


def in_time(disputes: DisputeQuerySet, figure: str, moments: Moments) -> DisputeQuerySet:
    """Those that count for the figure in these days."""
    counted: DisputeQuerySet = disputes.with_end().filter(_within(moment_of(figure), moments))
    return counted


def behind(disputes: QuerySet[Dispute], figure: str) -> QuerySet[Dispute]:
    """The cases of one figure; all of them where there is no such figure."""
    if figure in COUNTED:
        return disputes.filter(COUNTED[figure][1])
    if figure in KEPT:
        return disputes.filter(IS_SETTLED).alias(kept=_performance()).filter(kept=figure)
    return disputes


@dataclass(frozen=True)
class Year:
    """Some disputes, seen in one year."""

    year: int
    disputes: DisputeQuerySet

    @property
    def counted(self) -> DisputeQuerySet:
        """Those that count for any figure of it."""
        return self.disputes.with_end().filter(_within(OPENED, self.moments) | _within(ENDED, self.moments))

    @property
    def moments(self) -> Moments:
        return year_of(self.year)

    @property
    def counts(self) -> dict[str, Count]:
        return {
            name: Count("pk", filter=condition & _within(moment, self.moments))
            for name, (_, condition, moment) in COUNTED.items()
        }

    @property
    def settled(self) -> DisputeQuerySet:
        return self.disputes.with_end().filter(IS_SETTLED & _within(ENDED, self.moments))


def total(of: Year) -> Row:
    return Row("合计", of.counted.aggregate(**of.counts))


def by_type(of: Year) -> list[Row]:
    """First-level types of 综治."""
    rows = of.counted.values(
        code=Coalesce(F("type__parent"), F("type")), name=Coalesce(F("type__parent__name"), F("type__name"))
    )
    return [
        Row(str(row.pop("name")), filters=f"kind={row.pop('code')}", counts=row)
        for row in rows.annotate(**of.counts).order_by("code")
    ]


def by_community(of: Year) -> list[Row]:
    """Communities, and places above a community as themselves. Merged-away grids count where they lay."""
    node = Grid.objects.filter(
        tree_id=OuterRef("case__grid__tree_id"), lft__lte=OuterRef("case__grid__lft"),
        rght__gte=OuterRef("case__grid__rght"), level__lte=Level.COMMUNITY,
    ).order_by("-level")  # fmt: skip
    rows = of.counted.annotate(community=Subquery(node.values("pk")[:1])).values("community").annotate(**of.counts)
    names = {grid.pk: grid for grid in Grid.objects.filter(level__lte=Level.COMMUNITY)}
    ordered = sorted(rows, key=lambda row: (names[row["community"]].tree_id, names[row["community"]].lft))
    return [
        Row(names[row["community"]].name, filters=f"community={row.pop('community')}", counts=row) for row in ordered
    ]


def in_community(disputes: QuerySet[Dispute], node: Grid) -> QuerySet[Dispute]:
    """The cases of one line of `by_community`."""
    area = Grid.objects.in_area([node]) if node.level == Level.COMMUNITY else [node]
    return disputes.filter(case__grid__in=area)


def by_month(of: Year) -> list[Row]:
    """Each figure by the month in which it counts."""
    months: dict[datetime, dict[str, int]] = {}
    for moment in (OPENED, ENDED):
        names = [name for name, (_, _, counts_at) in COUNTED.items() if counts_at == moment]
        rows = of.counted.filter(_within(moment, of.moments)).values(month=TruncMonth(moment))
        for row in rows.annotate(**{name: of.counts[name] for name in names}).order_by("month"):
            months.setdefault(row.pop("month"), dict.fromkeys(COUNTED, 0)).update(row)
    return [_month(timezone.localtime(month), months[month]) for month in sorted(months)]


def _month(month: datetime, counts: dict[str, int]) -> Row:
    return Row(f"{month.year}年{month.month}月", counts, filters=f"month={month:%Y-%m}")


def days_to_settle(of: Year) -> str:
    """Median of days from taking down to the agreement's effect, both ends counted to the minute."""
    length = ExpressionWrapper(F("case__finished_at") - F("case__opened_at"), output_field=DurationField())
    lengths = list(of.settled.annotate(length=length).values_list("length", flat=True))
    return f"{median(lengths) / timedelta(days=1):.1f}" if lengths else NOTHING


def _performance() -> Case:
    """One of KEPT for a dispute with an agreement in force."""
    last = Performance.objects.filter(clause=OuterRef("pk")).order_by("-pk").values("degree")[:1]
    clauses = Clause.objects.filter(agreement__dispute=OuterRef("pk"), agreement__effective_at__isnull=False)
    told = clauses.annotate(last=Subquery(last))
    done, partly, not_done = Performance.Degree.DONE, Performance.Degree.PARTLY, Performance.Degree.NOT_DONE
    return Case(
        When(~Exists(told.filter(last__isnull=False)), then=Value("unrecorded")),
        When(~Exists(told.filter(Q(last=None) | Q(last__in=[partly, not_done]))), then=Value("done")),
        When(~Exists(told.filter(last__in=[done, partly])), then=Value("not_done")),
        default=Value("partly"),
    )


def performance(of: Year) -> dict[str, int]:
    """How many agreements of each of KEPT, none left out."""
    rows = of.settled.annotate(kept=_performance()).values_list("kept")
    counted = dict(rows.annotate(Count("pk")).order_by())
    return {code: counted.get(code, 0) for code in KEPT}


def of_year(year: int) -> Year:
    return Year(year, Dispute.objects.all())


def parts(of: Year) -> list[tuple[str, list[Row]]]:
    """The whole table, as the command prints and the admin shows it."""
    return [
        ("合计", [total(of)]),
        ("按类别", by_type(of)),
        ("按社区", by_community(of)),
        ("按月份", by_month(of)),
    ]
