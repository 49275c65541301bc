"""docs/performance.md: a line for each figure, with what it was at the start and where and when it was measured."""

import json
import os
from datetime import date
from pathlib import Path

from bench.costs.figures import Figure, shown
from bench.drill.portal import ROOT
from bench.drill.table import commit, here
from bench.drill.table import write as write_block

PAGE = ROOT / "docs/performance.md"
START: dict[str, float] = json.loads(Path(__file__).with_name("at_the_start.json").read_text())
"""Figure -> its value at commit 9ec3ddc, measured by this bench."""
HEAD = "| what | at the start | now | limit | measured |"


def said(figure: Figure) -> str:
    """In one line, as it is printed."""
    sign = "✓" if figure.is_kept else "✗"
    return f"  {sign} {figure.what}: {_value(figure)}, at the start {_start(figure)}, limit {figure.limit_words or '–'}"


def write(figures: list[Figure]) -> None:
    """These lines anew, each after those that stand before it; the others as they are."""
    before = PAGE.read_text().partition(f"{HEAD}\n")[2].partition("\n\n")[0].splitlines()[1:]
    lines = {_what(line): line for line in before}
    lines |= {figure.what: _line(figure) for figure in figures}
    rule = "|---|---|---|---|---|"
    write_block(PAGE, "engine", "\n".join([HEAD, rule, *lines.values(), "", f"{here()}."]))


def _line(figure: Figure) -> str:
    bold = "" if figure.is_kept else "**"
    measured = f"{date.today():%Y-%m-%d}, {commit()}, load {os.getloadavg()[0]:.1f}"
    cells = (figure.what, _start(figure), f"{bold}{_value(figure)}{bold}", figure.limit_words, measured)
    return f"| {' | '.join(cells)} |"


def _what(line: str) -> str:
    return line.split("|")[1].strip()


def _value(figure: Figure) -> str:
    return _with_unit(figure.value, figure)


def _start(figure: Figure) -> str:
    return _with_unit(START[figure.what], figure) if figure.what in START else "–"


def _with_unit(value: float, figure: Figure) -> str:
    return f"{shown(value)} {figure.unit}".strip()
