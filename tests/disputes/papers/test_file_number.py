"""卷号: a running number of each committee and year, given when a dispute is taken on, without a gap and for ever."""

from datetime import datetime

import pytest
from django.db import InternalError, connection, transaction

from cases.limits.clock import ZONE
from disputes.models import FileNumber
from disputes.papers.record import Record
from tests.disputes.conftest import apply, take_on
from tests.support.at_once import at_once
from tests.support.cast import draw


def accepted(case, leader, neighbour, *, at):
    draw(case, "consent", neighbour, at=at)
    draw(case, "accept", leader, at=at)
    return Record(case).file_number


def begun(resident, neighbour, town, number: int, at):
    return apply(resident, neighbour, town, key=f"file-{number}", at=at)


def test_numbers_run_by_committee_and_begin_anew_with_the_year(
    dispute_defaults, town, staff, group_leader, resident, neighbour
):
    old, new = datetime(2026, 12, 31, 10, tzinfo=ZONE), datetime(2027, 1, 1, 0, 30, tzinfo=ZONE)
    cases = [begun(resident, neighbour, town, number, old) for number in range(3)]
    numbers = [accepted(case, group_leader, neighbour, at=at) for case, at in zip(cases, (old, old, new), strict=True)]
    assert numbers == ["（2026）宜和人调字第1号", "（2026）宜和人调字第2号", "（2027）宜和人调字第1号"]


def test_it_stays_when_the_dispute_goes_up_to_the_street(dispute, group_leader, branch_secretary, secretary, neighbour):
    take_on(dispute, group_leader, neighbour)
    for leader in (group_leader, branch_secretary, secretary):
        draw(dispute, "hand_up", leader, "差距大")
    record = Record(dispute)
    assert record.committee == "熊山街道人民调解委员会"
    assert record.file_number == "（2026）宜和人调字第1号"


def test_before_that_the_place_for_it_is_empty(dispute):
    assert Record(dispute).file_number == "（　　）宜和人调字第　　号"
    assert not FileNumber.objects.exists()


def test_it_cannot_be_changed_or_deleted(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    with pytest.raises(InternalError, match="stays as it was given"), transaction.atomic():
        FileNumber.objects.update(number=7)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM disputes_filenumber")


@pytest.mark.django_db(transaction=True)
def test_many_taken_on_at_once_have_numbers_without_a_gap(
    dispute_defaults, town, staff, group_leader, resident, neighbour
):
    at = datetime(2026, 11, 23, 10, tzinfo=ZONE)
    cases = [begun(resident, neighbour, town, number, at) for number in range(8)]
    for case in cases:
        draw(case, "consent", neighbour, at=at)
    done = at_once([lambda case=case: draw(case, "accept", group_leader, at=at) for case in cases])
    assert done == [True] * 8
    assert sorted(FileNumber.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_an_acceptance_that_fails_takes_no_number(dispute, town, group_leader, resident, neighbour):
    draw(dispute, "consent", neighbour)
    with transaction.atomic():
        draw(dispute, "accept", group_leader)
        transaction.set_rollback(True)
    second = begun(resident, neighbour, town, 2, datetime(2026, 11, 23, 12, tzinfo=ZONE))
    assert accepted(second, group_leader, neighbour, at=datetime(2026, 11, 23, 13, tzinfo=ZONE)).endswith("第1号")
