"""tests/arrows.csv: who may draw what from where, and what must be said with it (a frozen table: tests/frozen.py)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from cases.workflow import WORKFLOWS, Arrow
from tests import frozen


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
    main: str
    """"main" where it is the one most often meant: its button stands out."""

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
            needs, main = " ".join(arrow.needs), "main" if arrow.is_main else ""
            yield asdict(Row(kind, arrow.verb, sources, "|".join(arrow.targets), who, needs, guards, main))


def _guards(arrow: Arrow) -> list[str]:
    return [guard.__name__ for guard in (arrow.guard, arrow.own_guard) if guard is not None]
