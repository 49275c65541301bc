"""What became of the rows of a table: rows in = new + known + rejected, always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError

from tables.cells import Cell
from tables.reading import Row, Table


class Reject(NamedTuple):
    line: int
    reason: str
    cells: list[Cell]
    """As they came."""


@dataclass
class Report:
    heads: tuple[str, ...] = ()
    """As the table has them."""
    imported: int = 0
    known: int = 0
    rejects: list[Reject] = field(default_factory=list)
    goes_to: Counter[str] = field(default_factory=Counter)
    """Where the new ones go, and how many."""

    @classmethod
    def of(cls, table: Table) -> Report:
        return cls(table.heads.written)

    @property
    def rows(self) -> int:
        return self.imported + self.known + len(self.rejects)

    def reject(self, row: Row, refusal: ValidationError) -> None:
        self.rejects.append(Reject(row.line, "；".join(refusal.messages), row.written))
