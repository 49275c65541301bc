"""What systems send, and what the page of keys asks for: shape alone."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from open311.models import ApiKey, Attribute, Datatype
from residents.services import MAX_WORDS
from web.params import whole_number
from web.time_fields import YEARS

SPAN = timedelta(days=90)
"""So far a search may reach at once."""
MOST = 1000
STATUSES = ("open", "closed")


class W3Moment(forms.Field):
    """A moment as the standard writes it, 2026-11-24T15:00:00+08:00; without a zone it is ours."""

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            # "+" stands for a blank where an address was not encoded.
            moment = parse_datetime(str(value).strip().replace(" ", "+"))
        except ValueError:
            moment = None
        if moment is None or moment.year not in YEARS:
            raise ValidationError("请写成 2026-11-24T15:00:00+08:00。")
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class Listed(forms.CharField):
    """Several, with commas between them."""

    def clean(self, value: Any) -> list[str]:
        return [part.strip() for part in super().clean(value).split(",") if part.strip()]


class Page(forms.IntegerField):
    def __init__(self, most: int) -> None:
        super().__init__(required=False, min_value=1, max_value=most)
        wrong = f"请填 1 到 {most} 的整数。"
        self.error_messages |= {"invalid": wrong, "min_value": wrong, "max_value": wrong}


class PeriodForm(forms.Form):
    """From when until when: the last 90 days where nothing is said; where one end is, 90 days from it."""

    start_date = W3Moment(required=False)
    end_date = W3Moment(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if self.errors:
            return cleaned
        start, end = cleaned["start_date"], cleaned["end_date"]
        end = end or (start + SPAN if start else timezone.now())
        start = start or end - SPAN
        if end < start:
            self.add_error("end_date", "不能早于 start_date。")
        elif end - start > SPAN:
            self.add_error("end_date", "一次最多查 90 天。")
        return cleaned | {"start_date": start, "end_date": end}


class SearchForm(PeriodForm):
    service_request_id = Listed(required=False)
    service_code = Listed(required=False)
    status = Listed(required=False)
    page = Page(MOST)
    page_size = Page(MOST)

    def clean_status(self) -> list[str]:
        wanted: list[str] = self.cleaned_data["status"]
        if set(wanted) - set(STATUSES):
            raise ValidationError("只能是 open 或 closed。")
        return wanted

    def clean_service_code(self) -> list[int]:
        codes = [whole_number(code) for code in self.cleaned_data["service_code"]]
        if None in codes:
            raise ValidationError("服务代码是数字。")
        return [code for code in codes if code is not None]


def _text(most: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=most, error_messages={"max_length": f"最多 {most} 字。"})


def _degrees(most: int) -> forms.FloatField:
    wrong = f"请填 -{most} 到 {most} 的度数（WGS-84）。"
    words = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.FloatField(required=False, min_value=-most, max_value=most, error_messages=words)


class RequestForm(forms.Form):
    lat = _degrees(90)
    long = _degrees(180)
    address_string = _text(200)
    address_id = _text(20)
    email = _text(200)
    device_id = _text(200)
    account_id = _text(200)
    first_name = _text(50)
    last_name = _text(50)
    phone = _text(30)
    description = _text(MAX_WORDS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if self.errors:
            return cleaned
        if (cleaned["lat"] is None) != (cleaned["long"] is None):
            self.add_error("lat", "lat 和 long 要一起传。")
        elif cleaned["lat"] is None and not cleaned["address_string"] and not cleaned["address_id"]:
            self.add_error("lat", "要有地点：传 lat 和 long，或 address_string，或 address_id。")
        return cleaned


class UpdateForm(forms.Form):
    service_request_id = forms.CharField(max_length=20, error_messages={"required": "缺少诉求编号。"})
    update_id = _text(100)
    description = forms.CharField(max_length=MAX_WORDS, error_messages={"required": "要有补充的内容。"})


def attributes_form(attributes: list[Attribute]) -> type[forms.Form]:
    """A form of a service's attributes, by their names in what is sent: attribute[code]."""
    return type("AttributesForm", (forms.Form,), {f"attribute[{asked.code}]": _field(asked) for asked in attributes})


def _field(asked: Attribute) -> forms.Field:
    choices = [(value, value) for value in asked.choices]
    wrong = {"required": f"{asked.description}必填。", "invalid_choice": "不在可选的值里。", "invalid": "格式不对。"}
    options: dict[str, Any] = {"required": asked.is_required, "error_messages": wrong, "label": asked.description}
    match asked.datatype:
        case Datatype.NUMBER:
            return forms.DecimalField(max_digits=20, **options)
        case Datatype.DATETIME:
            return W3Moment(**options)
        case Datatype.ONE_OF:
            return forms.ChoiceField(choices=choices, **options)
        case Datatype.SOME_OF:
            return forms.MultipleChoiceField(choices=choices, **options)
    return forms.CharField(max_length=1000, **options)


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = ApiKey
        fields = ("system",)
