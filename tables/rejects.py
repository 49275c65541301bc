"""The rows that did not go in, written so that they can be mended and taken in again: `read_table` knows 行号 and 原因 as no
content, takes the guard off, and finds cells that were too many where they were."""

import csv
import io
from pathlib import Path

from tables.cells import BAD_SIGNS, guarded, words_of
from tables.heads import REJECTS
from tables.report import Report


def rejects_csv(report: Report) -> bytes:
    """The heads and cells as they came, each row with its line and reason."""
    file = io.StringIO(newline="")
    out = csv.writer(file)
    out.writerow([*REJECTS, *(_readable(head) for head in report.heads)])
    for line, reason, cells in report.rejects:
        out.writerow([line, reason, *(_readable(words_of(cell)) for cell in cells)])
    return file.getvalue().encode("utf-8-sig")


def write_rejects(path: Path, report: Report) -> None:
    path.write_bytes(rejects_csv(report))


def _readable(text: str) -> str:
    return guarded(BAD_SIGNS.sub("\N{REPLACEMENT CHARACTER}", text))
