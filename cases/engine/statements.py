"""What every turn asks, put together once: building the SQL of a wide queryset costs more than the database's answer."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)

ANY = -(2**62)
"""Stands for the key while a statement is put together; no row has it."""


class Statement(Generic[Row]):
    """The rows of a queryset that hangs on one key, with whatever it selects with them and annotates, but no prefetches."""

    def __init__(self, rows: Callable[[int], "QuerySet[Row]"]) -> None:
        self._rows = rows

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._rows(ANY).query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        return compiler, sql, tuple(params)

    def __call__(self, key: int) -> list[Row]:
        compiler, sql, params = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [key if value == ANY else value for value in params])
            rows = cursor.fetchall()
        return [self._made(row) for row in compiler.results_iter([rows])]

    def _made(self, row: Any) -> Row:
        """As django.db.models.query.ModelIterable makes it."""
        compiler = self._compiled[0]
        model, columns, populators = self._shape
        made: Row = model.from_db(connection.alias, columns, row[: len(columns)])
        for populator in populators:
            populator.populate(row, made)
        for name, position in compiler.annotation_col_map.items():
            setattr(made, name, row[position])
        return made

    @cached_property
    def _shape(self) -> tuple[type[Row], list[str], list[Any]]:
        """The model, its columns, which come first, and what makes the rows that come with it."""
        compiler = self._compiled[0]
        info = compiler.klass_info
        assert info is not None
        assert info["select_fields"] == list(range(len(info["select_fields"]))), "annotations stand behind"
        columns = [compiler.select[position][0].target.attname for position in info["select_fields"]]
        # The stubs are those of Django 6, where it takes one argument more.
        populators = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]
        return info["model"], columns, populators
