"""Statements put together once say what their queryset says; a planting is whole or nothing."""

from contextlib import closing

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.models import Value

from cases.engine.planting import planting
from cases.engine.statements import Statement
from cases.models import Case, Seat
from cases.workflow import ASKER


def seats(case: int):
    rows = Seat.objects.filter(case=case).annotate(said=Value("x")).order_by("pk")
    return rows.select_related("person", "post__person", "post__grid")


def test_rows_come_with_what_is_selected_and_annotated(request_case, django_assert_num_queries):
    post = request_case.holder
    leader, grid = post.person, post.grid
    Seat.objects.create(case=request_case, post=post, role="co_holder", from_at=request_case.opened_at)
    statement = Statement(seats)
    assert statement(request_case.pk) == list(seats(request_case.pk))
    with django_assert_num_queries(1):
        asker, helper = statement(request_case.pk)
        assert (asker.role, asker.person.name, asker.post, asker.said) == (ASKER, "王秀英", None, "x")
        assert (helper.person, helper.post, helper.post.person, helper.post.grid) == (None, post, leader, grid)


def test_each_key_has_its_own_rows(request_case):
    statement = Statement(seats)
    assert len(statement(request_case.pk)) == 1
    assert statement(request_case.pk + 1) == []


def test_what_was_read_can_be_written(request_case):
    [case] = Statement(lambda pk: Case.objects.filter(pk=pk))(request_case.pk)
    case.title = "换灯"
    case.save(force_update=True)
    assert Case.objects.get(pk=case.pk).title == "换灯"


@planting()
def _plant_in_part(case: Case) -> None:
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(title="换灯")
    _rename_in_vain(case)


@transaction.atomic
def _rename_in_vain(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(title="修门")
    raise ZeroDivisionError


def test_a_fault_takes_the_whole_planting_back(request_case):
    with pytest.raises(ZeroDivisionError):
        _plant_in_part(request_case)
    assert Case.objects.get(pk=request_case.pk).title == request_case.title


def test_acts_can_be_taken_back_alone_again_after_a_planting(request_case):
    with planting():
        assert not connection.features.uses_savepoints
    with pytest.raises(ZeroDivisionError):
        _rename_in_vain(request_case)
    assert Case.objects.get(pk=request_case.pk).title == request_case.title


def test_nobody_measures_tables_that_are_being_planted(defaults):
    measure = 'LOCK TABLE "cases_case" IN SHARE UPDATE EXCLUSIVE MODE NOWAIT'  # as ANALYZE does
    with (
        closing(psycopg2.connect(**connection.get_connection_params())) as somebody,
        somebody.cursor() as cursor,
        planting(),
        pytest.raises(psycopg2.errors.LockNotAvailable),
    ):
        cursor.execute(measure)
