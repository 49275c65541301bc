"""The table of a drill as Markdown, with what one needs to know to read it: when, where, at which commit."""

import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import psutil

from bench.drill.conduct import Line
from bench.drill.count import Count
from bench.drill.portal import ROOT

HEAD = (
    "| fault | at | lasts | answered again after | routed again after | `/readyz` red after | green after | lost "
    "| doubled | log lines |\n|---|---|---|---|---|---|---|---|---|---|"
)


def table(lines: Iterable[Line]) -> str:
    return "\n".join([HEAD, *map(row, lines)])


def row(line: Line) -> str:
    if line.outcome is None:
        return f"| {line.fault.words} | {_clock(line.at)} | not done: {line.not_done} | | | | | | | |"
    seen = line.outcome
    lasts = f"{seen.lasted:.0f} s" if seen.lasted >= 0.5 else "–"
    red = _seconds(seen.red_after) + (f" ({seen.red_words})" if seen.red_words else "")
    times = [_seconds(seen.answered_after), _seconds(seen.routed_after), red, _seconds(seen.green_after)]
    cells = [_clock(line.at), lasts, *times, str(line.lost), str(line.doubled), str(line.log_lines)]
    return f"| {line.fault.words} | {' | '.join(cells)} |"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"


def machine(redis: str) -> str:
    return f"{here()}, Redis: {redis}"


def here() -> str:
    """When, at which commit, on which machine."""
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{date.today():%Y-%m-%d}, commit {commit()}, {psutil.cpu_count()} cores, "
        f"{memory:.0f} GB, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def commit() -> str:
    return f"{_git('rev-parse', '--short', 'HEAD')}{_changes()}"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _changes() -> str:
    return " with changes" if _git("status", "--porcelain", "--untracked-files=no") else ""


def summary(lines: Sequence[Line], count: Count, minutes: float) -> str:
    done = [line for line in lines if line.outcome is not None]
    return (
        f"{len(done)} faults in {minutes:.0f} minutes; {count.told:,} requests and {count.done:,} acts of grid leaders were "
        f"acknowledged, {count.messages:,} messages and {count.photos:,} photos came of them: {len(count.lost)} lost, "
        f"{len(count.doubled)} doubled."
    )


def write(path: Path, mark: str, text: str) -> None:
    """Between `<!-- measured: MARK -->` and `<!-- end -->` of a document."""
    pattern = re.compile(rf"(<!-- measured: {re.escape(mark)} -->\n).*?(<!-- end -->)", re.S)
    before = path.read_text()
    if not pattern.search(before):
        raise ValueError(f"{path} has no place for {mark}")
    path.write_text(pattern.sub(lambda place: f"{place.group(1)}{text}\n{place.group(2)}", before))
