"""Small numbers kept back, such that nobody can compute them from what is published. Pure.

A number from 1 to 4 is kept back; 0 says that there was nothing, and stays. A total and its parts would give it away by
subtraction, so others are kept back with it, until what is left says of each no less than "1 to 4" does: that it lies
somewhere among LEAST values. Which others is drawn by `order`: were it the smallest, that alone would say something."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST = 5
"""From here on a number is published."""

Cell = Any
"""Whatever names a cell and is hashable."""


@dataclass(frozen=True)
class Sum:
    """A total is exactly its parts."""

    total: Cell
    parts: Sequence[Cell]


def is_small(amount: int) -> bool:
    return 0 < amount < LEAST


@dataclass
class Keeping:
    """What is kept back so far, and what that leaves to be seen."""

    amounts: Mapping[Cell, int]
    sums: Sequence[Sum]
    public: Collection[Cell]
    hidden: set[Cell]

    def __post_init__(self) -> None:
        self.parts = {addition.total: addition.parts for addition in self.sums}

    def floor(self, cell: Cell) -> int:
        """What anybody knows a hidden cell to be at least: 1; a total as much as its parts at least are."""
        known = sum(1 if part in self.hidden else self.amounts[part] for part in self.parts.get(cell, ()))
        return max(1, known)

    def gives_away(self, addition: Sum) -> bool:
        """Whether this sum says of a hidden cell in which of fewer than LEAST values it lies."""
        unknown = [part for part in addition.parts if part in self.hidden]
        if addition.total in self.hidden:
            return not unknown  # all its parts are published, so it is
        slack = sum(self.amounts[part] - self.floor(part) for part in unknown)
        return bool(unknown) and (len(unknown) < 2 or slack < LEAST - 1)

    def besides(self, addition: Sum, order: Callable[[Cell], Any]) -> Cell | None:
        """What is to be hidden besides: another part, or the total when there is none. None: all is hidden that may be."""
        others = [part for part in addition.parts if part not in self.hidden and self.amounts[part]]
        if others:
            return min(others, key=order)
        return None if addition.total in self.hidden or addition.total in self.public else addition.total


def kept_back(
    amounts: Mapping[Cell, int],
    sums: Sequence[Sum],
    *,
    public: Collection[Cell] = (),
    order: Callable[[Cell], Any] = str,
) -> set[Cell]:
    """The cells that are not published. Each lies in at most one sum as a part and in one as a total. `public`: totals
    that are known anyway. Every step hides one more, so it ends."""
    small = {cell for cell, amount in amounts.items() if is_small(amount) and cell not in public}
    keeping = Keeping(amounts, sums, public, small)
    while True:
        leaks = (keeping.besides(addition, order) for addition in sums if keeping.gives_away(addition))
        more = next((cell for cell in leaks if cell is not None), None)
        if more is None:
            return keeping.hidden
        keeping.hidden.add(more)
