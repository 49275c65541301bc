"""What pages of figures come to, once all that waits is counted."""

from datetime import date, datetime
from typing import Any

from dashboards.figures.areas import Area
from dashboards.figures.counting import count
from dashboards.figures.cuts import Cut
from dashboards.figures.lists import lines
from dashboards.figures.periods import Period
from dashboards.figures.splits import UNITS
from dashboards.figures.sums import Number
from dashboards.mediation.table import COLUMNS, table
from dashboards.volunteering import tables

COUNTY = Area((None,))


def overview(at: datetime, area: Area = COUNTY) -> tuple[dict[str, int], dict[str, dict[str, dict[str, int]]]]:
    """(measure -> number of the page of volunteering, table -> line -> measure -> number)."""
    count(at=at, wait=True)
    numbers, shown = tables.overview(area)
    return amounts(numbers), {table.code: {row.label: amounts(row.numbers) for row in table.rows} for table in shown}


def amounts(numbers: Any) -> dict[str, int]:
    return {number.measure: number.amount for number in numbers}


def mediation(year: int, *, at: datetime) -> dict[str, dict[str, dict[str, int | str]]]:
    """Part -> line -> measure or "share:mediation" -> what the table of the county says."""
    count(at=at, wait=True)
    shown = table(COUNTY, Period.of("year", date(year, 1, 1)))
    return {
        part.label: {
            row.label: {
                measure or f"share:{share}": cell.amount if isinstance(cell, Number) else cell[0]
                for cell, (measure, share) in zip(row.cells, COLUMNS, strict=True)
            }
            for row in part.rows
        }
        for part in shown.parts
    }


def kept(year: int, *, at: datetime) -> dict[str, str]:
    """How many agreements were kept how; those of which there are any."""
    count(at=at, wait=True)
    shown = table(COUNTY, Period.of("year", date(year, 1, 1)))
    return {label: number for label, number, _ in shown.kept if number != "0"}


def cut(**narrowed: Any) -> Cut:
    """Of the county; `unit`, else as Cut has it."""
    if unit := narrowed.pop("unit", None):
        narrowed |= {"split": UNITS, "value": unit.pk}
    return Cut(COUNTY, tables.BEHIND, **narrowed)


def come_to(cut: Cut, measure: str, *, at: datetime) -> int:
    """What the list behind a figure comes to; every line of it can be shown."""
    count(at=at, wait=True)
    tallies = list(cut.tallies(measure).select_related("counted"))
    assert all(line.words and line.words != "已不在册" for line in lines(tallies, None))
    return sum(tally.amount for tally in tallies)
