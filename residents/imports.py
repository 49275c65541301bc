"""Requests from a file: each row a case or a reject with its reason; a second run adds nothing."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.personal_data import blind_index
from cases import routing
from cases.categories import DEEPEST, LONGEST_NAME
from cases.category_tree import Wanted
from cases.models import Category
from cases.words import tidy
from grids.addresses import Door, Named, door_of, named
from grids.models import Building, Grid, Level
from grids.querysets import GridQuerySet
from residents.models import Request, Source
from residents.services import Filing, Place, checked_words, submit_requests
from tables import undo
from tables.heads import Column, Layout
from tables.moments import read_moment
from tables.reading import Row, read_table
from tables.report import Report

REQUESTS = Layout(
    "requests",
    "诉求",
    "诉求",
    (
        Column(
            "编号",
            ("工单编号", "受理编号", "留言编号", "诉求编号", "工单号", "受理单号", "number"),
            is_needed=True,
            unless="序号",
        ),
        Column("序号"),  # begins anew in each file: it says nothing about which matter it is
        Column("标题", ("诉求标题", "工单标题", "留言主题", "主题", "subject")),
        Column("时间", ("来电时间", "受理时间", "留言时间", "提交时间", "登记时间", "submitted_at"), is_needed=True),
        Column("内容", ("诉求内容", "诉求描述", "留言详情", "来电内容", "反映内容", "详情", "text"), is_needed=True),
        Column("地点", ("事发地址", "事发地点", "诉求地址", "小区", "地址", "place")),
        Column("分类", ("诉求类别", "诉求分类", "诉求类型", "一级标签", "类别", "category")),
    ),
)
CATEGORIES = Layout(
    "category_tree",
    "诉求分类（每级一列）",
    "分类",
    (
        Column("一级分类", ("level1", "一级"), is_needed=True),
        Column("二级分类", ("level2", "二级")),
        Column("三级分类", ("level3", "三级")),
        Column("对应原分类", ("原分类", "旧分类", "replaces")),
    ),
)
LEVELS = CATEGORIES.columns[:DEEPEST]
MAX_KEY = 100

BATCH = 500


def import_requests(
    *,
    file: Path | bytes,
    source: str,
    default_place: Grid,
    at: datetime,
    by: User | None = None,
    within: GridQuerySet | None = None,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda rows: rows,
) -> Report:
    """File every row of a table as a request. `source` names where it is from: with the row's number and what it says it
    makes the key under which a second run finds it again. A batch of rows is one transaction; where one of them is
    refused, the others go in without it. A text that names an estate or community (of `within`, where given) is placed
    there, others at `default_place`.

    Raises ValidationError if the file is no table with the columns that are needed, or nobody is in post who could take
    what it holds."""
    routing.desk(default_place, at=at)
    table = read_table(file, REQUESTS)
    report = Report.of(table)
    places = _Places(default_place, within=Grid.objects.all() if within is None else within)
    known = _Known(source)
    batch: list[tuple[Row, Filing]] = []
    for row in progress(table.rows):
        try:
            row.check()
            said_at = _said_at(row, at=at)
            number, content = _identity(row, said_at)
            if known.has(number, content):
                report.known += 1
                continue
            key = known.key(number, content)
            batch.append((row, _filing(row, said_at=said_at, key=key, places=places, by=by)))
            known.add(number, content)
        except ValidationError as refusal:
            report.reject(row, refusal)
        if len(batch) == BATCH:
            _file(batch, report, at=at)
            batch = []
    _file(batch, report, at=at)
    report.rejects.sort(key=lambda reject: reject.line)
    return report


def _file(batch: list[tuple[Row, Filing]], report: Report, *, at: datetime) -> None:
    """In one transaction; where that is refused row by row, so that a bad row takes no other with it."""
    try:
        filed = submit_requests([filing for _, filing in batch], at=at)
    except ValidationError as refusal:
        if len(batch) == 1:
            report.reject(batch[0][0], refusal)
            return
        for each in batch:
            _file([each], report, at=at)
    else:
        new = sum(is_new for _, is_new in filed)
        report.imported += new
        report.known += len(filed) - new


class _Known:
    """The rows of one source that are in already. A row is known by its number and what it says together."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.contents: dict[str, set[str]] = {}
        keys = Request.objects.filter(submit_key__startswith=f"{source}:").values_list("submit_key", flat=True)
        for key in keys:
            number, _, content = key[len(source) + 1 :].rpartition(":")
            self.add(number, content)

    def add(self, number: str, content: str) -> None:
        self.contents.setdefault(number, set()).add(content)

    def has(self, number: str, content: str) -> bool:
        """Raises ValidationError: another matter is in under this number."""
        contents = self.contents.get(number, set())
        if number and contents and content not in contents:
            raise ValidationError(f"编号 {number} 已导入过，但内容不同。请核对编号；如果是另一件事，请改编号再导")
        return content in contents

    def key(self, number: str, content: str) -> str:
        key = f"{self.source}:{number}:{content}"
        if len(key) > MAX_KEY:
            raise ValidationError("编号或来源太长")
        return key


def _identity(row: Row, said_at: datetime) -> tuple[str, str]:
    """(number, "" where the table has none; a keyed hash of what the row says)."""
    number = tidy(undo.number(row["编号"]))
    if not number and "编号" in row.heads.places:
        raise ValidationError("没有编号")
    content = "\n".join((tidy(row.text("标题")), tidy(row.text("内容")), said_at.isoformat()))
    return number, blind_index(content, purpose="import")[:16]


def _said_at(row: Row, *, at: datetime) -> datetime:
    said_at = read_moment(row["时间"])
    if said_at > at:
        raise ValidationError(f"时间 {said_at:%Y-%m-%d %H:%M} 在今天之后")
    return said_at


def _filing(row: Row, *, said_at: datetime, key: str, places: "_Places", by: User | None) -> Filing:
    title, words = row.text("标题"), tidy(row.text("内容"))
    if not words:
        raise ValidationError("没有内容")
    return Filing(
        asker=None,
        place=places.find(row.text("地点"), title, words),
        # When it was first said is part of the words; the portal's clock runs from when it came in.
        words=checked_words(f"{words}\n（原提交时间 {said_at:%Y-%m-%d %H:%M}）"),
        title=title,
        submit_key=key,
        category=places.category(row.text("分类")),
        source=Source.IMPORT,
        by=by,
    )


class _Places:
    """The estate or community that a row names, the default otherwise; and its category. Read once for the whole file."""

    def __init__(self, default: Grid, *, within: GridQuerySet) -> None:
        self.default = default
        self.nodes: dict[str, list[Grid]] = {}
        for node in within.standing().filter(level__in=(Level.COMMUNITY, Level.ESTATE)):
            self.nodes.setdefault(node.name, []).append(node)
        estates = [node.pk for several in self.nodes.values() for node in several]
        self.buildings = {
            (building.estate_id, door_of(building.name, building.unit)): building
            for building in Building.objects.filter(estate__in=estates).select_related("grid")
        }
        self.categories = {each.path: each for each in Category.objects.filter(kind="request", retired_at=None)}

    def find(self, *texts: str) -> Place:
        """Of the first of these texts that names one. Where it names several, somebody who knows them has to say."""
        for text in texts:
            if found := named(text, self.nodes):
                return self._one_of(found)
        return Place(self.default)

    def _one_of(self, found: list[Named]) -> Place:
        doors: dict[Grid, Door | None] = {}
        for place in found:
            for node in self.nodes[place.name]:
                doors[node] = doors.get(node) or place.door
        nodes = [node for node in doors if not any(other != node and node.covers(other) for other in doors)]
        if len(nodes) != 1:
            return Place(self.default)
        return Place(nodes[0], self._building(nodes[0], doors[nodes[0]]))

    def _building(self, estate: Grid, door: Door | None) -> Building | None:
        """Of a house whose units have doors of their own, only where the unit is said."""
        if door is None:
            return None
        return self.buildings.get((estate.pk, door)) or self.buildings.get((estate.pk, Door(door.house, "")))

    def category(self, said: str) -> Category | None:
        """A category that is not ours is left to staff, not rejected."""
        return self.categories.get(tidy(said))


def category_rows(path: Path, *, known: Container[str]) -> Iterator[Wanted]:
    """Each line of a table with a column for each level, and which old categories (`known` by their full names) it is to
    stand for.

    Raises ValidationError at the first row that cannot be read, whose upper levels are empty or whose names are too long."""
    for row in read_table(path, CATEGORIES).rows:
        try:
            row.check()
        except ValidationError as refusal:
            raise ValidationError(f"第 {row.line} 行：{refusal.messages[0]}。") from refusal
        names = [tidy(row.text(column.name)) for column in LEVELS]
        while names and not names[-1]:
            names.pop()
        if not names or not all(names):
            raise ValidationError(f"第 {row.line} 行：上级分类没有填。")
        if any(len(name) > LONGEST_NAME or "/" in name for name in names):
            raise ValidationError(f"第 {row.line} 行：分类名最多 {LONGEST_NAME} 字，不能含“/”。")
        yield Wanted(row.line, "/".join(names), tuple(_full_names(row.text("对应原分类"), known)))


def _full_names(said: str, known: Container[str]) -> Iterator[str]:
    """Several are separated by ； or 、; the latter may also stand in a name: 供水、供电."""
    for part in re.split("[；;\n]", said):
        whole = _full_name(part)
        if whole in known:
            yield whole
        else:
            yield from filter(None, map(_full_name, part.split("、")))


def _full_name(said: str) -> str:
    return "/".join(tidy(name) for name in said.replace("／", "/").split("/"))
