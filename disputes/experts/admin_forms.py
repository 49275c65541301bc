"""Forms of the staff's desk for the panel. Shape only."""

from typing import Any

from django import forms

from accounts.forms.fields import PhoneField
from disputes.models import ExpertField, ExpertKind
from disputes.models.expert import WEEKDAYS
from grids.models import Grid
from photos.fields import PhotoField
from web.choices import offer_rows
from web.time_fields import Day

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TermForm(forms.Form):
    """A term of appointment: where, from–until."""

    grid = forms.ModelChoiceField(
        label="由哪里聘任（不选为县级）", required=False, queryset=Grid.objects.none(), empty_label="县级"
    )
    from_date = Day(label="聘期起（不填为今天）", required=False)
    until_date = Day(label="聘期止（含当天，不填为长期）", required=False)

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["grid"], nodes, lambda node: "　" * node.level + node.name)


class EnlistForm(TermForm):
    phone = PhoneField(label="手机号", error_messages={"required": "请填手机号，专家用它登录。"})
    name = forms.CharField(label="姓名", max_length=30, error_messages={"required": "请填姓名。"})
    kind = forms.ChoiceField(label="类别", choices=ExpertKind.choices)
    fields_ = forms.ModelMultipleChoiceField(
        label="擅长领域",
        queryset=ExpertField.objects.filter(is_active=True).order_by("order", "pk"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个领域。"},
    )
    communities = forms.ModelMultipleChoiceField(
        label="服务哪些社区",
        queryset=Grid.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个社区。"},
    )
    languages = forms.CharField(label="会说", max_length=60, initial="普通话、政和话")
    introduction = forms.CharField(label="介绍（可不填）", required=False, max_length=500, widget=forms.Textarea)
    field_order = ["phone", "name", "kind", "fields_", "communities", "languages", "introduction", "grid"]

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["communities"], communities, lambda node: node.name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "fields_" in cleaned:
            cleaned["fields"] = cleaned.pop("fields_")  # a form has its own `fields`
        return cleaned


class WeekForm(forms.Form):
    weekdays = forms.TypedMultipleChoiceField(
        label="每周哪几天",
        coerce=int,
        choices=[(number, f"周{word}") for number, word in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一天。"},
    )
    begins = forms.TimeField(label="从几点", widget=TIME, error_messages={"required": "请填开始时间。"})
    ends = forms.TimeField(label="到几点", widget=TIME, error_messages={"required": "请填结束时间。"})
    minutes = forms.IntegerField(label="每段多少分钟", min_value=15, max_value=240)
    weeks = forms.IntegerField(label="往后几周", min_value=1, max_value=12)
    place = forms.CharField(label="地点（不填即线上）", required=False, max_length=60)


class PhotoForm(forms.Form):
    photo = PhotoField(label="照片")
