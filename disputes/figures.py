"""The figures of mediation, each with how it is counted and which cases stand behind it. Queries only.

调解成功率 = 调解成功 ÷ 办结 (成功 + 不成功); cases in hand are in neither. Nothing divided by nothing is "—", not 0 %."""

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
from disputes.querysets import SETTLED, DisputeQuerySet
from grids.models import Grid, Level

NOTHING = "—"
TAKEN = Q(case__signed_at__isnull=False)
"""受理: both sides willing, taken on for mediation."""
CONCLUDED = TAKEN & ~Q(case__outcome="")
"""办结: taken on and ended, settled or not. In neither: those in hand, and those never taken on."""
IS_SETTLED = Q(case__outcome__in=SETTLED)
"""调解成功: an agreement came into force, oral or written."""


def _settled_at(level: Level) -> Q:
    return IS_SETTLED & Q(settled_level=level)


COUNTED: dict[str, tuple[str, Q]] = {
    "received": ("登记", Q()),
    "taken": ("受理", TAKEN),
    "concluded": ("办结", CONCLUDED),
    "settled": ("成功", IS_SETTLED),
    "in_hand": ("在办", TAKEN & Q(case__outcome="")),
    "at_group": ("党小组", _settled_at(Level.GROUP)),
    "at_branch": ("支部", _settled_at(Level.ESTATE)),
    "at_community": ("社区", _settled_at(Level.COMMUNITY)),
    "at_street": ("街道", _settled_at(Level.STREET)),
}
"""Each figure once: the counts of the table and the lists behind them are read from here."""
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
COUNTS = {name: Count("pk", filter=condition) for name, (_, condition) in COUNTED.items()}


def behind(disputes: QuerySet[Dispute], figure: str) -> QuerySet[Dispute]:
    """The cases of one figure; all of them where there is no such figure."""
    if figure in COUNTED:
        return disputes.filter(COUNTED[figure][1])
    if figure in KEPT:
        return disputes.filter(IS_SETTLED).alias(kept=_performance()).filter(kept=figure)
    return disputes


def total(disputes: DisputeQuerySet) -> Row:
    return Row("合计", disputes.aggregate(**COUNTS))


def by_type(disputes: DisputeQuerySet) -> list[Row]:
    """First-level types of 综治."""
    rows = disputes.values(
        code=Coalesce(F("type__parent"), F("type")), name=Coalesce(F("type__parent__name"), F("type__name"))
    )
    return [
        Row(str(row.pop("name")), filters=f"kind={row.pop('code')}", counts=row)
        for row in rows.annotate(**COUNTS).order_by("code")
    ]


def by_community(disputes: DisputeQuerySet) -> list[Row]:
    """Communities, and places above a community as themselves. Merged-away grids count where they lay."""
    node = Grid.objects.filter(
        tree_id=OuterRef("case__grid__tree_id"), lft__lte=OuterRef("case__grid__lft"),
        rght__gte=OuterRef("case__grid__rght"), level__lte=Level.COMMUNITY,
    ).order_by("-level")  # fmt: skip
    rows = disputes.annotate(community=Subquery(node.values("pk")[:1])).values("community").annotate(**COUNTS)
    names = {grid.pk: grid for grid in Grid.objects.filter(level__lte=Level.COMMUNITY)}
    found = sorted(rows, key=lambda row: (names[row["community"]].tree_id, names[row["community"]].lft))
    return [Row(names[row["community"]].name, filters=f"community={row.pop('community')}", counts=row) for row in found]


def in_community(disputes: QuerySet[Dispute], node: Grid) -> QuerySet[Dispute]:
    """The cases of one line of `by_community`."""
    area = Grid.objects.in_area([node]) if node.level == Level.COMMUNITY else [node]
    return disputes.filter(case__grid__in=area)


def by_month(disputes: DisputeQuerySet) -> list[Row]:
    """By the month in which they were taken down."""
    rows = disputes.values(month=TruncMonth("case__opened_at")).annotate(**COUNTS).order_by("month")
    return [_month(timezone.localtime(row.pop("month")), row) for row in rows]


def _month(month: datetime, counts: dict[str, int]) -> Row:
    return Row(f"{month.year}年{month.month}月", counts, filters=f"month={month:%Y-%m}")


def days_to_settle(disputes: DisputeQuerySet) -> str:
    """Median of days from taking down to the agreement's effect, both ends counted to the minute."""
    length = ExpressionWrapper(F("case__finished_at") - F("case__opened_at"), output_field=DurationField())
    found = list(disputes.filter(IS_SETTLED).annotate(length=length).values_list("length", flat=True))
    return f"{median(found) / timedelta(days=1):.1f}" if found else NOTHING


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


def performance(disputes: DisputeQuerySet) -> dict[str, int]:
    """How many agreements of each of KEPT, none left out."""
    rows = disputes.filter(IS_SETTLED).annotate(kept=_performance()).values_list("kept")
    counted = dict(rows.annotate(Count("pk")).order_by())
    return {code: counted.get(code, 0) for code in KEPT}


def of_year(year: int) -> DisputeQuerySet:
    found: DisputeQuerySet = Dispute.objects.received_in(year)
    return found


def parts(disputes: DisputeQuerySet) -> list[tuple[str, list[Row]]]:
    """The whole table, as the command prints and the admin shows it."""
    return [
        ("合计", [total(disputes)]),
        ("按类别", by_type(disputes)),
        ("按社区", by_community(disputes)),
        ("按月份", by_month(disputes)),
    ]
