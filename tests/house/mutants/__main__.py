"""script/mutants: plants a sample of faults in a copy of the code, runs the tests that stand by, and says which faults no
test saw. The copy is thrown away; the checkout is never written."""

import argparse
import ast
import difflib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.house.mutants.operators import OPERATORS
from tests.house.mutants.targets import TARGETS, Target
from tests.services import environment
from zhenghe.embedded import BASE_DIR, data_dir

LEFT = (
    ".git",
    ".venv",
    "var",
    "__pycache__",
    "node_modules",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    "media",
)
"""Not copied."""
LONGEST = 900
"""Seconds that the tests of one fault may take: twice what the slowest of them need."""
KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"


@dataclass(frozen=True)
class Mutant:
    group: str
    file: str
    line: int
    operator: str
    occurrence: int
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    outcome: str
    seconds: float
    diff: str
    by: str = ""
    """The test that saw it."""


def main() -> int:
    asked = _asked()
    folder = data_dir() / "mutants"
    tree, there = _copy(folder), _there()
    sample = _sample(tree, random.Random(asked.seed), asked.count, asked.only)
    outcomes: list[Outcome] = []
    for mutant in sample:
        outcomes.append(_try(tree, mutant, there))
        _report(folder, asked, outcomes)
        print(f"{len(outcomes)}/{len(sample)} {_line(outcomes[-1])}", flush=True)
    print(_table(outcomes))
    return _pass_without_a_fault(tree, outcomes, there)


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="script/mutants", description=__doc__)
    asked.add_argument("--seed", type=int, default=1, help="the same seed plants the same faults")
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--only", default="", help="only files whose path has this (a regular expression)")
    return asked.parse_args()


def _copy(folder: Path) -> Path:
    shutil.rmtree(folder / "tree", ignore_errors=True)
    shutil.copytree(BASE_DIR, folder / "tree", ignore=shutil.ignore_patterns(*LEFT))
    subprocess.run([sys.executable, "-m", "compileall", "-q", "."], cwd=folder / "tree", check=True)
    return folder / "tree"


def _there() -> dict[str, str]:
    """What a run of tests needs: the database, started once, in which each makes one of its own."""
    variables = {**os.environ, **environment()}
    variables["DATABASE_URL"] = urlunsplit(urlsplit(variables["DATABASE_URL"])._replace(path="/mutants"))
    # A file that was changed twice within a second would be read as it was before.
    return {**variables, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "", "CI": "true"}


def _sample(tree: Path, chance: random.Random, count: int, only: str) -> list[Mutant]:
    """Groups take turns, and in each its files by their lines; of the faults at one place one is planted."""
    places: dict[str, list[list[Mutant]]] = {}
    for target in TARGETS:
        for path in target.paths(tree):
            if re.search(only, str(path.relative_to(tree))):
                places.setdefault(target.group, []).extend(_places(tree, path, target))
    for group in places.values():
        chance.shuffle(group)
    sample: list[Mutant] = []
    while len(sample) < count and any(places.values()):
        for group in places.values():
            if group and len(sample) < count:
                sample += _one_of(tree, group.pop(), chance)
    return sample


def _places(tree: Path, path: Path, target: Target) -> list[list[Mutant]]:
    """The faults that can be planted in a file, by the place where."""
    source, file = path.read_text(), path.relative_to(tree)
    lines, left_out = source.splitlines(), set(_annotations(source))
    places: dict[tuple[int, int], list[Mutant]] = {}
    for name, operator in OPERATORS.items():
        spans = [span for node in ast_nodes(get_ast(source)) for span in operator.mutation_positions(node)]
        for occurrence, (begin, _) in enumerate(spans):
            line = lines[begin[0] - 1]
            if begin in left_out or line[begin[1] :].startswith("*,") or not target.only.search(line):
                continue  # a star between arguments is no operator
            mutant = Mutant(target.group, str(file), begin[0], name, occurrence, tuple(target.tests_of(file)))
            places.setdefault(begin, []).append(mutant)
    return list(places.values())


def _one_of(tree: Path, mutants: list[Mutant], chance: random.Random) -> list[Mutant]:
    """The first, in any order, whose fault is Python still; none where no one is."""
    chance.shuffle(mutants)
    sound = (mutant for mutant in mutants if _is_sense(mutated((tree / mutant.file).read_text(), mutant)))
    return list(islice(sound, 1))


def _annotations(source: str) -> Iterator[tuple[int, int]]:
    """Each place inside a type: what is changed there changes nothing."""
    for node in ast.walk(ast.parse(source)):
        for hint in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(hint, ast.expr) and hint.end_lineno == hint.lineno:
                yield from ((hint.lineno, column) for column in range(hint.col_offset, hint.end_col_offset or 0))


def mutated(source: str, mutant: Mutant) -> str:
    return str(mutate_code(source, OPERATORS[mutant.operator], mutant.occurrence))


def _is_sense(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _pass_without_a_fault(tree: Path, outcomes: Sequence[Outcome], there: dict[str, str]) -> int:
    """A test that fails anyhow has seen nothing: each that saw a fault is run without one."""
    seeing = sorted({outcome.by for outcome in outcomes if outcome.by})
    code, output = _run(tree, seeing, None, there) if seeing else (0, "")
    print("these tests pass without a fault" if code == 0 else f"a test fails without a fault:\n{output[-3000:]}")
    return code or 0


def _try(tree: Path, mutant: Mutant, there: dict[str, str]) -> Outcome:
    path = tree / mutant.file
    source = path.read_text()
    planted = mutated(source, mutant)
    begun = time.monotonic()
    try:
        path.write_text(planted)
        code, output = _run(tree, mutant.tests, LONGEST, {**there, "DOORS": Path(mutant.file).parts[0]})
    finally:
        path.write_text(source)
    outcome = TIMEOUT if code is None else SURVIVED if code == 0 else KILLED
    seen = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", output, re.MULTILINE) if outcome == KILLED else None
    diff = "\n".join(
        difflib.unified_diff(source.splitlines(), planted.splitlines(), mutant.file, mutant.file, "", "", 1, "")
    )
    return Outcome(mutant, outcome, round(time.monotonic() - begun, 1), diff, seen[1] if seen else "")


def _run(tree: Path, arguments: Sequence[str], seconds: float | None, there: dict[str, str]) -> tuple[int | None, str]:
    """Exit code (None: it lasted too long) and what was printed."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=no", *arguments]
    with subprocess.Popen(
        command,
        cwd=tree,
        env=there,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the workers and servers its tests have started
            return None, ""
    return process.returncode, output


def _line(outcome: Outcome) -> str:
    return f"{outcome.outcome:8} {outcome.seconds:6} s  {outcome.mutant.file}:{outcome.mutant.line} {outcome.mutant.operator}"


def _table(outcomes: list[Outcome]) -> str:
    counted = Counter((outcome.mutant.file, outcome.outcome) for outcome in outcomes)
    rows = ["| file | killed | timeout | survived |", "|---|---|---|---|"]
    for file in sorted({outcome.mutant.file for outcome in outcomes}):
        rows.append(f"| `{file}` | {' | '.join(str(counted[file, kind]) for kind in (KILLED, TIMEOUT, SURVIVED))} |")
    total = Counter(outcome.outcome for outcome in outcomes)
    rows.append(f"| together | {' | '.join(str(total[kind]) for kind in (KILLED, TIMEOUT, SURVIVED))} |")
    return "\n".join(rows)


def _report(folder: Path, asked: argparse.Namespace, outcomes: list[Outcome]) -> None:
    options: dict[str, Any] = {"seed": asked.seed, "count": asked.count, "only": asked.only}
    (folder / "report.json").write_text(
        json.dumps({**options, "outcomes": [asdict(outcome) for outcome in outcomes]}, ensure_ascii=False, indent=1)
    )
    survivors = [
        f"## {_line(outcome)}\n\n```diff\n{outcome.diff}\n```" for outcome in outcomes if outcome.outcome != KILLED
    ]
    (folder / "report.md").write_text("\n\n".join([_table(outcomes), *survivors]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
