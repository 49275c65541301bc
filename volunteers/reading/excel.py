"""The three lists as staff print them: a title, a head that repeats on every page, widths, A4 across."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from grids.models.querysets import GridQuerySet
from volunteers.models import Need, Project, Resource
from volunteers.models.words import FREE_TIMES

THIN = Border(*(Side(style="thin", color="FF9A9A9A") for _ in range(4)))
HEAD = PatternFill("solid", fgColor="FFE4EEE8")

Columns = Sequence[tuple[str, int]]


def resource_rows(area: GridQuerySet) -> Iterable[list[Any]]:
    resources = Resource.objects.filter(grid__in=area).select_related("category", "unit", "team", "grid")
    for resource in resources.order_by("grid__tree_id", "grid__lft", "pk"):
        times = "、".join(FREE_TIMES[code] for code in resource.free_times)
        until = f"至 {resource.until_date:%Y-%m-%d}" if resource.until_date else "起，长期"
        yield [
            resource.name,
            resource.get_kind_display(),
            resource.category.path,
            resource.provider,
            resource.grid.name,
            resource.amount,
            times,
            f"{resource.from_date:%Y-%m-%d} {until}",
        ]


def need_rows(area: GridQuerySet) -> Iterable[list[Any]]:
    needs = Need.objects.filter(grid__in=area).select_related("category", "grid", "noted_by")
    for need in needs.order_by("-noted_at", "-pk"):
        yield [
            need.title,
            need.category.path,
            need.grid.name,
            need.get_source_display(),
            need.get_urgency_display(),
            need.people_count,
            need.noted_by.name,
            f"{timezone.localtime(need.noted_at):%Y-%m-%d}",
            need.get_state_display(),
            need.reason,
        ]


def project_rows(area: GridQuerySet) -> Iterable[list[Any]]:
    projects = (
        Project.objects.filter(grid__in=area)
        .select_related("unit", "team", "grid")
        .prefetch_related(Prefetch("needs", Need.objects.order_by("pk")), "milestones")
    )
    for project in projects.order_by("-from_date", "-pk"):
        steps = sorted(project.milestones.all(), key=lambda step: (step.due_date, step.pk))
        reached = sum(step.reached_date is not None for step in steps)
        yield [
            project.name,
            project.adopter,
            project.grid.name,
            "\n".join(need.title for need in project.needs.all()),
            project.plan,
            f"{project.from_date:%Y-%m-%d} 至 {project.until_date:%Y-%m-%d}",
            f"{reached}/{len(steps)}" if steps else "—",
            project.get_state_display(),
            project.result or project.budget_note,
        ]


LISTS: dict[str, tuple[str, Columns, Any]] = {
    "resources": (
        "资源清单",
        [("名称", 24), ("类型", 8), ("服务分类", 20), ("提供单位或队伍", 22), ("所在网格", 18), ("数量", 14), ("可用时间", 22), ("有效期", 26)],
        resource_rows,
    ),
    "needs": (
        "需求清单",
        [("需要什么", 34), ("服务分类", 20), ("所在网格", 18), ("来源", 10), ("紧急", 8), ("受益人数", 9), ("登记人", 10), ("登记日期", 12), ("状态", 10), ("说明", 24)],
        need_rows,
    ),
    "projects": (
        "项目清单",
        [("名称", 24), ("认领单位或队伍", 20), ("所在网格", 18), ("对接需求", 30), ("怎么做", 34), ("起止", 26), ("节点", 8), ("状态", 10), ("成果或经费", 24)],
        project_rows,
    ),
}  # fmt: skip


def write_list(which: str, rows: Iterable[list[Any]], *, place: str, at: datetime) -> bytes:
    """The .xlsx of one list."""
    title, columns, _ = LISTS[which]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    columns = [("序号", 6), *columns]
    _head(sheet, f"{place}志愿服务{title}", f"{timezone.localtime(at):%Y年%-m月%-d日}", columns)
    for serial, row in enumerate(rows, start=1):
        sheet.append([serial, *(_plain(cell) for cell in row)])
    for cells in sheet.iter_rows(min_row=3, max_col=len(columns)):
        for cell in cells:
            cell.border = THIN
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _print_set_up(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, title: str, day: str, columns: Columns) -> None:
    last = get_column_letter(len(columns))
    sheet["A1"], sheet["A2"] = title, f"制表日期：{day}"
    sheet.merge_cells(f"A1:{last}1")
    sheet.merge_cells(f"A2:{last}2")
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A2"].alignment = Alignment(horizontal="right")
    sheet.append([label for label, _ in columns])
    for number, (_, width) in enumerate(columns, start=1):
        cell = sheet.cell(3, number)
        cell.font, cell.fill = Font(bold=True), HEAD
        sheet.column_dimensions[get_column_letter(number)].width = width


def _plain(cell: Any) -> Any:
    """What somebody typed must not become a formula of whoever opens the table."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith("=") else cell


def _print_set_up(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "1:3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.print_options.horizontalCentered = True
