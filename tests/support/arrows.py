"""tests/frozen/arrows.csv: who may draw what from where, and what must be said with it (a frozen table: tests/support/frozen.py)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from cases.workflow import WORKFLOWS, Arrow
from tests.support import frozen


@dataclass(frozen=True)
class Row:
    """Of several, a cell names them with blanks between."""

    kind: str
    verb: str
    sources: str
    target: str
    """"" where it stays in its state; several with | between, where the act decides."""
    who: str
    needs: str
    guards: str
    """Names of what may refuse it beside the standing. A row without one is offered wherever it stands."""
    marks: str
    """What else hangs on it: "main" (its button stands out), "grave" (it warns), "hidden" (the asker's story leaves it
    out), "page" (a page of its own draws it)."""

    def is_from(self, state: str) -> bool:
        return state in self.sources.split()

    def is_for(self, standing: Iterable[str]) -> bool:
        return not set(self.who.split()).isdisjoint(standing)


ROWS = [Row(**cells) for cells in frozen.read("arrows")]


def declared() -> Iterator[frozen.Row]:
    """Every arrow as the code declares it, the engine's with each kind."""
    for kind, workflow in sorted(WORKFLOWS.items()):
        for arrow in sorted(workflow.all_arrows, key=lambda arrow: arrow.verb):
            sources, who, guards = (" ".join(sorted(names)) for names in (arrow.sources, arrow.who, _guards(arrow)))
            needs, marks = " ".join(arrow.needs), " ".join(_marks(arrow))
            yield asdict(Row(kind, arrow.verb, sources, "|".join(arrow.targets), who, needs, guards, marks))


def _marks(arrow: Arrow) -> list[str]:
    marks = {
        "main": arrow.is_main, "grave": arrow.is_grave, "hidden": not arrow.is_shown_to_asker, "page": bool(arrow.door)
    }  # fmt: skip
    return [mark for mark, has in marks.items() if has]


def limits() -> Iterator[frozen.Row]:
    """The limits that a new portal starts with (tests/frozen/limits.csv), of every kind that declares its own."""
    for kind, workflow in sorted(WORKFLOWS.items()):
        for limit in workflow.limits:
            yield {
                "kind": kind,
                "stage": limit.stage,
                "urgency": limit.urgency,
                "amount": str(limit.amount),
                "unit": limit.unit,
            }


def states() -> Iterator[frozen.Row]:
    """Every state as the code declares it (tests/frozen/states.csv): whose clock runs in it, which limit, and what comes at its
    end."""
    for kind, workflow in sorted(WORKFLOWS.items()):
        for code, state in workflow.states.items():
            yield {
                "kind": kind,
                "state": code,
                "clock": state.clock,
                "waits_for": " ".join(sorted(state.waits_for)),
                "lapses_by": state.lapses_by,
                "stamps": state.stamps,
                "marks": " ".join(mark for mark in ("keeps_clock", "final") if getattr(state, mark)),
            }


def _guards(arrow: Arrow) -> list[str]:
    return [guard.__name__ for guard in (arrow.guard, arrow.own_guard) if guard is not None]
