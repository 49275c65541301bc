"""Tables that come with the portal: ours, in one form, so that nothing about them needs to be found out."""

import csv
from collections.abc import Iterator
from pathlib import Path


def read_shipped(path: Path) -> Iterator[dict[str, str]]:
    """Each row by the heads of the first line."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
