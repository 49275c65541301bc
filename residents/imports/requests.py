"""Requests from a file: each row a case or a reject with its reason; a second run adds nothing."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.personal_data import blind_index
from cases.categories import paths as categories
from cases.categories.paths import DEEPEST, LONGEST_NAME
from cases.categories.tree import Wanted
from cases.engine import routing
from cases.models import Category, Urgency
from grids.models import Grid
from grids.models.querysets import GridQuerySet
from residents.imports.places import Places
from residents.models import Request, Source
from residents.services import Filing, Place, checked_words, submit_requests
from residents.suggest import active_channels, channels_for
from residents.workflow import REQUEST
from tables import undo
from tables.batches import written
from tables.heads import Column, Layout
from tables.moments import read_moment
from tables.reading import Row, read_table
from tables.report import Report
from web.text import tidy

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
        Column("紧急程度", ("紧急级别", "缓急程度", "urgency")),
        Column("姓名", ("来电人", "联系人", "诉求人", "反映人", "市民姓名", "name")),
        Column("电话", ("来电号码", "来电电话", "联系电话", "联系方式", "手机", "手机号", "手机号码", "phone")),
    ),
)
URGENCIES = {"": "", "普通": Urgency.NORMAL, "加急": Urgency.URGENT, "特提": Urgency.CRITICAL} | {
    urgency.label: urgency.value for urgency in Urgency
}
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
SORTING = REQUEST.states[REQUEST.unsorted].label

BATCH = 500


def import_requests(
    *,
    file: Path | bytes,
    source: str,
    default_place: Grid,
    at: datetime,
    by: User | None = None,
    within: GridQuerySet | None = None,
    batch: str = "",
    is_trial: bool = False,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = lambda rows: rows,
) -> Report:
    """File every row of a table as a request. `source` names where it is from: with the row's number and what it says it
    makes the key under which a second run finds it again. A batch of rows is one transaction; where one of them is
    refused, the others go in without it. A text that names an estate or community (of `within`, where given) is placed
    there. What names none or several, has no category of ours, or may be urgent waits to be sorted by staff, at
    `default_place` where none is known. All cases carry `batch` (one of its own where it is ""). A trial files nothing.

    Raises ValidationError if the file is no table with the columns that are needed, or nobody is in post who could take
    what it holds."""
    routing.desk(default_place, at=at)
    table = read_table(file, REQUESTS)
    report = Report.of(table)
    reader = _Reader(default_place, within=Grid.objects.all() if within is None else within, by=by, batch=batch)
    known = _Known(source)
    waiting: list[tuple[Row, Filing]] = []
    for row in progress(table.rows):
        try:
            row.check()
            said_at = _said_at(row, at=at)
            number, content = _identity(row, said_at)
            if known.has(number, content):
                report.known += 1
                continue
            key = known.key(number, content)
            waiting.append((row, reader.filing(row, said_at=said_at, key=key)))
            known.add(number, content)
        except ValidationError as refusal:
            report.reject(row, refusal)
        if len(waiting) == BATCH:
            _file(waiting, report, at=at, is_trial=is_trial)
            waiting = []
    _file(waiting, report, at=at, is_trial=is_trial)
    report.rejects.sort(key=lambda reject: reject.line)
    return report


def _file(rows: list[tuple[Row, Filing]], report: Report, *, at: datetime, is_trial: bool) -> None:
    """In one transaction; where that is refused row by row, so that a bad row takes no other with it."""
    try:
        with written(is_trial=is_trial):
            filed = submit_requests([filing for _, filing in rows], at=at)
    except ValidationError as refusal:
        if len(rows) == 1:
            report.reject(rows[0][0], refusal)
            return
        for each in rows:
            _file([each], report, at=at, is_trial=is_trial)
    else:
        new = [case for case, is_new in filed if is_new]
        report.imported += len(new)
        report.known += len(filed) - len(new)
        report.goes_to.update(SORTING if case.state == REQUEST.unsorted else case.grid.name for case in new)


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


class _Reader:
    """Makes a request of a row. Places, categories and channels are read once for the whole file."""

    def __init__(self, default_place: Grid, *, within: GridQuerySet, by: User | None, batch: str) -> None:
        self.default_place, self.by, self.batch = default_place, by, batch or f"import:{token_hex(8)}"
        self.places = Places(within)
        self.categories = categories.in_use(kind="request")
        self.channels = active_channels()

    def filing(self, row: Row, *, said_at: datetime, key: str) -> Filing:
        title, words = row.text("标题"), tidy(row.text("内容"))
        if not words:
            raise ValidationError("没有内容")
        meant = self.places.meant_by(row.text("地点"), title, words)
        category = self.categories.get(tidy(row.text("分类")))
        urgency = self._urgency(row, f"{title}\n{words}")
        asker, contact = self._asker(row)
        return Filing(
            asker=asker,
            place=meant[0] if len(meant) == 1 else Place(self.default_place),
            # What is not taken into a column is part of the words; the portal's clock runs from when it came in.
            words=checked_words(f"{words}\n（{'；'.join(self._said_beside(row, said_at, category))}）"),
            title=title,
            submit_key=key,
            category=category,
            urgency=urgency or Urgency.URGENT,
            address_note=contact,
            source=Source.IMPORT,
            by=self.by,
            has_place=len(meant) == 1,
            is_sorted=len(meant) == 1 and category is not None and bool(urgency),
            batch=self.batch,
        )

    def _said_beside(self, row: Row, said_at: datetime, category: Category | None) -> Iterator[str]:
        yield f"原提交时间 {said_at:%Y-%m-%d %H:%M}"
        if place := tidy(row.text("地点")):
            yield f"原地点 {place}"
        if category is None and (name := tidy(row.text("分类"))):
            yield f"原分类 {name}"

    def _urgency(self, row: Row, words: str) -> str:
        """ "" where staff have to say: the table does not, and the words may speak of danger."""
        urgency = tidy(row.text("紧急程度"))
        if urgency not in URGENCIES:
            raise ValidationError(f"紧急程度没有“{urgency}”，请写{'、'.join(Urgency.labels)}")
        is_danger = any(channel.is_emergency for channel in channels_for(words, self.channels))
        return URGENCIES[urgency] or ("" if is_danger else Urgency.NORMAL)

    def _asker(self, row: Row) -> tuple[User | None, str]:
        """Who called, where they have an account; else how to reach them, for who handles it. A table opens no accounts:
        the one whom it names has not been asked."""
        phone, name = tidy(undo.number(row["电话"])), tidy(row.text("姓名"))
        contact = " ".join(filter(None, (name, phone)))
        try:
            asker = User.objects.with_phone(phone) if phone else None
        except ValidationError:
            asker = None  # a landline, or an extension: it can be called, nobody signs in with it
        return asker, "" if asker or not contact else f"来电人 {contact}"


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


def _full_names(text: str, known: Container[str]) -> Iterator[str]:
    """Several are separated by ； or 、; the latter may also stand in a name: 供水、供电."""
    for part in re.split("[；;\n]", text):
        whole = _full_name(part)
        if whole in known:
            yield whole
        else:
            yield from filter(None, map(_full_name, part.split("、")))


def _full_name(path: str) -> str:
    return "/".join(tidy(name) for name in path.replace("／", "/").split("/"))
