"""The list behind a figure: every thing that was counted, each as far as its reader may read it. As many lines as the
figure says, for both are the same tallies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from cases.models import Category
from dashboards.figures.measures import CATEGORY, MEASURES, label_of
from dashboards.figures.sources import SOURCES, Line
from dashboards.figures.sums import amount, named
from dashboards.models import Tally
from dashboards.models.querysets import TallyQuerySet
from grids.models import Grid
from web.measures import Measure


@dataclass(frozen=True)
class Behind:
    label: str
    measure: Measure
    tallies: TallyQuerySet
    """Newest first."""
    total: int
    """The figure itself: one each, but for hours."""


def behind(node: Grid | None, measure: str, *, kind: str = "", days: tuple[date, date] | None = None) -> Behind:
    """Of how many there are now, `days` says nothing."""
    definition = MEASURES.get(measure) or Measure(_label(measure), f"{_label(measure)}的事项", "登记、签收或办结的那天")
    during = days if definition.day else None
    tallies = Tally.objects.of(measure, kind=kind).below(node).within(during)
    total = amount(node, measure, kind=kind, days=during)
    return Behind(
        named(definition.label, kind, of_kind=definition.kind), definition, tallies.order_by("-day", "-pk"), total
    )


def _label(measure: str) -> str:
    if measure.startswith(CATEGORY):
        category = Category.objects.filter(pk=measure.removeprefix(CATEGORY)).first()
        return category.path if category else "已删除的分类"
    return label_of(measure)


def lines(tallies: Sequence[Tally], reader: User | None) -> list[Line]:
    """In the order of the tallies, which come with `counted`. One or a few queries a source, however many lines."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for tally in tallies:
        wanted[tally.counted.source].append(tally.counted.thing)
    by_source = {source: SOURCES[source].lines(ids, reader) for source, ids in wanted.items()}
    gone = Line("已不在册", "正在重新统计")
    return [by_source[tally.counted.source].get(tally.counted.thing, gone) for tally in tallies]
