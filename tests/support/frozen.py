"""Frozen tables: what the code declares about rights, written down in tests/*.csv and agreed to by somebody. Tests read from
them what they expect, never from the declaration they prove. UPDATE_ARROWS=1, UPDATE_STATES=1, UPDATE_LIMITS=1 or UPDATE_ROLES=1 writes one anew; whatever
was widened is then a line of a diff."""

import csv
import difflib
import os
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]
FOLDER = Path(__file__).parents[1] / "frozen"


def read(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def differences(name: str, declared: Iterable[Row]) -> list[str]:
    """What the code declares otherwise than the table says, as lines of a diff. Written down instead, where that is asked
    for."""
    code_rows = list(declared)
    if os.environ.get(f"UPDATE_{name.upper()}"):
        with (FOLDER / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, code_rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(code_rows)
    lines = difflib.ndiff(*([",".join(row.values()) for row in rows] for rows in (read(name), code_rows)))
    return [line for line in lines if line[0] in "+-"]
