"""A report as workbook: a sheet a part, with charts Excel draws itself, and the definitions."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.figures.sums import NOTHING
from dashboards.reports.content import Content, definitions
from tables.workbooks import COUNT, PERCENT, cell, head, set_up, title

HEAD_ROW = 3
"""Of every sheet: title, what of, heads, rows."""
COLOURS = ("2C5F8A", "D55E00")
"""As in static/js/charts.js; lines differ in dashes and points besides."""
DASHES, POINTS = ("solid", "dash"), ("circle", "square")


def report_excel(content: Content) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    _main(book, content)
    _rates(book, content)
    _trend(book, content)
    if content["below"]["rows"]:
        _below(book, content)
    if content["kinds"]["rows"]:
        _kinds(book, content)
    if content["categories"] or content["places"]:
        rows = [*content["categories"], *content["places"]]
        _counted(book, content, "哪类多哪里多", ("分类或地点", "诉求登记（件）"), rows)
    _lengths(book, content)
    _sheet(
        book, content, "口径", ("名称", "计算方法"), (18, 110), ([pair[0], pair[1]] for pair in definitions(content))
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def percent_cell(words: str) -> float | str:
    """ "98.99 %" as a number that Excel can reckon with; "—" stays."""
    return NOTHING if words == NOTHING else round(float(words.removesuffix("%")) / 100, 4)


def _sheet(
    book: Workbook,
    content: Content,
    name: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Any]],
    forms: Sequence[str] = (),
) -> Worksheet:
    sheet: Worksheet = book.create_sheet(name)
    set_up(sheet, widths, frozen=f"B{HEAD_ROW + 1}", repeated=f"1:{HEAD_ROW}")
    sheet.append([title(sheet, f"{content['place']}{content['title']} · {name}")])
    running = "（本期还没有结束）" if content["is_running"] else ""
    sheet.append([title(sheet, f"{content['period']}，截至 {content['at']}{running}", size=11)])
    head(sheet, heads)
    for row in rows:
        kinds = [*forms, *[""] * (len(row) - len(forms))]
        sheet.append([cell(sheet, value, form) for value, form in zip(row, kinds, strict=True)])
    return sheet


def _main(book: Workbook, content: Content) -> None:
    numbers = (*content["main"], *content["given"])
    rows = [
        [
            number["label"],
            number["amount"],
            number["unit"],
            NOTHING if number["before"] is None else number["before"],
            NOTHING if number["before"] is None else number["amount"] - number["before"],
        ]
        for number in numbers
    ]
    score = content["score"]
    rows.insert(0, ["综合得分", score if score == NOTHING else float(score), "分", NOTHING, NOTHING])
    heads = ("指标", "本期", "单位", f"上期（{content['before']}）", "比上期")
    sheet = _sheet(book, content, "概览", heads, (22, 14, 10, 34, 12), rows, ("", COUNT, "", COUNT, "+#,##0;-#,##0;0"))
    sheet.cell(HEAD_ROW + 1, 2).number_format = "0.0"


def _rates(book: Workbook, content: Content) -> None:
    rows = [
        [
            rate["label"],
            percent_cell(rate["words"]),
            rate["part_label"],
            rate["part"],
            rate["whole_label"],
            rate["whole"],
            rate["interval"] or NOTHING,
            percent_cell(rate["before"]),
            "样本少" if rate["is_small"] else "",
        ]
        for rate in content["rates"]
    ]
    heads = ("指标", "本期", "分子", "件数", "分母", "件数", "95 % 区间", "上期", "提醒")
    forms = ("", PERCENT, "", COUNT, "", COUNT, "", PERCENT)
    _sheet(book, content, "指标", heads, (18, 12, 14, 10, 14, 10, 14, 12, 10), rows, forms)


def _trend(book: Workbook, content: Content) -> None:
    trend = content["trend"]
    rows = [[label, *amounts] for label, amounts in trend["rows"]]
    sheet = _sheet(
        book, content, "走势", ("时间", *trend["heads"]), (16, 12, 12), rows, ("", *[COUNT] * len(trend["heads"]))
    )
    chart = LineChart()
    _fill(chart, sheet, len(rows), columns=len(trend["heads"]), title="诉求登记和办结（件）")
    for number, series in enumerate(chart.series):
        series.graphicalProperties.line.solidFill = COLOURS[number % 2]
        series.graphicalProperties.line.dashStyle = DASHES[number % 2]
        series.marker.symbol, series.marker.size = POINTS[number % 2], 7
        series.marker.graphicalProperties = GraphicalProperties(solidFill=COLOURS[number % 2])
        series.smooth = False
    sheet.add_chart(chart, f"F{HEAD_ROW}")


def _below(book: Workbook, content: Content) -> None:
    below = content["below"]
    heads = ("名称", *below["heads"], *below["rate_heads"])
    rows = [
        [row["name"], *row["numbers"], *(percent_cell(rate["words"]) for rate in row["rates"]), _few(row, below)]
        for row in below["rows"]
    ]
    forms = ("", *[COUNT] * len(below["heads"]), *[PERCENT] * len(below["rate_heads"]))
    widths = (26, *[11] * (len(heads) - 1), 30)
    sheet = _sheet(book, content, "下一级", (*heads, "样本少的"), widths, rows, forms)
    chart = BarChart()
    _fill(chart, sheet, len(rows), title=f"{below['heads'][0]}（件）")
    _bars(chart, sheet, f"K{HEAD_ROW}", len(rows))


def _few(row: Content, below: Content) -> str:
    return "、".join(label for label, rate in zip(below["rate_heads"], row["rates"], strict=True) if rate["is_small"])


def _kinds(book: Workbook, content: Content) -> None:
    kinds = content["kinds"]
    heads = ("类型", *kinds["heads"])
    rows = [[label, *amounts] for label, amounts in kinds["rows"]]
    forms = ("", *[COUNT] * len(kinds["heads"]))
    sheet = _sheet(book, content, "各类事项", heads, (22, *[12] * len(kinds["heads"])), rows, forms)
    chart, many = BarChart(), len(rows) - 1  # all kinds together are no bar beside the others
    _fill(chart, sheet, many, title=f"{kinds['heads'][0]}（件）")
    _bars(chart, sheet, f"H{HEAD_ROW}", many)


def _counted(book: Workbook, content: Content, name: str, heads: Sequence[str], rows: list[list[Any]]) -> None:
    _sheet(book, content, name, heads, (36, 14), rows, ("", COUNT))


def _lengths(book: Workbook, content: Content) -> None:
    rows: list[list[Any]] = []
    for length in content["lengths"]:
        rows += [[length["label"], "中位数", length["median"]], [length["label"], "九成分位数", length["ninth"]]]
        rows += [[length["label"], f"其中 {words}", amount] for words, amount in length["classes"]]
    _sheet(book, content, "用时", ("从提交起", "用时", "多久或多少件"), (26, 22, 16), rows, ("", "", COUNT))


def _fill(chart: Any, sheet: Worksheet, rows: int, *, title: str, columns: int = 1) -> None:
    """Labels in the first column, a series in each of the next."""
    last = HEAD_ROW + rows
    chart.add_data(
        Reference(sheet, min_col=2, max_col=1 + columns, min_row=HEAD_ROW, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=HEAD_ROW + 1, max_row=last))
    chart.title, chart.height, chart.width = title, 9, 20
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides both unless told
    chart.y_axis.number_format, chart.y_axis.scaling.min = COUNT, 0
    chart.legend.position = "b"


def _bars(chart: BarChart, sheet: Worksheet, corner: str, rows: int) -> None:
    """To the right, the first row on top, each with its number."""
    chart.type, chart.gapWidth, chart.legend = "bar", 60, None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.height = max(6, min(30, 1.2 * rows + 3))
    chart.series[0].graphicalProperties.solidFill = COLOURS[0]
    chart.dataLabels = DataLabelList()
    chart.dataLabels.showVal = True
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, name, False)
    sheet.add_chart(chart, corner)
