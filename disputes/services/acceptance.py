"""Taking a dispute on (人民调解法 17): from now on it has a file, and the file its number."""

from django.db.models import Max
from django.utils.timezone import localdate

from cases.engine.turns import Given, Turn, in_turn
from disputes.guards.committees import committee_grid, mark_of
from disputes.models import FileNumber
from locks import Lock, take


@in_turn
def accept(turn: Turn, given: Given) -> None:
    """受理."""
    turn.draw("accept", given)
    _number_file(turn)


def _number_file(turn: Turn) -> None:
    """The next of its committee and year. The lock is held until this transaction ends, so numbers follow without a gap;
    where the dispute goes up later, its number stays."""
    grid, year = committee_grid(turn.case), localdate(turn.at).year
    take(Lock.FILE_NUMBER, grid.pk)
    given = FileNumber.objects.filter(grid=grid, year=year).aggregate(last=Max("number"))["last"] or 0
    FileNumber.objects.create(dispute_id=turn.case.pk, grid=grid, year=year, number=given + 1, mark=mark_of(grid))
