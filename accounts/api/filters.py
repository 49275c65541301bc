"""What several lists filter by."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import make_aware
from django_filters import DateFilter, TypedChoiceFilter

NO_SUCH_ROW = {"invalid_choice": "没有这一项，请从清单里选。"}


class YesNoFilter(TypedChoiceFilter):
    """`true` or `false`, and nothing that is read as one of them."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("true", "是"), ("false", "否")]
        messages = {"invalid_choice": "请写 true 或 false。"}
        super().__init__(choices=choices, coerce=lambda word: word == "true", error_messages=messages, **kwargs)


class SinceFilter(DateFilter):
    """From the beginning of a day of the county's."""

    def filter(self, rows: QuerySet[Any], day: date | None) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__gte": make_aware(datetime.combine(day, time.min))}) if day else rows


class UntilFilter(DateFilter):
    """Until the end of a day of the county's, that day too."""

    def filter(self, rows: QuerySet[Any], day: date | None) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field_name}__lte": make_aware(datetime.combine(day, time.max))}) if day else rows
