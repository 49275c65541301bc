"""Frozen tables: what the code declares about rights, written down in tests/*.csv and agreed to by somebody. Tests read from
them what they expect, never from the declaration they prove. UPDATE_ARROWS=1 or UPDATE_ROLES=1 writes one anew; whatever
was widened is then a line of a diff."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]
FOLDER = Path(__file__).parent


def read(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def as_declared(name: str, rows: Iterable[Row]) -> list[Row]:
    """The rows that the code declares, written down first where that is asked for."""
    found = list(rows)
    if os.environ.get(f"UPDATE_{name.upper()}"):
        with (FOLDER / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, found[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
    return found
