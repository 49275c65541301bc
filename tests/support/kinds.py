"""One case of each kind for the walk over its arrows, made by the tests of its room: `WALKED` in `tests/<room>/walked.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from accounts.models import User
from cases.models import Case
from tests.support.cast import Town


class Scene(NamedTuple):
    """Whom and what a case may be made of."""

    request: Case
    town: Town
    staff: dict[str, User]
    resident: User
    neighbour: User


@dataclass(frozen=True)
class Walked:
    make: Callable[[Scene], Case]
    """At the request's grid, with everything on it that an arrow may choose from."""
    seats: dict[str, str]
    """As what the resident ("asker") and the neighbour of the cast sit on it, by name."""
    led_by: str = ""
    """Role of whoever has it in hand, where that is one of grids/roles.py at the holder's place."""


KINDS: dict[str, Walked] = {}
for path in sorted(Path(__file__).parents[1].glob("*/walked.py")):
    KINDS |= import_module(f"tests.{path.parent.name}.walked").WALKED
