"""Rows of one model as a record about people: handed out, deleted, blanked. A room writes of its own only what is more."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import FileField, Manager, Model, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.timezone import localtime

from accounts.models import User
from accounts.personal_data import EncryptedTextField
from web.moments import yes_or_no

Theirs = str | Callable[[User], QuerySet[Any]]
"""How a person's rows are reached: the path to the person, or a function."""
Column = str | tuple[str, str | Callable[[Any], Any]]
"""A path to a field, under that field's own name. Or (head, path or function of the row), where the field's name would
mislead without its table, or nothing is stored under one name."""
HandedOut = Callable[[User], Iterator[dict[str, Any]]]
Erase = Callable[[User, datetime], None]
Clear = Callable[[datetime, datetime], int]


def rows_of(
    model: type[Model], theirs: Theirs, *columns: Column, order: str = "pk", joins: tuple[str, ...] = ()
) -> HandedOut:
    """All of a person's rows as they are shown to that person. `joins` are read along for what functions ask."""
    cells = [(_head(model, column), _source(column)) for column in columns]
    paths = [source for _, source in cells if isinstance(source, str)]
    joined = {join for path in paths if (join := _join(model, path))} | set(joins)

    def handed_out(person: User) -> Iterator[dict[str, Any]]:
        rows = _reached(model, theirs, person)
        for row in (rows.select_related(*joined) if joined else rows).order_by(order, "pk"):
            yield {str(head): _shown(row, source) if isinstance(source, str) else source(row) for head, source in cells}

    return handed_out


def together(*records: HandedOut) -> HandedOut:
    """Rows of several tables as one record."""
    return lambda person: chain.from_iterable(rows(person) for rows in records)


def deleted(model: type[Model], theirs: Theirs) -> Erase:
    """A person's rows and their files go."""

    def erase(person: User, at: datetime) -> None:
        delete(_reached(model, theirs, person))

    return erase


def blanked(model: type[Model], theirs: Theirs, **values: Any) -> Erase:
    """A person's rows stay, without these fields."""

    def erase(person: User, at: datetime) -> None:
        blank(_reached(model, theirs, person), **values)

    return erase


def deleted_after(model: type[Model], ended: str) -> Clear:
    """Rows and their files go a while after the moment `ended`."""
    return lambda before, at: delete(model._default_manager.filter(**{f"{ended}__lt": before}))


def blanked_after(model: type[Model], ended: str, **values: Any) -> Clear:
    """Rows stay, without these fields a while after the moment `ended`."""
    return lambda before, at: blank(model._default_manager.filter(**{f"{ended}__lt": before}), **values)


def delete(rows: QuerySet[Any]) -> int:
    """The rows and their files; how many rows."""
    _delete_files(rows, [field.name for field in rows.model._meta.fields if isinstance(field, FileField)])
    return rows.delete()[0]


def blank(rows: QuerySet[Any], **values: Any) -> int:
    """Put these values in place of what stands in those that have others; files go from the disk. How many rows had."""
    fields = {name: rows.model._meta.get_field(name) for name in values}
    others = Q()
    for name, value in values.items():
        is_sealed = isinstance(fields[name], EncryptedTextField)
        others |= Q(**{f"{name}__isblank": False}) if is_sealed else ~Q(**{name: value})
    told = rows.filter(others)
    _delete_files(told, [name for name, field in fields.items() if isinstance(field, FileField)])
    return told.update(**values)


def _delete_files(rows: QuerySet[Any], names: list[str]) -> None:
    for row in rows if names else ():
        for name in names:
            getattr(row, name).delete(save=False)


def _reached(model: type[Model], theirs: Theirs, person: User) -> QuerySet[Any]:
    return model._default_manager.filter(**{theirs: person}) if isinstance(theirs, str) else theirs(person)


def _source(column: Column) -> str | Callable[[Any], Any]:
    return column if isinstance(column, str) else column[1]


def _head(model: Any, column: Column) -> Any:
    """Raises FieldDoesNotExist, so that a mistyped path stops the start."""
    if not isinstance(column, str):
        return column[0]
    *way, name = column.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(name).verbose_name


def _join(model: Any, path: str) -> str:
    """How far a path goes along relations that lead to one row."""
    way = []
    for step in path.split("__"):
        fields = {field.name: field for field in model._meta.get_fields()}
        if step not in fields or not (fields[step].many_to_one or fields[step].one_to_one):
            break
        way.append(step)
        model = fields[step].related_model
    return "__".join(way)


def _shown(row: Any, path: str) -> Any:
    """As people read it; "" where a relation on the way leads nowhere."""
    *way, name = path.split("__")
    for step in way:
        row = getattr(row, step, None)
        if row is None:
            return ""
    if display := getattr(row, f"get_{name}_display", None):
        return display()
    return _in_words(getattr(row, name), is_relation=hasattr(row, f"{name}_id"))


def _in_words(value: Any, *, is_relation: bool) -> Any:
    if value is None:
        return "" if is_relation else None
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, datetime):
        return localtime(value)
    if isinstance(value, FieldFile):
        return value.name or ""
    if isinstance(value, Manager):
        return "、".join(str(row) for row in value.all())
    return str(value) if isinstance(value, Model) else value
