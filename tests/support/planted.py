"""One row of every table, each tied to the next, all of one person and with a value of its own in every field. The database
is asked for none of its rules: what is proved with these rows is what becomes of a value, not how it comes about."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from accounts.models import User
from accounts.personal_data import EncryptedDateField
from cases.workflow import ASKER

LONG_AGO = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""Everything began and ended then, so that nothing runs and nobody is in post."""
FITTING: dict[str, tuple[Any, ...]] = {
    "accounts.KeptForm.fields": ('{"words": ["写了一半"]}', '{"words": ["写完了"]}'),
    "cases.Case.number": ("ZH-2222-2222", "ZH-3333-3333"),
    "cases.Case.state": ("archived",),
    "cases.Seat.role": (ASKER,),
    "dashboards.SheetComment.span": ("quarter",),
    "disputes.Clause.number": (1, 2),
    "grids.Territory.level": (1,),
    "imports.Import.kind": ("requests",),
    "meetings.Activity.booking": (None,),
    "meetings.Conference.booking": (None,),
    "notices.Notice.count": (1,),
    "notices.Notice.facts": ({"title": "茶会", "when": "今天"}, {"title": "茶会", "when": "明天"}),
    "notices.Notice.kind": ("activity.moved_up",),
    "notices.Notice.sent_over": (["site"],),
    "residents.DraftPhoto.upload": (None,),
    "volunteers.Redemption.state": ("handed",),
    "volunteers.Volunteer.reach": ("phone", "site"),
    "volunteers.Volunteer.free_times": (["weekend_day"], ["workday_day"]),
}
"""(value, another) where not any value will do: what the row's reader looks up elsewhere, what would go on running."""


class Planted:
    def __init__(self, person: User, *, kind: str = "request") -> None:
        self.person = person
        self.fitting: dict[str, tuple[Any, ...]] = FITTING | {
            "accounts.AuditLine.about": (person.pk, 0),
            "accounts.SignInCode.phone_index": (person.phone_index, "another"),
            "cases.Case.kind": (kind,),
        }
        self.rows: dict[type[models.Model], Any] = {User: person}
        self._begun: set[type[models.Model]] = set()
        self._count = 0
        self._forget_rules()
        for model in apps.get_models():
            if model._meta.managed and hasattr(model, "PersonalData"):
                self.row(model)

    def _forget_rules(self) -> None:
        """For this transaction: triggers, foreign keys, checks, what must be there once."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('c', 'x', 'u')"
                " AND conrelid <> 0 AND connamespace = 'public'::regnamespace"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
            cursor.execute(
                "SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indrelid"
                " WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
            cursor.execute("SET LOCAL session_replication_role = replica")

    def row(self, model: Any) -> Any:
        """None while it is being made: a ring of tables is open at one place."""
        if model not in self.rows:
            if model in self._begun:
                return None
            self._begun.add(model)
            values = {field.name: self.value(field) for field in model._meta.concrete_fields if not self._is_own(field)}
            self.rows[model] = model._base_manager.bulk_create([model(**values)])[0]
        return self.rows[model]

    @staticmethod
    def _is_own(field: Any) -> bool:
        """Given by the database, or worked out by it."""
        return isinstance(field, models.AutoField) or field.generated

    def value(self, field: Any, *, anew: bool = False) -> Any:
        """For one field; anew: another one than the row has."""
        here = f"{field.model._meta.label}.{field.name}"
        if here in self.fitting:
            return self.fitting[here][-1 if anew else 0]
        if field.is_relation:
            return self._another(field.related_model) if anew else self.row(field.related_model)
        self._count += 1
        return _value(field, self._count, anew=anew, before=anew and getattr(self.rows[field.model], field.name))

    def _another(self, model: Any) -> Any:
        """A second row beside the one of this table: somebody else's, with names of its own."""
        if model is User:
            return User.objects.create_user(phone=f"139{uuid.uuid4().int % 10**8:08}", name="别人")
        like = {field.name: getattr(self.rows[model], field.name) for field in model._meta.concrete_fields}
        own = {
            field.name: self.value(field, anew=True) for field in model._meta.concrete_fields if self._differs(field)
        }
        kept = {name: value for name, value in like.items() if not self._is_own(model._meta.get_field(name))}
        return model._base_manager.bulk_create([model(**{**kept, **own})])[0]

    def _differs(self, field: Any) -> bool:
        if self._is_own(field) or (field.is_relation and not field.unique and field.related_model is not User):
            return False
        return (
            field.unique
            or field.is_relation
            or (isinstance(field, models.CharField | models.TextField) and not field.choices)
        )


def _value(field: Any, number: int, *, anew: bool, before: Any) -> Any:
    if field.choices:
        codes = [code for code, _ in field.flatchoices if code not in ("", None)]
        return next((code for code in codes if code != before), codes[0])
    match field:
        case EncryptedDateField() | models.DateField() if not isinstance(field, models.DateTimeField):
            return date(2001, 1, 1) + timedelta(days=number)
        case models.DateTimeField():
            return LONG_AGO + timedelta(minutes=number)
        case models.BooleanField():
            return not before if anew else True
        case models.UUIDField():
            return uuid.uuid4()
        case models.GenericIPAddressField():
            return f"10.0.{number // 250}.{number % 250 + 1}"
        case models.DecimalField():
            return Decimal(number % 89 + 1) / 10
        case models.IntegerField() | models.FloatField():
            return number
        case models.BinaryField():
            return b"%d" % number
        case models.JSONField():
            return {}
        case ArrayField():
            return [_value(field.base_field, number, anew=anew, before=None)]
        case models.TimeField():
            return (LONG_AGO + timedelta(minutes=number)).time()
        case models.DurationField():
            return timedelta(minutes=number)
    return f"迹{number:04}"[-(field.max_length or 99) :]
