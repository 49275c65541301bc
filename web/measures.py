"""What is measured, each said once: rooms declare theirs with their words, figures and lists are headed with these. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    label: str
    means: str
    """How it is counted."""
    day: str = ""
    """Which day it counts on; "" for how many there are now."""
    unit: str = "件"
    kind: str = ""
    """The only kind of case it is counted of; "" for every kind, or for what is no case."""


def joined(tables: Iterable[Mapping[str, Measure]]) -> dict[str, Measure]:
    """All of them, by code. Raises ValueError where a code or a label is taken: one label, one number."""
    measures: dict[str, Measure] = {}
    labels: set[str] = set()
    for table in tables:
        for code, measure in table.items():
            if code in measures or measure.label in labels:
                raise ValueError(f"{code} {measure.label} is measured twice")
            measures[code] = measure
            labels.add(measure.label)
    return measures
