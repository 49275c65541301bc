"""Requests from a file: each row a case or a reject with its reason; a second run adds nothing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from cases import routing
from cases.models import Category
from cases.table_files import Report, read_moment, read_rows
from cases.words import tidy
from grids.models import Building, Grid, Level
from grids.querysets import GridQuerySet
from residents.models import Request, Source
from residents.services import Filing, Place, checked_words, submit_requests

HEADS = {
    "number": ("number", "编号", "留言编号", "工单编号", "序号"),
    "title": ("subject", "标题", "留言主题", "主题"),
    "words": ("text", "内容", "留言详情", "诉求内容", "详情"),
    "at": ("submitted_at", "时间", "留言时间", "提交时间"),
    "place": ("place", "地点", "小区", "地址"),
    "category": ("category", "分类", "一级标签", "类别"),
}

BATCH = 500
Read = tuple[int, dict[str, Any], Filing]
"""Line, row as it came, what is filed."""


def import_requests(
    *,
    path: Path,
    source: str,
    default_place: Grid,
    at: datetime,
    by: User | None = None,
    within: GridQuerySet | None = None,
    max_rows: int | None = None,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda rows: rows,
) -> Report:
    """File every row of a table as a request. `source` names where it is from: with the row's number it makes the key
    under which a second run finds it again. A batch of rows is one transaction; where one of them is refused, the others
    go in without it. A text that names an estate or community (of `within`, where given) is placed there, others at
    `default_place`.

    Raises ValidationError if the file is no table with the columns that are needed or has too many rows, or nobody is
    in post who could take what it holds."""
    routing.desk(default_place, at=at)
    report = Report()
    rows = list(read_rows(path))
    if rows:
        _check_heads(rows[0][1])
    if max_rows is not None and len(rows) > max_rows:
        raise ValidationError(f"有 {len(rows)} 行，一次最多 {max_rows} 行，请分成几个文件。")
    places = _Places(default_place, within=Grid.objects.all() if within is None else within)
    known = set(Request.objects.filter(submit_key__startswith=f"{source}:").values_list("submit_key", flat=True))
    batch: list[Read] = []
    for line, row in progress(rows):
        try:
            key = _key(source, row)
            if key in known:
                report.known += 1
                continue
            batch.append((line, row, _filing(row, key=key, places=places, at=at, by=by)))
            known.add(key)
        except ValidationError as refusal:
            report.rejects.append((line, "；".join(refusal.messages), row))
        if len(batch) == BATCH:
            _file(batch, report, at=at)
            batch = []
    _file(batch, report, at=at)
    report.rejects.sort(key=lambda reject: reject[0])
    return report


def _file(batch: list[Read], report: Report, *, at: datetime) -> None:
    """In one transaction; where that is refused row by row, so that a bad row takes no other with it."""
    try:
        filed = submit_requests([filing for _, _, filing in batch], at=at)
    except ValidationError as refusal:
        if len(batch) > 1:
            for read in batch:
                _file([read], report, at=at)
        else:
            [(line, row, _)] = batch
            report.rejects.append((line, "；".join(refusal.messages), row))
    else:
        new = sum(is_new for _, is_new in filed)
        report.imported += new
        report.known += len(filed) - new


def _check_heads(row: dict[str, Any]) -> None:
    if missing := [names[1] for names in (HEADS["number"], HEADS["words"], HEADS["at"]) if not _has(row, names)]:
        raise ValidationError(f"缺少列：{'、'.join(missing)}。表头可用中文，例如：编号,标题,时间,内容。")


def _has(row: dict[str, Any], names: tuple[str, ...]) -> bool:
    return any(name in row for name in names)


def _cell(row: dict[str, Any], what: str) -> Any:
    return next((row[name] for name in HEADS[what] if row.get(name) not in (None, "")), "")


def _key(source: str, row: dict[str, Any]) -> str:
    if "_shape" in row:
        raise ValidationError(str(row["_shape"]))
    number = tidy(str(_cell(row, "number")))
    if not number or len(number) > 60:
        raise ValidationError("没有编号，或编号太长")
    return f"{source}:{number}"


def _filing(row: dict[str, Any], *, key: str, places: "_Places", at: datetime, by: User | None) -> Filing:
    said_at = read_moment(_cell(row, "at"))
    if said_at > at:
        raise ValidationError(f"时间 {said_at:%Y-%m-%d %H:%M} 在今天之后")
    title, words = str(_cell(row, "title")), tidy(str(_cell(row, "words")))
    if not words:
        raise ValidationError("没有内容")
    return Filing(
        asker=None,
        place=places.find(f"{_cell(row, 'place')} {title} {words}"),
        # When it was first said is part of the words; the portal's clock runs from when it came in.
        words=checked_words(f"{words}\n（原提交时间 {said_at:%Y-%m-%d %H:%M}）"),
        title=title,
        submit_key=key,
        category=places.category(str(_cell(row, "category"))),
        source=Source.IMPORT,
        by=by,
    )


class _Places:
    """Finds the estate or community a text names, the default otherwise; and the category. Read once for the whole file."""

    def __init__(self, default: Grid, *, within: GridQuerySet) -> None:
        self.default = default
        nodes = within.standing().filter(level__in=(Level.COMMUNITY, Level.ESTATE)).order_by("-level", "pk")
        self.by_name = {node.name: node for node in nodes}
        self.buildings = {
            f"{building.estate.name}{building.label}": building
            for building in Building.objects.filter(estate__in=nodes.order_by()).select_related("estate", "grid")
        }
        self.categories = {each.path: each for each in Category.objects.filter(kind="request", retired_at=None)}

    def find(self, text: str) -> Place:
        plain = text.replace(" ", "")
        for name, node in self.by_name.items():
            if name in plain:
                return Place(node, self._building(name, plain))
        return Place(self.default)

    def _building(self, estate: str, text: str) -> Building | None:
        doors = (door for door in self.buildings if door.startswith(estate) and door in text)
        found = max(doors, key=len, default=None)
        return self.buildings[found] if found else None

    def category(self, said: str) -> Category | None:
        """A category that is not ours is left to staff, not rejected."""
        return self.categories.get(tidy(said))


def category_paths(path: Path) -> Iterator[tuple[int, str]]:
    """(line, full name) of each category in a table with a column for each level.

    Raises ValidationError at the first row whose upper levels are empty or whose names are too long."""
    for line, row in read_rows(path):
        names = [tidy(str(cell or "")) for head, cell in row.items() if head != "_shape"][:3]
        while names and not names[-1]:
            names.pop()
        if not names or not all(names):
            raise ValidationError(f"第 {line} 行：上级分类没有填。")
        if any(len(name) > 40 or "/" in name for name in names):
            raise ValidationError(f"第 {line} 行：分类名最多 40 字，不能含“/”。")
        yield line, "/".join(names)
