"""Every personal field of every table, one by one: whoever it is about is shown it on 我的信息, or it is named here with the
reason why not; and whoever leaves leaves nothing in it but what is named here."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from accounts.privacy import rights
from disputes.experts.workflow import KIND as CONSULTATION
from tests.support.cast import MONDAY
from tests.support.own_data import NOT_SHOWN, STAYS, named
from tests.support.planted import Planted


@pytest.fixture
def planted(resident: User) -> Planted:
    return Planted(resident)


def personal_fields() -> dict[str, Any]:
    return {
        f"{model._meta.label}.{name}": model._meta.get_field(name)
        for model in apps.get_models()
        for name in getattr(getattr(model, "PersonalData", None), "personal", ())
    }


def shown(person: User) -> str:
    person = User.objects.get(pk=person.pk)
    return json.dumps(dict(rights.held(person)), ensure_ascii=False, default=str)


def stored(planted: Planted, field: Any) -> Any:
    return field.model._base_manager.filter(pk=planted.rows[field.model].pk)


def is_shown(planted: Planted, fields: list[Any], before: str) -> bool:
    """Whether what the person is shown changes with these fields of one table."""
    with transaction.atomic():
        stored(planted, fields[0]).update(**{field.name: planted.value(field, anew=True) for field in fields})
        after = shown(planted.person)
        transaction.set_rollback(True)
    return after != before


def test_whoever_it_is_about_is_shown_it_or_it_is_named_why_not(planted):
    """Where all fields of a table together change nothing, none of them does."""
    before, hidden = shown(planted.person), []
    of_table: dict[type[Model], dict[str, Any]] = {}
    for name, field in personal_fields().items():
        of_table.setdefault(field.model, {})[name] = field
    for fields in of_table.values():
        is_some = is_shown(planted, list(fields.values()), before)
        hidden += [name for name, field in fields.items() if not (is_some and is_shown(planted, [field], before))]
    assert sorted(hidden) == named(NOT_SHOWN)


def left_by(person: User, kind: str) -> set[str]:
    """Fields that say after the erasure what was put into them. Rows may go on naming an account that names nobody."""
    fields = {name: field for name, field in personal_fields().items() if field.related_model is not User}
    with transaction.atomic():
        planted = Planted(person, kind=kind)
        before = {
            name: stored(planted, field).values_list(field.name, flat=True).get() for name, field in fields.items()
        }
        rights.erase(person=User.objects.get(pk=person.pk), at=MONDAY)
        after = {
            name: stored(planted, field).values_list(field.name, flat=True).first() for name, field in fields.items()
        }
        transaction.set_rollback(True)
    return {name for name, value in before.items() if value not in (None, "", []) and value == after[name]}


def test_whoever_leaves_leaves_nothing_but_what_is_named(resident):
    left = left_by(resident, "request") & left_by(resident, CONSULTATION)
    assert sorted(left) == named(STAYS)
