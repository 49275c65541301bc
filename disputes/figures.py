"""The figures of mediation, each with how it is counted and which cases stand behind it. Queries only.

调解成功率 = 调解成功 ÷ 办结 (成功 + 不成功); cases in hand are in neither. Nothing divided by nothing is "—", not 0 %."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from disputes.models import Clause, Dispute, Performance
from disputes.querysets import SETTLED, DisputeQuerySet
from grids.models import Grid, Level

NOTHING = "—"
TAKEN = Q(case__signed_at__isnull=False)
CONCLUDED = TAKEN & ~Q(case__outcome="")
IS_SETTLED = Q(case__outcome__in=SETTLED)


def percent(part: int, whole: int) -> str:
    """ "98.99 %"; "—" where there is nothing to divide by."""
    return f"{100 * part / whole:.2f} %" if whole else NOTHING


@dataclass(frozen=True)
class Row:
    """One line of the table: all of them, a type, a community, a month."""

    label: str
    received: int
    taken: int
    concluded: int
    settled: int
    at_group: int
    at_branch: int
    at_community: int
    at_street: int
    filters: str = ""
    """Query of the admin's list that shows the cases of this line."""

    @property
    def in_hand(self) -> int:
        return self.taken - self.concluded

    @property
    def success_rate(self) -> str:
        return percent(self.settled, self.concluded)

    @property
    def in_building_share(self) -> str:
        """小事不出楼栋: settled by a party group ÷ concluded."""
        return percent(self.at_group, self.concluded)


COUNTS = {
    "received": Count("pk"),
    "taken": Count("pk", filter=TAKEN),
    "concluded": Count("pk", filter=CONCLUDED),
    "settled": Count("pk", filter=IS_SETTLED),
    "at_group": Count("pk", filter=IS_SETTLED & Q(settled_level=Level.GROUP)),
    "at_branch": Count("pk", filter=IS_SETTLED & Q(settled_level=Level.ESTATE)),
    "at_community": Count("pk", filter=IS_SETTLED & Q(settled_level=Level.COMMUNITY)),
    "at_street": Count("pk", filter=IS_SETTLED & Q(settled_level=Level.STREET)),
}


def total(disputes: DisputeQuerySet) -> Row:
    return Row("合计", **disputes.aggregate(**COUNTS))


def by_type(disputes: DisputeQuerySet) -> list[Row]:
    """First-level types of 综治."""
    rows = disputes.values(
        code=Coalesce(F("type__parent"), F("type")), name=Coalesce(F("type__parent__name"), F("type__name"))
    )
    return [
        Row(str(row.pop("name")), filters=f"kind={row.pop('code')}", **row)
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
    found = sorted(rows, key=lambda row: names[row["community"]].lft)
    return [Row(names[row["community"]].name, filters=f"subtree={row.pop('community')}", **row) for row in found]


def by_month(disputes: DisputeQuerySet) -> list[Row]:
    """By the month in which they were taken down."""
    rows = disputes.values(month=TruncMonth("case__opened_at")).annotate(**COUNTS).order_by("month")
    return [
        Row(
            f"{(month := timezone.localtime(row.pop('month'))).year}年{month.month}月",
            filters=f"month={month:%Y-%m}",
            **row,
        )
        for row in rows
    ]


def days_to_settle(disputes: DisputeQuerySet) -> str:
    """Median of days from taking down to the agreement's effect, both ends counted to the minute."""
    length = ExpressionWrapper(F("case__finished_at") - F("case__opened_at"), output_field=DurationField())
    found = list(disputes.settled().annotate(length=length).values_list("length", flat=True))
    return f"{median(found) / timedelta(days=1):.1f}" if found else NOTHING


def performance(disputes: DisputeQuerySet) -> dict[str, int]:
    """Clauses in force by the last word on them: 已履行, 部分履行, 未履行, 未登记."""
    last = Performance.objects.filter(clause=OuterRef("pk")).order_by("-pk").values("degree")[:1]
    clauses = Clause.objects.filter(agreement__dispute__in=disputes, agreement__effective_at__isnull=False)
    rows = clauses.annotate(last=Subquery(last)).values_list("last").annotate(Count("pk")).order_by()
    counted = dict(rows)
    labels: list[tuple[str | None, str]] = [*Performance.Degree.choices, (None, "未登记")]
    return {str(label): counted.get(degree, 0) for degree, label in labels}


def of_year(year: int) -> DisputeQuerySet:
    found: DisputeQuerySet = Dispute.objects.received_in(year)
    return found


def table(rows: Iterable[Row]) -> list[list[str]]:
    """Head and lines, as the command prints and the admin shows them."""
    head = ["", "登记", "受理", "办结", "成功", "在办", "成功率", "党小组", "支部", "社区", "街道", "小事不出楼栋"]
    lines = [
        [
            row.label, str(row.received), str(row.taken), str(row.concluded), str(row.settled), str(row.in_hand),
            row.success_rate, str(row.at_group), str(row.at_branch), str(row.at_community), str(row.at_street),
            row.in_building_share,
        ]
        for row in rows
    ]  # fmt: skip
    return [head, *lines]
