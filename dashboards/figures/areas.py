"""Where somebody reads figures: some nodes, each with all below it; and what such nodes came to, month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dashboards.figures.counting import NO_DAY
from dashboards.figures.measures import MEASURES
from dashboards.figures.sums import Sums
from dashboards.models import Rollup, Span, Tally
from dashboards.models.querysets import TallyQuerySet
from grids.models import Grid, Level, Post
from grids.models.querysets import GridQuerySet
from grids.rights.jurisdiction import has_verb

Days = tuple[date, date]


@dataclass(frozen=True)
class Area:
    tops: tuple[Grid | None, ...]
    """None of them below another; None: the whole county."""

    @classmethod
    def of(cls, nodes: Iterable[Grid | None]) -> "Area":
        by_key = {node.pk if node else None: node for node in nodes}
        if None in by_key:
            return cls((None,))
        tops = [node for node in by_key.values() if node is not None]
        return cls(tuple(node for node in tops if not any(top != node and top.covers(node) for top in tops)))

    @property
    def nodes(self) -> GridQuerySet:
        """All nodes of it, retired ones too."""
        below: GridQuerySet = Grid.objects.all() if None in self.tops else Grid.objects.in_area(filter(None, self.tops))
        return below

    @property
    def communities(self) -> list[Grid]:
        """Those that lie in it now, in the order of the tree."""
        return list(self.nodes.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft"))

    def tallies(self, measures: Sequence[str], days: Days | None = None, kind: str = "") -> TallyQuerySet:
        """What counts for any of these measures. Of how many there are now, `days` says nothing."""
        flows = Q(day__range=days) if days else Q()
        which = Q(measure__in=[name for name in measures if not MEASURES[name].day])
        which |= Q(measure__in=[name for name in measures if MEASURES[name].day]) & flows
        tallies: TallyQuerySet = Tally.objects.below_any(self.tops).filter(which)
        return tallies.filter(kind=kind) if kind else tallies


def area_of(posts: Iterable[Post]) -> Area:
    """Where these posts read figures."""
    return Area.of(post.grid for post in posts if has_verb([post], "figures"))


@dataclass(frozen=True)
class Monthly:
    """What some nodes came to, by the first day of each month, and what there is now."""

    months: dict[date, Sums]
    standing: Sums

    @classmethod
    def nothing(cls) -> "Monthly":
        return cls({}, Sums())

    def of(self, measure: str, kind: str = "") -> int:
        """Of all these months together, or now."""
        if not MEASURES[measure].day:
            return self.standing.of(measure, kind)
        return sum(sums.of(measure, kind) for sums in self.months.values())

    def add(self, other: "Monthly", times: int = 1) -> None:
        """-1 takes away what `other` came to."""
        pairs = [(self.months.setdefault(month, Sums()), sums) for month, sums in other.months.items()]
        for into, sums in (*pairs, (self.standing, other.standing)):
            for key, amount in sums.items():
                into[key] += times * amount


def read_monthly(nodes: Sequence[Grid | None], days: Days | None = None) -> dict[int | None, Monthly]:
    """Key of each node (None: the county) -> what it came to in the months of these days, else since the portal began.
    One query."""
    wanted = Q(node__in=[node.pk for node in nodes if node]) | (Q(node=None) if None in nodes else Q(pk__in=()))
    flows = Q(span=Span.MONTH, day__range=days) if days else Q(span=Span.MONTH)
    rows = Rollup.objects.filter(wanted).filter(flows | Q(span=Span.NOW, day=NO_DAY))
    read = {node.pk if node else None: Monthly.nothing() for node in nodes}
    for node, span, day, kind, amounts in rows.values_list("node", "span", "day", "kind", "amounts"):
        came = read[node]
        (came.standing if span == Span.NOW else came.months.setdefault(day, Sums())).add(kind, amounts)
    return read


def read_area(area: Area, days: Days | None = None) -> Monthly:
    """The same of an area as a whole."""
    total = Monthly.nothing()
    for came in read_monthly(area.tops, days).values():
        total.add(came)
    return total
