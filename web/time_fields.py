"""Fields for days and times that all rooms share. Shape only."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

YEARS = range(1900, 2201)
"""Outside of these a year is mistyped; at the ends of the calendar there is also no day before or after to reckon with."""


class _Time(forms.Field):
    """Of our time. `error_messages` add to those every such field has."""

    messages: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, *, error_messages: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(error_messages=self.messages | (error_messages or {}), **kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and value.year not in YEARS:
            raise ValidationError("年份不对，请核对。")


class Day(_Time, forms.DateField):
    """A day, typed or picked."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%Y/%m/%d")
    messages = {"required": "请填写日期。", "invalid": "请写成 2026-11-23。"}  # noqa: RUF012


class Moment(_Time, forms.DateTimeField):
    """A day and a time, typed or picked."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")
    messages = {"required": "请填写日期和时间。", "invalid": "请写成 2026-11-23 09:30。"}  # noqa: RUF012
