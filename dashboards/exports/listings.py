"""What an exported list holds: the list behind a figure, or a list of cases as somebody saw it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from cases.models import Case
from cases.reading.excel import CaseResource
from dashboards.figures.lists import behind, lines
from dashboards.models import Export, Tally
from grids.models import Post
from grids.rights.jurisdiction import allows, has_verb, posts_of
from tables.workbooks import COUNT, DAY

STEP = 500
"""Rows read, written and forgotten at a time."""

Line = list[tuple[Any, str]]
"""Values, each with its number format."""


@dataclass(frozen=True)
class Listing:
    means: str
    columns: list[tuple[str, int]]
    """Head and width."""
    steps: Iterator[Iterable[Line]]


LINK = ("在本平台打开", 44)
FIGURE_COLUMNS = [("内容", 46), ("情况", 40), ("计入日期", 16), ("数量", 8), LINK]
CASE_WIDTHS = {
    "编号": 15,
    "标题": 30,
    "分类": 18,
    "地点": 18,
    "责任人": 20,
    "提交时间": 16,
    "答复时限": 16,
    "办结时间": 16,
}
CASE_WIDTH = 9


def listing_of(export: Export) -> Listing:
    return _figure(export) if export.source == Export.Source.FIGURE else _cases(export)


def is_open_to_owner(export: Export, *, at: datetime) -> bool:
    """Behind a figure: as long as they read figures there. A list of cases: until one of the posts ends by which they saw
    it."""
    posts = posts_of(export.person, at=at)
    if export.source == Export.Source.FIGURE:
        return any(allows(post, "figures", export.node) for post in posts)
    ended = Post.objects.filter(person=export.person_id, until_at__gt=export.asked_at, until_at__lte=at)
    return has_verb(posts, "dispatch") and not ended.exists()


def _figure(export: Export) -> Listing:
    figure = behind(export.node, export.measure, kind=export.kind, days=export.days)
    # A single query, read off bit by bit: as the list stood at one moment.
    rows = figure.tallies.select_related("counted").iterator(chunk_size=STEP)

    def written(tallies: Sequence[Tally]) -> Iterator[Line]:
        for tally, line in zip(tallies, lines(tallies, export.person), strict=True):
            yield [(line.words, ""), (line.more, ""), (tally.day, DAY), (tally.amount, COUNT), _link(line.path)]

    when = export.period.words if figure.measure.day else "现在"
    return Listing(f"{when}：{figure.measure.means}", FIGURE_COLUMNS, map(written, _in_steps(rows)))


def _cases(export: Export) -> Listing:
    """The columns of every Excel list of cases: no words, no names of residents."""
    table = CaseResource()
    heads = table.get_export_headers()

    def written(ids: Sequence[int]) -> Iterator[Line]:
        seen = Case.objects.visible_to(export.person).filter(pk__in=ids).with_cards()
        cases = {case.pk: case for case in seen}
        for pk in ids:
            case = cases.get(pk)
            # Every line that was asked for is there: what the person may no longer see, without its words.
            values = table.export_resource(case) if case else ["已不能查看", *[""] * (len(heads) - 1)]
            yield [*((value, "") for value in values), _link(case.get_absolute_url() if case else "")]

    columns = [*((name, CASE_WIDTHS.get(name, CASE_WIDTH)) for name in heads), LINK]
    return Listing("和页面上的一样，按页面上的顺序", columns, map(written, _in_steps(export.case_ids)))


def _link(path: str) -> tuple[str, str]:
    return settings.PORTAL_URL + path if path else "", ""


def _in_steps(rows: Iterable[Any]) -> Iterator[list[Any]]:
    step: list[Any] = []
    for row in rows:
        step.append(row)
        if len(step) == STEP:
            yield step
            step = []
    if step:
        yield step
