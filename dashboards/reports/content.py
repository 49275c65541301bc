"""What stands in a report: the figures of a page (dashboards/figures/board.py) as plain values, so that it can be kept as it was
and be set as a page, a PDF or a workbook. Holds counts and names of places, nothing about a person."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate, localtime

from dashboards.figures.board import Board, board, heads
from dashboards.figures.periods import WORDS, Period
from dashboards.figures.sums import Length, Number, Rate, show, weights_words
from grids.models import Grid

Content = dict[str, Any]

COUNTY = "政和县"


def content_of(node: Grid | None, period: Period, *, at: datetime) -> Content:
    """JSON: what is kept of a report is this and nothing else."""
    figures = board(node, period, at=at)
    return {
        "place": node.name if node else COUNTY,
        "node": node.pk if node else None,
        "level": node.level_label if node else "全县",
        "title": f"{WORDS[period.code]}报",
        "code": period.code,
        "first": period.first.isoformat(),
        "period": period.words,
        "before": period.before.words,
        "at": f"{localtime(at):%Y年%-m月%-d日 %H:%M}",
        "is_running": period.last >= localdate(at),
        "score": figures.score,
        "weights": weights_words(),
        "main": [_number(number) for number in figures.main],
        "given": [_number(number) for number in figures.given],
        "late": show(figures.reading, "late").amount,
        "rates": [_rate(rate, is_of_three=rate in figures.three) for rate in (*figures.three, *figures.rates)],
        "changes": figures.changes,
        "trend": _trend(figures),
        "kinds": _kinds(figures),
        "below": _below(figures),
        "lengths": [_length(length) for length in figures.lengths],
        "categories": [[category.label, category.amount] for category in figures.categories],
        "places": [[place.label, place.amount] for place in figures.places],
    }


def _number(number: Number) -> Content:
    fields = {name: getattr(number, name) for name in ("label", "amount", "unit", "means", "before", "change")}
    return {**fields, "words": number.words}


def _rate(rate: Rate, *, is_of_three: bool) -> Content:
    fields = {name: getattr(rate, name) for name in ("label", "words", "before", "means", "interval", "is_small")}
    return {
        **fields,
        "is_of_three": is_of_three,
        "part": rate.part.amount,
        "part_label": rate.part.label,
        "whole": rate.whole.amount,
        "whole_label": rate.whole.label,
    }


def _trend(figures: Board) -> Content:
    labels = [number.label for number in figures.trend[-1][1]]
    return {
        "heads": labels,
        "rows": [[label, [number.amount for number in numbers]] for label, numbers in figures.trend],
    }


def _kinds(figures: Board) -> Content:
    """All kinds together stand last."""
    means = [[number.label, number.means] for number in figures.kinds[-1].numbers] if figures.kinds else []
    rows = [[kind.label, [number.amount for number in kind.numbers]] for kind in figures.kinds]
    return {"heads": [label for label, _ in means], "means": means, "rows": rows}


def _below(figures: Board) -> Content:
    counts = len(figures.rows[0].numbers) if figures.rows else 0
    labels = [label for label, _ in heads()]
    rows = [
        {
            "name": row.node.name + ("（已撤并）" if row.node.retired_at else ""),
            "numbers": [number.amount for number in row.numbers],
            "rates": [{"words": words, "is_small": is_small} for words, is_small in row.rates],
        }
        for row in figures.rows
    ]
    return {
        "heads": labels[:counts],
        "rate_heads": labels[counts:],
        "means": [list(head) for head in heads()],
        "rows": rows,
    }


def _length(length: Length) -> Content:
    classes = [[each.label, each.amount] for each in length.classes]
    return {
        "label": length.label,
        "median": length.median,
        "ninth": length.ninth,
        "base": length.base,
        "classes": classes,
    }


def definitions(content: Content) -> list[tuple[str, str]]:
    """Every label of a report with how it is counted, each once, in the order of the report."""
    meanings = {"综合得分": f"{content['weights']}。三率中有一项分母为零的，不计得分。"}
    for figure in (*content["main"], *content["rates"], *content["given"]):
        meanings.setdefault(figure["label"], figure["means"])
    for label, means in (*content["kinds"]["means"], *content["below"]["means"]):
        meanings.setdefault(label, means)
    meanings["95 % 区间"] = "真实的比率有 95 % 的把握落在其间（Wilson 区间）；件数越少，区间越宽。"
    meanings["样本少"] = "分母太小，比率说明不了什么，不宜据此排名。"
    meanings["中位数、九成分位数"] = "半数事项、九成事项的用时不超过此数，从提交算起，按时段估算。"
    return list(meanings.items())
