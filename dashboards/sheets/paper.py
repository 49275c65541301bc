"""履职单 as a paper that is handed on (政治考核): whose, in which posts, every number with how it is counted, what stands behind
the numbers, the person's own word, room for signatures and seal.

It leaves the portal, so it names nobody but the person: a case is its number and how it stands, whoever reads it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate, localtime

from dashboards.models import SheetComment
from dashboards.sheets.content import Entry, Whose
from grids.models import Post
from papers.pdf import paper_pdf
from papers.sheet import Fields, Hand, Seal, Sheet, Signs, Table, Text

MOST_FACTS = 40
"""Of one number, so many stand on the paper; it says how many more there are."""


def sheet_pdf(
    whose: Whose, parts: Iterable[tuple[str, list[Entry]]], comment: SheetComment | None, *, foot: str
) -> bytes:
    """`parts`: what its reader may read of it (sheets.open_to). `foot`: at the foot of every page."""
    return paper_pdf(replace(sheet_of(whose, list(parts), comment), note=foot))


def sheet_of(whose: Whose, parts: list[tuple[str, list[Entry]]], comment: SheetComment | None) -> Sheet:
    assert whose.person is not None, "of a person"
    first, last = whose.period.days
    blocks: list[Any] = [
        Fields(
            [
                [("姓名", whose.person.name), ("考核期", whose.period.words)],
                [("任职", "；".join(duties(whose)) or "无")],
                [("起止", f"{_day(first)}至{_day(last)}")],
                [("数字截至", f"{localtime(whose.at):%Y年%-m月%-d日 %H:%M}")],
            ]
        )
    ]
    for label, entries in parts:
        rows = [[entry.item.label, f"{entry.number} {entry.item.unit}", entry.item.means] for entry in entries]
        blocks += [
            Text(label, "每项按所列口径由办理记录统计；“现在”的为截至时的数。"),
            Table(["项目", "数量", "口径"], rows),
        ]
    blocks.append(Text("本人说明", comment.words if comment else "本人没有说明。"))
    facts = [row for _, entries in parts for entry in entries for row in _facts(entry, whose)]
    if facts:
        blocks += [Text("事实明细", "上列各项后面的记录。"), Table(["项目", "日期", "事实"], facts)]
    blocks += [
        Signs([Hand("本人签字", ""), Hand("所在党组织负责人签字", "")]),
        Seal("所在党组织", "　　　年　　月　　日"),
    ]
    return Sheet("履职单", blocks, subtitle=whose.period.words)


def duties(whose: Whose) -> list[str]:
    """Posts of the period in both trees, with since when, and until when."""
    assert whose.person is not None, "of a person"
    begin, end = whose.moments
    running = Q(from_at__lt=end) & (Q(until_at=None) | Q(until_at__gt=begin))
    party = Post.objects.filter(running, person=whose.person).select_related("grid").order_by("from_at", "pk")
    five = whose.five.filter(running).order_by("from_at", "pk")
    return [f"{post.title}（{_day(localdate(post.from_at))}起{_until(post)}）" for post in (*party, *five)]


def _until(post: Any) -> str:
    return f"，{_day(localdate(post.until_at))}止" if post.until_at else ""


def _facts(entry: Entry, whose: Whose) -> list[list[str]]:
    rows = entry.item.rows(whose)
    facts = [[entry.item.label, *entry.item.fact(row)] for row in rows[:MOST_FACTS]]
    more = rows.count() - len(facts)
    return [*facts, [entry.item.label, "", f"另有 {more} 条，在本平台查阅"]] if more > 0 else facts


def _day(day: Any) -> str:
    return f"{day:%Y年%-m月%-d日}"
