"""Lists as files. Asked for on the page of the list, written by a task in steps, so that a million lines take no more
memory than a thousand.

A worker leases a row, says how far it is after each step, which renews the lease, and puts the file into the row last. A
worker that dies leaves the row and no file; when the lease runs out the sweep begins it anew."""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import IO, Any

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime
from openpyxl import Workbook

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from accounts.privacy.holdings import Keeping
from accounts.privacy.rights import days_of
from cases.models import Case
from dashboards.exports.listings import is_open_to_owner, listing_of
from dashboards.figures.lists import behind
from dashboards.figures.periods import Period
from dashboards.models import Export
from grids.models import Grid
from locks.moments import held
from tables.workbooks import COUNT, cell, head, set_up, title

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_TRIES = 3
NUMBER = ("序号", 8)
GONE = "您已不能看这里的数据。"
BROKEN = "几次都没有做成，请重新导出；还是不行请联系管理员。"


Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Somebody else has begun it anew."""


def ask_for_figure(*, person: User, node: Grid | None, measure: str, kind: str, period: Period, at: datetime) -> Export:
    """The list behind a figure as a file, made by a task. Who may read figures there is asked at the door, and again when
    it is made and when it is fetched.

    Raises ValidationError when it is empty or too long."""
    figure = behind(node, measure, kind=kind, days=period.days)
    fields = {"node": node, "measure": measure, "kind": kind, "code": period.code, "first": period.first}
    return _ask(figure.tallies.count(), figure.label, at, person=person, source=Export.Source.FIGURE, **fields)


def ask_for_cases(*, person: User, label: str, cases: QuerySet[Case], at: datetime) -> Export:
    """A list of cases as a file: these, in this order.

    Raises ValidationError when it is empty or too long."""
    ids = list(cases.values_list("pk", flat=True)[: settings.EXPORT_MOST_ROWS + 1])
    fields: dict[str, Any] = {"case_ids": ids, "kind": sha256(repr(ids).encode()).hexdigest()[:30]}
    fields |= {"measure": "cases", "code": "day", "first": localtime(at).date()}
    return _ask(len(ids), label, at, person=person, source=Export.Source.CASES, **fields)


def file_of_cases(person: User, label: str, cases: QuerySet[Case], at: datetime) -> str:
    """What `cases.reading.lists.as_file` asks for."""
    return ask_for_cases(person=person, label=label, cases=cases, at=at).get_absolute_url()


def _ask(rows: int, label: str, at: datetime, **fields: Any) -> Export:
    """The same list asked for twice is made once."""
    if not rows:
        raise ValidationError("这张表是空的，没有可导出的。")
    if rows > settings.EXPORT_MOST_ROWS:
        raise ValidationError(
            f"一次最多导出 {settings.EXPORT_MOST_ROWS:,} 行，这张表还要多：请选短一些的时段、加上筛选，或到下一级导出。"
        )
    try:
        with transaction.atomic():
            export = Export.objects.create(**fields, label=label[:120], asked_at=at, row_count=rows)
            transaction.on_commit(_ring, robust=True)
    except IntegrityError:
        export = Export.objects.get(**fields, ended_at=None)
    return export


def _ring() -> None:
    current_app.send_task("dashboards.tasks.make_exports")  # by name: tasks stand above services


def make_exports(*, at: datetime) -> int:
    """Make every file that was asked for; returns how many. Many workers may do it at once. Call it outside of any
    transaction, or nobody sees how far it is."""
    made, began = 0, monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=monotonic() - began)

    while export := _lease(now()):
        made += _make(export, now)
    return made


def _lease(at: datetime) -> Export | None:
    """The next that nobody holds. One over which workers have died too often is given up."""
    with transaction.atomic():
        waiting = Export.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(ended_at=None)
        export = (
            waiting.exclude(held(at=at, longest=LEASE))
            .select_related("person", "node")
            .order_by("asked_at", "pk")
            .first()
        )
        if export is None:
            return None
        if export.tries >= MAX_TRIES:
            _end(export, at, failed=BROKEN)
            return _lease(at)
        export.tries, export.leased_until, export.done_count = export.tries + 1, at + LEASE, 0
        export.save(update_fields=["tries", "leased_until", "done_count"])
        return export


def _make(export: Export, now: Clock) -> bool:
    if not is_open_to_owner(export, at=now()):
        _end(export, now(), failed=GONE)
        return False
    try:
        with tempfile.TemporaryFile() as file:
            rows = _write(export, file, now)
            file.seek(0)
            return _put(export, file, rows, now())
    except LeaseLost:
        log.warning("export %s is made by somebody else", export.pk)
    except Exception:
        log.exception("export %s was not made", export.pk)
        # Its lease runs out, then it is tried again.
    return False


def _write(export: Export, file: IO[bytes], now: Clock) -> int:
    """The workbook, line by line; how many lines."""
    listing = listing_of(export)
    columns = (NUMBER, *listing.columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("清单")
    set_up(sheet, [width for _, width in columns], frozen="A5", repeated="1:4")
    sheet.append([title(sheet, export.title)])
    sheet.append([title(sheet, f"{listing.means}。", size=11)])
    sheet.append(
        [title(sheet, f"{export.person.name} 导出于 {localtime(now()):%Y年%-m月%-d日 %H:%M}，请勿外传", size=11)]
    )
    head(sheet, [name for name, _ in columns])
    done = 0
    for step in listing.steps:
        for cells in step:
            done += 1
            sheet.append([cell(sheet, value, form) for value, form in ((done, COUNT), *cells)])
        _keep(export, now(), done)
    book.save(file)
    return done


def _mine(export: Export) -> QuerySet[Export]:
    """Its row, as long as nobody else has begun it anew."""
    return Export.objects.filter(pk=export.pk, tries=export.tries, ended_at=None)


def _keep(export: Export, at: datetime, done: int) -> None:
    """Still at it, and how far. Raises LeaseLost."""
    if not _mine(export).update(done_count=done, leased_until=at + LEASE):
        raise LeaseLost


def _put(export: Export, file: IO[bytes], rows: int, at: datetime) -> bool:
    """The file is written whole under a name no row has, then the row takes it. Raises LeaseLost."""
    name = default_storage.save(export.file.field.generate_filename(export, "list.xlsx"), File(file))
    if not _mine(export).update(
        file=name, ready_at=at, ended_at=at, leased_until=None, row_count=rows, done_count=rows, case_ids=[]
    ):
        default_storage.delete(name)
        raise LeaseLost
    return True


def _end(export: Export, at: datetime, *, failed: str) -> None:
    Export.objects.filter(pk=export.pk).update(failed=failed, ended_at=at, leased_until=None, case_ids=[])


def fetched(*, export: Export, at: datetime, address: str | None) -> None:
    """Its file leaves the house: a line of the audit trail, each time."""
    where = f"{export.source} {export.measure}"
    if export.source == Export.Source.FIGURE:
        where += f" @{export.node_id or 'county'}"
    thing = f"清单导出 {export.pk} {where} {export.row_count} 行"
    audit.record(act=Act.EXPORT, at=at, by=export.person_id, thing=thing, address=address)


def forget_exports(before: datetime, at: datetime) -> int:
    """Rows that ended before that moment, with their files."""
    old = list(Export.objects.filter(ended_at__lt=before))
    for export in old:
        export.file.delete(save=False)
        export.delete()
    return len(old)


KEEPING = Keeping("figure_exports", "导出的清单", 7, forget_exports)


def days_kept() -> int:
    """How many days a file can be fetched."""
    return days_of(KEEPING)
