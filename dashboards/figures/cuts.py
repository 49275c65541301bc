"""One cut of what somebody reads figures of: a node of it, a period, a part by a split; its figures, and their lists by address
and back."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from dashboards.figures.areas import Area, Days
from dashboards.figures.lists import lines
from dashboards.figures.measures import MEASURES
from dashboards.figures.params import period_of
from dashboards.figures.periods import Period
from dashboards.figures.splits import Split
from dashboards.figures.sums import Number, Sums, figure, number
from dashboards.models.querysets import TallyQuerySet
from grids.models import Grid
from web.pages import page_of
from web.params import whole_number

PAGE = 50


@dataclass(frozen=True)
class Cut:
    area: Area
    address: str
    """Name of the page of its lists."""
    node: Grid | None = None
    """Of the area: it and all below it. None: the whole area."""
    period: Period | None = None
    """None: since the portal began."""
    split: Split | None = None
    value: Any = None
    name: str = ""
    """What the value is called."""

    @property
    def days(self) -> Days | None:
        return self.period.days if self.period else None

    @property
    def place(self) -> Area:
        return Area((self.node,)) if self.node else self.area

    def tallies(self, *measures: str, kind: str = "") -> TallyQuerySet:
        """Newest first."""
        tallies = self.place.tallies(measures, self.days, kind)
        if self.split:
            tallies = tallies.filter(self.split.only(measures, self.value))
        return tallies.order_by("-day", "-pk")

    def by_month(self, *measures: str) -> dict[date, Sums]:
        """Of what is cut by a split: of nodes months are kept (areas.read_monthly)."""
        rows = self.tallies(*measures).order_by().annotate(month=TruncMonth("day"))
        months: dict[date, Sums] = {}
        for month, measure, amount in rows.values_list("month", "measure").annotate(Sum("amount")):
            months.setdefault(month, Sums())["", measure] = amount
        return months

    @property
    def query(self) -> dict[str, str]:
        query = {self.split.code: str(self.value)} if self.split else {}
        query |= {"node": str(self.node.pk)} if self.node else {}
        return query | ({"period": self.period.code, "on": self.period.first.isoformat()} if self.period else {})

    @property
    def words(self) -> str:
        """ "县教育局 · 宜和社区 · 2026年11月"; "" for all there is."""
        parts = (self.name, self.node.name if self.node else "", self.period.words if self.period else "")
        return " · ".join(part for part in parts if part)

    def opens(self, measure: str, kind: str = "") -> str:
        """The list behind a measure. Of how many there are now, the period says nothing."""
        cut = self if MEASURES[measure].day else replace(self, period=None)
        query = cut.query | ({"kind": kind} if kind else {})
        return reverse(self.address, args=[measure]) + (f"?{urlencode(query)}" if query else "")

    def number(self, measure: str, amount: int, kind: str = "") -> Number:
        return figure(measure, amount, self.opens(measure, kind), kind=kind)


def cut_of(request: HttpRequest, area: Area, address: str, splits: Iterable[Split] = ()) -> Cut:
    """What the address asks for. Raises Http404 for what is not there or not of one's area."""
    query = request.GET
    node = get_object_or_404(area.nodes, pk=whole_number(query["node"])) if "node" in query else None
    period = period_of(request, timezone.now()) if "period" in query else None
    cut = Cut(area, address, node, period)
    for split in splits:
        if split.code in query:
            value, name = split.find(query[split.code], area)
            return replace(cut, split=split, value=value, name=name)
    return cut


def listed(request: HttpRequest, cut: Cut, measure: str, among: Container[str]) -> dict[str, Any]:
    """What the page of the list behind one figure shows (templates/dashboards/behind_own.html). Raises Http404 for none
    `among` those of the page, or none that is cut so."""
    if measure not in among or (cut.split and measure not in cut.split.ways):
        raise Http404
    kind = request.GET.get("kind", "")
    tallies = cut.tallies(measure, kind=kind)
    total = tallies.aggregate(total=Sum("amount"))["total"] or 0
    page = page_of(tallies.select_related("counted"), request.GET, PAGE)
    return {
        "cut": cut,
        "figure": cut.number(measure, total, kind),
        "total_words": number(total),
        "page": page,
        "lines": lines(list(page.object_list), request.user if request.user.is_authenticated else None),
    }
