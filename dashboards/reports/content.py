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
    found = board(node, period, at=at)
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
        "score": found.score,
        "weights": weights_words(),
        "main": [_number(one) for one in found.main],
        "given": [_number(one) for one in found.given],
        "late": show(found.reading, "late").amount,
        "rates": [_rate(one, is_of_three=one in found.three) for one in (*found.three, *found.rates)],
        "changes": found.changes,
        "trend": _trend(found),
        "kinds": _kinds(found),
        "below": _below(found),
        "lengths": [_length(one) for one in found.lengths],
        "categories": [[one.label, one.amount] for one in found.categories],
        "places": [[one.label, one.amount] for one in found.places],
    }


def _number(one: Number) -> Content:
    said = {name: getattr(one, name) for name in ("label", "amount", "unit", "means", "before", "change")}
    return {**said, "words": one.words}


def _rate(one: Rate, *, is_of_three: bool) -> Content:
    said = {name: getattr(one, name) for name in ("label", "words", "before", "means", "interval", "is_small")}
    return {
        **said, "is_of_three": is_of_three,
        "part": one.part.amount, "part_label": one.part.label, "whole": one.whole.amount, "whole_label": one.whole.label,
    }  # fmt: skip


def _trend(found: Board) -> Content:
    labels = [one.label for one in found.trend[-1][1]]
    return {"heads": labels, "rows": [[label, [one.amount for one in numbers]] for label, numbers in found.trend]}


def _kinds(found: Board) -> Content:
    """All kinds together stand last."""
    means = [[one.label, one.means] for one in found.kinds[-1].numbers] if found.kinds else []
    rows = [[one.label, [number.amount for number in one.numbers]] for one in found.kinds]
    return {"heads": [label for label, _ in means], "means": means, "rows": rows}


def _below(found: Board) -> Content:
    counts = len(found.rows[0].numbers) if found.rows else 0
    labels = [label for label, _ in heads()]
    rows = [
        {
            "name": row.node.name + ("（已撤并）" if row.node.retired_at else ""),
            "numbers": [one.amount for one in row.numbers],
            "rates": [{"words": words, "is_small": is_small} for words, is_small in row.rates],
        }
        for row in found.rows
    ]
    return {
        "heads": labels[:counts],
        "rate_heads": labels[counts:],
        "means": [list(one) for one in heads()],
        "rows": rows,
    }


def _length(one: Length) -> Content:
    classes = [[each.label, each.amount] for each in one.classes]
    return {"label": one.label, "median": one.median, "ninth": one.ninth, "base": one.base, "classes": classes}


def definitions(content: Content) -> list[tuple[str, str]]:
    """Every label of a report with how it is counted, each once, in the order of the report."""
    found = {"综合得分": f"{content['weights']}。三率中有一项分母为零的，不计得分。"}
    for one in (*content["main"], *content["rates"], *content["given"]):
        found.setdefault(one["label"], one["means"])
    for label, means in (*content["kinds"]["means"], *content["below"]["means"]):
        found.setdefault(label, means)
    found["95 % 区间"] = "真实的比率有 95 % 的把握落在其间（Wilson 区间）；件数越少，区间越宽。"
    found["样本少"] = "分母太小，比率说明不了什么，不宜据此排名。"
    found["中位数、九成分位数"] = "半数事项、九成事项的用时不超过此数，从提交算起，按时段估算。"
    return list(found.items())
