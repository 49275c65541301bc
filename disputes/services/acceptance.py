"""Taking a dispute on (人民调解法 17): from now on it has a file, and the file its number."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from accounts.models import User
from cases.models import Case
from cases.services import Said, move
from disputes.committees import committee_grid, mark_of
from disputes.models import FileNumber
from locks import Lock, take


def accept(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """受理."""
    with transaction.atomic():
        move(case=case, verb="accept", by=by, at=at, version=version, said=said)
        _number_file(case, at)


def _number_file(case: Case, at: datetime) -> None:
    """The next of its committee and year. The lock is held until this transaction ends, so numbers follow without a gap;
    where the dispute goes up later, its number stays."""
    grid, year = committee_grid(case), localdate(at).year
    take(Lock.FILE_NUMBER, grid.pk)
    given = FileNumber.objects.filter(grid=grid, year=year).aggregate(last=Max("number"))["last"] or 0
    FileNumber.objects.create(dispute_id=case.pk, grid=grid, year=year, number=given + 1, mark=mark_of(grid))
